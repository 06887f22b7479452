/// A set of numbers from 0, a bit each up to the highest.
struct BitSet {
    private var words: [UInt64] = []

    /// Adds a number.
    /// - Returns: Whether it is new.
    @inline(__always)
    mutating func insert(_ number: UInt32) -> Bool {
        let (word, bit) = (Int(number >> 6), UInt64(1) << UInt64(number & 63))
        // Nearly always it was met before, and nothing is to be written.
        if word < words.count, words[word] & bit != 0 { return false }
        while words.count <= word { words.append(0) }
        words[word] |= bit
        return true
    }

    func has(_ number: UInt32) -> Bool {
        Int(number >> 6) < words.count && words[Int(number >> 6)] & UInt64(1) << UInt64(number & 63) != 0
    }
}
