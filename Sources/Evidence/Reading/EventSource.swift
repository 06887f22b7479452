import CSimdJSON

/// What a report reads of an archive: the events of a span of time, merged from all segments, in one order.
package struct EventSource: Sendable {
    /// The organization's folder.
    package let root: String
    /// Every segment of the archive; only those that overlap the range are opened.
    package let segments: [SegmentReference]
    /// The span of time; undated events belong to the unbounded one only.
    let range: InstantRange
    /// Events, by segment file, whose content another segment's replaces: a pull outranks an import.
    package let superseded: [String: EventSet]
    /// Files that are read for every span of time, and put in order before any of their events is handed out: what the
    /// ledger says of their time does not hold.
    let sortedFirst: Set<String>

    /// Describes what to read; nothing is opened yet.
    package init(
        root: String,
        segments: [SegmentReference],
        range: InstantRange?,
        superseded: [String: EventSet] = [:],
        sortedFirst: Set<String> = []
    ) {
        self.root = root
        self.segments = segments
        self.range = range ?? .all
        self.superseded = superseded
        self.sortedFirst = sortedFirst
    }

    /// The segments that can hold events of the range, in the order in which they begin, undated ones first.
    var overlapping: [SegmentReference] { segments.filter(overlaps) }

    /// Whether a segment can hold events of the range.
    package func overlaps(_ segment: SegmentReference) -> Bool {
        guard isPlaced(segment) else { return true }
        guard let first = segment.first, let last = segment.last else { return range.isUnbounded }
        if let from = range.from, last < from { return false }
        if let to = range.to, !(first < to) { return false }
        return true
    }

    /// Whether a segment's events stand in order and where the ledger tells.
    func isPlaced(_ segment: SegmentReference) -> Bool {
        segment.tellsItsSpan && (sortedFirst.isEmpty || !sortedFirst.contains(segment.file))
    }

    /// Calls `body` with every event of the range, in blocks, ordered by (instant, bytes of the id), undated first.
    ///
    /// Each segment that overlaps the range is read whole and its digest reckoned, so that damage is seen by whoever
    /// compares the summary with the ledger. Memory does not grow with the number of events.
    ///
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read; `DisorderedSegments` for segments whose
    ///   events do not stand in order, when some of them may have been handed out; what `body` throws.
    package func forEachBlock(_ body: (borrowing EventBlock) throws -> Void) throws -> ReadingSummary {
        var merge = SegmentMerge(self, isHashed: true)
        try merge.run(body)
        return merge.summary
    }

    /// The same for who needs no order: a segment that has none is told among the others by the summary.
    ///
    /// - Throws: ``EvidenceError``, and what `body` throws.
    package func forEachBlockInAnyOrder(_ body: (borrowing EventBlock) throws -> Void) throws -> ReadingSummary {
        var merge = SegmentMerge(self, isHashed: true, needsOrder: false)
        try merge.run(body)
        return merge.summary
    }

    /// The same for who adds to the archive, and must not rest on anything but sound segments.
    ///
    /// - Throws: `EvidenceError` with code `.damaged` at the end of a segment that is not what the ledger says.
    func forEachSoundBlock(_ body: (borrowing EventBlock) throws -> Void) throws {
        let summary = try forEachBlockInAnyOrder(body)
        if let changed = summary.segments.first(where: { !$0.isIntact }) {
            throw EvidenceError.changed(root + "/" + changed.reference.file)
        }
    }

    /// The segments of the range that do not stand in order, or begin before the ledger tells.
    ///
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read.
    func disordered() throws -> Set<String> {
        var found: Set<String> = []
        for segment in overlapping where isPlaced(segment) {
            let one = EventSource(root: root, segments: [segment], range: nil, superseded: superseded)
            do { _ = try one.forEachBlock { _ in } } catch let disorder as DisorderedSegments {
                found.formUnion(disorder.files)
            }
        }
        return found
    }

    /// The same once more, for what was read and compared with the ledger before: digests are not reckoned again.
    ///
    /// - Throws: ``EvidenceError``, and what `body` throws.
    package func forEachBlockAgain(_ body: (borrowing EventBlock) throws -> Void) throws {
        var merge = SegmentMerge(self, isHashed: false)
        try merge.run(body)
    }
}

/// Segments whose events do not stand in order or begin before the ledger tells: to be read again, and put in order first.
package struct DisorderedSegments: Error, Sendable {
    /// Below the organization's folder.
    let files: Set<String>
}

/// What reading the events found beside them.
package struct ReadingSummary: Sendable {
    /// A segment as it was read.
    package struct ReadSegment: Sendable, Hashable {
        /// As the ledger names it.
        package var reference: SegmentReference
        /// The digest of what was read; nil where none was wanted.
        var digest: Digest?
        /// The events that were readable.
        package var count: Int
        /// Lines that were no events.
        package var unreadableLines: Int

        /// Whether it has as many bytes, its events stand in order, and they reach over the time that the ledger tells.
        var isPlaced = true

        /// Whether it begins with a brace, as the first event does, and ends with the last one's and a line feed.
        var isFramed = false

        /// The digest in hex; empty where none was wanted.
        package var sha256: String { digest?.hex ?? "" }

        /// What is wrong with the file, in words.
        package var problem: String {
            let file = reference.file
            if unreadableLines == 1 { return "\(file) is not what the ledger says: 1 line is no event" }
            if unreadableLines > 0 {
                return "\(file) is not what the ledger says: \(unreadableLines) lines are no events"
            }
            if count != reference.count {
                if count == 1 { return "\(file) is not what the ledger says: it holds 1 event" }
                return "\(file) is not what the ledger says: it holds \(count) events"
            }
            if isPlaced { return "\(file) is not what the ledger says" }
            return "\(file) is not what the ledger says: its size, the order of its events or their times are others"
        }

        /// Whether the file is what the ledger says.
        package var isIntact: Bool {
            digest != nil && digest == reference.digest && count == reference.count && unreadableLines == 0 && isPlaced
        }

        /// The same, where its first and last lines are surely events, too, as a look at these alone would find them.
        package var isAsWritten: Bool { isIntact && isFramed }
    }

    /// Events of the range.
    package internal(set) var events = 0
    /// Undated ones among them.
    package internal(set) var undated = 0
    /// Characters shown as U+FFFD: unpaired surrogates, broken UTF-8.
    package internal(set) var replacedCharacters = 0

    /// Nearly all of tens of thousands of segments are as written: the place of one in the archive tells all of it.
    private enum Read: Sendable {
        case asWritten(Int)
        indirect case other(ReadSegment)
    }

    private let source: [SegmentReference]
    private var read: [Read] = []

    /// Of a reading of a source's segments, of which so many are due.
    init(of source: [SegmentReference], reserving count: Int) {
        self.source = source
        read.reserveCapacity(count)
    }

    /// Notes a segment that is as written, by its place.
    mutating func add(asWritten place: Int) { read.append(.asWritten(place)) }

    /// Notes another segment.
    mutating func add(_ segment: ReadSegment) { read.append(.other(segment)) }

    /// Every segment that was read, in reading order.
    package var segments: some Collection<ReadSegment> {
        read.lazy.map { read in
            switch read {
            case .other(let segment): segment
            case .asWritten(let place): ReadSegment(asWritten: source[place])
            }
        }
    }
}

extension ReadingSummary.ReadSegment {
    fileprivate init(asWritten reference: SegmentReference) {
        self.init(
            reference: reference,
            digest: reference.digest,
            count: reference.count,
            unreadableLines: 0,
            isFramed: true
        )
    }
}
