import CBytes
import Evidence

/// Gives equal pairs of small numbers equal small numbers: which actor used which address.
///
/// 8 bytes a pair, and 12 to 24 of the hash table.
struct PairNumbers: ~Copyable {
    private var pairs: [UInt64] = []
    private var table = NumberTable()

    init() {}

    /// Gives the pairs of at most ``Interner/batch`` places their numbers.
    ///
    /// The memory of many look-ups is waited for together.
    mutating func number(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>, into numbers: inout [UInt32]) {
        for place in left.indices {
            let hash = Self.hash(Self.pair(left[place], right[place]))
            numbers[place] = hash
            table.prefetch(hash)
        }
        for place in left.indices {
            let pair = Self.pair(left[place], right[place])
            let hash = numbers[place]
            if let number = table.find(hash, { pairs[Int($0)] == pair }) {
                numbers[place] = number
            } else {
                numbers[place] = UInt32(pairs.count)
                pairs.append(pair)
                table.insert(hash)
            }
        }
    }

    @inline(__always)
    private static func pair(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    @inline(__always)
    private static func hash(_ pair: UInt64) -> UInt32 {
        let mixed = (pair ^ (pair >> 31)) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 29)) >> 16)
    }
}
