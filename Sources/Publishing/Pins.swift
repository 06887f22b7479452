import Evidence
import Foundation
import Templates

/// The pins that an organization's bundles hold.
package enum Pins {
    /// The file that keeps the pins of bundles that were removed, one a line.
    static let keptFile = "pins.ndjson"

    /// The most bytes of a manifest that are read.
    static let largestManifest = 64 << 20

    /// Whether a ledger can have an entry of a number.
    static func mayPin(_ entry: Int) -> Bool { (0...1 << 40).contains(entry) }

    /// The pin of one bundle; nil where the manifest is missing or pins none.
    ///
    /// - Throws: `EvidenceError` for a manifest that can't be read.
    package static func ofBundle(_ path: String) throws -> Pin? {
        guard let bytes = try PlainFile.bytes("\(path)/\(Manifest.fileName)", atMost: largestManifest) else {
            return nil
        }
        return pin(ofBundle: path, bytes)
    }

    /// The pin that a manifest's text holds; nil for none.
    static func pin(ofBundle path: String, _ bytes: [UInt8]) -> Pin? {
        let manifest = "\(path)/\(Manifest.fileName)"
        guard let head = ManifestHead(bytes), mayPin(head.evidence.entry) else { return nil }
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

    /// The pins of bundles that are gone.
    ///
    /// - Throws: `EvidenceError` where they can't be read.
    package static func kept(in folder: String) throws -> [Pin] { try keptLines(in: folder).map(\.pin) }

    /// A line of the file of kept pins.
    struct KeptLine {
        var pin: Pin
        /// Whether nobody removed the bundle by the rules: it was gone.
        var isGone: Bool
    }

    /// The same, line by line.
    static func keptLines(in folder: String) throws -> [KeptLine] {
        let path = "\(folder)/\(keptFile)"
        guard let bytes = try PlainFile.bytes(path, atMost: largestManifest) else { return [] }
        return bytes.split(separator: 10).compactMap { line in
            guard let kept = kept(line), mayPin(kept.entry) else { return nil }
            return KeptLine(pin: kept.pin(path), isGone: kept.isGone)
        }
    }

    /// The file of kept pins with those of more bundles behind them: a line a bundle, which tells how it went.
    static func text(adding pins: [Pin], areGone: Bool = false, to kept: [UInt8]) throws -> [UInt8] {
        var text = kept
        if let last = text.last, last != 10 { text.append(10) }
        let lines = kept.split(separator: 10).compactMap { Self.kept($0) }
        var known = Dictionary(lines.map { (ExactText($0.bundle), $0.isGone) }) { $1 }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for pin in pins.sorted(by: { ($0.entry, $0.bundle) < ($1.entry, $1.bundle) }) {
            let line = Kept(
                bundle: pin.bundle,
                organization: pin.organization,
                entry: pin.entry,
                head: pin.head,
                evidenceState: pin.evidenceState,
                gone: areGone ? true : nil
            )
            let before = known.updateValue(areGone, forKey: ExactText(pin.bundle))
            if before != areGone { text += try encoder.encode(line) + [10] }
        }
        return text
    }

    private struct Kept: Codable {
        var bundle: String
        var organization: String
        var entry: Int
        var head: String
        var evidenceState: String?
        var gone: Bool?

        enum CodingKeys: String, CodingKey {
            case bundle, organization, entry, head, gone
            case evidenceState = "evidence_state"
        }

        var isGone: Bool { gone == true }

        func pin(_ path: String) -> Pin {
            Pin(
                bundle: bundle,
                name: bundle,
                manifest: path,
                organization: organization,
                entry: entry,
                head: head,
                evidenceState: evidenceState
            )
        }
    }

    /// Reads a line of the file of kept pins; nil where it is no pin.
    private static func kept(_ line: ArraySlice<UInt8>) -> Kept? {
        try? JSONDecoder().decode(Kept.self, from: Data(line))
    }
}

extension ManifestHead {
    /// What it pins, wherever that is kept.
    var pin: Pin {
        Pin(
            bundle: bundle,
            name: bundle,
            manifest: "",
            organization: organization.id,
            entry: evidence.entry,
            head: evidence.head,
            evidenceState: evidenceState
        )
    }
}

extension IndexPage {
    /// The bundles that a page lists, and what they pin, where the page tells it.
    static func bundles(on page: [UInt8], at path: String) -> [(name: String, pin: Pin?)] {
        let cell = "<th scope=\"row\"><a href=\""
        return page.split(separator: 10).compactMap { line in
            guard line.starts(with: "<tr".utf8) else { return nil }
            // All that is asked for stands at the begin of a row.
            let text = String(decoding: line.prefix(16_384), as: UTF8.self)
            guard let begin = text.range(of: cell), let end = text[begin.upperBound...].firstIndex(of: "/"),
                let name = text[begin.upperBound..<end].removingPercentEncoding
            else { return nil }
            return (name, pin(of: name, text[..<begin.lowerBound], path))
        }
    }

    /// What the begin of a row says that its bundle pins.
    private static func pin(of name: String, _ begin: Substring, _ path: String) -> Pin? {
        let parts = begin.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "<tr data-pin=" else { return nil }
        let words = parts[1].split(separator: " ").compactMap { $0.removingPercentEncoding }
        guard words.count == 4, let entry = Int(words[0]), Pins.mayPin(entry) else { return nil }
        return Pin(
            bundle: name,
            name: name,
            manifest: path,
            organization: words[2],
            entry: entry,
            head: words[1],
            evidenceState: words[3]
        )
    }

    /// What the row of a bundle says that it pins: a page that is sealed still tells it when the bundle is gone.
    func pinned(by bundle: Manifest) -> String {
        let words = [
            String(bundle.evidence.entry), bundle.evidence.head, bundle.organization.id,
            bundle.evidenceState ?? EvidenceState.sound.rawValue,
        ]
        return " data-pin=\"\(words.map(address).joined(separator: " "))\""
    }
}
