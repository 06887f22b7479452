import Evidence
import Publishing
import Reporting

/// An archive that was looked over before a report relies on it, and what its bundles pin.
struct ExaminedEvidence: Sendable {
    var archive: Archive
    var organization: ReportOrganization
    /// The name of the organization's folder below the output.
    var folder: String
    /// What the organization's bundles pin, and what of that is not known.
    var pinned: FolderPins
    /// What these pins say is gone; nil for nothing.
    var restoration: Restoration?

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
        // The folder that it would have by its slug is its own, too, where a manifest in it no longer tells so.
        let slug = OrganizationFolder.preferred(for: opened.organization, slug: organization.folder)
        let bySlug = BundlePublisher.folder(settings.output, slug)
        var pinned = FolderPins(of: path).of(opened.organization)
        if !bySlug.isSameInBytes(as: path) { pinned += FolderPins(of: bySlug).of(opened.organization) }
        let archive = try opened.examined(pinned.pins, in: range, isReadNext: true)
        return ExaminedEvidence(
            archive: archive,
            organization: organization,
            folder: folder,
            pinned: pinned,
            restoration: archive.restoration(pinned.pins)
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
