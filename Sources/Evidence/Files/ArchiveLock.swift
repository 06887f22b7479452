import Foundation

/// The right to write one organization's folder.
///
/// The kernel gives it back when the process ends, however it ends.
final class ArchiveLock {
    private let descriptor: Int32

    /// - Throws: `EvidenceError` with code `.locked` when another process holds it, `.unsupported` where nothing can be
    ///   locked.
    init(folder: String, isTaken: Bool) throws {
        let path = folder + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw EvidenceError.cannotCreate(path, errno) }
        try Files.requireFile(descriptor, path)
        guard !isTaken || flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            if FileSystemGap.locks.isRefusal(failure) {
                throw EvidenceError(
                    .unsupported,
                    "can't lock \(path): \(EvidenceError.reason(failure)); two runs at once would damage the archive",
                    hint: "keep the archive on another file system, or write 'lock: none' into the configuration if no "
                        + "second run can ever begin"
                )
            }
            let holder = (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            // Not closed here: `deinit` does it, and twice would close whatever got the number meanwhile.
            guard failure == EWOULDBLOCK else { throw EvidenceError.cannotWrite(path, failure) }
            throw EvidenceError(
                .locked,
                "another run works on \(folder)" + (holder.isEmpty ? "" : " (process \(holder))"),
                hint: "wait for it to end; the lock goes with the process"
            )
        }
        ftruncate(descriptor, 0)
        let text = Array(String(getpid()).utf8)
        _ = write(descriptor, text, text.count)
    }

    deinit {
        // Given back by name: a program that is just being started may hold a copy of the descriptor for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
