/// Which ids the archive holds, loaded a segment at a time: a pull of what is new looks only at the segments whose time
/// its pages touch.
///
/// Imported events count as known: should the service have shown them to no pull before, the sums of an incremental pull
/// don't close, and it becomes a full one.
struct ArchivedIdentities {
    private let root: String
    private let segments: [SegmentReference]
    private var loaded: Set<String> = []
    private var identities: Set<Hash128> = []

    init(_ archive: Archive) {
        root = archive.path
        segments = archive.segments
    }

    /// Loads the segments that overlap the events' times, and the undated ones when an event is undated.
    mutating func load(around events: [AuditLogPageContents.Event]) throws {
        let times = events.compactMap(\.instant)
        let span = times.min().flatMap { first in times.max().map { (first: first, last: $0) } }
        let touched = segments.filter { segment in
            guard segment.tellsItsSpan else { return true }
            guard let first = segment.first, let last = segment.last else { return times.count < events.count }
            return span.map { first <= $0.last && $0.first <= last } ?? false
        }
        try load(touched)
    }

    /// Loads the segments that a time falls into; the undated ones without a time.
    mutating func load(around time: Instant?) throws {
        let touched = segments.filter { segment in
            guard !loaded.contains(segment.file) else { return false }
            guard segment.tellsItsSpan else { return true }
            guard let first = segment.first, let last = segment.last else { return time == nil }
            return time.map { first <= $0 && $0 <= last } ?? false
        }
        try load(touched)
    }

    private mutating func load(_ touched: [SegmentReference]) throws {
        for segment in touched where loaded.insert(segment.file).inserted {
            var found = identities
            identities = []
            let source = EventSource(root: root, segments: [segment], range: nil)
            try source.forEachSoundBlock { block in
                for index in 0..<block.count { found.insert(Hash128(block[index].identity.bytes)) }
            }
            identities = found
        }
    }

    /// Whether an event with an identity is archived (see ``EventIdentity``).
    func contains(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
        !identities.isEmpty && identities.contains(Hash128(id))
    }
}
