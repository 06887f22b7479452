import CSimdJSON
import Foundation

/// An import under way.
///
/// Lines go in as they come; nothing is archived before `commit`.
package final class ImportSession {
    private let writer: ArchiveWriter
    private let spool: EventSpool
    private let spoolPath: String
    private let scanner: EventScanner
    private let events: UnsafeMutableBufferPointer<heed_event>
    private let statuses: UnsafeMutableBufferPointer<UInt8>
    private var buffer: [UInt8] = []
    private var filled = 0
    /// Lines of the source before what the buffer holds.
    private var line = 0
    /// Bytes of blank lines since the last line that is none.
    private var blankBytes = 0
    private var source = ""
    private var sources: [String] = []

    /// A longer line is no event of a log, and would be held in memory whole.
    private static let longestLine = 64 << 20
    /// So many bytes of blank lines in succession come from something that has no end.
    private static let mostBlankBytes = 64 << 20
    private static let bufferSize = 4 << 20
    private static let linesAtOnce = 2048

    init(writer: ArchiveWriter) throws {
        self.writer = writer
        spoolPath = writer.staging + "/import-events.ndjson"
        spool = try EventSpool(path: spoolPath)
        scanner = try EventScanner()
        events = .allocate(capacity: Self.linesAtOnce)
        statuses = .allocate(capacity: Self.linesAtOnce)
    }

    deinit {
        events.deallocate()
        statuses.deallocate()
        unlink(spoolPath)
    }

    /// Reads NDJSON from an open file to its end.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it is not closed.
    ///   - name: What messages and the ledger call it.
    /// - Throws: `EvidenceError` with code `.unusableInput` naming file and line for a line that is no event; nothing
    ///   is archived then.
    package func add(contentsOf descriptor: Int32, named name: String) throws {
        source = name
        sources.append((name as NSString).lastPathComponent)
        (line, filled, blankBytes) = (0, 0, 0)
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.bufferSize + EventScanner.padding) }
        var isEnd = false
        while !isEnd {
            let capacity = buffer.count - EventScanner.padding
            if filled == capacity {
                if filled > Self.longestLine {
                    let foreign = line == 0 ? buffer.withUnsafeBufferPointer { self.foreign($0) } : nil
                    throw foreign ?? refusal(line: line + 1, Self.tooLong)
                }
                buffer += [UInt8](repeating: 0, count: capacity)
            }
            let count = try fill(descriptor)
            isEnd = count == 0
            try scanFilled(fresh: count)
        }
    }

    /// - Returns: How many bytes were read; 0 at the end of the file.
    private func fill(_ descriptor: Int32) throws -> Int {
        while true {
            let room = buffer.count - EventScanner.padding - filled
            let count = buffer.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress.map { $0 + filled }, room)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotRead(source, errno)
            }
            filled += count
            return count
        }
    }

    /// Takes the lines in, of which so many bytes were read last; none at the end of the file.
    private func scanFilled(fresh count: Int) throws {
        var begin = 0
        var usable = filled
        if count > 0 {
            // Before what was read last there is no line break; in a long line there is none either.
            usable = buffer.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress, memchr(base + filled - count, 10, count) != nil else { return 0 }
                return (bytes[..<filled].lastIndex(of: 10) ?? -1) + 1
            }
        }
        try buffer.withUnsafeBufferPointer { bytes in
            while begin < usable {
                scanner.reset()
                let (lines, consumed) = scanner.scan(
                    UnsafeBufferPointer(rebasing: bytes[begin..<usable]),
                    validating: true,
                    events: events,
                    statuses: statuses
                )
                if let index = (0..<lines).first(where: { statuses[$0] != 0 || events[$0].raw.count > Self.longestLine }
                ) {
                    throw notAnEvent(
                        events[index],
                        bytes,
                        EventScanner.LineStatus(rawValue: statuses[index]) ?? .notJSON
                    )
                }
                try spool.append(UnsafeBufferPointer(rebasing: events[..<lines]))
                begin += consumed
                blankBytes = lines == 0 ? blankBytes + consumed : 0
                if consumed == 0 { break }
            }
            line += lineBreaks(UnsafeBufferPointer(rebasing: bytes[..<begin]))
        }
        if blankBytes > Self.mostBlankBytes {
            throw refusal(
                line: line,
                "is blank, and so are 64 MiB before it",
                hint: "is its source one that never ends?"
            )
        }
        buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress, begin > 0 else { return }
            memmove(base, base + begin, filled - begin)
        }
        filled -= begin
    }

    private func notAnEvent(
        _ event: heed_event,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ status: EventScanner.LineStatus
    ) -> EvidenceError {
        var before = 0
        if let base = bytes.baseAddress, let start = event.raw.bytes {
            before = lineBreaks(UnsafeBufferPointer(rebasing: bytes[..<(start - base)]))
        }
        if line + before == 0, let refusal = foreign(bytes) { return refusal }
        let what =
            switch status {
            case _ where event.raw.count > Self.longestLine: Self.tooLong
            case .event: "is an event"
            case .notJSON: "is not JSON"
            case .notObject: "is JSON, but no object"
            case .notEvent: "has no action that is a text, and so is no event"
            }
        return refusal(line: line + before + 1, what)
    }

    /// What the begin of a file tells that is something else than a log; nil where nothing is recognised.
    private func foreign(_ bytes: UnsafeBufferPointer<UInt8>) -> EvidenceError? {
        let begin = UnsafeBufferPointer(rebasing: bytes[..<filled])
        return ForeignInput(begin, isUnpacked: source.hasSuffix(".gz")).map { refusal(line: 1, $0.what, hint: $0.hint) }
    }

    private static let tooLong = "is longer than 64 MiB"

    private func refusal(
        line: Int,
        _ what: String,
        hint: String = "mend or remove the line and import again"
    ) -> EvidenceError {
        EvidenceError(.unusableInput, "\(source):\(line) \(what)", hint: "nothing was imported; \(hint)")
    }

    /// Seals what was read and appends the entry.
    ///
    /// - Throws: ``EvidenceError`` when a file can't be written; before the entry is appended, nothing of the import
    ///   is archived.
    package func commit(now: Instant) throws -> LedgerEntry {
        let received = spool.keys.count
        let comparison = try BatchComparison(
            spool,
            beside: writer.archive,
            kind: .import,
            readsWholeLog: false,
            nothingUnknown: false
        )
        var entry = LedgerEntry(kind: .import, at: now)
        entry.received = received
        entry.sources = sources
        return try writer.commit(entry, comparison, spool, snapshots: [])
    }
}
