/// Which of the numbers from 0 were met before.
struct MetNumbers {
    private var isMet: [Bool] = []

    /// - Returns: Whether the number is met for the first time.
    @inline(__always)
    mutating func meet(_ number: UInt32) -> Bool {
        // Nearly always it was met before, and nothing is to be written.
        if Int(number) < isMet.count, isMet[Int(number)] { return false }
        note(Int(number))
        return true
    }

    @inline(never)
    private mutating func note(_ number: Int) {
        while isMet.count <= number { isMet.append(false) }
        isMet[number] = true
    }
}
