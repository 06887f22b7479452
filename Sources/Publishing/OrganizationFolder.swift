import Templates
import Evidence
import Foundation

/// The folder below the output that holds an organization's bundles: it belongs to the organization that their manifests
/// name, and no other writes there.
package enum OrganizationFolder {
    /// Names in the output folder that are no organization's.
    private static let reserved: Set<String> = [
        "index.html", "fleet.csv", "fleet.xml", "fleet.xsd", "SHA256SUMS", "manifest.json", "pins.ndjson", "lost+found",
    ]

    /// The name of an organization's folder, which need not exist.
    ///
    /// The one that it has, whatever its slug is by now; else its slug, if no other organization has that folder; else the
    /// slug and the id.
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
        let bySlug = PathComponent.safe(reserved.contains(slug) ? organization : slug)
        let ownerOfSlug = owner(of: "\(output)/\(bySlug)")
        if ownerOfSlug?.isSameInBytes(as: organization) == true { return bySlug }
        let others = ((try? FileManager.default.contentsOfDirectory(atPath: output)) ?? [])
            .filter { !$0.hasPrefix(".") }.sorted { $0.precedesInBytes($1) }
        if let own = others.first(where: { owner(of: "\(output)/\($0)")?.isSameInBytes(as: organization) == true }) {
            return own
        }
        if ownerOfSlug == nil, !isTaken(bySlug) { return bySlug }
        let byBoth = PathComponent.safe("\(slug)-\(organization)")
        if owner(of: "\(output)/\(byBoth)") == nil, !isTaken(byBoth) { return byBoth }
        return PathComponent.safe("\(slug)-\(Digest.sha256(organization.utf8))")
    }

    /// The folders below an output folder that hold bundles, and whose they are; what is reached by a link is nobody's.
    package static func all(in output: String) -> [(folder: String, organization: String)] {
        ((try? PlainFile.names(in: output)) ?? []).filter {
            !$0.hasPrefix(".") && PlainFile.isFolder("\(output)/\($0)")
        }
        .compactMap { name in owner(of: "\(output)/\(name)").map { (name, $0) } }
    }

    /// The id of the organization whose bundles a folder holds, by the latest of them; nil when it holds none.
    static func owner(of folder: String) -> String? {
        if let latest = ManifestHead.read(bundle: "\(folder)/\(BundleIndex.link)") { return latest.organization }
        return ManifestHead.all(inFolder: folder).min { ($0.asOf, $0.bundle) < ($1.asOf, $1.bundle) }?.organization
    }
}
