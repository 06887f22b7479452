import Foundation

/// The bytes of one segment, a piece after the other, and their digest.
///
/// The file is open only while a piece is read, so that any number of segments can be merged with few descriptors.
final class SegmentFile {
    private let path: String
    private let isHashed: Bool
    private let told: Int?
    /// How many bytes the file has; nil before the first piece.
    private(set) var size: Int?
    private var offset = 0
    /// The digest of a file that was read in one piece.
    private var whole: Digest?
    /// What is read of another one.
    private var hasher: SHA256?
    /// What was read behind the last whole line.
    private var rest: [UInt8] = []
    private(set) var reachedEnd = false
    private var beginsWithBrace = false
    private var endsWithBrace = false

    /// Whether the file begins with a brace and ends with one and a line feed, once it was read to its end.
    var isFramed: Bool { reachedEnd && beginsWithBrace && endsWithBrace }

    /// `bytes`: how many the ledger tells, where it does; `isHashed`: whether the digest is wanted.
    init(path: String, bytes: Int?, isHashed: Bool) {
        self.path = path
        self.isHashed = isHashed
        told = bytes
    }

    /// How many bytes the file has, before any is read.
    ///
    /// - Throws: `EvidenceError` where no plain file stands.
    func look() throws -> Int {
        switch PlainFile.kind(path) {
        case .file(let size): return size
        case nil: throw EvidenceError.cannotRead(path, ENOENT)
        case .hidden(let failure): throw EvidenceError.cannotRead(path, failure)
        default: throw PlainFile.notPlain(path)
        }
    }

    /// No line is longer: what an event's text is told by has 32 bits.
    private static let longestLine = 1 << 30

    /// The digest of the file, once it was read to its end.
    var digest: Digest? {
        guard reachedEnd, isHashed else { return nil }
        // Of an empty file nothing was read.
        return whole ?? hasher?.digest ?? Digest(of: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Fills a buffer with whole lines: the rest of the piece before, then what the file has next.
    ///
    /// - Parameters:
    ///   - buffer: Replaced by a larger one for a line that it can't hold.
    ///   - padding: Bytes at the buffer's end that must stay free.
    /// - Returns: How many bytes of lines it holds; 0 at the end of the file.
    /// - Throws: `EvidenceError` for a file that can't be read.
    func fill(_ buffer: inout UnsafeMutableRawBufferPointer, padding: Int) throws -> Int {
        if rest.count + padding >= buffer.count { grow(&buffer, keeping: 0, to: rest.count * 2 + padding) }
        buffer.copyBytes(from: rest)
        var filled = rest.count
        rest = []
        while !reachedEnd {
            try read(UnsafeMutableRawBufferPointer(rebasing: buffer[..<(buffer.count - padding)]), &filled)
            if reachedEnd { break }
            var lines = filled
            while lines > 0, buffer[lines - 1] != 10 { lines -= 1 }
            if lines > 0 {
                rest = Array(buffer[lines..<filled])
                return lines
            }
            guard buffer.count < Self.longestLine else {
                throw EvidenceError(.damaged, "\(path) has a line of more than 1 GiB")
            }
            grow(&buffer, keeping: filled, to: buffer.count * 2)
        }
        return filled
    }

    private func grow(_ buffer: inout UnsafeMutableRawBufferPointer, keeping count: Int, to size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        buffer.deallocate()
        buffer = larger
    }

    private func read(_ target: UnsafeMutableRawBufferPointer, _ filled: inout Int) throws {
        guard let (descriptor, bytes) = try PlainFile.open(path) else { throw EvidenceError.cannotRead(path, ENOENT) }
        defer { close(descriptor) }
        let whole = size ?? bytes
        size = whole
        // Of a file that somebody made longer not more than one more segment's is read.
        let readable = min(whole, told.map { $0 + SegmentReference.mostBytes } ?? whole)
        while filled < target.count {
            guard offset < readable else {
                reachedEnd = true
                return
            }
            let free = UnsafeMutableRawBufferPointer(rebasing: target[filled...].prefix(readable - offset))
            let count = pread(descriptor, free.baseAddress, free.count, off_t(offset))
            if count < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotRead(path, errno)
            }
            if count == 0 {
                reachedEnd = true
                return
            }
            if isHashed {
                hash(UnsafeRawBufferPointer(rebasing: free[..<count]), isAll: offset == 0 && count == readable)
            }
            if offset == 0 { beginsWithBrace = target[filled] == UInt8(ascii: "{") }
            filled += count
            offset += count
            endsWithBrace = filled > 1 && target[filled - 2] == UInt8(ascii: "}") && target[filled - 1] == 10
        }
    }

    /// Most files are short, and a hash in one go is less work.
    private func hash(_ bytes: UnsafeRawBufferPointer, isAll: Bool) {
        if isAll {
            whole = Digest(of: bytes)
        } else {
            if hasher == nil { hasher = SHA256() }
            hasher?.update(bytes)
        }
    }
}
