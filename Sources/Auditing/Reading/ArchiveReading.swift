import Analysis
import Evidence
import Reporting

/// What a report reads of the archive: the events, counted and watched, and the digests of their segments, compared.
struct ArchiveReading {
    /// The events of the period, to be read again for the lists of them.
    let source: EventSource
    /// What the events add up to, once it is reckoned.
    let tables: Ahead<Aggregates>
    /// The newest events; none where they were not wanted.
    let recent: RecentEvents
    /// Events that findings may show, the newest of them; none where they were not wanted.
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

    /// Events that are copied while they are read.
    struct Keeping: OptionSet {
        let rawValue: Int

        /// The newest ones, and those that findings may show.
        static let shown = Keeping(rawValue: 1)
        /// Those that people may be asked to look at.
        static let reviewable = Keeping(rawValue: 2)
    }

    /// What was copied.
    private struct Kept: ~Copyable {
        var recent = RecentEvents()
        var notable = RecentEvents(limit: notableKept)
        var reviewable = ChosenEvents.Builder()
    }

    /// Reads an archive.
    ///
    /// - Parameters:
    ///   - archive: What is read.
    ///   - period: The span that is reported.
    ///   - zone: Where days begin.
    ///   - policy: What the controls ask for.
    ///   - since: From when on things count as seen for the first time; nil to leave that out.
    ///   - keeping: Which events are wanted.
    ///   - now: What the clock says: an entry of a time that has not come yet is not believed.
    ///   - sorts: Whether tables are sorted at once, or only if somebody asks for them.
    ///   - body: Gets the events of the period, too, in order, while they are counted.
    /// - Returns: What the report, and what judges, need of it.
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read, `DisorderedSegments`.
    static func read(
        _ archive: Archive,
        period: ReportingPeriod,
        zone: CalendarZone,
        policy: ControlPolicy,
        firstSeenSince since: Instant?,
        keeping: Keeping = [],
        now: Instant,
        sorts: Bool = true,
        _ body: (borrowing EventBlock) throws -> Void = { _ in }
    ) throws -> ArchiveReading {
        let times = EntryTimes(archive.entries, now: now)
        let archived = ArchivedSnapshot.all(of: archive, times)
        let snapshots = SnapshotChanges.between(archive, archived, range: period.range)
        // What changed since the report before is told by the lists that it knew, too.
        let told = InstantRange(from: period.range.from.map { min($0, since ?? $0) }, to: period.range.to)
        let access = AccessReading(archive, AccessReading.telling(of: told, archived))
        let source = archive.events(in: period.range)
        // As the ledger tells.
        let events = source.segments.lazy.filter(source.overlaps).reduce(0) { $0 + $1.count }
        let analysis = LogAnalysis(
            zone: zone,
            policy: policy,
            firstSeenSince: since,
            settingsSpan: snapshots.span,
            countingBetween: snapshots.counted,
            access: access.lists.isEmpty ? nil : AccessWatch(access.lists),
            expecting: events
        )
        let (undated, history) = try readHistory(archive, times, period, analysis)
        if !period.range.isUnbounded { analysis.beginPeriod() }
        var kept = Kept()
        let summary = try readPeriod(source, of: events, analysis, keeping, &kept, body)
        let finished = analysis.finish(sorts: sorts)
        var watched = finished.watched
        if let span = snapshots.spanBehind { watched.settingsEvents += try changesOfSettings(archive, span) }
        let read = ReadFiles([summary] + history)
        return ArchiveReading(
            source: source,
            tables: finished.tables,
            recent: kept.recent,
            notable: kept.notable,
            reviewable: kept.reviewable.finish(),
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

    /// The events of the period, about so many, of which those that are wanted are kept.
    private static func readPeriod(
        _ source: EventSource,
        of events: Int,
        _ analysis: LogAnalysis,
        _ keeping: Keeping,
        _ kept: inout Kept,
        _ body: (borrowing EventBlock) throws -> Void
    ) throws -> ReadingSummary {
        // Only the last ones need be kept.
        var left = events
        let summary = try source.forEachBlock { block in
            var handedOn = Result<Void, any Error>.success(())
            sideBySide({ analysis.add(block) }, { handedOn = Result { try body(block) } })
            try handedOn.get()
            left -= block.count
            if keeping.contains(.shown) {
                if left < kept.recent.limit { kept.recent.add(block) }
                kept.notable.add(block, at: analysis.notable)
            }
            if keeping.contains(.reviewable) { kept.reviewable.add(block, at: analysis.reviewable) }
        }
        if keeping.contains(.shown), kept.recent.count < min(kept.recent.limit, summary.events) {
            // Some of those that the ledger tells are not of the period, or not there.
            kept.recent = RecentEvents()
            try source.forEachBlockAgain { kept.recent.add($0) }
        }
        return summary
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
