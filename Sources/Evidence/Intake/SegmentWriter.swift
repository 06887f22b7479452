import Dispatch
import Foundation
import Synchronization

/// Writes sorted events into files that are about to be sealed: one UTC month a segment, at most 64 MiB.
struct SegmentWriter {
    private let folder: String
    private let kind: String
    private var nextNumber: Int
    private(set) var written: [SegmentReference] = []

    /// - Parameters:
    ///   - folder: The staging folder that mirrors the archive's.
    ///   - kind: `events` or `variants`.
    ///   - nextNumber: Number of the first file.
    /// - Throws: `EvidenceError` when the folder can't be made.
    init(folder: String, kind: String, nextNumber: Int) throws {
        self.folder = folder
        self.kind = kind
        self.nextNumber = nextNumber
        try Files.makeFolder(folder + "/" + kind)
    }

    /// Writes events of a spool, told by their places in it, which must be sorted; as many segments at a time as there are
    /// cores.
    mutating func write(_ keys: [UInt32], of spool: EventSpool, splittingMonths: Bool) throws {
        let parts = parts(keys, of: spool, splittingMonths: splittingMonths)
        let first = nextNumber
        // The spool was mapped before: all that the threads do with it is to read, and to let go of lines of their own.
        nonisolated(unsafe) let spool = spool
        let written = Mutex([Result<SegmentReference, any Error>?](repeating: nil, count: parts.count))
        let begun = Atomic<Int>(0)
        let done = DispatchGroup()
        // One more than there are cores: somebody always waits for the disk.
        for _ in 0..<min(parts.count, ProcessInfo.processInfo.activeProcessorCount + 1) {
            DispatchQueue(label: "sealing").async(group: done) { [folder, kind] in
                while true {
                    let place = begun.add(1, ordering: .relaxed).oldValue
                    guard place < parts.count else { return }
                    let result = Result {
                        try Self.writeFile(
                            keys[parts[place]],
                            of: spool,
                            folder,
                            Self.name(kind, first + place),
                            isSorted: splittingMonths
                        )
                    }
                    written.withLock { $0[place] = result }
                }
            }
        }
        done.wait()
        nextNumber += parts.count
        self.written += try written.withLock { try $0.compactMap { try $0?.get() } }
    }

    /// Which events each segment holds.
    private func parts(_ keys: [UInt32], of spool: EventSpool, splittingMonths: Bool) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var begin = 0
        while begin < keys.count {
            var end = begin
            var bytes = 0
            let month = Self.month(of: spool.key(keys[begin]))
            while end < keys.count, !splittingMonths || Self.month(of: spool.key(keys[end])) == month {
                let length = Int(spool.key(keys[end]).length) + 1
                if end > begin, bytes + length > SegmentReference.mostBytes { break }
                bytes += length
                end += 1
            }
            parts.append(begin..<end)
            begin = end
        }
        return parts
    }

    private static func name(_ kind: String, _ number: Int) -> String {
        let digits = String(number)
        return kind + "/" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".ndjson"
    }

    private static func writeFile(
        _ keys: ArraySlice<UInt32>,
        of spool: EventSpool,
        _ folder: String,
        _ name: String,
        isSorted: Bool
    ) throws -> SegmentReference {
        let output = try SyncedWriter(path: folder + "/" + name, .sealing)
        var begin = keys.startIndex
        while begin < keys.endIndex {
            // A log that came in order stands in the spool as it will stand here: whole runs are written at once.
            let first = spool.key(keys[begin])
            var last = first
            begin += 1
            while begin < keys.endIndex, last.offset - first.offset < longestRun {
                let next = spool.key(keys[begin])
                guard next.offset == last.offset + Int(last.length) + 1 else { break }
                last = next
                begin += 1
            }
            let run = spool.lines(first, last)
            try output.write(run)
            spool.release(run)
        }
        let digest = try output.finish()
        let span = span(of: keys, in: spool, isSorted: isSorted)
        return SegmentReference(
            file: name,
            sha256: digest,
            count: keys.count,
            firstAt: span?.first.rfc3339,
            lastAt: span?.last.rfc3339,
            bytes: output.byteCount
        )
    }

    /// The times of the earliest and the latest event; nil without one that has a time.
    private static func span(of keys: ArraySlice<UInt32>, in spool: EventSpool, isSorted: Bool) -> (
        first: Instant, last: Instant
    )? {
        if isSorted {
            guard let first = keys.first.flatMap({ spool.key($0).instant }),
                let last = keys.last.flatMap({ spool.key($0).instant })
            else { return nil }
            return (first, last)
        }
        let times = keys.lazy.compactMap { spool.key($0).instant }
        guard let first = times.min(), let last = times.max() else { return nil }
        return (first, last)
    }

    private static let longestRun = 1 << 20

    /// A number that two events share when they belong into one segment; undated ones stand apart.
    private static func month(of key: EventSpool.Key) -> Int64 {
        guard let instant = key.instant else { return .min }
        let date = CivilDate(daysSince1970: floorDivide(instant.seconds, 86_400))
        return date.year * 12 + Int64(date.month)
    }
}
