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
        let manifest = "\(path)/\(Manifest.fileName)"
        guard let bytes = try PlainFile.bytes(manifest, atMost: largestManifest), let head = ManifestHead(bytes),
            (0...mostEntries).contains(head.entry)
        else { return nil }
        return Pin(
            bundle: (path as NSString).lastPathComponent,
            name: head.bundle,
            manifest: manifest,
            organization: head.organization,
            entry: head.entry,
            head: head.head,
            evidenceState: head.evidenceState
        )
    }

    /// The pins of the bundles in an organization's output folder, and of those that were removed from it.
    ///
    /// What is no manifest pins nothing here: `verify` names it.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - unread: Is told of each thing that can't be read, and ends the search where it throws.
    /// - Returns: The pins, in no order.
    /// - Throws: What `unread` throws.
    package static func inFolder(_ folder: String, unread: (any Error) throws -> Void) rethrows -> [Pin] {
        var pins: [Pin] = []
        var names: [String] = []
        do { names = try PlainFile.names(in: folder) } catch { try unread(error) }
        for name in names where !name.hasPrefix(".") && PlainFile.isFolder("\(folder)/\(name)") {
            do { pins += try ofBundle("\(folder)/\(name)").map { [$0] } ?? [] } catch { try unread(error) }
        }
        do { pins += try kept(in: folder) } catch { try unread(error) }
        return pins
    }

    /// The pins of bundles that were removed.
    ///
    /// - Throws: `EvidenceError` where they can't be read.
    package static func kept(in folder: String) throws -> [Pin] {
        let path = "\(folder)/\(keptFile)"
        guard let bytes = try PlainFile.bytes(path, atMost: largestManifest) else { return [] }
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
}
