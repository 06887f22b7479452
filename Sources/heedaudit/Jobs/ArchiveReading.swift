import Analysis
import Evidence
import Foundation
import Reporting

/// What a report reads of the archive: counts the events, compares the segments' digests, and writes what is theirs alone.
struct ArchiveReading {
    /// What is read for.
    enum Purpose {
        /// Only what verdicts need.
        case verdicts
        /// Tables and lists of events as well, and documents that are begun meanwhile.
        case report(BundleDraft?)
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

    /// - Parameters:
    ///   - archive: What is read.
    ///   - period: The span that is reported.
    ///   - zone: Where days begin.
    ///   - policy: What the controls ask for.
    ///   - since: From when on things count as seen for the first time.
    ///   - purpose: What is wanted of it.
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read, `ReportingError` for a document that can't
    ///   be written.
    init(
        _ archive: Archive,
        period: ReportingPeriod,
        zone: CalendarZone,
        policy: ControlPolicy,
        firstSeenSince since: Instant?,
        _ purpose: Purpose
    ) throws {
        let (counts, draft) =
            if case .report(let draft) = purpose { (true, draft) } else { (false, nil as BundleDraft?) }
        snapshots = SnapshotChanges(in: archive, range: period.range)
        let analysis = LogAnalysis(
            zone: zone,
            policy: policy,
            firstSeenSince: since,
            settingsSpan: snapshots.span,
            counts: counts
        )
        var history: [ReadingSummary.ReadSegment] = []
        if let begin = period.range.from {
            // Keys that are open and addresses that are known come from before the period.
            let earlier = try ArchiveHistory(
                archive,
                before: begin,
                kind: since == nil ? .withoutResources : .withResources
            )
            history = try earlier.extracted + earlier.source.forEachBlock { analysis.addHistory($0) }.segments
            analysis.beginPeriod()
        }
        source = archive.events(in: period.range)
        var recent = RecentEvents()
        var notable = RecentEvents(limit: Self.notableKept)
        // The ledger tells how many events there are, so only the last ones need be kept.
        var left = source.overlapping.reduce(0) { $0 + $1.count }
        summary = try source.forEachBlock(preparing: analysis.preparation) { block in
            analysis.add(block, arePrepared: true)
            guard counts else { return }
            try draft?.append(block)
            left -= block.count
            if left < recent.limit { recent.add(block) }
            notable.add(block, at: analysis.notable)
        }
        if counts, recent.count < min(recent.limit, summary.events) {
            // Some of those that the ledger tells are not of the period, or not there.
            recent = RecentEvents()
            try source.forEachBlockAgain { recent.add($0) }
        }
        (aggregates, watched) = analysis.finish()
        try draft?.endEvents(aggregates)
        self.recent = recent
        self.notable = notable
        let read = Set(summary.segments.map(\.reference.file))
        let earlier = history.filter { !read.contains($0.reference.file) }
        damage =
            archive.ledger.faults
            + (earlier + summary.segments).filter { !$0.isIntact }.map { segment in
                segment.problem
            }
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
        let settings = pull?.snapshots?.settings.flatMap { try? archive.snapshot($0) }
        self.init(
            settings: settings.flatMap(Self.settings(of:)),
            period: period,
            isComplete: pull.map { $0.complete == true },
            incompleteBecause: pull?.incompleteBecause ?? [],
            proven: archive.proven,
            anomalies: archive.entries.flatMap(\.anomalies).map { Anomaly(kind: $0.kind, event: $0.event) },
            damage: reading.damage,
            segmentsChecked: reading.summary.segments.count,
            entries: archive.entries.count
        )
        self.policy = policy
        asOf = Instant(rfc3339: archive.head.at)
        pulledAt = pull.flatMap { Instant(rfc3339: $0.at) }
        organizationCreated = organization.value("created_at").flatMap(Instant.init(rfc3339:))
        log = reading.watched
        let changes = reading.snapshots
        drift =
            changes.hasSnapshots
            ? SettingsDrift(
                snapshots: changes.served,
                differences: changes.differences,
                events: reading.watched.settingsEvents
            ) : nil
    }

    private static func settings(of snapshot: [UInt8]) -> [String: SettingValue]? {
        (try? JSONDecoder().decode([String: SnapshotSetting].self, from: Data(snapshot)))?.mapValues(\.value)
    }
}

/// A setting's value as JSON tells it; a number is never taken for true or false.
private struct SnapshotSetting: Decodable {
    let value: JudgedFacts.SettingValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            value = .boolean(flag)
        } else if let text = try? container.decode(String.self) {
            value = .text(text)
        } else if let list = try? container.decode([String].self) {
            value = .list(list)
        } else {
            value = .other("a value of another kind")
        }
    }
}

extension Archive {
    /// The span that the newest pull proved, if its sums closed.
    var proven: InstantRange? {
        guard let pull = lastPull, pull.complete == true, let span = pull.proven,
            let from = Instant(rfc3339: span.from),
            let to = Instant(rfc3339: span.to)
        else { return nil }
        return InstantRange(from: from, to: to)
    }
}
