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
}
