import Foundation

/// Elements of the log that are no events: each text once, in the order in which it was first received.
///
/// They count in the sums by their digests, and are kept as evidence of what the service sent (docs/archive-format.md).
struct UnreadableElements {
    /// Paths of the files that hold those of earlier entries.
    private let files: [String]
    private var archived: Set<String>?
    private var met: Set<String> = []
    /// Those that no earlier entry holds.
    private(set) var new: [[UInt8]] = []

    init(_ archive: Archive) {
        files = archive.rare(\.unreadable).map { "\(archive.path)/\($0.file)" }
    }

    /// Different texts met.
    var count: Int { met.count }

    /// Takes a text in.
    ///
    /// - Returns: Whether an earlier entry holds it.
    mutating func note(_ text: [UInt8]) throws -> Bool {
        let digest = Digest.sha256(text)
        let known = try archived ?? digests()
        archived = known
        if met.insert(digest).inserted, !known.contains(digest) { new.append(text) }
        return known.contains(digest)
    }

    private func digests() throws -> Set<String> {
        var digests: Set<String> = []
        for file in files {
            for line in try Files.read(file).split(separator: 10) {
                digests.insert(Digest.sha256(line))
            }
        }
        return digests
    }

    /// Writes the new ones, a line each.
    ///
    /// - Returns: What the entry says of the file; nil when there is nothing to write.
    func seal(below folder: String, number: Int) throws -> SegmentReference? {
        guard !new.isEmpty else { return nil }
        let digits = String(number)
        let name = "unreadable/" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".ndjson"
        try Files.makeFolder(folder + "/unreadable")
        var bytes: [UInt8] = []
        for text in new {
            bytes += text
            bytes.append(10)
        }
        try Files.write(bytes, to: folder + "/" + name)
        try Files.syncFolder(folder + "/unreadable")
        return SegmentReference(
            file: name,
            sha256: Digest.sha256(bytes),
            count: new.count,
            firstAt: nil,
            lastAt: nil,
            bytes: bytes.count
        )
    }
}
