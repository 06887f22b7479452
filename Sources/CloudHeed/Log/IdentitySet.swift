/// Identities of events: numbers that are as good as random, a million of them without a hash each.
struct IdentitySet: Sendable {
    /// Open addressing, at most half full; 0 stands for an empty slot.
    private var slots: [Int] = []
    private var hasZero = false
    private(set) var count = 0

    init() {}

    /// Makes room for so many.
    mutating func reserveCapacity(_ capacity: Int) {
        var size = max(slots.count, 64)
        while size < 2 * capacity { size *= 2 }
        if size > slots.count { grow(to: size) }
    }

    /// Adds an identity; false if it was there.
    @discardableResult
    mutating func insert(_ identity: Int) -> Bool {
        guard identity != 0 else {
            if hasZero { return false }
            hasZero = true
            count += 1
            return true
        }
        if 2 * (count + 1) > slots.count { grow(to: max(64, 2 * slots.count)) }
        let isNew = slots.withUnsafeMutableBufferPointer { Self.place(identity, in: $0) }
        if isNew { count += 1 }
        return isNew
    }

    /// Whether an identity is there.
    func contains(_ identity: Int) -> Bool {
        guard identity != 0 else { return hasZero }
        guard !slots.isEmpty else { return false }
        return slots.withUnsafeBufferPointer { slots in
            var slot = Self.firstSlot(of: identity, among: slots.count)
            while slots[slot] != 0 {
                if slots[slot] == identity { return true }
                slot = (slot + 1) & (slots.count - 1)
            }
            return false
        }
    }

    private static func firstSlot(of identity: Int, among count: Int) -> Int {
        // Identities need not be random in their lowest bits.
        Int(truncatingIfNeeded: (UInt(bitPattern: identity) &* 0x9E37_79B9_7F4A_7C15) >> 24) & (count - 1)
    }

    private static func place(_ identity: Int, in slots: UnsafeMutableBufferPointer<Int>) -> Bool {
        let mask = slots.count - 1
        var slot = firstSlot(of: identity, among: slots.count)
        while slots[slot] != 0 {
            if slots[slot] == identity { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = identity
        return true
    }

    private mutating func grow(to size: Int) {
        var larger = [Int](repeating: 0, count: size)
        larger.withUnsafeMutableBufferPointer { larger in
            for identity in slots where identity != 0 { _ = Self.place(identity, in: larger) }
        }
        slots = larger
    }
}
