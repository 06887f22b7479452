import Evidence
import Foundation

/// What tells bundles apart and puts them in order: the part of a manifest that is read of each of them, however many there are.
package struct ManifestHead: Sendable, Hashable, Decodable {
    /// The bundle's own name.
    package var bundle: String
    /// The time of the evidence, RFC 3339.
    package var asOf: String
    /// When the bundle was made, RFC 3339.
    var generatedAt: String
    /// Whose report it is.
    package var organization: Manifest.Organization
    /// What it covers.
    package var period: Manifest.Period
    /// Where days and months begin.
    var timeZone: String
    /// The ledger entry that the report was made at.
    package var evidence: Manifest.Evidence
    /// Whether the evidence could be relied on; nil in manifests that don't tell.
    var evidenceState: String?

    private enum CodingKeys: String, CodingKey {
        case bundle, organization, period, evidence
        case asOf = "as_of"
        case generatedAt = "generated_at"
        case timeZone = "time_zone"
        case evidenceState = "evidence_state"
    }
}

extension ManifestHead {
    /// The head of a bundle's manifest; nil where there is none that can be read.
    static func read(bundle path: String) -> ManifestHead? {
        let file = "\(path)/\(Manifest.fileName)"
        return (try? PlainFile.bytes(file, atMost: Pins.largestManifest)).flatMap { ManifestHead($0) }
    }

    /// Reads the head of a manifest's text; nil where it is none.
    init?(_ bytes: [UInt8]) {
        let some = Manifest.withoutFindings(bytes)
        guard let head = try? JSONDecoder().decode(ManifestHead.self, from: some) else { return nil }
        self = head
    }

    /// The heads of the bundles in a folder below an output folder, in no order.
    package static func all(output: String, organizationFolder: String) -> [ManifestHead] {
        all(inFolder: BundlePublisher.folder(output, organizationFolder))
    }

    /// The heads of the bundles in an organization's folder; `latest` leads to one of them.
    static func all(inFolder folder: String) -> [ManifestHead] {
        ((try? PlainFile.folders(in: folder)) ?? []).compactMap { name in
            read(bundle: "\(folder)/\(name)").flatMap { $0.bundle.isSameInBytes(as: name) ? $0 : nil }
        }
    }
}
