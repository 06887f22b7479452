import CBytes
import Evidence

/// How often an actor did an action to a resource, and when first and last: the one table that every other count is
/// made from.
///
/// 24 bytes a triple, and 12 to 24 of the hash index while it is filled.
struct TripleTable: ~Copyable {
    struct Triple {
        var actor: UInt32 = 0
        /// The resource's number, or its place once triples are put in order.
        var resource: UInt32 = 0
        var action: UInt32 = 0
        var count: UInt32 = 0
        /// Places in the list of times; 0 is no time.
        var first: UInt32 = 0
        var last: UInt32 = 0

        /// Whether both count the same action of the same actor to the same resource.
        @inline(__always)
        func isSame(as other: Triple) -> Bool {
            resource == other.resource && actor == other.actor && action == other.action
        }

        /// Adds counts of other events; the earlier and the later time stay.
        mutating func merge(_ other: Triple) {
            count += other.count
            if first == 0 || (other.first != 0 && other.first < first) { first = other.first }
            last = max(last, other.last)
        }
    }

    private var triples: [Triple] = []
    private var table = HashIndex()
    private let expected: Int
    private var seen = 0

    /// `events`: about how many are to come; memory that none of them needs is not touched.
    init(expecting events: Int) {
        expected = min(max(events, 0), Self.mostExpected)
        triples.reserveCapacity(expected)
    }

    /// 200 MB of addresses.
    private static let mostExpected = 1 << 23
    /// 16 MiB of the hash index.
    private static let mostReserved = 1 << 20
    private static let sample = 1 << 15

    /// Hands the triples over, and gives the hash index's memory up.
    mutating func take() -> [Triple] {
        table = HashIndex()
        return exchange(&triples, with: [])
    }

    /// Adds a batch of at most ``Interner/batch`` events, one a triple, in order.
    mutating func add(_ batch: UnsafeMutableBufferPointer<Triple>) {
        seen += batch.count
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Interner.batch) { memory in
            let hashes = UnsafeMutableBufferPointer(rebasing: memory[..<batch.count])
            let numbers = UnsafeMutableBufferPointer(rebasing: memory[Interner.batch...])
            guard let first = numbers.baseAddress else { return }
            for index in batch.indices { hashes[index] = Self.hash(batch[index]) }
            table.prefetch(hashes)
            table.findLikely(hashes, first)
            triples.withUnsafeMutableBufferPointer { triples in
                for index in batch.indices where numbers[index] != HashIndex.none {
                    heed_prefetch(triples.baseAddress.map { $0 + Int(numbers[index]) })
                }
                for index in batch.indices where numbers[index] != HashIndex.none {
                    let number = Int(numbers[index])
                    if triples[number].isSame(as: batch[index]) {
                        triples[number].merge(batch[index])
                    } else {
                        numbers[index] = HashIndex.none
                    }
                }
            }
            for index in batch.indices where numbers[index] == HashIndex.none { add(batch[index], hashes[index]) }
        }
    }

    private mutating func add(_ event: Triple, _ hash: UInt32) {
        if let found = table.find(hash, { triples[Int($0)].isSame(as: event) }) {
            triples[Int(found)].merge(event)
        } else {
            triples.append(event)
            table.insert(hash)
            // Where most events bring a triple of their own there will be about as many of both.
            if triples.count == Self.sample, seen < 2 * Self.sample {
                table.reserve(min(expected, Self.mostReserved))
            }
        }
    }

    @inline(__always)
    private static func hash(_ triple: Triple) -> UInt32 {
        let left = (UInt64(triple.actor) << 32 | UInt64(triple.resource)) &* 0x9E37_79B9_7F4A_7C15
        let mixed = (left ^ (left >> 32) ^ UInt64(triple.action)) &* 0xE703_7ED1_A0B4_28DB
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}
