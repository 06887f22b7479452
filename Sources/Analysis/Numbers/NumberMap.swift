import CBytes

/// Small numbers by other small numbers: what stands for a resource or an actor, once that is known.
///
/// Numbers from 0 as keys, 4 bytes each up to the highest one used.
struct NumberMap {
    /// The number, plus one; 0 where there is none.
    private var numbers: [UInt32] = []

    /// The number that stands for another; nil until it is told, and it is never taken back.
    subscript(key: UInt32) -> Int? {
        get {
            guard Int(key) < numbers.count, numbers[Int(key)] > 0 else { return nil }
            return Int(numbers[Int(key)]) - 1
        }
        set {
            guard let newValue else { return }
            while numbers.count <= Int(key) { numbers.append(0) }
            numbers[Int(key)] = UInt32(newValue) + 1
        }
    }

    /// Asks for the memory of what stands for a number.
    func prefetch(_ key: UInt32) {
        numbers.withUnsafeBufferPointer { numbers in
            if Int(key) < numbers.count { heed_prefetch(numbers.baseAddress.map { $0 + Int(key) }) }
        }
    }
}

extension Array {
    /// Asks for the memory of an element, as far as two of the pieces reach that a processor asks for at a time.
    func prefetch(_ index: Int) {
        withUnsafeBufferPointer { elements in
            guard index < elements.count, let start = elements.baseAddress else { return }
            let element = UnsafeRawPointer(start + index)
            heed_prefetch(element)
            heed_prefetch(element + 64)
        }
    }
}
