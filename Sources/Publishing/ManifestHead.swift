import Evidence
import Foundation

/// What tells bundles apart and puts them in order: the part of a manifest that is read of each of them, however many there are.
package struct ManifestHead: Sendable, Hashable {
    /// The bundle's own name.
    package var bundle = ""
    /// The time of the evidence, RFC 3339.
    package var asOf = ""
    /// When the bundle was made, RFC 3339.
    package var generatedAt = ""
    /// The organization's id.
    package var organization = ""
    /// The period's name.
    package var periodName = ""
    /// `month`, `quarter`, `year`, `all` or `range`.
    package var periodKind = ""
    /// The period's first instant, RFC 3339; nil where it is open.
    package var periodFrom: String?
    /// The period's end, RFC 3339; nil where it is open.
    package var periodTo: String?
    /// Where days and months begin.
    package var timeZone = ""
    /// The number of the ledger's entry.
    package var entry = 0
    /// Its digest.
    package var head = ""
    /// Whether the evidence could be relied on; nil in manifests that don't tell.
    package var evidenceState: String?

    /// Takes the head of a manifest.
    package init(_ manifest: Manifest) {
        bundle = manifest.bundle
        asOf = manifest.asOf
        generatedAt = manifest.generatedAt
        organization = manifest.organization.id
        (periodName, periodKind) = (manifest.period.name, manifest.period.kind)
        (periodFrom, periodTo) = (manifest.period.from, manifest.period.to)
        timeZone = manifest.timeZone
        (entry, head) = (manifest.evidence.entry, manifest.evidence.head)
        evidenceState = manifest.evidenceState
    }

    /// The head of a bundle's manifest; nil where there is none that can be read.
    package static func read(bundle path: String) -> ManifestHead? {
        let file = "\(path)/\(Manifest.fileName)"
        return (try? PlainFile.bytes(file, atMost: Pins.largestManifest)).flatMap { ManifestHead($0) }
    }

    /// Reads the head of a manifest's text; nil where it is none.
    init?(_ bytes: [UInt8]) {
        guard let head = ManifestHead(plain: bytes) ?? Manifest(bytes, findings: false).map({ ManifestHead($0) }) else {
            return nil
        }
        self = head
    }

    /// The heads of the bundles in a folder below an output folder, in no order.
    package static func all(output: String, organizationFolder: String) -> [ManifestHead] {
        all(inFolder: BundlePublisher.folder(output, organizationFolder))
    }

    /// The heads of the bundles in an organization's folder; `latest` leads to one of them.
    static func all(inFolder folder: String) -> [ManifestHead] {
        let names = (try? PlainFile.names(in: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") && PlainFile.isFolder("\(folder)/\($0)") }.compactMap { name in
            read(bundle: "\(folder)/\(name)").flatMap { $0.bundle.isSameInBytes(as: name) ? $0 : nil }
        }
    }
}

// MARK: Manifests as they are written

extension ManifestHead {
    /// Reads a manifest of the form in which they are written, a member a line; nil for one in any other, or with a value that has
    /// an escape in it.
    init?(plain bytes: [UInt8]) {
        guard bytes.starts(with: "{\n".utf8), bytes.suffix(2).elementsEqual("}\n".utf8) else { return nil }
        self.init()
        var found = 0
        var outer: ArraySlice<UInt8> = []
        var begin = 2
        while begin < bytes.count {
            let end = bytes[begin...].firstIndex(of: 10) ?? bytes.count
            defer { begin = end + 1 }
            // Two blanks before a member, four before one inside of it; what lies deeper is of no use here.
            guard end - begin > 6, bytes[begin] == 32, bytes[begin + 1] == 32 else { continue }
            let isOuter = bytes[begin + 2] == Self.quote
            guard isOuter || (bytes[begin + 2] == 32 && bytes[begin + 3] == 32 && bytes[begin + 4] == Self.quote) else {
                continue
            }
            let first = begin + (isOuter ? 3 : 5)
            guard let last = bytes[first..<end].firstIndex(of: Self.quote) else { return nil }
            let name = bytes[first..<last]
            if isOuter { outer = name }
            guard bytes[last..<end].starts(with: "\" : ".utf8), let member = Self.member(isOuter ? nil : outer, name)
            else { continue }
            var value = bytes[(last + 4)..<end]
            if value.last == UInt8(ascii: ",") { value.removeLast() }
            guard take(member, value) else { return nil }
            found |= 1 << member.rawValue
        }
        guard found & Self.required == Self.required else { return nil }
    }

    private init() {}

    private enum Member: Int, CaseIterable {
        case bundle, asOf, generatedAt, organization, periodName, periodKind, timeZone, entry, head
        case periodFrom, periodTo, evidenceState

        var path: (outer: String?, name: String) {
            switch self {
            case .bundle: (nil, "bundle")
            case .asOf: (nil, "as_of")
            case .generatedAt: (nil, "generated_at")
            case .timeZone: (nil, "time_zone")
            case .evidenceState: (nil, "evidence_state")
            case .organization: ("organization", "id")
            case .periodName: ("period", "name")
            case .periodKind: ("period", "kind")
            case .periodFrom: ("period", "from")
            case .periodTo: ("period", "to")
            case .entry: ("evidence", "entry")
            case .head: ("evidence", "head")
            }
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let required = (1 << (Member.head.rawValue + 1)) - 1
    private static let members = Member.allCases.map { member in
        (member: member, outer: member.path.outer.map { Array($0.utf8) }, name: Array(member.path.name.utf8))
    }

    private static func member(_ outer: ArraySlice<UInt8>?, _ name: ArraySlice<UInt8>) -> Member? {
        for candidate in members where candidate.name.count == name.count && candidate.name.elementsEqual(name) {
            switch (outer, candidate.outer) {
            case (nil, nil): return candidate.member
            case (let outer?, let other?): if other.elementsEqual(outer) { return candidate.member }
            default: continue
            }
        }
        return nil
    }

    private mutating func take(_ member: Member, _ value: ArraySlice<UInt8>) -> Bool {
        if member == .entry {
            guard let number = Int(String(decoding: value, as: UTF8.self)) else { return false }
            entry = number
            return true
        }
        guard value.count >= 2, value.first == Self.quote, value.last == Self.quote,
            !value.contains(UInt8(ascii: "\\")),
            let text = String(validating: value.dropFirst().dropLast(), as: UTF8.self), !text.utf8.contains(Self.quote)
        else { return false }
        switch member {
        case .bundle: bundle = text
        case .asOf: asOf = text
        case .generatedAt: generatedAt = text
        case .organization: organization = text
        case .periodName: periodName = text
        case .periodKind: periodKind = text
        case .periodFrom: periodFrom = text
        case .periodTo: periodTo = text
        case .timeZone: timeZone = text
        case .head: head = text
        case .evidenceState: evidenceState = text
        case .entry: break
        }
        return true
    }
}
