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
            (0...mostEntries).contains(head.evidence.entry)
        else { return nil }
        return Pin(
            bundle: (path as NSString).lastPathComponent,
            name: head.bundle,
            manifest: manifest,
            organization: head.organization.id,
            entry: head.evidence.entry,
            head: head.evidence.head,
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
        do { names = try PlainFile.folders(in: folder) } catch { try unread(error) }
        for name in names {
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
            guard let kept = kept(line), (0...mostEntries).contains(kept.entry) else { return nil }
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
        var known = Set(kept.split(separator: 10).compactMap { Self.kept($0)?.pinned })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for bundle in bundles.sorted(by: { ($0.evidence.entry, $0.bundle) < ($1.evidence.entry, $1.bundle) }) {
            let pin = Kept(
                bundle: bundle.bundle,
                organization: bundle.organization.id,
                entry: bundle.evidence.entry,
                head: bundle.evidence.head,
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

        /// What is pinned, by whatever bundle.
        var pinned: [ExactText] {
            [organization, String(entry), head, evidenceState == EvidenceState.damaged.rawValue ? "damaged" : ""]
                .map { ExactText($0) }
        }
    }

    /// Reads a line of the file of kept pins; nil where it is no pin.
    private static func kept(_ line: ArraySlice<UInt8>) -> Kept? {
        try? JSONDecoder().decode(Kept.self, from: Data(line))
    }
}
