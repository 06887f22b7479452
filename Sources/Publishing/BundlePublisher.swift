import Analysis
import Templates
import Evidence
import Foundation
import Synchronization

/// Publishes bundles: renders a report's files aside, checks them, and moves the whole into place.
package struct BundlePublisher: Sendable {
    /// The folder that holds a folder for each organization.
    let output: String
    /// Who may read what is published.
    let mode: OutputMode
    /// The group that an organization's folder is handed to; nil for the one that it comes to.
    let group: OutputGroup?

    /// Prepares to publish into an output folder, which is created when needed.
    package init(output: String, mode: OutputMode = .group, group: OutputGroup? = nil) {
        self.output = output
        self.mode = mode
        self.group = group
    }

    /// The name that a bundle of these facts and templates has, and the digest of all inputs in hex.
    package static func name(facts: BundleFacts, library: TemplateLibrary) -> (name: String, inputsDigest: String) {
        let digest = Manifest.Inputs(facts: facts, library: library).digest
        let period = PathComponent.safe(facts.period.name)
        return ("\(period)-\(facts.evidence.head.prefix(8))-\(digest.prefix(6))", digest)
    }

    /// The manifest of an organization's `latest` bundle; nil when there is none that can be read.
    package func latest(organizationFolder: String) -> Manifest? {
        BundleIndex.standing(in: Self.folder(output, organizationFolder)).flatMap {
            bundle(named: $0, organizationFolder: organizationFolder)
        }
    }

    /// The name of the bundle that `latest` points to; nil where it points to none.
    package func latestName(organizationFolder: String) -> String? {
        BundleIndex.latest(in: Self.folder(output, organizationFolder))
    }

    /// Ends where an organization without a `latest` that can be read may have one.
    ///
    /// - Throws: `EvidenceError`: `.cannotRead` for what can't be looked at, `.damaged` for what is no manifest.
    package func requireNoLatest(organizationFolder: String) throws {
        try OrganizationFolder.requireReadable(in: output)
        let folder = Self.folder(output, organizationFolder)
        let link = "\(folder)/\(BundleIndex.link)"
        if PlainFile.kind(link) == .link, BundleIndex.standing(in: folder) == nil {
            throw EvidenceError(.damaged, "\(link) leads to no report beside it")
        }
        let path = "\(link)/\(Manifest.fileName)"
        guard try PlainFile.bytes(path, atMost: Pins.largestManifest) != nil else { return }
        throw EvidenceError(.damaged, "\(path) is no manifest that can be read")
    }

    /// The whole manifest of one of an organization's bundles; nil when there is none that can be read.
    package func bundle(named name: String, organizationFolder: String) -> Manifest? {
        Manifest.read(bundle: "\(output)/\(PathComponent.safe(organizationFolder))/\(name)")
    }

    /// The folder below an output folder that holds an organization's bundles.
    package static func folder(_ output: String, _ organizationFolder: String) -> String {
        "\(output)/\(PathComponent.safe(organizationFolder))"
    }

    /// Renders and publishes one report.
    ///
    /// A bundle of the same evidence and inputs that exists and verifies is left as it is. On any failure nothing of
    /// the new bundle is left behind.
    /// - Parameters:
    ///   - facts: What names and describes the bundle.
    ///   - values: What the templates can use.
    ///   - library: The templates; checked before anything is written.
    ///   - rule: Whether `latest` moves to it.
    ///   - begun: What was written of it while its events were read.
    /// - Returns: The bundle as it stands on disk.
    /// - Throws: ``ReportingError``, or what reading the events throws.
    package func publish(
        facts: BundleFacts,
        values: TemplateValues,
        library: TemplateLibrary,
        latest rule: LatestRule = LatestRule(),
        begun: BegunBundle? = nil
    ) throws -> PublishedBundle {
        let folder = Self.folder(output, facts.folder)
        let name = Self.name(facts: facts, library: library).name
        let path = "\(folder)/\(name)"
        let index = BundleIndex(
            folder: folder,
            organization: facts.organization.id,
            mode: mode,
            look: IndexPage.Look(library, facts.words)
        )
        func published(_ files: [OutputFile], reused: Bool) throws -> PublishedBundle {
            let isLatest = try index.update(for: name, facts, rule)
            return PublishedBundle(path: path, name: name, files: files, reused: reused, isLatest: isLatest)
        }
        if let files = try existing(path, facts.signer) { return try published(files, reused: true) }
        let bundle =
            try begun
            ?? BegunBundle(self, facts.folder, library: library, of: nil, profile: facts.csvProfile)
        let staging = bundle.staging
        var rendered = try bundle.render(library.documents(facts.formats), values: values)
        if facts.formats.contains(.xlsx) {
            rendered.add(try bundle.renderWorkbook(values, facts.words, from: facts.tool, at: facts.generatedAt))
        }
        let files = try seal(rendered, in: staging.path, facts: facts, library: library, name: name)
        // Another run may have published the same bundle meanwhile, or another organization's have taken the folder.
        if let files = try existing(path, facts.signer) { return try published(files, reused: true) }
        if let owner = OrganizationFolder.owner(of: folder), !owner.isSameInBytes(as: facts.organization.id) {
            throw ReportingError(
                .cannotCreate,
                "the folder \(folder) has just become that of organization '\(owner)'",
                hint: "run this again: the report goes into a folder of its own"
            )
        }
        SharedFiles.share(files, in: staging.path, with: folder, period: PathComponent.safe(facts.period.name))
        try staging.publish(as: name)
        return try published(files, reused: false)
    }

    /// The files of a bundle that is there already; nil when there is none.
    private func existing(_ path: String, _ signer: SigningKey?) throws -> [OutputFile]? {
        guard Files.exists(path) else { return nil }
        guard let files = try Checksums.verified(bundle: path) else {
            throw ReportingError(
                .bundleDamaged,
                "the bundle \(path) exists and its files are not those that SHA256SUMS lists",
                hint: "see `heedaudit verify \(path)`, then move the folder away and run this again"
            )
        }
        guard try signer?.hasSigned(path) != false else {
            throw ReportingError(
                .bundleDamaged,
                "the bundle \(path) exists, and its signature is gone or damaged",
                hint: "see `heedaudit verify \(path)`, then move the folder away and run this again"
            )
        }
        return files
    }

    /// Writes what goes with the documents: the schemas, the manifest, the sums and their signature.
    private func seal(
        _ rendered: ReportRendering.Rendered,
        in folder: String,
        facts: BundleFacts,
        library: TemplateLibrary,
        name: String
    ) throws -> [OutputFile] {
        var files = rendered.files
        for document in rendered.files {
            guard let schema = library.schemaFile(of: document.name) else { continue }
            files.append(try .write(schema.bytes, as: schema.name, in: folder, mode))
        }
        let manifest = Manifest(
            facts: facts,
            name: name,
            inputs: Manifest.Inputs(facts: facts, library: library),
            files: files,
            counts: rendered.counts
        )
        let sink = try FileSink(folder: folder, name: Manifest.fileName, mode: mode)
        try manifest.write(sink.write)
        files.append(try sink.finish())
        files.append(try .write(Checksums.text(of: files), as: Checksums.fileName, in: folder, mode))
        if let signer = facts.signer { files.append(try signer.sign(folder, mode: mode)) }
        return files.sorted { $0.name < $1.name }
    }
}

/// A bundle that stands complete in the output folder.
package struct PublishedBundle: Sendable {
    /// The bundle's folder.
    package let path: String
    /// The name of that folder: period, evidence and inputs.
    package let name: String
    /// Its files, sorted by name, SHA256SUMS included.
    package let files: [OutputFile]
    /// Whether the bundle existed, verified, and was left as it was.
    package let reused: Bool
    /// Whether `latest` points to it.
    package let isLatest: Bool
}
