import Dispatch
import Foundation
import Synchronization

/// Hands files to the disk on a thread of its own, in order, so that whoever writes them need not wait for it.
final class DiskSync: Sendable {
    private let queue = DispatchQueue(label: "syncing")
    private let problem = Mutex<EvidenceError?>(nil)

    init() {}

    /// Begins to hand to the disk what was written to a file so far.
    ///
    /// - Throws: `EvidenceError` for what can't be handed to the operating system.
    func begin(_ writer: SyncedWriter) throws {
        try writer.flush()
        let path = writer.path
        // A descriptor of its own: the writer may close meanwhile.
        let descriptor = dup(writer.descriptor)
        guard descriptor >= 0 else { throw EvidenceError.cannotWrite(path, errno) }
        queue.async { [self] in
            if fdatasync(descriptor) != 0 {
                let error = EvidenceError.cannotWrite(path, errno)
                problem.withLock { if $0 == nil { $0 = error } }
            }
            close(descriptor)
        }
    }

    /// Waits for everything that was begun.
    ///
    /// - Throws: `EvidenceError` for the first file that could not be synced.
    func finish() throws {
        queue.sync {}
        if let error = problem.withLock({ $0 }) { throw error }
    }
}
