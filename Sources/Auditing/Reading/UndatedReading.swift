import Analysis
import Evidence

/// The archive's events without a usable time, of whatever period: read from the segments that have no first time, or one
/// that can't be.
struct UndatedReading {
    private(set) var events = UndatedEvents()
    /// Events of a time that can't be.
    private(set) var implausible = UndatedEvents()
    /// What reading them found, segment by segment.
    private(set) var summaries: [ReadingSummary] = []
    /// Segments that can't be read, in words.
    private(set) var damage: [String] = []

    /// How many are told by their ids.
    private static let idsKept = 100_000
    private var idsLeft = Self.idsKept

    private init() {}

    /// Reads them.
    ///
    /// - Parameters:
    ///   - archive: What is read.
    ///   - times: When its entries were written.
    ///   - body: Gets each undated one, alone in a block, with what is known of where it lies.
    /// - Returns: What was found, and what can't be read.
    static func read(
        _ archive: Archive,
        _ times: EntryTimes,
        _ body: (borrowing EventBlock, UndatedEvents.Group) -> Void
    ) -> UndatedReading {
        var reading = UndatedReading()
        let whole = archive.events(in: .all)
        let ends = times.ends(archive.entries)
        // What the entries before one prove, as far as that was asked for.
        var (proven, judged): (InstantRange?, Int) = (nil, 0)
        let entries = archive.entries
        for number in entries.indices {
            let segments = whole.segments[archive.segmentPlaces(ofEntry: number)]
            let plausible = times.plausible(number)
            // Nearly all segments hold ordinary events.
            if segments.contains(where: { !$0.tellsFirst || !$0.isPlausible(plausible) }) {
                let undated = segments.filter { !$0.tellsFirst }
                let odd = segments.filter { !$0.isPlausible(plausible) }
                // What a wrong clock proves is nothing to reckon from.
                for earlier in judged..<number where !times.times[earlier].isContradicted {
                    proven = entries[earlier].provenSpan ?? proven
                }
                judged = number
                let group = UndatedEvents.Group(
                    spans: Self.spans(of: entries[number], behind: proven, before: ends[number].adding(seconds: 1)),
                    count: 0,
                    eventIDs: []
                )
                var (undatedGroup, oddGroup) = (group, group)
                for segment in undated { reading.read(segment, of: whole, into: &undatedGroup, { $0.isUndated }, body) }
                let isOdd = { (event: EventView) in !event.isUndated && !plausible.contains(event.instant) }
                for segment in odd { reading.read(segment, of: whole, into: &oddGroup, isOdd) { _, _ in } }
                if undatedGroup.count > 0 { reading.events.groups.append(undatedGroup) }
                if oddGroup.count > 0 { reading.implausible.groups.append(oddGroup) }
            }
        }
        return reading
    }

    /// What a pull brings came behind what the complete pull before proved; what is imported may be older than the log.
    ///
    /// Where clocks leave no span between, it may lie anywhere.
    private static func spans(of entry: LedgerEntry, behind proven: InstantRange?, before end: Instant)
        -> [InstantRange]
    {
        guard let proven else { return [InstantRange(from: nil, to: end)] }
        guard let begin = proven.to, begin < end else { return [.all] }
        let behind = InstantRange(from: begin, to: end)
        return entry.kind == .import ? [InstantRange(from: nil, to: proven.from), behind] : [behind]
    }

    private mutating func read(
        _ segment: SegmentReference,
        of whole: EventSource,
        into group: inout UndatedEvents.Group,
        _ isWanted: (EventView) -> Bool,
        _ body: (borrowing EventBlock, UndatedEvents.Group) -> Void
    ) {
        let source = EventSource(root: whole.root, segments: [segment], range: .all, superseded: whole.superseded)
        var found = group
        var left = idsLeft
        do {
            let summary = try source.forEachBlock { block in
                block.forEachRun(of: 1) { run, _ in
                    guard isWanted(run[0]) else { return }
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
            summaries.append(summary)
        } catch {
            // The ledger still tells how many there are.
            found.count = group.count + segment.count
            damage.append("\(segment.file) can't be read")
        }
        group = found
        idsLeft = left
    }
}

extension SegmentReference {
    /// Whether all times of a segment can be; one without times holds undated events.
    fileprivate func isPlausible(_ times: PlausibleTimes) -> Bool {
        first.map(times.contains) ?? true && last.map(times.contains) ?? true
    }
}

extension LedgerEntry {
    /// The span that a complete pull proves; no clock of the service proves what this machine's clock has not seen.
    var provenSpan: InstantRange? {
        guard kind == .pull, complete == true, let from = provenFrom, var to = provenTo else { return nil }
        if let at = writtenAt { to = min(to, at.adding(seconds: -300)) }
        return from < to ? InstantRange(from: from, to: to) : nil
    }
}
