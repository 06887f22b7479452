import Crypto
import Foundation

/// A new file being written: hashed on the way, synced before it counts.
final class FileSink {
    /// The name inside the bundle.
    let name: String
    private let path: String
    private var descriptor: Int32
    private var hash = SHA256()
    private(set) var byteCount = 0

    /// Creates a file that must not exist yet.
    init(folder: String, name: String, mode: OutputMode) throws {
        self.name = name
        path = "\(folder)/\(name)"
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw ReportingError.create(path) }
        guard fchmod(descriptor, mode_t(mode.fileMode)) == 0 else { throw ReportingError.create(path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends bytes.
    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var rest = UnsafeRawBufferPointer(bytes)
        hash.update(bufferPointer: rest)
        byteCount += rest.count
        while let start = rest.baseAddress, rest.count > 0 {
            let written = Foundation.write(descriptor, start, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw ReportingError.write(path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Appends text.
    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write($0) }
    }

    /// Syncs and closes the file.
    /// - Parameter rows: How many rows of streamed sections it holds, where it holds any.
    /// - Returns: What the manifest tells of the file.
    /// - Throws: ``ReportingError`` with code `cannotWrite`.
    func finish(rows: Int? = nil) throws -> PublishedBundle.File {
        guard fsync(descriptor) == 0 else { throw ReportingError.write(path) }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw ReportingError.write(path) }
        return PublishedBundle.File(name: name, bytes: byteCount, sha256: hash.finalize().hex, rows: rows)
    }
}

extension ReportingError {
    /// A file or folder that can't be created; reads `errno`.
    static func create(_ path: String) -> ReportingError {
        let reason = errno
        return ReportingError(
            .cannotCreate,
            "cannot create \(path): \(String(cString: strerror(reason)))",
            hint: hint(reason)
        )
    }

    /// A file or folder that can't be written; reads `errno`.
    static func write(_ path: String) -> ReportingError {
        let reason = errno
        return ReportingError(
            .cannotWrite,
            "cannot write \(path): \(String(cString: strerror(reason)))",
            hint: hint(reason)
        )
    }

    private static func hint(_ reason: Int32) -> String? {
        switch reason {
        case ENOSPC, EDQUOT: "free some space there, then run it again: nothing half-written is left"
        case EACCES, EPERM, EROFS: "choose another --output, or change the folder's rights"
        default: nil
        }
    }
}
