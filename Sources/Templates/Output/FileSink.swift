import Dispatch
import Evidence
import Foundation
import Synchronization

/// A new file being written: hashed on the way, synced before it counts.
///
/// Bytes are hashed and written on a thread of the file's own, at most four pieces behind.
///
/// Sendable although it holds a hash and a descriptor: once it is made, only work in the backlog touches them, and `finish`, when none is
/// left; what the caller reads beside that is `problem` alone, behind a lock.
package final class FileSink: @unchecked Sendable {
    /// The name inside the bundle.
    let name: String
    private let path: String
    private let backlog: Backlog
    private let problem = Mutex<ReportingError?>(nil)
    /// Below zero when it is closed.
    private var descriptor: Int32
    private var file: DirectFile
    private var hash = SHA256()
    private var byteCount = 0

    /// Creates a file that must not exist yet.
    ///
    /// - Throws: ``ReportingError`` when the file is there already or can't be created.
    package init(folder: String, name: String, mode: OutputMode) throws {
        self.name = name
        path = "\(folder)/\(name)"
        backlog = Backlog(label: "writing \(name)")
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        file = DirectFile(descriptor)
        guard descriptor >= 0 else { throw ReportingError.create(path) }
        guard fchmod(descriptor, mode_t(mode.fileMode)) == 0 || FileSystemGap.rights.isReason(errno, on: folder) else {
            throw ReportingError.create(path)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends bytes.
    /// - Throws: ``ReportingError`` for bytes appended before.
    func write(_ bytes: OutputSlice) throws {
        if let error = problem.withLock({ $0 }) { throw error }
        backlog.add { [self] in append(UnsafeRawBufferPointer(bytes.bytes)) }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws { try write(OutputSlice(bytes)) }

    /// Appends text.
    func write(_ text: String) throws { try write(Array(text.utf8)) }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        guard problem.withLock({ $0 == nil }) else { return }
        hash.update(bytes)
        byteCount += bytes.count
        let reason = file.append(bytes)
        if reason != 0 { problem.withLock { $0 = ReportingError.write(path, reason) } }
    }

    /// Syncs and closes the file.
    /// - Parameter rows: How many rows of streamed sections it holds, where it holds any.
    /// - Returns: What the manifest tells of the file.
    /// - Throws: ``ReportingError`` with code `cannotWrite`.
    package func finish(rows: Int? = nil) throws -> OutputFile {
        try backlog.finish {
            if let error = problem.withLock({ $0 }) { throw error }
            guard fsync(descriptor) == 0 else { throw ReportingError.write(path) }
            let closed = close(descriptor)
            descriptor = -1
            guard closed == 0 else { throw ReportingError.write(path) }
            return OutputFile(name: name, bytes: byteCount, sha256: hash.hex, rows: rows)
        }
    }
}

/// Work done in order on a thread of its own, at most four pieces behind whoever hands it on.
final class Backlog: Sendable {
    private let queue: DispatchQueue
    private let room = DispatchSemaphore(value: 4)

    init(label: String) { queue = DispatchQueue(label: label) }

    /// Hands on a piece of work; waits while four are not done.
    func add(_ work: @escaping @Sendable () -> Void) {
        room.wait()
        queue.async { [room] in
            work()
            room.signal()
        }
    }

    /// Does the last piece behind all others, and waits for it.
    func finish<Value>(_ work: () throws -> Value) rethrows -> Value { try queue.sync(execute: work) }
}

extension ReportingError {
    /// A file or folder that can't be created; reads `errno`.
    package static func create(_ path: String) -> ReportingError {
        let reason = errno
        return ReportingError(
            .cannotCreate,
            "cannot create \(path): \(String(cString: strerror(reason)))",
            hint: hint(reason)
        )
    }

    /// A file or folder that can't be written, for a reason of the system.
    package static func write(_ path: String, _ reason: Int32 = errno) -> ReportingError {
        ReportingError(
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
