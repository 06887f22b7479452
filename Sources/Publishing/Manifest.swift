import Reporting
import Templates
import Analysis
import Evidence
import Foundation

/// `manifest.json`: what a bundle is about, what it was made of, and what is in it.
package struct Manifest: Codable, Sendable {
    /// Whose report it is.
    package struct Organization: Codable, Sendable, Hashable {
        /// The organization's id.
        package var id: String
        /// Its display name; empty where it is not known.
        package var name: String
        /// Its plan; nil where it is not known.
        var plan: String?

        /// Names an organization.
        package init(id: String, name: String, plan: String? = nil) {
            (self.id, self.name, self.plan) = (id, name, plan)
        }
    }

    /// The span of time that the report covers.
    package struct Period: Codable, Sendable, Hashable {
        /// As in the bundle's name.
        package var name: String
        /// `month`, `quarter`, `year`, `all` or `range`.
        var kind: String
        /// The first instant, RFC 3339; nil where the period is open.
        package var from: String?
        /// The end, not included; nil where the period is open.
        package var to: String?

        /// The kind as it is called today; the first version called a range `custom`.
        package var knownKind: String { kind == "custom" ? ReportingPeriod.Kind.range.rawValue : kind }

        /// What people call it: `2026-03--2026-05` reads as if it held its end.
        func inWords(_ words: Words) -> String {
            switch knownKind {
            case ReportingPeriod.Kind.all.rawValue: words("index.all")
            case ReportingPeriod.Kind.range.rawValue: words.period(from: from, to: to)
            default: name
            }
        }
    }

    /// The ledger entry that the report was made at.
    package struct Evidence: Codable, Sendable, Hashable {
        /// SHA-256 of the ledger's head entry.
        package var head: String
        /// Its number.
        package var entry: Int

        /// Names an entry.
        package init(head: String, entry: Int) { (self.head, self.entry) = (head, entry) }
    }

    /// What the report depends on besides the evidence.
    package struct Inputs: Codable, Sendable {
        /// SHA-256 over the parts; its first six digits stand in the bundle's name.
        package var digest: String
        /// Each part by name.
        package var parts: [String: String]
    }

    /// The bundle's own name.
    package var bundle: String
    /// Name and version of the tool.
    var tool: String
    /// The time of the evidence, RFC 3339.
    package var asOf: String
    /// When the bundle was made, if the caller said so, else `asOf`.
    var generatedAt: String
    /// Whose report it is.
    package var organization: Organization
    /// What it covers.
    package var period: Period
    /// Where days and months begin.
    var timeZone: String
    /// The formats asked for, sorted.
    var formats: [String]
    /// What it was made of.
    package var evidence: Evidence
    /// Whether that could be relied on: `sound`, `damaged` or `restored`; nil in manifests that don't tell.
    package var evidenceState: String?
    /// Completeness and size of the report; nil in manifests that don't tell.
    package var summary: BundleFacts.Summary?
    /// What else it depends on.
    package var inputs: Inputs
    /// How many findings there are of each kind.
    package var findings: [BundleFacts.FindingCount]
    /// What each control says, the most severe first; nil in manifests that don't tell.
    var controls: [ControlVerdict]?
    /// Findings that fail or are not proven.
    package var openFindings: OpenFindings?
    /// Characters that became U+FFFD, over all files.
    var charactersReplaced: Int
    /// Values of more than 1 MiB that were cut, over all files.
    var valuesCut: Int
    /// How the tables are written.
    var csvProfile: String?
    /// Cells that were cut because the profile's program takes no longer ones, over all files.
    var cellsCut: Int?
    /// Every file but this one and SHA256SUMS, sorted by name.
    var files: [OutputFile]

    private enum CodingKeys: String, CodingKey {
        case bundle, tool
        case asOf = "as_of"
        case generatedAt = "generated_at"
        case organization, period
        case timeZone = "time_zone"
        case formats, evidence
        case evidenceState = "evidence_state"
        case summary, inputs, findings, controls
        case openFindings = "open_findings"
        case charactersReplaced = "characters_replaced"
        case valuesCut = "values_cut"
        case csvProfile = "csv_profile"
        case cellsCut = "cells_cut"
        case files
    }

    /// The name of the manifest's file.
    static let fileName = "manifest.json"

    init(
        facts: BundleFacts,
        name: String,
        inputs: Inputs,
        files: [OutputFile],
        counts: EscapingCounts
    ) {
        bundle = name
        tool = facts.tool
        asOf = facts.asOf
        generatedAt = facts.generatedAt
        organization = facts.organization
        period = facts.period
        timeZone = facts.timeZone
        formats = facts.formats.map(\.rawValue).sorted()
        evidence = facts.evidence
        evidenceState = facts.evidenceState.rawValue
        summary = facts.summary
        self.inputs = inputs
        findings = facts.findings
        controls = facts.controls
        openFindings = facts.openFindings
        charactersReplaced = counts.replaced
        valuesCut = counts.cut
        csvProfile = facts.csvProfile.rawValue
        cellsCut = counts.cellsCut
        self.files = files.sorted { $0.name < $1.name }
    }

    /// Writes the file: keys sorted, one line a value.
    ///
    /// Open findings, of which there can be millions, are written as the encoder would: it takes ten times as long.
    func write(_ bytes: ([UInt8]) throws -> Void) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let open = openFindings ?? []
        var manifest = self
        if !open.isEmpty { manifest.openFindings = [] }
        let text = [UInt8](try encoder.encode(manifest))
        // Those that an earlier report told are left to the encoder.
        guard !open.isEmpty, open.finding(0) != nil, let list = Self.findings(in: text) else {
            return try bytes(encoder.encode(self) + [UInt8(ascii: "\n")])
        }
        try bytes(Array(text[..<list.lowerBound]))
        for first in stride(from: 0, to: open.count, by: Self.writtenTogether) {
            var part: [UInt8] = []
            part.reserveCapacity(Self.writtenTogether * 256)
            for place in first..<min(first + Self.writtenTogether, open.count) {
                if place > 0 { part += ",\n".utf8 }
                try open.finding(place)?.write(to: &part, encoder)
            }
            try bytes(part)
        }
        try bytes(text[list.upperBound...] + [UInt8(ascii: "\n")])
    }

    private static let writtenTogether = 1024

    /// The manifest of a bundle; nil where there is none that can be read.
    ///
    /// `findings`: whether the open findings are wanted, of which there may be thousands.
    package static func read(bundle path: String, findings: Bool = true) -> Manifest? {
        guard let bytes = try? PlainFile.bytes("\(path)/\(fileName)", atMost: Pins.largestManifest) else { return nil }
        return Manifest(bytes, findings: findings)
    }

    /// Reads a manifest's text; nil for one that is none.
    init?(_ bytes: [UInt8], findings: Bool) {
        let some = findings ? Data(bytes) : Self.withoutFindings(bytes)
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: some) else { return nil }
        self = manifest
        if !findings { openFindings = nil }
    }

    /// Who signed a bundle, as its manifest says; nil where it says nothing, or can't be read.
    static func signer(ofBundle path: String) -> String? {
        let bytes = try? PlainFile.bytes("\(path)/\(fileName)", atMost: Pins.largestManifest)
        // Most say nothing, and there may be a thousand.
        guard let bytes, bytes.range(of: "\"signer\"") != nil else { return nil }
        return Manifest(bytes, findings: false)?.inputs.parts["signer"]
    }

    /// A manifest but for its open findings, where it has them as they are written: there may be a thousand bundles with
    /// thousands of them each.
    static func withoutFindings(_ manifest: [UInt8]) -> Data {
        guard let list = findings(in: manifest) else { return Data(manifest) }
        return Data(manifest[..<list.lowerBound]) + manifest[list.upperBound...]
    }

    /// Where the open findings stand; what is before and behind them can't stand inside of a value.
    private static func findings(in manifest: [UInt8]) -> Range<Int>? {
        guard let before = manifest.range(of: "\"open_findings\" : [\n"),
            let behind = manifest.range(of: "\n  ]", from: before.upperBound)
        else { return nil }
        return before.upperBound..<behind.lowerBound
    }
}

extension Finding {
    /// Writes it as an element of a manifest's list.
    fileprivate func write(to text: inout [UInt8], _ encoder: JSONEncoder) throws {
        text += "    {\n      \"control\" : ".utf8
        try Self.write({ $0 += control.utf8 }, to: &text, encoder)
        text += ",\n      \"id\" : ".utf8
        try Self.write({ $0 += id.utf8 }, to: &text, encoder)
        text += ",\n      \"severity\" : \"\(severity.rawValue)\"".utf8
        text += ",\n      \"status\" : \"\(status.rawValue)\"".utf8
        text += ",\n      \"subject\" : ".utf8
        try Self.write({ text in tellSubject { text += $0.bytes } }, to: &text, encoder)
        text += "\n    }".utf8
    }

    /// Writes the value that is appended.
    private static func write(_ append: (inout [UInt8]) -> Void, to text: inout [UInt8], _ encoder: JSONEncoder) throws
    {
        let (quote, begin) = (UInt8(ascii: "\""), text.count)
        text.append(quote)
        append(&text)
        if text[(begin + 1)...].allSatisfy({ $0 >= 0x20 && $0 != quote && $0 != 0x5C && $0 != 0x7F }) {
            text.append(quote)
        } else {
            let value = String(decoding: text[(begin + 1)...], as: UTF8.self)
            text.removeLast(text.count - begin)
            try text.append(contentsOf: encoder.encode(value))
        }
    }
}

extension Manifest.Period {
    /// Writes a period.
    package init(_ period: ReportingPeriod) {
        self.init(
            name: period.name,
            kind: period.kind.rawValue,
            from: period.range.from?.rfc3339,
            to: period.range.to?.rfc3339
        )
    }
}

extension Manifest.Inputs {
    /// Everything but the evidence that decides a bundle's bytes.
    init(facts: BundleFacts, library: TemplateLibrary) {
        var parts = facts.inputs
        parts["tool"] = facts.tool
        parts["organization"] = facts.organization.id
        parts["period"] = "\(facts.period.name) \(facts.period.from ?? "-") \(facts.period.to ?? "-")"
        parts["time_zone"] = facts.timeZone
        parts["formats"] = facts.formats.map(\.rawValue).sorted().joined(separator: ",")
        parts["csv_profile"] = facts.csvProfile.rawValue
        parts["templates"] = library.digest
        parts["evidence_state"] = facts.evidenceState.rawValue
        let text = parts.sorted { $0.key < $1.key }.map { name, value in
            "\(name.utf8.count):\(name)\(value.utf8.count):\(value)"
        }
        self.init(digest: Digest.sha256(text.joined().utf8), parts: parts)
    }
}
