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

    /// The name of the bundle that `latest` in an organization's folder points to; nil where it points to none.
    static func latest(in folder: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(link)")
    }

    /// The name under which the latest bundle stands in an organization's folder; nil where `latest` leads to none beside it.
    static func standing(in folder: String) -> String? {
        let path = "\(folder)/\(link)"
        if PlainFile.isFolder(path) { return link }
        guard let target = PlainFile.target(ofLink: path), PathComponent.safe(target).isSameInBytes(as: target),
            PlainFile.isFolder("\(folder)/\(target)")
        else { return nil }
        return target
    }

    /// Points `latest` to a bundle where the rule says so, and rewrites the list.
    /// - Returns: Whether `latest` points to the bundle.
    func update(for bundle: String, _ facts: BundleFacts, _ rule: LatestRule) throws -> Bool {
        try locked {
            try mendLink()
            guard PlainFile.isFolder("\(folder)/\(bundle)") else {
                throw ReportingError(
                    .cannotWrite,
                    "the bundle \(folder)/\(bundle) was removed before it was listed",
                    hint: "run this again"
                )
            }
            let current = Self.standing(in: folder).flatMap {
                Manifest.read(bundle: "\(folder)/\($0)", findings: false)
            }
            let isToBeLatest = current?.bundle == bundle || rule.moves(from: current, to: facts)
            let isLatest = try isToBeLatest && pointLatest(to: bundle)
            try writePages()
            try BundleStaging.sync(folder: folder)
            return isLatest
        }
    }

    /// Does work while no other run changes what stands beside the bundles, nor removes one; the lock is the kernel's and dies
    /// with its process.
    func locked<Value>(_ work: () throws -> Value) throws -> Value {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReportingError.write(folder) }
        defer { close(descriptor) }
        _ = try BundleStaging.lock(descriptor, folder, LOCK_EX)
        return try work()
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
        if try mendFile(path) { return }
        if let name = Manifest.read(bundle: path, findings: false)?.bundle, PathComponent.safe(name) == name {
            let place = "\(folder)/\(name)"
            if rename(path, place) == 0 { return }
            let sums = { (bundle: String) in FileManager.default.contents(atPath: "\(bundle)/\(Checksums.fileName)") }
            if try Checksums.verified(bundle: path) != nil, try Checksums.verified(bundle: place) != nil,
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

    /// Takes away the small file that SMB, git and zip make of a link; what it names is pointed to again, where it is a bundle.
    ///
    /// - Returns: Whether it was one.
    private func mendFile(_ path: String) throws -> Bool {
        guard case .file(let bytes)? = PlainFile.kind(path), bytes <= Self.longestFileOfLink,
            let text = try? PlainFile.bytes(path, atMost: Self.longestFileOfLink)
        else { return false }
        // Of what SMB servers write the fourth line is the target, of all others the only one.
        let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
        let name = String((lines.first == "XSym" ? lines.dropFirst(3).first : lines.first) ?? "")
        let target = name.hasSuffix("/") ? String(name.dropLast()) : name
        guard unlink(path) == 0 else { throw ReportingError.write(path) }
        MachineNotes.say("\(path) was a file in place of a link, as SMB, git and zip make it of one; it was replaced")
        if PathComponent.safe(target) == target, PlainFile.isFolder("\(folder)/\(target)") {
            _ = try pointLatest(to: target)
        }
        return true
    }

    /// Bytes that a file has at most which stands for a link: 1,067 is what SMB takes.
    private static let longestFileOfLink = 1_100

    // MARK: The page

    /// The organization's bundles, those of the newest evidence first.
    private func bundles() -> [ManifestHead] {
        // Of the same evidence that of the latest period first; one without an end is on everything.
        func rank(_ head: ManifestHead) -> (Int, String, String, String) {
            (head.evidence.entry, head.generatedAt, head.period.to ?? "9999", head.bundle)
        }
        let own = ManifestHead.all(inFolder: folder).filter { $0.organization.id.isSameInBytes(as: organization) }
        return own.sorted { rank($0) > rank($1) }
    }

    /// Writes the pages, and the digests of what stands beside the bundles and is no link.
    func writePages() throws {
        let latest = Self.latest(in: folder)
        let heads = bundles()
        let page = IndexPage(look: look, heads: heads, latest: latest) {
            Manifest.read(bundle: "\(folder)/\(heads[$0].bundle)", findings: false)
        }
        let seal = FolderSeal(folder: folder, mode: mode)
        let pages = page.files(besides: seal.intact).map { ($0.name, $0.html.map { Array($0.utf8) }) }
        // What the pages list no more was pinned all the same; it stands before they change.
        let gone = ListedBundles(in: folder).gone().compactMap(\.pin)
        let kept = gone.isEmpty ? nil : try keptPins(seal) { try Pins.text(adding: gone, areGone: true, to: $0) }
        try seal.replace((kept.map { [(Pins.keptFile, $0)] } ?? []) + pages)
    }

    /// What is kept of bundles that are gone, after a change; nil where it is not what was sealed, or can't be read.
    private func keptPins(_ seal: FolderSeal, _ change: ([UInt8]) throws -> [UInt8]) rethrows -> [UInt8]? {
        let path = "\(folder)/\(Pins.keptFile)"
        guard !seal.isForeign(Pins.keptFile),
            let kept = try? PlainFile.bytes(path, atMost: Pins.largestManifest) ?? []
        else { return nil }
        return try change(kept)
    }

    /// Keeps what bundles pin that are about to be removed, and seals it.
    ///
    /// - Throws: `ReportingError` with code `.bundleDamaged` where the pins kept so far are not what was sealed.
    func keepPins(of bundles: [ManifestHead]) throws {
        let seal = FolderSeal(folder: folder, mode: mode)
        guard let text = try keptPins(seal, { try Pins.text(adding: bundles.map(\.pin), to: $0) }) else {
            throw ReportingError(
                .bundleDamaged,
                "\(folder)/\(Pins.keptFile) is not what was sealed, so no bundle is removed",
                hint: "restore it from a backup, then run this again"
            )
        }
        try seal.replace([(Pins.keptFile, text)])
    }
}
