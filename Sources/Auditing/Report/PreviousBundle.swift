import Analysis
import Evidence
import Publishing

/// The bundle that a report compares itself with: the newest of the same organization and kind of period whose pinned
/// entry is an ancestor and whose period ends no later (of several of one entry the one that `latest` names), or the one that `--compare` names.
struct PreviousBundle {
    let manifest: Manifest

    /// From when on things count as new: the end of what that bundle could know.
    let since: Instant?

    /// Finds it; nil when there is none.
    ///
    /// - Throws: `AuditError` with code `.noSuchBundle` when the one that is named is not there, or is no ancestor.
    static func find(
        named name: String?,
        output: String,
        folder: String,
        archive: Archive,
        period: ReportingPeriod,
        now: Instant
    ) throws -> PreviousBundle? {
        let all = ManifestHead.all(output: output, organizationFolder: folder).filter {
            $0.organization.id.isSameInBytes(as: archive.organization) && isAncestor($0, archive)
        }
        if let name {
            let chosen = all.first { $0.bundle == name }
            guard let found = chosen.flatMap({ PreviousBundle($0, output, folder, archive, now) }) else {
                throw AuditError(
                    .noSuchBundle,
                    "there is no bundle '\(name)' of this organization and archive in \(output)",
                    hint: "--compare takes the name of a bundle's folder"
                )
            }
            return found
        }
        let earlier = all.filter { manifest in
            guard manifest.period.knownKind == period.kind.rawValue else { return false }
            let end = manifest.period.to.flatMap(Instant.init(rfc3339:))
            switch (end, period.range.to) {
            case (nil, nil): return manifest.evidence.entry < archive.head.entry
            case (nil, _?): return false
            case (_?, nil): return true
            case (let end?, let own?):
                return end < own
                    || (end == own && manifest.evidence.entry < archive.head.entry && sameBegin(manifest, period))
            }
        }
        // Of several of one entry, such as one before and one behind a review, the one that was made last is shown.
        let latest = BundlePublisher(output: output).latestName(organizationFolder: folder)
        let newestFirst = earlier.sorted { left, right in
            let ends = (end(of: left), end(of: right))
            if ends.0 != ends.1 { return ends.0 > ends.1 }
            if left.evidence.entry != right.evidence.entry { return left.evidence.entry > right.evidence.entry }
            if left.bundle == latest || right.bundle == latest { return right.bundle != latest }
            return left.bundle > right.bundle
        }
        // One whose findings can't be read, or that has just been removed, is in nobody's way.
        return newestFirst.lazy.compactMap { PreviousBundle($0, output, folder, archive, now) }.first
    }

    /// Reads the findings of the one that was chosen; nil where they can't be read.
    private init?(_ chosen: ManifestHead, _ output: String, _ folder: String, _ archive: Archive, _ now: Instant) {
        guard let whole = BundlePublisher(output: output).bundle(named: chosen.bundle, organizationFolder: folder)
        else {
            return nil
        }
        manifest = whole
        var asOf = Instant(rfc3339: whole.asOf)
        if asOf?.isAhead(of: now) == true {
            // A clock was ahead: what came since is not what comes behind that time.
            asOf = EntryTimes(Array(archive.entries.prefix(whole.evidence.entry)), now: now).latest
        }
        let end = whole.period.to.flatMap(Instant.init(rfc3339:))
        since = [asOf, end].compactMap(\.self).min()
    }

    private static func sameBegin(_ manifest: ManifestHead, _ period: ReportingPeriod) -> Bool {
        manifest.period.from.flatMap(Instant.init(rfc3339:)) == period.range.from
    }

    private static func isAncestor(_ manifest: ManifestHead, _ archive: Archive) -> Bool {
        archive.ledger.holds(entry: manifest.evidence.entry, head: manifest.evidence.head)
    }

    /// When a bundle's period ends, an open one last.
    private static func end(of manifest: ManifestHead) -> Instant {
        manifest.period.to.flatMap(Instant.init(rfc3339:)) ?? Instant(seconds: .max)
    }
}
