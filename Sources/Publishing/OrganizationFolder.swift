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
    /// - Returns: One path component.
    package static func name(for organization: String, slug: String, in output: String) -> String {
        let bySlug = isReserved(slug) ? byID(organization) : PathComponent.safe(slug)
        if owner(of: "\(output)/\(bySlug)")?.isSameInBytes(as: organization) == true { return bySlug }
        return names(for: [(organization, slug)], in: output)[0]
    }

    /// The names of several organizations' folders: each keeps the one that it has, and of those that come to a name first the
    /// earlier one takes it.
    ///
    /// - Parameters:
    ///   - organizations: Their ids and slugs, in the order of the configuration.
    ///   - output: The folder that holds all of them.
    /// - Returns: One path component each, all different.
    package static func names(for organizations: [(id: String, slug: String)], in output: String) -> [String] {
        var owners: [ExactText: String] = [:]
        var own: [ExactText: String] = [:]
        for (folder, owner) in all(in: output) {
            owners[ExactText(folder)] = owner
            if own[ExactText(owner)] == nil { own[ExactText(owner)] = folder }
        }
        return organizations.map { id, slug in
            let bySlug = isReserved(slug) ? byID(id) : PathComponent.safe(slug)
            let choices = [
                bySlug, PathComponent.safe("\(slug)-\(id)"), PathComponent.safe("\(slug)-\(Digest.sha256(id.utf8))"),
            ]
            let isOwn = owners[ExactText(bySlug)]?.isSameInBytes(as: id) == true
            let free = choices.first { owners[ExactText($0)] == nil } ?? choices[2]
            let name = isOwn ? bySlug : own[ExactText(id)] ?? free
            owners[ExactText(name)] = id
            return name
        }
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

    private static func byID(_ id: String) -> String {
        PathComponent.safe(isReserved(id) ? "\(id)-\(Digest.sha256(id.utf8).prefix(8))" : id)
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
