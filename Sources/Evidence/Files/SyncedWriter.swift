import Foundation

/// Writes a file through a buffer; `finish` syncs it.
///
/// What was begun and not finished is of no consequence.
final class SyncedWriter {
    /// How a file is written.
    enum Manner {
        /// From its begin; what it held is lost.
        case anew
        /// Behind what it holds.
        case appending
        /// From its begin, hashed on the way, and past the page cache as far as that goes: nobody reads it again soon.
        case sealing
    }

    let path: String
    let descriptor: Int32
    /// How many bytes were written so far, those in the buffer included.
    private(set) var byteCount = 0
    private let manner: Manner
    private var file: DirectFile
    private var hasher = SHA256()
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var isOpen = true

    private static let bufferSize = 1 << 19

    /// Opens the file, which need not exist.
    ///
    /// - Throws: `EvidenceError` with code `.cannotCreate`, and for what is no plain file.
    init(path: String, _ manner: Manner = .anew) throws {
        // Not through a link, and without waiting for the reader of a pipe.
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        descriptor = open(path, flags | (manner == .appending ? O_APPEND : O_TRUNC), 0o600)
        guard descriptor >= 0 else { throw EvidenceError.cannotCreate(path, errno) }
        self.path = path
        self.manner = manner
        file = DirectFile(descriptor, takesDirect: manner == .sealing)
        buffer = .allocate(byteCount: Self.bufferSize, alignment: DirectFile.alignment)
        try Files.requireFile(descriptor, path)
    }

    deinit {
        if isOpen { close(descriptor) }
        buffer.deallocate()
    }

    /// Appends bytes.
    ///
    /// - Throws: `EvidenceError` with code `.cannotWrite`.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        byteCount += bytes.count
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(buffer.count - filled))
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
            filled += part.count
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
            if filled == buffer.count { try flush() }
        }
    }

    /// Appends a byte.
    ///
    /// - Throws: `EvidenceError` with code `.cannotWrite`.
    func write(byte: UInt8) throws {
        buffer[filled] = byte
        filled += 1
        byteCount += 1
        if filled == buffer.count { try flush() }
    }

    /// Hands everything to the operating system; it survives the process, not yet a loss of power.
    ///
    /// - Throws: `EvidenceError` with code `.cannotWrite`.
    func flush() throws {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
        if manner == .sealing { hasher.update(bytes) }
        let reason = file.append(bytes)
        guard reason == 0 else { throw EvidenceError.cannotWrite(path, reason) }
        filled = 0
    }

    /// Hands everything to the disk and closes the file.
    ///
    /// - Returns: The digest of a file that was sealed, in hex; of no meaning for others.
    /// - Throws: `EvidenceError` with code `.cannotWrite`.
    @discardableResult
    func finish() throws -> String {
        try flush()
        guard fsync(descriptor) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
        isOpen = false
        guard close(descriptor) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
        return hasher.hex
    }
}
