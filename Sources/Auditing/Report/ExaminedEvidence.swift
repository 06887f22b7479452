import Evidence
import Publishing
import Reporting

/// An archive that was looked over before a report relies on it, and what its bundles pin.
struct ExaminedEvidence: Sendable {
    var archive: Archive
    var organization: ReportOrganization
    /// The name of the organization's folder below the output.
    var folder: String
    /// What the bundles in it pin.
    var pins: [Pin]
    /// What these pins say is gone; nil for nothing.
    var restoration: Restoration?
    /// Why bundles in it, or what removed ones pinned, could not be read, in words.
    var unread: [String]

    /// Looks an archive over.
    ///
    /// - Parameters:
    ///   - opened: The archive.
    ///   - settings: Where its bundles are.
    ///   - range: The time of the report, which is read next.
    /// - Returns: The archive, with what is wrong in its ledger noted.
    /// - Throws: `EvidenceError` for an archive that nothing can be said of.
    static func of(_ opened: Archive, _ settings: ReportSettings, range: InstantRange) throws -> ExaminedEvidence {
        let organization = ReportOrganization(of: opened)
        let folder = OrganizationFolder.name(
            for: opened.organization,
            slug: organization.folder,
            in: settings.output,
            isTaken: settings.isTaken
        )
        let path = BundlePublisher.folder(settings.output, folder)
        var unread = Pins.gone(from: path)
        var pins: [Pin] = []
        // The folder that it would have by its slug is its own, too, where a manifest in it no longer tells so.
        let slug = OrganizationFolder.preferred(for: opened.organization, slug: organization.folder)
        let bySlug = BundlePublisher.folder(settings.output, slug)
        for folder in bySlug.isSameInBytes(as: path) ? [path] : [path, bySlug] {
            pins += Pins.inFolder(folder) { unread.append(($0 as? EvidenceError)?.summary ?? "\($0)") }
        }
        let archive = try opened.examined(pins, in: range, isReadNext: true)
        return ExaminedEvidence(
            archive: archive,
            organization: organization,
            folder: folder,
            pins: pins,
            restoration: archive.restoration(pins),
            unread: unread
        )
    }
}

extension ReportOrganization {
    /// The organization of an archive, by its newest snapshot.
    init(of archive: Archive) {
        let snapshots = archive.lastPull?.snapshots
        self.init(
            id: archive.organization,
            snapshot: snapshots?[.organization].flatMap { try? archive.snapshot($0) },
            readAt: snapshots?.servedAt
        )
    }

    /// What names its folder below the output: its slug, else its id.
    var folder: String { value("slug") ?? id }
}
