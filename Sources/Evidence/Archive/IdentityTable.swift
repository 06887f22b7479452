/// Finds events of a batch by the identity of their ids: open addressing, 12 to 24 bytes an event.
///
/// A slot holds half of one hash beside the event's number; whoever asks compares the rest.
struct IdentityTable {
    /// Hash in the upper half, number plus one in the lower; 0 is free.
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0

    /// Makes room for so many events in all.
    mutating func reserve(_ events: Int) {
        while events * 3 > slots.count * 2 { grow() }
    }

    /// The number of the event of which `matches` is true, among those whose hash is that of an identity.
    func find(_ identity: EventSpool.Identity, _ matches: (Int) -> Bool) -> Int? {
        let hash = Self.hash(identity)
        var place = Int(hash) & (slots.count - 1)
        while slots[place] != 0 {
            if slots[place] >> 32 == hash {
                let number = Int(slots[place] & 0xFFFF_FFFF) - 1
                if matches(number) { return number }
            }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Gives the next number to an identity that was not found.
    mutating func insert(_ identity: EventSpool.Identity) {
        count += 1
        put(Self.hash(identity) << 32 | UInt64(count))
        if count * 3 > slots.count * 2 { grow() }
    }

    private mutating func put(_ slot: UInt64) {
        var place = Int(slot >> 32) & (slots.count - 1)
        while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 { put(slot) }
    }

    /// Identities are keyed hashes already.
    private static func hash(_ identity: EventSpool.Identity) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: identity.high))
    }
}
