import Foundation

/// A segment being written: gathered in memory, hashed there, and handed to the disk in large pieces.
final class SegmentOutput {
    private let path: String
    private var file: DirectFile
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0

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
        file = DirectFile(descriptor)
        buffer = .allocate(byteCount: Self.bufferSize, alignment: DirectFile.alignment)
    }

    deinit { buffer.deallocate() }

    /// Bytes written so far.
    var byteCount: Int { file.byteCount }

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
        let reason = file.finish()
        guard reason == 0 else { throw EvidenceError.cannotWrite(path, reason) }
        return file.sha256
    }

    private func flush() throws {
        let reason = file.append(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        guard reason == 0 else { throw EvidenceError.cannotWrite(path, reason) }
        filled = 0
    }
}
