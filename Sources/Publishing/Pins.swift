import Evidence
import Foundation

/// The pins that an organization's bundles hold.
package enum Pins {
    /// The file that keeps the pins of bundles that were removed, one a line.
    package static let keptFile = "pins.ndjson"

    /// The most bytes of a manifest that are read.
    package static let largestManifest = 64 << 20

    /// No ledger has more entries.
    private static let mostEntries = 1 << 40

    /// The pin of one bundle; nil where the manifest is missing or pins none.
    ///
    /// - Throws: `EvidenceError` for a manifest that can't be read.
    package static func ofBundle(_ path: String) throws -> Pin? {
        let manifest = path + "/manifest.json"
        guard let bytes = try PlainFile.bytes(manifest, atMost: largestManifest) else { return nil }
        return pin(of: bytes, bundle: (path as NSString).lastPathComponent, manifest: manifest)
    }

    /// Who signed a bundle, as its manifest says; nil where it says nothing, or can't be read.
    static func signer(ofBundle path: String) -> String? {
        struct Signed: Decodable {
            struct Inputs: Decodable {
                struct Parts: Decodable { var signer: String? }
                var parts: Parts
            }
            var inputs: Inputs
        }
        guard let manifest = try? PlainFile.bytes(path + "/manifest.json", atMost: largestManifest) else { return nil }
        let signed = try? JSONDecoder().decode(Signed.self, from: Data(withoutLists(manifest)))
        return (signed ?? (try? JSONDecoder().decode(Signed.self, from: Data(manifest))))?.inputs.parts.signer
    }

    /// The pins of the bundles in an organization's output folder, and of those that were removed from it.
    ///
    /// What can't be read pins nothing here: `verify` names it.
    package static func inFolder(_ folder: String) -> [Pin] {
        var pins: [Pin] = []
        for name in (try? PlainFile.names(in: folder)) ?? [] where !name.hasPrefix(".") {
            guard PlainFile.isFolder("\(folder)/\(name)") else { continue }
            if let pin = try? ofBundle("\(folder)/\(name)") { pins.append(pin) }
        }
        return pins + kept(in: folder)
    }

    /// The pins of bundles that were removed.
    package static func kept(in folder: String) -> [Pin] {
        let path = "\(folder)/\(keptFile)"
        guard let bytes = try? PlainFile.bytes(path, atMost: largestManifest) else { return [] }
        return bytes.split(separator: 10).compactMap { line in
            guard let kept = Kept(line), (0...mostEntries).contains(kept.entry) else { return nil }
            return Pin(
                bundle: kept.bundle,
                name: kept.bundle,
                manifest: path,
                organization: kept.organization,
                entry: kept.entry,
                head: kept.head,
                evidenceState: kept.evidenceState
            )
        }
    }

    /// The file of kept pins with those of more bundles behind them; an entry that is pinned already is not pinned twice.
    static func text(adding bundles: [ManifestHead], to kept: [UInt8]) throws -> [UInt8] {
        var text = kept
        if let last = text.last, last != 10 { text.append(10) }
        var known = Set(kept.split(separator: 10).compactMap { Kept($0)?.pinned })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for bundle in bundles.sorted(by: { ($0.entry, $0.bundle) < ($1.entry, $1.bundle) }) {
            let pin = Kept(
                bundle: bundle.bundle,
                organization: bundle.organization,
                entry: bundle.entry,
                head: bundle.head,
                evidenceState: bundle.evidenceState
            )
            if known.insert(pin.pinned).inserted { text += try encoder.encode(pin) + [10] }
        }
        return text
    }

    private struct Kept: Codable {
        var bundle: String
        var organization: String
        var entry: Int
        var head: String
        var evidenceState: String?

        enum CodingKeys: String, CodingKey {
            case bundle, organization, entry, head
            case evidenceState = "evidence_state"
        }

        init(bundle: String, organization: String, entry: Int, head: String, evidenceState: String?) {
            self.bundle = bundle
            self.organization = organization
            self.entry = entry
            self.head = head
            self.evidenceState = evidenceState
        }

        /// Reads a line; nil where it is no pin.
        init?(_ line: ArraySlice<UInt8>) {
            if let plain = Kept(plain: line) {
                self = plain
            } else if let kept = try? JSONDecoder().decode(Kept.self, from: Data(line)) {
                self = kept
            } else {
                return nil
            }
        }

        /// Reads a line as it is written here, of which there can be thousands; nil for one in another form.
        private init?(plain line: ArraySlice<UInt8>) {
            guard line.count < 4096, !line.contains(UInt8(ascii: "\\")),
                let text = String(validating: line, as: UTF8.self)
            else { return nil }
            let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
            let hasState = parts.count == 19
            guard hasState || parts.count == 15, parts[0] == "{", parts[1] == "bundle", parts[2] == ":",
                parts[4] == ",",
                parts[5] == "entry", parts[6].hasPrefix(":"), parts[6].hasSuffix(","),
                let entry = Int(parts[6].dropFirst().dropLast())
            else { return nil }
            if hasState {
                guard parts[7] == "evidence_state", parts[8] == ":", parts[10] == "," else { return nil }
            }
            let rest = parts.suffix(8).map { $0 }
            guard rest[0] == "head", rest[1] == ":", rest[3] == ",", rest[4] == "organization", rest[5] == ":",
                rest[7] == "}"
            else { return nil }
            self.init(
                bundle: String(parts[3]),
                organization: String(rest[6]),
                entry: entry,
                head: String(rest[2]),
                evidenceState: hasState ? String(parts[9]) : nil
            )
        }

        /// What is pinned, by whatever bundle.
        var pinned: [ExactText] {
            [organization, String(entry), head, evidenceState == EvidenceState.damaged.rawValue ? "damaged" : ""]
                .map { ExactText($0) }
        }
    }

    // MARK: Manifests

    private struct Facts: Decodable {
        struct Evidence: Decodable {
            var head: String
            var entry: Int
        }
        struct Organization: Decodable {
            var id: String
        }
        var bundle: String?
        var evidence: Evidence
        var organization: Organization
        var evidenceState: String?

        enum CodingKeys: String, CodingKey {
            case bundle, evidence, organization
            case evidenceState = "evidence_state"
        }
    }

    private static func pin(of manifest: [UInt8], bundle: String, manifest path: String) -> Pin? {
        if let plain = ManifestHead(plain: manifest), (0...mostEntries).contains(plain.entry) {
            return Pin(
                bundle: bundle,
                name: plain.bundle,
                manifest: path,
                organization: plain.organization,
                entry: plain.entry,
                head: plain.head,
                evidenceState: plain.evidenceState
            )
        }
        let facts =
            (try? JSONDecoder().decode(Facts.self, from: Data(withoutLists(manifest))))
            ?? (try? JSONDecoder().decode(Facts.self, from: Data(manifest)))
        guard let facts, (0...mostEntries).contains(facts.evidence.entry) else { return nil }
        return Pin(
            bundle: bundle,
            name: facts.bundle ?? bundle,
            manifest: path,
            organization: facts.organization.id,
            entry: facts.evidence.entry,
            head: facts.evidence.head,
            evidenceState: facts.evidenceState
        )
    }

    /// A manifest as it is written, but for those of its lists whose first line is chosen: there may be a thousand bundles with
    /// thousands of findings each.
    static func withoutLists(_ manifest: [UInt8], _ isChosen: (ArraySlice<UInt8>) -> Bool = { _ in true }) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(4096)
        var isInList = false
        var begin = 0
        while begin < manifest.count {
            let end = manifest[begin...].firstIndex(of: 10) ?? manifest.count
            let line = manifest[begin..<end]
            // Top-level members are indented by two blanks; a line break inside a value is escaped.
            let isMember = line.count > 3 && line.starts(with: [32, 32]) && line[begin + 2] == UInt8(ascii: "\"")
            if isMember { isInList = line.last == UInt8(ascii: "[") && isChosen(line) }
            let isEnd = line.starts(with: [UInt8(ascii: "}")])
            if isEnd {
                // The last member may have been left out, and JSON takes no comma before the end.
                while let last = kept.last, last == 10 || last == UInt8(ascii: ",") { kept.removeLast() }
            }
            if !isInList || isEnd { kept += line + [10] }
            begin = end + 1
        }
        return kept
    }
}
