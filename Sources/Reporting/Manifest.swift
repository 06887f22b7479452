import Crypto
import Foundation

/// `manifest.json`: what a bundle is about, what it was made of, and what is in it.
struct Manifest: Codable, Sendable {
    struct Organization: Codable, Sendable {
        var id: String
        var name: String
    }

    struct Period: Codable, Sendable {
        var name: String
        var kind: String
        var from: String?
        var to: String?
    }

    struct Evidence: Codable, Sendable {
        /// SHA-256 of the ledger's head entry.
        var head: String
        /// Its number.
        var entry: Int
    }

    struct Inputs: Codable, Sendable {
        /// SHA-256 over the parts; its first six digits stand in the bundle's name.
        var digest: String
        var parts: [String: String]
    }

    var bundle: String
    var tool: String
    var asOf: String
    var generatedAt: String
    var organization: Organization
    var period: Period
    var timeZone: String
    var formats: [String]
    var evidence: Evidence
    var inputs: Inputs
    var findings: [BundleFacts.FindingCount]
    /// Characters that became U+FFFD, over all files.
    var charactersReplaced: Int
    /// Values of more than 1 MiB that were cut, over all files.
    var valuesCut: Int
    /// Every file but this one and SHA256SUMS, sorted by name.
    var files: [PublishedBundle.File]

    private enum CodingKeys: String, CodingKey {
        case bundle, tool
        case asOf = "as_of"
        case generatedAt = "generated_at"
        case organization, period
        case timeZone = "time_zone"
        case formats, evidence, inputs, findings
        case charactersReplaced = "characters_replaced"
        case valuesCut = "values_cut"
        case files
    }

    /// The name of the manifest's file.
    static let fileName = "manifest.json"

    init(
        facts: BundleFacts, name: String, inputs: Inputs, files: [PublishedBundle.File], counts: EscapingCounts
    ) {
        bundle = name
        tool = facts.tool
        asOf = facts.asOf
        generatedAt = facts.generatedAt
        organization = Organization(id: facts.organizationID, name: facts.organizationName)
        period = Period(
            name: facts.periodName, kind: facts.periodKind, from: facts.periodFrom, to: facts.periodTo)
        timeZone = facts.timeZone
        formats = facts.formats.map(\.rawValue).sorted()
        evidence = Evidence(head: facts.evidenceHead, entry: facts.evidenceEntry)
        self.inputs = inputs
        findings = facts.findings
        charactersReplaced = counts.replaced
        valuesCut = counts.cut
        self.files = files.sorted { $0.name < $1.name }
    }

    /// The file's bytes: keys sorted, one line a value.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// The manifest of a bundle; nil where there is none that can be read.
    static func read(bundle path: String) -> Manifest? {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(fileName)") else { return nil }
        return try? JSONDecoder().decode(Manifest.self, from: data)
    }
}

extension Manifest.Inputs {
    /// Everything but the evidence that decides a bundle's bytes.
    init(facts: BundleFacts, library: TemplateLibrary) {
        var parts = facts.inputs
        parts["tool"] = facts.tool
        parts["organization"] = facts.organizationID
        parts["period"] = "\(facts.periodName) \(facts.periodFrom ?? "-") \(facts.periodTo ?? "-")"
        parts["time_zone"] = facts.timeZone
        parts["formats"] = facts.formats.map(\.rawValue).sorted().joined(separator: ",")
        parts["templates"] = library.digest
        var hash = SHA256()
        for (name, value) in parts.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Data("\(name.utf8.count):\(name)\(value.utf8.count):\(value)".utf8))
        }
        self.init(digest: hash.finalize().hex, parts: parts)
    }
}
