import Evidence
import Foundation
import Templates

/// The pins that an organization's bundles hold.
package enum Pins {
    /// The file that keeps the pins of bundles that were removed, one a line.
    static let keptFile = "pins.ndjson"

    /// The most bytes of a manifest that are read.
    static let largestManifest = 64 << 20

    /// No ledger has more entries.
    private static let mostEntries = 1 << 40

    /// The pin of one bundle; nil where the manifest is missing or pins none.
    ///
    /// - Throws: `EvidenceError` for a manifest that can't be read.
    package static func ofBundle(_ path: String) throws -> Pin? {
        guard let bytes = try PlainFile.bytes("\(path)/\(Manifest.fileName)", atMost: largestManifest) else {
            return nil
        }
        return pin(ofBundle: path, bytes)
    }

    private static func pin(ofBundle path: String, _ bytes: [UInt8]) -> Pin? {
        let manifest = "\(path)/\(Manifest.fileName)"
        guard let head = ManifestHead(bytes), (0...mostEntries).contains(head.evidence.entry) else { return nil }
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
    /// What is neither a bundle nor the rest of one pins nothing here: `verify` names it.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - unread: Is told of each thing that can't be read, or is not what was sealed, and ends the search where it throws.
    /// - Returns: The pins, in no order.
    /// - Throws: What `unread` throws.
    package static func inFolder(_ folder: String, unread: (any Error) throws -> Void) rethrows -> [Pin] {
        var pins: [Pin] = []
        var names: [String] = []
        do { names = try PlainFile.folders(in: folder) } catch { try unread(error) }
        for name in names {
            let path = "\(folder)/\(name)"
            do {
                let found = try PlainFile.bytes("\(path)/\(Manifest.fileName)", atMost: largestManifest)
                let pin = found.flatMap { Self.pin(ofBundle: path, $0) }
                pins += pin.map { [$0] } ?? []
                guard BundleVerifier.looksLikeBundle(path), let fault = fault(ofBundle: path, found, pin) else {
                    continue
                }
                try unread(fault)
            } catch { try unread(error) }
        }
        do { pins += try kept(in: folder) } catch { try unread(error) }
        if let fault = faultOfKept(in: folder) { try unread(fault) }
        return pins
    }

    /// Why a bundle's pin is not what was sealed; nil where it is, and where somebody has removed the bundle meanwhile.
    private static func fault(ofBundle path: String, _ manifest: [UInt8]?, _ pin: Pin?) -> EvidenceError? {
        let sums = Checksums.read("\(path)/\(Checksums.fileName)", atMost: largestManifest)
        let fault: String
        if manifest == nil || pin == nil {
            fault = "has no manifest, or one that pins no entry of a ledger"
        } else if manifest.map({ Digest.sha256($0) }) != sums?[ExactText(Manifest.fileName)] {
            fault = "has a manifest that is not what its SHA256SUMS says"
        } else {
            return nil
        }
        guard PlainFile.isFolder(path) else { return nil }
        return EvidenceError(.cannotRead, "\(path) \(fault)", hint: "run 'heedaudit verify'")
    }

    /// Why the pins of bundles that were removed are not what was sealed; nil where they are, or nothing seals them.
    private static func faultOfKept(in folder: String) -> EvidenceError? {
        let seal = FolderSeal(folder: folder, mode: .group)
        guard seal.isForeign(keptFile) else { return nil }
        return EvidenceError(
            .cannotRead,
            "\(folder)/\(keptFile) is not what \(Checksums.fileName) beside it says, or is gone",
            hint: "run 'heedaudit verify'"
        )
    }

    /// Bundles of which something that stands beside them tells, and that are not there: the pages that list them, and `latest`.
    ///
    /// - Parameter folder: The organization's output folder.
    /// - Returns: A sentence on each.
    package static func gone(from folder: String) -> [String] {
        var gone = told(in: folder)
        // A removal that goes on meanwhile takes bundles away before it writes the pages.
        for attempt in 0..<3 where !gone.isEmpty {
            if attempt > 0 { usleep(20_000) }
            gone.formIntersection(told(in: folder))
        }
        return gone.sorted().map { "the report \(folder)/\($0.text) is gone, and was not removed by 'heedaudit prune'" }
    }

    private static func isBundle(_ path: String) -> Bool {
        PlainFile.isFolder(path) && BundleVerifier.looksLikeBundle(path)
    }

    private static func told(in folder: String) -> Set<ExactText> {
        let seal = FolderSeal(folder: folder, mode: .group)
        let pages = ((try? PlainFile.names(in: folder)) ?? []).filter(IndexPage.isPage).compactMap(seal.intact)
        let latest = PlainFile.target(ofLink: "\(folder)/\(BundleIndex.link)").map { [$0] } ?? []
        let removed = Set(((try? kept(in: folder)) ?? []).map { ExactText($0.bundle) })
        return Set((pages.flatMap(IndexPage.bundles) + latest).map { ExactText($0) }).filter { name in
            !removed.contains(name) && !isBundle("\(folder)/\(name.text)")
                && !PlainFile.isFolder(BundleStaging.hidden(name.text, in: folder))
        }
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

extension IndexPage {
    /// The names of the bundles that a page lists.
    static func bundles(on page: [UInt8]) -> [String] {
        let (text, begin) = (Data(page), Data("<tr><th scope=\"row\"><a href=\"".utf8))
        var names: [String] = []
        var rest = text.startIndex..<text.endIndex
        while let found = text.range(of: begin, in: rest) {
            rest = found.upperBound..<text.endIndex
            let name = String(decoding: text[rest].prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
            names += name.removingPercentEncoding.map { [$0] } ?? []
        }
        return names
    }
}
