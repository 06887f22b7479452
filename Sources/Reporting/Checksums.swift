import Evidence
import Crypto
import Foundation

/// `SHA256SUMS`: the digests of a bundle's other files, in the format of `sha256sum -c`.
enum Checksums {
    /// The name of the sums' file.
    static let fileName = "SHA256SUMS"

    /// The file's text: `<hex>  <name>` a line, sorted by name in bytes.
    ///
    /// Names hold no backslash or line break, which
    /// the format would have to escape: see ``TemplateLibrary``.
    static func text(of files: [PublishedBundle.File]) -> String {
        files.sorted { $0.name.precedesInBytes($1.name) }
            .map { "\($0.sha256)  \($0.name)\n" }.joined()
    }

    /// Re-checks a folder against its sums.
    /// - Parameter path: The bundle's folder.
    /// - Returns: The files with their sizes; nil when one is missing, added or changed, or there are no sums.
    static func verified(bundle path: String) -> [PublishedBundle.File]? {
        guard let sums = FileManager.default.contents(atPath: "\(path)/\(fileName)"),
            let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        else { return nil }
        var expected: [String: String] = [:]
        for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
            guard line.utf8.count > 66 else { return nil }
            expected[String(line.dropFirst(66))] = String(line.prefix(64))
        }
        guard Set(names) == Set(expected.keys).union([fileName]) else { return nil }
        var files: [PublishedBundle.File] = []
        for name in names.sorted() {
            guard let file = digest(of: "\(path)/\(name)", name: name) else { return nil }
            guard name == fileName || file.sha256 == expected[name] else { return nil }
            files.append(file)
        }
        return files
    }

    /// Reads a regular file and hashes it.
    private static func digest(of path: String, name: String) -> PublishedBundle.File? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var hash = SHA256()
        var size = 0
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { block.deallocate() }
        while true {
            let count = read(descriptor, block.baseAddress, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: block[..<count]))
            size += count
        }
        return PublishedBundle.File(name: name, bytes: size, sha256: hash.finalize().hex)
    }
}
