/// 128 bits of two keyed hashes of bytes (an event's identity, say): nobody who chooses them can make two fall together.
struct Hash128: Hashable, Comparable {
    var high: Int
    var low: Int

    static func < (left: Hash128, right: Hash128) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let bytes = UnsafeRawBufferPointer(bytes)
        var first = Hasher()
        first.combine(UInt8(1))
        first.combine(bytes: bytes)
        var second = Hasher()
        second.combine(UInt8(2))
        second.combine(bytes: bytes)
        high = first.finalize()
        low = second.finalize()
    }
}
