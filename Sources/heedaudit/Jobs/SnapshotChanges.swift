import Evidence
import Reporting

/// What changed from one pull's snapshots to the next's, as far as the report's period goes.
enum SnapshotChanges {
    static func all(in archive: Archive, range: InstantRange) -> [ReportChange] {
        let snapshots = archive.entries.compactMap(\.snapshots)
        return zip(snapshots, snapshots.dropFirst()).flatMap { before, after -> [ReportChange] in
            let at = after.servedAt
            if let instant = at.flatMap(Instant.init(rfc3339:)), !range.contains(instant) { return [] }
            return changes(before.organization, after.organization, "organization", at, archive)
                + changes(before.settings, after.settings, "setting", at, archive)
        }
    }

    private static func changes(
        _ before: String?,
        _ after: String?,
        _ kind: String,
        _ at: String?,
        _ archive: Archive
    ) -> [ReportChange] {
        guard let before, let after, before != after, let old = try? archive.snapshot(before),
            let new = try? archive.snapshot(after)
        else { return [] }
        return ReportChange.between(old, new, kind: kind, at: at)
    }
}
