import Evidence

/// Gives equal pairs of small numbers equal small numbers: which actor used which address.
///
/// 8 bytes a pair, and 12 to 24 of the hash table.
struct PairIndex: ~Copyable {
    private var pairs: [UInt64] = []
    private var table = HashIndex()

    init() {}

    /// Gives the pairs of at most ``Interner/batch`` places their numbers.
    ///
    /// The memory of many look-ups is waited for together.
    mutating func number(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>, into numbers: inout [UInt32]) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Interner.batch) { memory in
            let hashes = UnsafeMutableBufferPointer(rebasing: memory[..<left.count])
            let found = UnsafeMutableBufferPointer(rebasing: memory[Interner.batch...])
            guard let first = found.baseAddress else { return }
            for (index, place) in left.indices.enumerated() {
                hashes[index] = Self.hash(Self.pair(left[place], right[place]))
            }
            table.prefetch(hashes)
            table.findLikely(hashes, first)
            for (index, place) in left.indices.enumerated() {
                let pair = Self.pair(left[place], right[place])
                let isFound = found[index] != HashIndex.none && pairs[Int(found[index])] == pair
                numbers[place] = isFound ? found[index] : number(pair, hashes[index])
            }
        }
    }

    /// The number of a pair that was given one.
    func number(of left: UInt32, _ right: UInt32) -> UInt32? {
        let pair = Self.pair(left, right)
        return table.find(Self.hash(pair)) { pairs[Int($0)] == pair }
    }

    private mutating func number(_ pair: UInt64, _ hash: UInt32) -> UInt32 {
        if let number = table.find(hash, { pairs[Int($0)] == pair }) { return number }
        pairs.append(pair)
        table.insert(hash)
        return UInt32(pairs.count - 1)
    }

    @inline(__always)
    private static func pair(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    @inline(__always)
    private static func hash(_ pair: UInt64) -> UInt32 {
        let mixed = (pair ^ (pair >> 31)) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 29)) >> 16)
    }
}
