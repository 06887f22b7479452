/// How often an actor did an action to a resource, and when first and last: the one table that every other count is
/// made from.
///
/// 24 bytes a triple, and its share of a hash table.
struct TripleTable {
    struct Triple {
        var actor: UInt32
        var resource: UInt32
        var action: UInt32
        var count: UInt32
        /// Places in the list of times; 0 is no time.
        var first: UInt32
        var last: UInt32
    }

    private(set) var triples: [Triple] = []
    private var slots: [UInt32]
    private var mask: Int

    init() {
        slots = [UInt32](repeating: 0, count: 1 << 12)
        mask = slots.count - 1
    }

    mutating func add(actor: UInt32, resource: UInt32, action: UInt32, time: UInt32) {
        var slot = Self.place(actor, resource, action) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot] - 1)
            let triple = triples[index]
            if triple.resource == resource, triple.actor == actor, triple.action == action {
                triples[index].count += 1
                triples[index].last = time
                if triple.first == 0 { triples[index].first = time }
                return
            }
            slot = (slot + 1) & mask
        }
        triples.append(Triple(actor: actor, resource: resource, action: action, count: 1, first: time, last: time))
        slots[slot] = UInt32(triples.count)
        if triples.count * 2 > slots.count { grow() }
    }

    /// Hands the triples over and gives the hash table's memory up.
    consuming func finish() -> [Triple] { triples }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for (index, triple) in triples.enumerated() {
            var slot = Self.place(triple.actor, triple.resource, triple.action) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(index + 1)
        }
    }

    @inline(__always)
    private static func place(_ actor: UInt32, _ resource: UInt32, _ action: UInt32) -> Int {
        let left = (UInt64(actor) << 32 | UInt64(resource)) &* 0x9E37_79B9_7F4A_7C15
        let mixed = (left ^ (left >> 32) ^ UInt64(action)) &* 0xE703_7ED1_A0B4_28DB
        return Int(truncatingIfNeeded: mixed >> 20)
    }
}
