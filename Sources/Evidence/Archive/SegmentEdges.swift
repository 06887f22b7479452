import CSimdJSON
import Foundation

/// The first and the last line of a segment, read without what lies between them.
struct SegmentEdges {
    /// The time of the first line's event; nil for an undated one.
    let first: Instant?
    /// The time of the last line's event; nil for an undated one.
    let last: Instant?

    private static let piece = 1 << 16
    private static let longestLine = 64 << 20

    /// Reads them; nil where the file is empty, or a line of them is no event.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`.
    init?(_ path: String, _ scanner: EventScanner) throws {
        guard let (descriptor, size) = try PlainFile.open(path) else { return nil }
        defer { close(descriptor) }
        guard size > 0, let head = Self.line(descriptor, size, atEnd: false),
            let tail = Self.line(descriptor, size, atEnd: true),
            case .some(let first) = Self.time(head, scanner), case .some(let last) = Self.time(tail, scanner)
        else { return nil }
        self.first = first
        self.last = last
    }

    /// One of the two lines, its line feed included.
    private static func line(_ descriptor: Int32, _ size: Int, atEnd: Bool) -> [UInt8]? {
        var length = min(piece, size)
        while true {
            var bytes = [UInt8](repeating: 0, count: length)
            let offset = atEnd ? size - length : 0
            guard pread(descriptor, &bytes, length, off_t(offset)) == length else { return nil }
            if atEnd {
                guard bytes.last == 10 else { return nil }
                if let begin = bytes.dropLast().lastIndex(of: 10) { return Array(bytes[(begin + 1)...]) }
            } else if let end = bytes.firstIndex(of: 10) {
                return Array(bytes[...end])
            }
            if length == size { return atEnd ? bytes : nil }
            guard length < longestLine else { return nil }
            length = min(size, length * 4)
        }
    }

    /// nil for a line that is no event, and `.some(nil)` for an undated event.
    private static func time(_ line: [UInt8], _ scanner: EventScanner) -> Instant?? {
        let padded = line + [UInt8](repeating: 32, count: EventScanner.padding)
        return padded.withUnsafeBufferPointer { buffer -> Instant?? in
            var event = heed_event()
            scanner.reset()
            let text = UnsafeBufferPointer(rebasing: buffer[..<(line.count - 1)])
            guard scanner.scanEvent(text, validating: false, into: &event) == .event else { return nil }
            guard event.undated == 0 else { return .some(nil) }
            return .some(Instant(seconds: event.seconds, nanoseconds: event.nanoseconds))
        }
    }
}
