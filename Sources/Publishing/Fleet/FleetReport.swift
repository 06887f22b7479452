import Analysis
import Evidence
import Reporting
import Templates

/// What a bundle's manifest says of it, believed only where the bundle's sums bear it out.
struct FleetReport {
    /// The manifest, without its open findings.
    let manifest: Manifest
    /// The name under which the bundle was found.
    let bundle: String

    /// Why a bundle can't be believed; the words are `fleet.reason_…`, but for one that can't be read.
    enum Refusal: String, Error {
        case noManifest = "no_manifest"
        case noSums = "no_sums"
        case unreadable
        case changed
        case otherFiles = "other_files"
        case otherName = "other_name"
        case otherOrganization = "other_organization"
        case lostLatest = "lost_latest"
    }

    /// The most bytes of a list of sums that are read: a bundle has few files.
    private static let largestSums = 1 << 20
    /// More controls than this are nobody's catalogue.
    static let mostControls = 1000

    /// Reads and checks a bundle: the sums hold for the manifest, both name the same files, and these stand there in their sizes.
    ///
    /// What is in the other files is left to `verify`.
    ///
    /// - Throws: `Refusal`.
    init(folder: String, bundle: String) throws(Refusal) {
        let path = "\(folder)/\(bundle)"
        guard let bytes = try Self.bytes("\(path)/\(Manifest.fileName)", Pins.largestManifest) else {
            throw .noManifest
        }
        guard let text = try Self.bytes("\(path)/\(Checksums.fileName)", Self.largestSums) else { throw .noSums }
        guard var sums = Checksums.all(of: text),
            sums.removeValue(forKey: ExactText(Manifest.fileName)) == Digest.sha256(bytes)
        else { throw .changed }
        guard let manifest = Manifest(bytes, findings: false) else { throw .noManifest }
        guard sums.count == manifest.files.count, manifest.files.allSatisfy({ sums[ExactText($0.name)] == $0.sha256 })
        else {
            throw .otherFiles
        }
        for file in manifest.files {
            switch PlainFile.kind("\(path)/\(file.name)") {
            case .file(file.bytes): continue
            case .hidden: throw .unreadable
            default: throw .otherFiles
            }
        }
        guard bundle == BundleIndex.link || manifest.bundle.isSameInBytes(as: bundle) else { throw .otherName }
        self.manifest = manifest
        self.bundle = bundle
    }

    /// The bytes of a bundle's file; nil where it is missing, or nothing that a bundle has.
    private static func bytes(_ path: String, _ most: Int) throws(Refusal) -> [UInt8]? {
        do { return try PlainFile.bytes(path, atMost: most) } catch {
            switch PlainFile.kind(path) {
            case .file(...most), .hidden: throw .unreadable
            default: return nil
            }
        }
    }

    /// The newest report of an organization; nil where there is none.
    ///
    /// - Throws: `Refusal`.
    static func newest(in folder: String, of organization: String) throws(Refusal) -> FleetReport? {
        guard let name = try newestName(in: folder, of: organization) else { return nil }
        let report = try FleetReport(folder: folder, bundle: name)
        guard report.manifest.organization.id.isSameInBytes(as: organization) else { throw .otherOrganization }
        return report
    }

    /// The name of the bundle that `latest` leads to; without a link that of the newest evidence.
    private static func newestName(in folder: String, of organization: String) throws(Refusal) -> String? {
        switch PlainFile.kind("\(folder)/\(BundleIndex.link)") {
        case .link?:
            guard let target = BundleIndex.standing(in: folder) else { throw .lostLatest }
            return target
        case .folder?: return BundleIndex.link
        case nil: break
        case .hidden: throw .unreadable
        default: throw .lostLatest
        }
        func rank(_ head: ManifestHead) -> (Int, String, String) {
            (head.evidence.entry, head.generatedAt, head.bundle)
        }
        let own = ManifestHead.all(inFolder: folder).filter { $0.organization.id.isSameInBytes(as: organization) }
        if let newest = own.max(by: { rank($0) < rank($1) }) { return newest.bundle }
        // Bundles that nobody can read are no reason to say that there are none.
        guard let names = try? PlainFile.folders(in: folder) else { throw .unreadable }
        if names.contains(where: { BundleVerifier.looksLikeBundle("\(folder)/\($0)") }) { throw .noManifest }
        return nil
    }

    /// The reports that each was compared with, this one last, at most so many; the row ends where one can't be believed.
    func line(in folder: String, atMost most: Int) -> [FleetReport] {
        var line = [self]
        while line.count < most, let first = line.first, let name = first.comparedWith,
            !line.contains(where: { $0.bundle.isSameInBytes(as: name) }),
            let before = try? FleetReport(folder: folder, bundle: name),
            before.manifest.organization.id.isSameInBytes(as: manifest.organization.id)
        {
            line.insert(before, at: 0)
        }
        return line
    }

    /// The bundle that it was compared with; nil where the report names none.
    var comparedWith: String? {
        manifest.inputs.parts["compared_with"].flatMap { PathComponent.safe($0) == $0 ? $0 : nil }
    }

    /// Findings of a severity, or of all, with one of some verdicts.
    func count(_ verdicts: [Status], _ severity: Severity? = nil) -> Int {
        manifest.findings.reduce(0) { sum, one in
            let isMeant =
                verdicts.contains { $0.rawValue == one.status } && severity.map { $0.rawValue == one.severity } ?? true
            return isMeant ? min(sum, Self.most) + min(max(0, one.count), Self.most) : sum
        }
    }

    /// Far more findings than there can be, and few enough to be added.
    private static let most = 1 << 40

    /// Findings that fail or are not proven.
    var open: Int { count([.fail, .notProven]) }

    /// The state of the report's completeness in one word of `ReportCompleteness`, or `damaged`, `restored`, `untold`.
    var state: String { manifest.state }

    /// Whether it tells all that this version reads, in its words.
    var isOfThisFormat: Bool {
        guard manifest.summary != nil, manifest.evidenceState != nil, let controls = manifest.controls,
            controls.count <= Self.mostControls, state != "untold", Instant(rfc3339: manifest.asOf) != nil
        else { return false }
        return manifest.findings.allSatisfy {
            Status(rawValue: $0.status) != nil && Severity(rawValue: $0.severity) != nil && $0.count >= 0
        }
            && controls.allSatisfy {
                Status(rawValue: $0.status) != nil && Severity(rawValue: $0.severity) != nil && $0.open >= 0
            }
    }
}
