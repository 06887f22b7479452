import CSimdJSON

/// What a report reads of an archive: the events of a span of time, merged from all segments, in one order.
public struct EventSource: Sendable {
    /// The organization's folder.
    public let root: String
    /// Every segment of the archive; only those that overlap the range are opened.
    public let segments: [SegmentReference]
    /// The span of time; undated events belong to the unbounded one only.
    public let range: InstantRange
    /// Ids, by segment file, whose content another segment's replaces: a pull outranks an import.
    public let superseded: [String: Set<String>]

    /// Describes what to read; nothing is opened yet.
    public init(
        root: String,
        segments: [SegmentReference],
        range: InstantRange?,
        superseded: [String: Set<String>] = [:]
    ) {
        self.root = root
        self.segments = segments
        self.range = range ?? .all
        self.superseded = superseded
    }

    /// The segments that can hold events of the range, in the order in which they begin, undated ones first.
    public var overlapping: [SegmentReference] {
        segments.filter { segment in
            guard let first = segment.firstAt.flatMap(Instant.init(rfc3339:)),
                let last = segment.lastAt.flatMap(Instant.init(rfc3339:))
            else { return range.isUnbounded }
            if let from = range.from, last < from { return false }
            if let to = range.to, !(first < to) { return false }
            return true
        }
    }

    /// Calls `body` with every event of the range, in blocks, ordered by (instant, bytes of the id), undated first.
    ///
    /// Each segment that overlaps the range is read whole and its digest reckoned, so that damage is seen by whoever
    /// compares the summary with the ledger. Memory does not grow with the number of events.
    ///
    /// `prepare` is called with every event of these segments before `body` is, also with those outside of the range.
    ///
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read; what `body` throws.
    public func forEachBlock(
        preparing prepare: EventPreparation? = nil,
        _ body: (borrowing EventBlock) throws -> Void
    ) throws -> ReadingSummary {
        var merge = SegmentMerge(self, overlapping, isHashed: true, prepare)
        try merge.run(body)
        return merge.summary
    }

    /// The same once more, for what was read and compared with the ledger before: digests are not reckoned again.
    public func forEachBlockAgain(_ body: (borrowing EventBlock) throws -> Void) throws {
        var merge = SegmentMerge(self, overlapping, isHashed: false)
        try merge.run(body)
    }
}

/// What reading the events found beside them.
public struct ReadingSummary: Sendable {
    /// A segment as it was read.
    public struct ReadSegment: Sendable, Hashable {
        /// As the ledger names it.
        public var reference: SegmentReference
        /// The digest of what was read.
        public var sha256: String
        /// The events that were readable.
        public var count: Int
        /// Lines that were no events.
        public var unreadableLines: Int

        /// Whether the file is what the ledger says.
        public var isIntact: Bool {
            sha256 == reference.sha256 && count == reference.count && unreadableLines == 0
        }
    }

    /// Events of the range.
    public internal(set) var events = 0
    /// Undated ones among them.
    public internal(set) var undated = 0
    /// Characters shown as U+FFFD: unpaired surrogates, broken UTF-8.
    public internal(set) var replacedCharacters = 0
    /// Every segment that was read, in reading order.
    public internal(set) var segments: [ReadSegment] = []
}
