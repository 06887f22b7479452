/// Which ids the archive holds, loaded a segment at a time: a pull of what is new looks only at the segments whose time
/// its pages touch.
///
/// Imported events count as known: should the service have shown them to no pull before, the sums of an incremental pull
/// don't close, and it becomes a full one.
struct ArchivedIdentities {
    private let archive: Archive
    private var loaded: Set<String> = []
    private var identities: Set<EventSpool.Identity> = []

    init(_ archive: Archive) {
        self.archive = archive
    }

    /// Loads the segments that overlap the events' times, and the undated ones when an event is undated.
    mutating func load(around events: [AuditLogPageContents.Event]) throws {
        let times = events.compactMap(\.instant)
        if let first = times.min(), let last = times.max() {
            let range = InstantRange(from: first, to: last.adding(seconds: 1))
            try load(EventSource(root: archive.path, segments: archive.segments, range: range).overlapping)
        }
        if times.count < events.count { try load(archive.segments.filter { $0.firstAt == nil }) }
    }

    private mutating func load(_ segments: [SegmentReference]) throws {
        for segment in segments where loaded.insert(segment.file).inserted {
            var found = identities
            identities = []
            let source = EventSource(root: archive.path, segments: [segment], range: nil)
            _ = try source.forEachBlock { block in
                for index in 0..<block.count { found.insert(EventSpool.Identity(block[index].id.bytes)) }
            }
            identities = found
        }
    }

    func contains(_ identity: EventSpool.Identity) -> Bool { identities.contains(identity) }
}
