import Reporting
import Templates
import Evidence
import Foundation

/// What stands beside an organization's bundles: the link `latest` and the page that lists them.
struct BundleIndex {
    /// The organization's folder.
    let folder: String
    /// Whose bundles are listed.
    let organization: String
    let mode: OutputMode
    /// How the page looks and what it says.
    var look = IndexPage.Look()
    /// Makes a symbolic link, as the system's call does: some file systems refuse.
    var makeLink: (_ target: String, _ path: String) -> Int32 = { symlink($0, $1) }

    static let link = "latest"
    private static let page = "index.html"

    /// Points `latest` to a bundle where the rule says so, and rewrites the list.
    /// - Returns: Whether `latest` points to the bundle.
    func update(for bundle: String, _ facts: BundleFacts, _ rule: LatestRule) throws -> Bool {
        // One run at a time compares and replaces; the lock is the kernel's and dies with its process.
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReportingError.write(folder) }
        defer { close(descriptor) }
        _ = try BundleStaging.lock(descriptor, folder, LOCK_EX)
        try mendLink()
        let current = Manifest.read(bundle: "\(folder)/\(Self.link)", findings: false)
        let isToBeLatest = current?.bundle == bundle || rule.moves(from: current, to: facts)
        let isLatest = try isToBeLatest && pointLatest(to: bundle)
        try writePage()
        try BundleStaging.sync(folder: folder)
        return isLatest
    }

    /// - Returns: Whether the link stands: not where the file system refuses links.
    private func pointLatest(to bundle: String) throws -> Bool {
        let path = "\(folder)/\(Self.link)"
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == bundle { return true }
        let temporary = "\(folder)/.latest-\(getpid())"
        unlink(temporary)
        guard makeLink(bundle, temporary) == 0 else {
            if FileSystemGap.links.isReason(errno, on: folder) { return false }
            throw ReportingError.create(temporary)
        }
        guard rename(temporary, path) == 0 else {
            let error = ReportingError.write(path)
            unlink(temporary)
            throw error
        }
        return true
    }

    /// Puts what stands in the place of the link, but is none, back into its own: a copy of the folder that followed links
    /// has a bundle there.
    private func mendLink() throws {
        let path = "\(folder)/\(Self.link)"
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return }
        if let name = Manifest.read(bundle: path, findings: false)?.bundle, PathComponent.safe(name) == name {
            let place = "\(folder)/\(name)"
            if rename(path, place) == 0 { return }
            let sums = { (bundle: String) in FileManager.default.contents(atPath: "\(bundle)/\(Checksums.fileName)") }
            if Checksums.verified(bundle: path) != nil, Checksums.verified(bundle: place) != nil,
                sums(path) == sums(place)
            {
                try? FileManager.default.removeItem(atPath: path)
                return
            }
        }
        throw ReportingError(
            .cannotCreate,
            "\(path) is no link, and no bundle that could be put back in its place",
            hint: "move it away and run this again"
        )
    }

    // MARK: The page

    /// The organization's bundles, those of the newest evidence first.
    private func bundles() -> [Manifest] {
        Manifest.all(inFolder: folder).filter { $0.organization.id.isSameInBytes(as: organization) }.sorted {
            // Of the same evidence that of the latest period first; one without an end is on everything.
            let (one, other) = ($0.period.to ?? "9999", $1.period.to ?? "9999")
            return ($0.evidence.entry, $0.generatedAt, one, $0.bundle)
                > ($1.evidence.entry, $1.generatedAt, other, $1.bundle)
        }
    }

    /// Writes the page, and the digests of what stands beside the bundles and is no link.
    ///
    /// Two files can't be moved into place at once: the digests are written first under the name that `verify` knows, so
    /// that a run that is killed in between leaves no page that seems to be forged.
    private func writePage() throws {
        let text = page(bundles())
        var sealed = [OutputFile(name: Self.page, bytes: 0, sha256: Digest.sha256(text.utf8))]
        if case .file = PlainFile.kind("\(folder)/\(Pins.keptFile)") {
            let digest = try PlainFile.digest("\(folder)/\(Pins.keptFile)")
            sealed.append(OutputFile(name: Pins.keptFile, bytes: digest.bytes, sha256: digest.sha256))
        }
        try write(Checksums.text(of: sealed), as: BundleVerifier.nextSumsFile)
        let temporary = ".index-\(getpid())"
        try write(text, as: temporary)
        try move(temporary, to: Self.page)
        try move(BundleVerifier.nextSumsFile, to: Checksums.fileName)
    }

    private func write(_ text: String, as name: String) throws {
        unlink("\(folder)/\(name)")
        do {
            let sink = try FileSink(folder: folder, name: name, mode: mode)
            try sink.write(text)
            _ = try sink.finish()
        } catch {
            unlink("\(folder)/\(name)")
            throw error
        }
    }

    private func move(_ name: String, to place: String) throws {
        guard rename("\(folder)/\(name)", "\(folder)/\(place)") == 0 else {
            let error = ReportingError.write("\(folder)/\(place)")
            unlink("\(folder)/\(name)")
            throw error
        }
    }

    private func page(_ bundles: [Manifest]) -> String {
        let latest = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(Self.link)")
        return IndexPage(look: look, bundles: bundles, latest: latest).html
    }
}
