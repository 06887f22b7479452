import Analysis
import Evidence
import Reporting

/// What a report reads of the archive: the events, counted and watched, and the digests of their segments, compared.
struct ArchiveReading {
    /// The events of the period, to be read again for the lists of them.
    let source: EventSource
    private let tables: Ahead<Aggregates>
    let recent: RecentEvents
    /// Events that findings may show, the newest of them.
    let notable: RecentEvents
    /// All events that people may be asked to look at; none where they were not wanted.
    let reviewable: ChosenEvents
    let summary: ReadingSummary
    /// What is wrong with the archive, in words.
    let damage: [String]
    /// What the controls over the log ask for.
    var watched: WatchedLog
    let snapshots: SnapshotChanges
    /// The lists of members, invitations and API keys that tell of the period.
    let access: AccessReading
    /// Events without a usable time, of the whole archive.
    let undated: UndatedEvents
    /// Events of a time that can't be, of the whole archive.
    let implausible: UndatedEvents
    /// When the archive's entries were written.
    let times: EntryTimes
    /// How many segments were read, and their digests compared.
    let segmentsChecked: Int

    /// Whether every segment that was read is what the ledger says.
    let isAsWritten: Bool

    /// What the events add up to; waits until it is reckoned.
    var aggregates: Aggregates { tables.value }

    /// How many events that findings may show are kept.
    private static let notableKept = 2_000

    /// Reads an archive.
    ///
    /// - Parameters:
    ///   - archive: What is read.
    ///   - period: The span that is reported.
    ///   - zone: Where days begin.
    ///   - policy: What the controls ask for.
    ///   - since: From when on things count as seen for the first time; nil to leave that out.
    ///   - keepsReviewable: Whether the events that people may be asked to look at are wanted.
    ///   - body: Gets the events of the period, too, in order.
    /// - Returns: What the report, and what judges, need of it.
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read, `DisorderedSegments`.
    static func read(
        _ archive: Archive,
        period: ReportingPeriod,
        zone: CalendarZone,
        policy: ControlPolicy,
        firstSeenSince since: Instant?,
        keepsReviewable: Bool = false,
        _ body: (borrowing EventBlock) throws -> Void = { _ in }
    ) throws -> ArchiveReading {
        let times = EntryTimes(archive.entries)
        let archived = ArchivedSnapshot.all(of: archive, times)
        let snapshots = SnapshotChanges.between(archive, archived, range: period.range)
        // What changed since the report before is told by the lists that it knew, too.
        let told = InstantRange(from: period.range.from.map { min($0, since ?? $0) }, to: period.range.to)
        let access = AccessReading(archive, AccessReading.telling(of: told, archived))
        let analysis = LogAnalysis(
            zone: zone,
            policy: policy,
            firstSeenSince: since,
            settingsSpan: snapshots.span,
            countingBetween: snapshots.counted,
            access: access.lists.isEmpty ? nil : AccessWatch(access.lists)
        )
        let (undated, history) = try readHistory(archive, times, period, analysis)
        if !period.range.isUnbounded { analysis.beginPeriod() }
        let source = archive.events(in: period.range)
        var reviewable = ChosenEvents.Builder()
        let (summary, recent, notable) = try readPeriod(source, analysis) { block in
            if keepsReviewable { reviewable.add(block, at: analysis.reviewable) }
            try body(block)
        }
        let finished = analysis.finish()
        var watched = finished.watched
        if let span = snapshots.spanBehind { watched.settingsEvents += try changesOfSettings(archive, span) }
        let read = ReadFiles([summary] + history)
        return ArchiveReading(
            source: source,
            tables: finished.tables,
            recent: recent,
            notable: notable,
            reviewable: reviewable.finish(),
            summary: summary,
            damage: archive.ledger.faults + undated.damage + read.problems
                + snapshots.damage + access.damage,
            watched: watched,
            snapshots: snapshots,
            access: access,
            undated: undated.events,
            implausible: undated.implausible,
            times: times,
            segmentsChecked: read.names.count,
            isAsWritten: read.isAsWritten && undated.damage.isEmpty
        )
    }

    /// What comes from before the period, and what has no time.
    private static func readHistory(
        _ archive: Archive,
        _ times: EntryTimes,
        _ period: ReportingPeriod,
        _ analysis: LogAnalysis
    ) throws -> (undated: UndatedReading, summaries: [ReadingSummary]) {
        // In a report of everything they come with the others.
        let known = InstantRange(from: nil, to: period.range.to)
        let undated = UndatedReading.read(archive, times) { block, group in
            if !period.range.isUnbounded, group.mayLie(in: known) { analysis.addHistory(block) }
        }
        guard let begin = period.range.from else { return (undated, undated.summaries) }
        // Keys that are open, addresses that are known and people who were removed come from before the period.
        let earlier = archive.events(in: InstantRange(from: nil, to: begin))
        let read = try earlier.forEachBlock { analysis.addHistory($0) }
        return (undated, undated.summaries + [read])
    }

    /// The events of the period, the newest of them, and those that findings may show.
    private static func readPeriod(
        _ source: EventSource,
        _ analysis: LogAnalysis,
        _ body: (borrowing EventBlock) throws -> Void
    ) throws -> (ReadingSummary, recent: RecentEvents, notable: RecentEvents) {
        var recent = RecentEvents()
        var notable = RecentEvents(limit: notableKept)
        // The ledger tells how many events there are, so only the last ones need be kept.
        var left = source.segments.lazy.filter(source.overlaps).reduce(0) { $0 + $1.count }
        let summary = try source.forEachBlock { block in
            analysis.add(block)
            left -= block.count
            if left < recent.limit { recent.add(block) }
            notable.add(block, at: analysis.notable)
            try body(block)
        }
        if recent.count < min(recent.limit, summary.events) {
            // Some of those that the ledger tells are not of the period, or not there.
            recent = RecentEvents()
            try source.forEachBlockAgain { recent.add($0) }
        }
        return (summary, recent, notable)
    }

    /// The changes of settings in a span behind the period.
    private static func changesOfSettings(_ archive: Archive, _ span: InstantRange) throws -> [WatchedLog.SettingsEvent]
    {
        let analysis = LogAnalysis(zone: .utc, settingsSpan: span, counts: false)
        _ = try archive.events(in: span).forEachBlock { analysis.addHistory($0) }
        return analysis.finish().watched.settingsEvents
    }
}

/// The files that were read, each once: one that reaches over the begin of the period was read for both sides of it.
private struct ReadFiles {
    private(set) var names = NamedFiles()
    /// What is wrong with them, in words.
    private(set) var problems: [String] = []
    private(set) var isAsWritten = true

    init(_ readings: [ReadingSummary]) {
        for reading in readings {
            for segment in reading.segments {
                if !segment.isAsWritten { isAsWritten = false }
                if names.insert(segment.reference.name), !segment.isIntact { problems.append(segment.problem) }
            }
        }
    }
}
