import Analysis
import Evidence
import Foundation
import Reporting

/// The first of the two times a report reads the archive: counts the events and compares the segments' digests.
struct ArchiveReading {
    let source: EventSource
    let aggregates: Aggregates
    let recent: RecentEvents
    let summary: ReadingSummary
    /// What is wrong with the archive, in words.
    let damage: [String]

    init(_ archive: Archive, period: ReportingPeriod, zone: CalendarZone) throws {
        source = archive.events(in: period.range)
        let tally = EventTally(zone: zone)
        var recent = RecentEvents()
        summary = try source.forEachBlock { block in
            tally.add(block)
            recent.add(block)
        }
        aggregates = tally.finish()
        self.recent = recent
        damage =
            archive.ledger.faults
            + summary.segments.filter { !$0.isIntact }.map { segment in
                "\(segment.reference.file) is not what the ledger says"
            }
    }
}

extension JudgedFacts {
    /// Gathers what controls look at.
    init(archive: Archive, reading: ArchiveReading, period: ReportingPeriod, approvedRegions: [String]?) {
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
            entries: archive.entries.count,
            approvedRegions: approvedRegions
        )
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
