import Publishing
import Analysis
import Evidence
import Reporting

/// What a report reads of the archive: counts the events, and compares the segments' digests; writes nothing.
struct ArchiveReading {
    /// What is read for.
    enum Purpose {
        /// Only what verdicts need.
        case verdicts
        /// Tables and lists of events as well.
        case report
    }

    let source: EventSource
    let aggregates: Aggregates
    let recent: RecentEvents
    /// Events that findings may show, the newest of them.
    let notable: RecentEvents
    let summary: ReadingSummary
    /// What is wrong with the archive, in words.
    let damage: [String]

    /// How many events that findings may show are kept.
    private static let notableKept = 2_000

    /// What the controls over the log ask for.
    let watched: WatchedLog
    let snapshots: SnapshotChanges
    /// Events without a usable time, of the whole archive.
    let undated: UndatedEvents
    /// Events of a time that can't be, of the whole archive.
    let implausible: UndatedEvents
    /// When the archive's entries were written.
    let times: EntryTimes
    /// How many segments were read, and their digests compared.
    let segmentsChecked: Int

    /// - Parameters:
    ///   - archive: What is read.
    ///   - period: The span that is reported.
    ///   - zone: Where days begin.
    ///   - policy: What the controls ask for.
    ///   - since: From when on things count as seen for the first time.
    ///   - purpose: What is wanted of it.
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read.
    init(
        _ archive: Archive,
        period: ReportingPeriod,
        zone: CalendarZone,
        policy: ControlPolicy,
        firstSeenSince since: Instant?,
        _ purpose: Purpose
    ) throws {
        let counts = purpose == .report
        times = EntryTimes(archive.entries)
        snapshots = SnapshotChanges(in: archive, times, range: period.range)
        let analysis = LogAnalysis(
            zone: zone,
            policy: policy,
            firstSeenSince: since,
            settingsSpan: snapshots.span,
            countingBetween: snapshots.counted,
            counts: counts
        )
        // In a report of everything they come with the others.
        let known = InstantRange(from: nil, to: period.range.to)
        let undated = UndatedReading(archive, times) { block, group in
            if !period.range.isUnbounded, group.mayLie(in: known) { analysis.addHistory(block) }
        }
        self.undated = undated.events
        implausible = undated.implausible
        var history = undated.segments
        if let begin = period.range.from {
            // Keys that are open, addresses that are known and people who were removed come from before the period.
            let earlier = archive.events(in: InstantRange(from: nil, to: begin))
            history += try earlier.forEachBlock { analysis.addHistory($0) }.segments
        }
        if !period.range.isUnbounded { analysis.beginPeriod() }
        source = archive.events(in: period.range)
        var recent = RecentEvents()
        var notable = RecentEvents(limit: Self.notableKept)
        // The ledger tells how many events there are, so only the last ones need be kept.
        var left = source.overlapping.reduce(0) { $0 + $1.count }
        summary = try source.forEachBlock { block in
            analysis.add(block)
            guard counts else { return }
            left -= block.count
            if left < recent.limit { recent.add(block) }
            notable.add(block, at: analysis.notable)
        }
        if counts, recent.count < min(recent.limit, summary.events) {
            // Some of those that the ledger tells are not of the period, or not there.
            recent = RecentEvents()
            try source.forEachBlockAgain { recent.add($0) }
        }
        var watched: WatchedLog
        (aggregates, watched) = analysis.finish()
        if let span = snapshots.spanBehind { watched.settingsEvents += try Self.changesOfSettings(archive, span) }
        self.watched = watched
        self.recent = recent
        self.notable = notable
        var read: Set<ExactText> = []
        let segments = (summary.segments + history).filter { read.insert(ExactText($0.reference.file)).inserted }
        segmentsChecked = segments.count
        damage =
            archive.ledger.faults + undated.damage
            + segments.filter { !$0.isIntact }.map(\.problem) + snapshots.damage
    }

    /// The changes of settings in a span behind the period.
    private static func changesOfSettings(_ archive: Archive, _ span: InstantRange) throws -> [WatchedLog.SettingsEvent]
    {
        let analysis = LogAnalysis(zone: .utc, settingsSpan: span, counts: false)
        _ = try archive.events(in: span).forEachBlock { analysis.addHistory($0) }
        return analysis.finish().watched.settingsEvents
    }
}

extension JudgedFacts {
    /// Gathers what controls look at.
    init(
        archive: Archive,
        organization: ReportOrganization,
        reading: ArchiveReading,
        period: ReportingPeriod,
        policy: ControlPolicy
    ) {
        let pull = archive.lastPull
        // What a wrong clock proves reaches nobody knows how far.
        let pulled = archive.entries.lastIndex { $0.kind == .pull }.map { reading.times.times[$0] }
        self.init(
            readings: reading.snapshots.readings,
            period: period,
            isComplete: pull.map { $0.complete == true },
            incompleteBecause: pull?.incompleteBecause ?? [],
            proven: pulled?.isContradicted == true ? nil : archive.proven,
            anomalies: archive.entries.flatMap(\.anomalies).map {
                Anomaly(kind: $0.kind, event: $0.event, identity: $0.identity)
            },
            damage: reading.damage,
            segmentsChecked: reading.segmentsChecked,
            entries: archive.entries.count
        )
        self.policy = policy
        asOf = reading.times.latest
        pulledAt = pulled?.at
        // An organization that is not made yet has no log that begins with it.
        organizationCreated = organization.value("created_at").flatMap(Instant.init(rfc3339:)).flatMap { created in
            reading.times.latest.map { created <= $0 } == false ? nil : created
        }
        log = reading.watched
        undated = reading.undated
        implausible = reading.implausible
        unreadable = archive.unreadableCount
        drift = reading.snapshots.drift(reading.watched.settingsEvents)
        driftAround = reading.snapshots.driftAround(reading.watched.settingsEvents)
    }
}

extension Archive {
    /// The span that the newest pull proved, if its sums closed.
    var proven: InstantRange? { lastPull?.provenSpan }
}
