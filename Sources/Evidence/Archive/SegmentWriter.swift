import Crypto
import Foundation

/// Writes sorted events into files that are about to be sealed: one UTC month a segment, at most 64 MiB.
struct SegmentWriter {
    /// A segment holds at most so many bytes, unless one event alone is larger.
    static let largest = 64 << 20

    private let folder: String
    private let kind: String
    private var nextNumber: Int
    private(set) var written: [SegmentReference] = []

    /// - Parameters:
    ///   - folder: The staging folder that mirrors the archive's.
    ///   - kind: `events` or `variants`.
    ///   - nextNumber: Number of the first file.
    init(folder: String, kind: String, nextNumber: Int) throws {
        self.folder = folder
        self.kind = kind
        self.nextNumber = nextNumber
        try Files.makeFolder(folder + "/" + kind)
    }

    /// Writes events, which must be sorted.
    mutating func write(_ keys: [EventSpool.Key], of spool: EventSpool, splittingMonths: Bool) throws {
        var begin = 0
        while begin < keys.count {
            var end = begin
            var bytes = 0
            let month = Self.month(of: keys[begin])
            while end < keys.count, !splittingMonths || Self.month(of: keys[end]) == month {
                let length = Int(keys[end].length) + 1
                if end > begin, bytes + length > Self.largest { break }
                bytes += length
                end += 1
            }
            try writeFile(keys[begin..<end], of: spool)
            begin = end
        }
    }

    private mutating func writeFile(_ keys: ArraySlice<EventSpool.Key>, of spool: EventSpool) throws {
        let digits = String(nextNumber)
        let name = kind + "/" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".ndjson"
        nextNumber += 1
        let writer = try SyncedWriter(path: folder + "/" + name)
        var hasher = SHA256()
        for key in keys {
            let line = UnsafeRawBufferPointer(spool.line(key))
            try writer.write(line)
            try writer.write(byte: 10)
            hasher.update(bufferPointer: line)
            Self.newline.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        try writer.finish()
        written.append(
            SegmentReference(
                file: name,
                sha256: Digest.hex(hasher.finalize()),
                count: keys.count,
                firstAt: keys.first?.instant?.rfc3339,
                lastAt: keys.last?.instant?.rfc3339
            )
        )
    }

    private static let newline: [UInt8] = [10]

    /// A number that two events share when they belong into one segment; undated ones stand apart.
    private static func month(of key: EventSpool.Key) -> Int64 {
        guard let instant = key.instant else { return .min }
        let date = CivilDate(daysSince1970: Instant.floorDivide(instant.seconds, 86_400))
        return date.year * 12 + Int64(date.month)
    }
}
