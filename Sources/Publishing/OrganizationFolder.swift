import Templates
import Evidence
import Foundation

/// The folder below the output that holds an organization's bundles: it belongs to the organization that their manifests
/// name, and no other writes there.
package enum OrganizationFolder {
    /// The name of an organization's folder, which need not exist.
    ///
    /// The one that it has, whatever its slug is by now; else its slug, if no other organization has that folder; else the
    /// slug and the id. In the place of a slug that is the name of something else the id stands.
    ///
    /// - Parameters:
    ///   - organization: The organization's id.
    ///   - slug: Its short name; the id again where it has none.
    ///   - output: The folder that holds all of them.
    ///   - isTaken: Whether another organization is to have a folder that holds no bundles yet.
    /// - Returns: One path component.
    package static func name(
        for organization: String,
        slug: String,
        in output: String,
        isTaken: (_ folder: String) -> Bool = { _ in false }
    ) -> String {
        let bySlug = preferred(for: organization, slug: slug)
        let ownerOfSlug = owner(of: "\(output)/\(bySlug)")
        if ownerOfSlug?.isSameInBytes(as: organization) == true { return bySlug }
        if let own = all(in: output).first(where: { $0.organization.isSameInBytes(as: organization) }) {
            return own.folder
        }
        if ownerOfSlug == nil, !isTaken(bySlug) { return bySlug }
        let byBoth = PathComponent.safe("\(slug)-\(organization)")
        if owner(of: "\(output)/\(byBoth)") == nil, !isTaken(byBoth) { return byBoth }
        return PathComponent.safe("\(slug)-\(Digest.sha256(organization.utf8))")
    }

    /// The folder that an organization has where no other has it: its slug, or its id in the place of a slug that is the name
    /// of something else.
    package static func preferred(for organization: String, slug: String) -> String {
        guard isReserved(slug) else { return PathComponent.safe(slug) }
        return PathComponent.safe(
            isReserved(organization) ? "\(organization)-\(Digest.sha256(organization.utf8).prefix(8))" : organization
        )
    }

    /// Names that stand beside the folders of organizations, or in them: no organization's folder is called so.
    private static let reserved: Set = [
        "index.html", "fleet.csv", "fleet.xml", "fleet.xsd", "fleet.sha256sums", "latest", "pins.ndjson", "sha256sums",
        "manifest.json", "lost+found",
    ]

    private static func isReserved(_ slug: String) -> Bool {
        // Some file systems take two names that differ in case alone for one.
        reserved.contains(slug.lowercased()) || IndexPage.isPage(slug)
    }

    /// The folders below an output folder that hold bundles, and whose they are; what is reached by a link is nobody's.
    package static func all(in output: String) -> [(folder: String, organization: String)] {
        ((try? PlainFile.folders(in: output)) ?? []).compactMap { name in
            owner(of: "\(output)/\(name)").map { (name, $0) }
        }
    }

    /// Ends where an output folder, or one below it, can't be looked into: what it holds is not known, which is not nothing.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`.
    package static func requireReadable(in output: String) throws {
        for name in try PlainFile.names(in: output) where !name.hasPrefix(".") {
            let folder = "\(output)/\(name)"
            switch PlainFile.kind(folder) {
            case .folder:
                guard access(folder, R_OK | X_OK) == 0 else { throw EvidenceError.cannotRead(folder, errno) }
            case .hidden(let failure): throw EvidenceError.cannotRead(folder, failure)
            default: continue
            }
        }
    }

    /// The id of the organization whose bundles a folder holds, by the latest of them; nil when it holds none.
    static func owner(of folder: String) -> String? {
        let latest = BundleIndex.standing(in: folder).flatMap { ManifestHead.read(bundle: "\(folder)/\($0)") }
        if let latest { return latest.organization.id }
        return ManifestHead.all(inFolder: folder).min { ($0.asOf, $0.bundle) < ($1.asOf, $1.bundle) }?.organization.id
    }
}

extension PlainFile {
    /// Names of the folders in a folder, sorted by their bytes: hidden ones and what a link leads to are none of ours.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`.
    package static func folders(in path: String) throws -> [String] {
        try names(in: path).filter { !$0.hasPrefix(".") && isFolder("\(path)/\($0)") }
    }
}
