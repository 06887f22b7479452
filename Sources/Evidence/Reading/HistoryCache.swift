import Foundation

/// Extracts of sealed segments, kept beside them so that a report of a month need not read all months before it.
///
/// No evidence: `cache/` may be deleted at any time. A file is named for the segment's digest, the kind of extract and
/// its own digest, so that one that belongs to another segment or was damaged is never read.
public struct HistoryCache: Sendable {
    private let root: String
    private let kind: String
    /// Files by what their names begin with.
    private let names: [String: [String]]

    /// Segments with fewer events are read as fast as an extract would be.
    public static let leastEvents = 4096

    /// The cache of an archive for one kind of extract.
    public init(_ archive: Archive, kind: String) {
        root = archive.path
        self.kind = kind
        let present = (try? Files.names(in: archive.path + "/cache")) ?? []
        names = Dictionary(grouping: present) { String($0[..<($0.lastIndex(of: "-") ?? $0.startIndex)]) }
    }

    /// The extract of a segment as a segment to read; nil when there is none.
    public func extract(of segment: SegmentReference) -> SegmentReference? {
        for name in names["\(segment.sha256)-\(kind)"] ?? [] {
            guard let lines = try? Files.read("\(root)/cache/\(name)") else { continue }
            let extract = reference(to: lines, of: segment)
            if extract.file == "cache/" + name { return extract }
        }
        return nil
    }

    /// Keeps the extract of a segment; nil where it can't be written, and the segment is to be read instead.
    public func store(_ lines: [UInt8], of segment: SegmentReference) -> SegmentReference? {
        let extract = reference(to: lines, of: segment)
        let temporary = "\(root)/cache/\(UUID().uuidString).new"
        do {
            try Files.makeFolder(root + "/cache")
            try Files.write(lines, to: temporary)
            try Files.rename(temporary, to: "\(root)/\(extract.file)")
            return extract
        } catch {
            unlink(temporary)
            return nil
        }
    }

    /// Deletes the extracts of this kind that were there before, but for so many of the newest.
    public func keepNewest(_ count: Int, beside extract: SegmentReference) {
        let others = names.filter { $0.key.hasSuffix("-\(kind)") }.values.joined().map { "\(root)/cache/\($0)" }
            .filter { $0 != root + "/" + extract.file }
            .map { path in (path: path, made: Files.modificationTime(path) ?? .distantPast) }
        for other in others.sorted(by: { $0.made > $1.made }).dropFirst(count) { unlink(other.path) }
    }

    /// Segments as one, of which there may be an extract: named for all their digests, in whatever order they are told.
    public static func joint(_ segments: [SegmentReference]) -> SegmentReference {
        func time(_ text: String?) -> Instant? { text.flatMap(Instant.init(rfc3339:)) }
        /// Undated events come first, so a segment that begins with one begins before all others.
        let first = segments.map(\.firstAt).min { left, right in
            guard let left = time(left), let right = time(right) else { return time(left) == nil && time(right) != nil }
            return left < right
        }
        let last = segments.compactMap(\.lastAt).max { left, right in
            guard let left = time(left), let right = time(right) else { return false }
            return left < right
        }
        return SegmentReference(
            file: "",
            sha256: Digest.sha256(segments.map(\.sha256).sorted().joined(separator: "\n").utf8),
            count: segments.reduce(0) { $0 + $1.count },
            firstAt: first ?? nil,
            lastAt: last
        )
    }

    private func reference(to lines: [UInt8], of segment: SegmentReference) -> SegmentReference {
        let digest = Digest.sha256(lines)
        return SegmentReference(
            file: "cache/\(segment.sha256)-\(kind)-\(digest).ndjson",
            sha256: digest,
            count: lines.withUnsafeBufferPointer { lineBreaks($0) },
            firstAt: segment.firstAt,
            lastAt: segment.lastAt
        )
    }
}
