import Evidence
import Foundation
import Templates

/// The digests of what stands beside an organization's bundles and is no link: pages, and the pins of bundles that are gone.
///
/// Several files can't be moved into place at once. The digests that will hold are written first, under a name that `verify`
/// knows; as long as both lists stand, each file may be as either of them says, so that a run that is killed in between leaves
/// nothing that seems to be forged.
struct FolderSeal {
    let folder: String
    let mode: OutputMode
    /// What `SHA256SUMS` says, by name; nil where there is none that can be read.
    let sealed: [ExactText: String]?
    /// What will hold, where a run was ended on its way there.
    let next: [ExactText: String]?

    /// Reads the digests of a folder.
    init(folder: String, mode: OutputMode) {
        self.folder = folder
        self.mode = mode
        sealed = Checksums.read("\(folder)/\(Checksums.fileName)", atMost: Pins.largestManifest)
        next = Checksums.read("\(folder)/\(BundleVerifier.nextSumsFile)", atMost: Pins.largestManifest)
    }

    /// Whether a name is one that is sealed here.
    static func isSealed(_ name: String) -> Bool {
        name == Pins.keptFile || IndexPage.isPage(name)
    }

    /// Whether what stands under a name is what a run that was ended had on its way: the other list of digests says so.
    func isUnderWay(_ name: String) -> Bool {
        guard let next else { return false }
        return digest(of: name) == next[ExactText(name)]
    }

    /// Whether a file was changed by somebody else since it was sealed; one that no digest names was not.
    func isForeign(_ name: String) -> Bool {
        guard let expected = sealed?[ExactText(name)] else { return false }
        return digest(of: name) != expected && !isUnderWay(name)
    }

    private func digest(of name: String) -> String? {
        let path = "\(folder)/\(name)"
        guard case .file = PlainFile.kind(path) else { return nil }
        return try? PlainFile.digest(path).sha256
    }

    /// A file as it was sealed; nil where it is not.
    func intact(_ name: String) -> [UInt8]? {
        guard let expected = sealed?[ExactText(name)],
            let bytes = try? PlainFile.bytes("\(folder)/\(name)", atMost: Pins.largestManifest),
            Digest.sha256(bytes) == expected
        else { return nil }
        return bytes
    }

    /// Puts files into their places and takes others away, and seals all there is.
    ///
    /// What somebody else changed keeps the digest that it had: a later run does not make good what `verify` tells.
    ///
    /// - Parameter texts: The files, nil for one that stays as it was sealed.
    /// - Throws: `ReportingError`.
    func replace(_ texts: [(name: String, text: [UInt8]?)]) throws {
        let names = try PlainFile.names(in: folder).filter(Self.isSealed)
        var digests: [ExactText: String] = [:]
        for name in Set(names.map { ExactText($0) }).union(sealed.map { Set($0.keys) } ?? []) {
            // Pages are all made here; one that is not among them goes.
            guard name.text == Pins.keptFile else { continue }
            digests[name] = isForeign(name.text) ? sealed?[name] : digest(of: name.text)
        }
        var changed: [(name: String, text: [UInt8])] = []
        for (name, text) in texts {
            guard let text else {
                digests[ExactText(name)] = sealed?[ExactText(name)]
                continue
            }
            let new = Digest.sha256(text)
            digests[ExactText(name)] = new
            if digest(of: name) != new { changed.append((name, text)) }
        }
        let arePages = texts.contains { IndexPage.isPage($0.name) }
        if !arePages {
            for name in names where IndexPage.isPage(name) {
                digests[ExactText(name)] = isForeign(name) ? sealed?[ExactText(name)] : digest(of: name)
            }
        }
        let files = digests.map { OutputFile(name: $0.key.text, bytes: 0, sha256: $0.value) }
        try write(Checksums.text(of: files), as: BundleVerifier.nextSumsFile)
        try BundleStaging.sync(folder: folder)
        for (name, text) in changed {
            let temporary = ".index-\(getpid())"
            try write(text, as: temporary)
            try move(temporary, to: name)
        }
        for name in names where arePages && IndexPage.isPage(name) && digests[ExactText(name)] == nil {
            unlink("\(folder)/\(name)")
        }
        try BundleStaging.sync(folder: folder)
        try move(BundleVerifier.nextSumsFile, to: Checksums.fileName)
    }

    private func write(_ text: [UInt8], as name: String) throws {
        unlink("\(folder)/\(name)")
        do {
            _ = try OutputFile.write(text, as: name, in: folder, mode)
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
}
