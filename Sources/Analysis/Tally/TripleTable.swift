import CBytes
import Evidence

/// How often an actor did an action to a resource, and when first and last: the one table that every other count is
/// made from.
///
/// Most logs repeat their triples, and each is looked up: 24 bytes a triple, and 12 to 24 of the hash table while it is
/// filled. Where nearly every event has one of its own, looking it up finds nothing, and takes as long as all other
/// counting: then events are kept as they come, 16 bytes each and at most 43 bytes a triple, and added up when they are
/// in order.
struct TripleTable: ~Copyable {
    struct Triple: CountedTriple {
        var actor: UInt32 = 0
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

        @inline(__always)
        func triple(_ sums: [KeptEvent.Sum]) -> Triple { self }
    }

    /// Different triples, looked up by `table`.
    private var triples: [Triple] = []
    private var table = NumberTable()
    private var looksUp = true
    /// Events kept as they came, in parts of one size, and what those stand for that are several.
    private var kept: [[KeptEvent]] = []
    private var sums: [KeptEvent.Sum] = []
    /// How many events there were, and at how many it is asked again whether to look triples up.
    private var events = 0
    private var nextCheck = TripleTable.window
    private var triplesAtCheck = 0

    private static let window = 1 << 16
    /// So large that a part goes back to the system when it is freed.
    private static let partSize = 3 << 17

    init() {}

    /// Adds a batch of at most ``Interner/batch`` events, one a triple, in order.
    mutating func add(_ batch: UnsafeMutableBufferPointer<Triple>) {
        if looksUp { lookUp(batch) } else { keep(batch) }
        events += batch.count
        if events >= nextCheck { check() }
    }

    /// What was counted, not to be copied: there may be hundreds of megabytes.
    enum Counted: ~Copyable {
        /// Different triples.
        case triples([Triple])
        /// Events as they came, in parts.
        case events([[KeptEvent]], [KeptEvent.Sum])
    }

    /// Hands the triples over, and gives the hash table's memory up.
    mutating func take() -> Counted {
        table = NumberTable()
        if looksUp { return .triples(exchange(&triples, with: [])) }
        return .events(exchange(&kept, with: []), exchange(&sums, with: []))
    }

    // MARK: Looking up

    private mutating func lookUp(_ batch: UnsafeMutableBufferPointer<Triple>) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Interner.batch) { memory in
            let hashes = UnsafeMutableBufferPointer(rebasing: memory[..<batch.count])
            let numbers = UnsafeMutableBufferPointer(rebasing: memory[Interner.batch...])
            guard let first = numbers.baseAddress else { return }
            for index in batch.indices { hashes[index] = Self.hash(batch[index]) }
            table.prefetch(hashes)
            table.findLikely(hashes, first)
            triples.withUnsafeMutableBufferPointer { triples in
                for index in batch.indices where numbers[index] != NumberTable.none {
                    heed_prefetch(triples.baseAddress.map { $0 + Int(numbers[index]) })
                }
                for index in batch.indices where numbers[index] != NumberTable.none {
                    let number = Int(numbers[index])
                    if triples[number].isSame(as: batch[index]) {
                        triples[number].merge(batch[index])
                    } else {
                        numbers[index] = NumberTable.none
                    }
                }
            }
            for index in batch.indices where numbers[index] == NumberTable.none { lookUp(batch[index], hashes[index]) }
        }
    }

    private mutating func lookUp(_ event: Triple, _ hash: UInt32) {
        if let found = table.find(hash, { triples[Int($0)].isSame(as: event) }) {
            triples[Int(found)].merge(event)
        } else {
            triples.append(event)
            table.insert(hash)
        }
    }

    @inline(__always)
    private static func hash(_ triple: Triple) -> UInt32 {
        let left = (UInt64(triple.actor) << 32 | UInt64(triple.resource)) &* 0x9E37_79B9_7F4A_7C15
        let mixed = (left ^ (left >> 32) ^ UInt64(triple.action)) &* 0xE703_7ED1_A0B4_28DB
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }

    // MARK: Keeping

    private mutating func keep(_ batch: UnsafeMutableBufferPointer<Triple>) {
        if kept.last.map({ $0.count + batch.count > Self.partSize }) ?? true {
            kept.append([])
            kept[kept.count - 1].reserveCapacity(Self.partSize)
        }
        withUnsafeTemporaryAllocation(of: KeptEvent.self, capacity: batch.count) { events in
            for index in batch.indices { events.initializeElement(at: index, to: KeptEvent(batch[index], &sums)) }
            kept[kept.count - 1].append(contentsOf: events)
        }
    }

    /// Decides from what was seen how the next events are taken in.
    private mutating func check() {
        if looksUp {
            let new = triples.count - triplesAtCheck
            triplesAtCheck = triples.count
            nextCheck = events + Self.window
            guard new * 8 >= Self.window * 7 else { return }
            looksUp = false
            table = NumberTable()
            keepAll()
        } else if !areMostlyDifferent {
            lookUpAll()
        }
        // Not before there are twice as many: then looking at all of them costs each event next to nothing.
        if !looksUp { nextCheck = events + kept.reduce(0) { $0 + $1.count } }
    }

    /// Keeps what was looked up before as events.
    private mutating func keepAll() {
        var held = exchange(&triples, with: [])
        held.withUnsafeMutableBufferPointer { held in
            for start in stride(from: 0, to: held.count, by: Self.partSize) {
                keep(UnsafeMutableBufferPointer(rebasing: held[start..<min(start + Self.partSize, held.count)]))
            }
        }
    }

    /// Whether at least three in four of the events kept are of different triples, by a sample: those whose hash says so.
    private var areMostlyDifferent: Bool {
        var sample = NumberTable()
        var (taken, different) = (0, 0)
        for part in kept {
            for event in part {
                let hash = Self.hash(event.triple(sums))
                guard hash >> 26 == 0 else { continue }
                taken += 1
                guard sample.find(hash, { _ in true }) == nil else { continue }
                sample.insert(hash)
                different += 1
            }
        }
        return different * 4 >= taken * 3
    }

    /// Adds up what was kept, and looks every triple up from now on.
    private mutating func lookUpAll() {
        let (held, sums) = (exchange(&kept, with: []), exchange(&sums, with: []))
        for part in held {
            for event in part {
                let triple = event.triple(sums)
                lookUp(triple, Self.hash(triple))
            }
        }
        looksUp = true
        triplesAtCheck = triples.count
        nextCheck = events + Self.window
    }
}
