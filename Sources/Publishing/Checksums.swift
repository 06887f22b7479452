import Templates
import Evidence

/// `SHA256SUMS`: the digests of a bundle's other files, in the format of `sha256sum -c`.
enum Checksums {
    /// The name of the sums' file.
    static let fileName = "SHA256SUMS"

    /// The file's text: `<hex>  <name>` a line, sorted by name in bytes.
    ///
    /// Names hold no backslash or line break, which
    /// the format would have to escape: see ``TemplateLibrary``.
    static func text(of files: [OutputFile]) -> [UInt8] {
        files.sorted { $0.name.precedesInBytes($1.name) }.flatMap { Array("\($0.sha256)  \($0.name)\n".utf8) }
    }

    /// Re-checks a folder against its sums.
    /// - Parameter path: The bundle's folder.
    /// - Returns: The files with their sizes, the signature of the sums included, which they can't list; nil when one is missing, added or changed, or there are no sums.
    /// - Throws: `EvidenceError` with code `.cannotRead`: then it may be sound.
    static func verified(bundle path: String) throws -> [OutputFile]? {
        guard PlainFile.isFolder(path) else { return nil }
        let names = try PlainFile.names(in: path)
        guard let sums = try PlainFile.bytes("\(path)/\(fileName)", atMost: Pins.largestManifest) else { return nil }
        guard let expected = all(of: sums) else { return nil }
        let unlisted = [fileName, SigningKey.signatureFile].map { ExactText($0) }
        let present = Set(names.map { ExactText($0) })
        guard present.subtracting(unlisted[1...]) == Set(expected.keys).union(unlisted[..<1]) else { return nil }
        var files: [OutputFile] = []
        for name in names {
            guard case .file = PlainFile.kind("\(path)/\(name)") else { return nil }
            let digest = try PlainFile.digest("\(path)/\(name)")
            guard unlisted.contains(ExactText(name)) || digest.sha256 == expected[ExactText(name)] else { return nil }
            files.append(OutputFile(name: name, bytes: digest.bytes, sha256: digest.sha256))
        }
        return files
    }

    /// The digests that a list tells, by name; nil where a line is none.
    static func all(of list: [UInt8]) -> [ExactText: String]? {
        var digests: [ExactText: String] = [:]
        for line in list.split(separator: 10) {
            guard let (name, digest) = Self.line(line) else { return nil }
            digests[ExactText(name)] = digest
        }
        return digests
    }

    /// The same of a file, without lines that are none; nil where it can't be read.
    ///
    /// Of a name that stands twice the first counts.
    static func read(_ path: String, atMost largest: Int) -> [ExactText: String]? {
        (try? PlainFile.bytes(path, atMost: largest)).map(known)
    }

    /// The same of a text.
    static func known(_ list: [UInt8]) -> [ExactText: String] {
        let lines = list.split(separator: 10).compactMap { Self.line($0) }
        return Dictionary(lines.map { (ExactText($0.name), $0.digest) }) { first, _ in first }
    }

    /// The name and the digest of a line of the form `<digest>  <name>`; nil for any other, and for names of other folders.
    static func line(_ line: ArraySlice<UInt8>) -> (name: String, digest: String)? {
        guard line.count > 66, line.dropFirst(64).starts(with: [32, 32]),
            let name = String(validating: line.dropFirst(66), as: UTF8.self), !name.utf8.contains(UInt8(ascii: "/")),
            ![".", "..", fileName, SigningKey.signatureFile].contains(name)
        else { return nil }
        let digest = String(decoding: line.prefix(64), as: UTF8.self)
        return Digest.isHex(digest) ? (name, digest) : nil
    }
}

extension OutputFile {
    /// Writes a file of a bundle, or of what stands beside bundles.
    ///
    /// - Throws: `ReportingError` with code `cannotCreate` or `cannotWrite`.
    static func write(_ bytes: [UInt8], as name: String, in folder: String, _ mode: OutputMode) throws -> OutputFile {
        let sink = try FileSink(folder: folder, name: name, mode: mode)
        try sink.write(bytes)
        return try sink.finish()
    }
}
