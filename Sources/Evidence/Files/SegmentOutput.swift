import Foundation

/// A segment being written: gathered in memory, hashed there, and handed to the disk in large pieces.
final class SegmentOutput {
    private let path: String
    private var descriptor: Int32
    private var file: DirectFile
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    /// Bytes written so far.
    private(set) var byteCount = 0
    private var hasher = SHA256()

    private static let bufferSize = 1 << 19

    /// Creates the file, or empties it.
    ///
    /// - Throws: `EvidenceError` with code `.cannotCreate`.
    init(path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw EvidenceError.cannotCreate(path, errno) }
        do {
            try Files.requireFile(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        file = DirectFile(descriptor)
        buffer = .allocate(byteCount: Self.bufferSize, alignment: DirectFile.alignment)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        buffer.deallocate()
    }

    /// Appends bytes.
    ///
    /// - Throws: `EvidenceError` with code `.cannotWrite`.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(buffer.count - filled))
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
            filled += part.count
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
            if filled == buffer.count { try flush() }
        }
    }

    /// Hands everything to the disk and closes the file.
    ///
    /// - Returns: The digest of the file, in hex.
    /// - Throws: `EvidenceError` with code `.cannotWrite`.
    func finish() throws -> String {
        try flush()
        guard fsync(descriptor) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw EvidenceError.cannotWrite(path, errno) }
        return hasher.hex
    }

    private func flush() throws {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
        hasher.update(bytes)
        let reason = file.append(bytes)
        guard reason == 0 else { throw EvidenceError.cannotWrite(path, reason) }
        byteCount += filled
        filled = 0
    }
}
