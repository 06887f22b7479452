import Analysis
import Evidence
import Reporting

/// What changed from one pull's snapshots to the next's, as far as the report's period goes.
struct SnapshotChanges {
    /// When the snapshots were served, those that the period needs.
    private(set) var served: [Instant] = []
    private(set) var differences: [SettingsDrift.Difference] = []
    private(set) var hasSnapshots = false

    init(in archive: Archive, range: InstantRange) {
        let snapshots = archive.entries.compactMap(\.snapshots).compactMap { snapshot in
            snapshot.servedAt.flatMap(Instant.init(rfc3339:)).map { (snapshot: snapshot, at: $0) }
        }
        hasSnapshots = !snapshots.isEmpty
        for (before, after) in zip(snapshots, snapshots.dropFirst()) where range.contains(after.at) {
            if served.isEmpty { served.append(before.at) }
            served.append(after.at)
            let pairs = [
                ("organization", before.snapshot.organization, after.snapshot.organization),
                ("setting", before.snapshot.settings, after.snapshot.settings),
            ]
            for (kind, old, new) in pairs {
                differences += Self.differences(kind, old, new, archive).map { change in
                    SettingsDrift.Difference(
                        kind: kind,
                        field: change.subject,
                        before: change.before,
                        after: change.after,
                        from: before.at,
                        to: after.at
                    )
                }
            }
        }
    }

    /// When events may explain a difference, or lie between snapshots that show none; `Date` tells whole seconds.
    var span: InstantRange {
        guard let first = served.first, let last = served.last, served.count > 1 else {
            return InstantRange(from: Instant(seconds: 0), to: Instant(seconds: 0))
        }
        return InstantRange(from: Instant(seconds: first.seconds), to: Instant(seconds: last.seconds + 1))
    }

    private static func differences(
        _ kind: String,
        _ before: String?,
        _ after: String?,
        _ archive: Archive
    ) -> [ReportChange] {
        guard let before, let after, before != after, let old = try? archive.snapshot(before),
            let new = try? archive.snapshot(after)
        else { return [] }
        let named: Set<String> = ["name", "slug", "plan", "owner_id"]
        return ReportChange.between(old, new, kind: kind, at: nil).filter {
            kind == "setting" || named.contains($0.subject)
        }
    }
}

extension ReportChange {
    /// A changed field, with the events that explain it.
    init(_ explained: SettingsDrift.Explained) {
        let difference = explained.difference
        let actors = Set(explained.events.map(\.actor)).sorted { $0.precedesInBytes($1) }
        self.init(
            kind: difference.kind,
            subject: difference.field,
            before: difference.before,
            after: difference.after,
            at: explained.events.last?.at.rfc3339 ?? difference.to.rfc3339,
            actor: actors.isEmpty ? nil : actors.joined(separator: "; "),
            eventID: explained.events.last?.event
        )
    }

    /// What differs from the bundle that the report is compared with, and what the log shows for the first time.
    static func since(_ comparison: FindingComparison, _ log: WatchedLog, findings: [Finding]) -> [ReportChange] {
        let statuses = Dictionary(
            findings.map { (Subject(control: $0.control, subject: $0.subject), $0.status.rawValue) }
        ) { first, _ in first }
        func name(_ key: FindingComparison.Key) -> String { "\(key.control): \(key.subject)" }
        var changes = comparison.new.map {
            ReportChange(kind: "finding", subject: name($0), before: nil, after: $0.status)
        }
        changes += comparison.closed.map { key in
            let now = statuses[Subject(control: key.control, subject: key.subject)] ?? "no longer found"
            return ReportChange(kind: "finding", subject: name(key), before: key.status, after: now)
        }
        changes += comparison.open.map {
            ReportChange(kind: "finding", subject: name($0), before: "open", after: $0.status)
        }
        changes += log.firstSeen.map { seen in
            ReportChange(
                kind: "first seen",
                subject: "\(seen.kind) \(seen.subject)",
                before: nil,
                after: nil,
                at: seen.at.rfc3339,
                actor: seen.actor,
                eventID: seen.event
            )
        }
        return changes
    }

    private struct Subject: Hashable {
        var control: String
        var subject: String
    }
}
