import Crypto
import Foundation

/// The bytes of one segment, a piece after the other, and their digest.
///
/// The file is open only while a piece is read, so that any number of segments can be merged with few descriptors.
final class SegmentFile {
    private let path: String
    private let isHashed: Bool
    private var offset = 0
    private var hasher = SHA256()
    /// What was read behind the last whole line.
    private var rest: [UInt8] = []
    private(set) var reachedEnd = false

    /// `isHashed`: whether the digest is wanted.
    init(path: String, isHashed: Bool) {
        self.path = path
        self.isHashed = isHashed
    }

    /// The digest of the file, once it was read to its end.
    var digest: String? { reachedEnd && isHashed ? Digest.hex(hasher.finalize()) : nil }

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
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw EvidenceError.cannotRead(path, errno) }
        defer { close(descriptor) }
        while filled < target.count {
            let free = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            let count = pread(descriptor, free.baseAddress, free.count, off_t(offset))
            if count < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotRead(path, errno)
            }
            if count == 0 {
                reachedEnd = true
                return
            }
            if isHashed { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: free[..<count])) }
            filled += count
            offset += count
        }
    }
}
