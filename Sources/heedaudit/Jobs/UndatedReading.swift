import Analysis
import Evidence

/// The archive's events without a usable time, of whatever period: read from the segments that have no first time.
struct UndatedReading {
    private(set) var events = UndatedEvents()
    /// Segments that were read.
    private(set) var segments: [ReadingSummary.ReadSegment] = []
    /// Segments that can't be read, in words.
    private(set) var damage: [String] = []

    /// How many are told by their ids.
    private static let idsKept = 100_000
    private var idsLeft = Self.idsKept

    /// Reads them.
    ///
    /// - Parameters:
    ///   - archive: What is read.
    ///   - body: Gets each of them, alone in a block, with what is known of where it lies.
    init(_ archive: Archive, _ body: (borrowing EventBlock, UndatedEvents.Group) -> Void) {
        let whole = archive.events(in: .all)
        var place = 0
        var proven: InstantRange?
        var latest: Instant?
        for entry in archive.entries {
            let segments = whole.segments[place..<(place + entry.segments.count)]
            place += entry.segments.count
            latest = [latest, Self.end(of: entry)].compactMap { $0 }.max()
            let undated = segments.filter { $0.firstAt == nil }
            if !undated.isEmpty {
                let end = latest.map { $0.adding(seconds: 1) }
                var group = UndatedEvents.Group(
                    spans: Self.spans(of: entry, behind: proven, before: end),
                    count: 0,
                    eventIDs: []
                )
                for segment in undated { read(segment, of: whole, into: &group, body) }
                if group.count > 0 { events.groups.append(group) }
            }
            if let span = entry.provenSpan { proven = span }
        }
    }

    /// When an entry was written, by whichever clock is ahead.
    private static func end(of entry: LedgerEntry) -> Instant? {
        [entry.at, entry.snapshots?.servedAt, entry.proven?.to].compactMap { $0.flatMap(Instant.init(rfc3339:)) }.max()
    }

    /// What a pull brings came behind what the complete pull before proved; what is imported may be older than the log.
    private static func spans(of entry: LedgerEntry, behind proven: InstantRange?, before end: Instant?)
        -> [InstantRange]
    {
        guard let proven else { return [InstantRange(from: nil, to: end)] }
        let behind = InstantRange(from: proven.to, to: end)
        return entry.kind == .import ? [InstantRange(from: nil, to: proven.from), behind] : [behind]
    }

    private mutating func read(
        _ segment: SegmentReference,
        of whole: EventSource,
        into group: inout UndatedEvents.Group,
        _ body: (borrowing EventBlock, UndatedEvents.Group) -> Void
    ) {
        let source = EventSource(root: whole.root, segments: [segment], range: .all, superseded: whole.superseded)
        var found = group
        var left = idsLeft
        do {
            let summary = try source.forEachBlock { block in
                block.forEachRun(of: 1) { run, _ in
                    guard run[0].isUndated else { return }
                    let isChange = run[0].action.string == "settings.updated"
                    found.count += 1
                    if left > 0 {
                        found.eventIDs.append(run[0].id.string)
                        left -= 1
                    }
                    if isChange { found.settingsUpdated.append(run[0].id.string) }
                    body(run, group)
                }
            }
            segments += summary.segments
        } catch {
            // The ledger still tells how many there are.
            found.count = group.count + segment.count
            damage.append("\(segment.file) can't be read")
        }
        group = found
        idsLeft = left
    }
}

extension LedgerEntry {
    /// The span that a complete pull proves; no clock of the service proves what this machine's clock has not seen.
    var provenSpan: InstantRange? {
        guard kind == .pull, complete == true, let span = proven, let from = Instant(rfc3339: span.from),
            var to = Instant(rfc3339: span.to)
        else { return nil }
        if let at = Instant(rfc3339: at) { to = min(to, at.adding(seconds: -300)) }
        return from < to ? InstantRange(from: from, to: to) : nil
    }
}
