import CBytes
import Evidence

/// How often an actor did an action to a resource, and when first and last: the one table that every other count is
/// made from.
///
/// 24 bytes a triple, and 12 to 24 of the hash table while it is filled.
struct TripleTable: ~Copyable {
    struct Triple {
        var actor: UInt32 = 0
        var resource: UInt32 = 0
        var action: UInt32 = 0
        var count: UInt32 = 0
        /// Places in the list of times; 0 is no time.
        var first: UInt32 = 0
        var last: UInt32 = 0

        /// Adds counts of other events; the earlier and the later time stay.
        mutating func merge(_ other: Triple) {
            count += other.count
            if first == 0 || (other.first != 0 && other.first < first) { first = other.first }
            last = max(last, other.last)
        }
    }

    private var triples: [Triple] = []
    private var table = NumberTable()

    init() {}

    /// Adds a batch of events, one a triple, in order.
    mutating func add(_ events: UnsafeMutableBufferPointer<Triple>) {
        for event in events { table.prefetch(Self.hash(event)) }
        triples.withUnsafeBufferPointer { triples in
            for event in events {
                let number = table.likely(Self.hash(event))
                if number != NumberTable.none { heed_prefetch(triples.baseAddress.map { $0 + Int(number) }) }
            }
        }
        for event in events { add(event) }
    }

    private mutating func add(_ event: Triple) {
        let hash = Self.hash(event)
        let found = table.find(hash) { number in
            let triple = triples[Int(number)]
            return triple.resource == event.resource && triple.actor == event.actor && triple.action == event.action
        }
        if let found {
            triples[Int(found)].merge(event)
        } else {
            triples.append(event)
            table.insert(hash)
        }
    }

    /// Hands the triples over and gives the hash table's memory up.
    mutating func take() -> [Triple] {
        table = NumberTable()
        defer { triples = [] }
        return triples
    }

    @inline(__always)
    private static func hash(_ triple: Triple) -> UInt32 {
        let left = (UInt64(triple.actor) << 32 | UInt64(triple.resource)) &* 0x9E37_79B9_7F4A_7C15
        let mixed = (left ^ (left >> 32) ^ UInt64(triple.action)) &* 0xE703_7ED1_A0B4_28DB
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}
