/// A set of pairs of small numbers, packed into integers: how many different addresses an actor used.
struct PairSet {
    private var slots: [UInt64]
    private var mask: Int
    private(set) var count = 0

    init() {
        slots = [UInt64](repeating: .max, count: 1 << 10)
        mask = slots.count - 1
    }

    /// Adds a pair.
    ///
    /// - Returns: Whether it is new.
    mutating func insert(_ left: UInt32, _ right: UInt32) -> Bool {
        let key = UInt64(left) << 32 | UInt64(right)
        var slot = Int(truncatingIfNeeded: Self.spread(key)) & mask
        while slots[slot] != .max {
            if slots[slot] == key { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = key
        count += 1
        if count * 2 > slots.count { grow() }
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: .max, count: old.count * 2)
        mask = slots.count - 1
        for key in old where key != .max {
            var slot = Int(truncatingIfNeeded: Self.spread(key)) & mask
            while slots[slot] != .max { slot = (slot + 1) & mask }
            slots[slot] = key
        }
    }

    private static func spread(_ key: UInt64) -> UInt64 {
        let mixed = (key ^ (key >> 31)) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ (mixed >> 29)
    }
}
