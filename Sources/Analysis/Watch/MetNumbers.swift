/// Which of the numbers from 0 were met before.
struct MetNumbers {
    private var isMet: [Bool] = []

    /// - Returns: Whether the number is met for the first time.
    mutating func meet(_ number: UInt32) -> Bool {
        while isMet.count <= Int(number) { isMet.append(false) }
        defer { isMet[Int(number)] = true }
        return !isMet[Int(number)]
    }
}
