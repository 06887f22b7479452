import CSimdJSON
import Foundation

/// The first and the last line of a segment, read without what lies between them.
struct SegmentEdges {
    /// The time of the first line's event; nil for an undated one.
    let first: Instant?
    /// The time of the last line's event; nil for an undated one.
    let last: Instant?

    /// Reads those of one segment after the other: an archive may have tens of thousands.
    struct Reader {
        private static let piece = 1 << 16
        private static let longestLine = 64 << 20

        private let scanner: EventScanner
        private var buffer = [UInt8](repeating: 32, count: piece + EventScanner.padding)

        /// - Throws: `EvidenceError` with code `.outOfMemory`.
        init() throws { scanner = try EventScanner() }

        /// Reads the edges of a segment; nil where nothing stands.
        ///
        /// - Returns: How many bytes it has, and the edges; no edges where it is empty, or a line of them is no event.
        /// - Throws: `EvidenceError` with code `.cannotRead`, also for what is no plain file.
        mutating func read(_ path: String) throws -> (bytes: Int, edges: SegmentEdges?)? {
            guard let (descriptor, size) = try PlainFile.open(path) else { return nil }
            defer { close(descriptor) }
            return (size, size > Self.piece ? longEdges(descriptor, size) : size > 0 ? edges(descriptor, size) : nil)
        }

        /// Those of a segment that is read in one go, as nearly all are.
        private mutating func edges(_ descriptor: Int32, _ size: Int) -> SegmentEdges? {
            let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, size, 0) }
            guard count == size else { return nil }
            return buffer.withUnsafeBufferPointer { all in
                let bytes = UnsafeBufferPointer(rebasing: all[..<size])
                guard bytes[size - 1] == 10, let end = bytes.firstIndex(of: 10),
                    case .some(let first) = time(UnsafeBufferPointer(rebasing: bytes[..<end]))
                else { return nil }
                // One line is both.
                guard end < size - 1 else { return SegmentEdges(first: first, last: first) }
                let begin = (bytes.dropLast().lastIndex(of: 10) ?? -1) + 1
                guard case .some(let last) = time(UnsafeBufferPointer(rebasing: bytes[begin..<(size - 1)])) else {
                    return nil
                }
                return SegmentEdges(first: first, last: last)
            }
        }

        private func longEdges(_ descriptor: Int32, _ size: Int) -> SegmentEdges? {
            guard let head = Self.line(descriptor, size, atEnd: false),
                let tail = Self.line(descriptor, size, atEnd: true),
                case .some(let first) = time(head), case .some(let last) = time(tail)
            else { return nil }
            return SegmentEdges(first: first, last: last)
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

        private func time(_ line: [UInt8]) -> Instant?? {
            let padded = line + [UInt8](repeating: 32, count: EventScanner.padding)
            return padded.withUnsafeBufferPointer { time(UnsafeBufferPointer(rebasing: $0[..<(line.count - 1)])) }
        }

        /// nil for a line that is no event, and `.some(nil)` for an undated event.
        private func time(_ line: UnsafeBufferPointer<UInt8>) -> Instant?? {
            var event = heed_event()
            scanner.reset()
            guard scanner.scanEvent(line, validating: false, into: &event) == .event else { return nil }
            guard event.undated == 0 else { return .some(nil) }
            return .some(Instant(seconds: event.seconds, nanoseconds: event.nanoseconds))
        }
    }
}
