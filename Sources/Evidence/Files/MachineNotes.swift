import Foundation
import Synchronization

/// What a run could do only in part on this machine, or had to mend, for whoever reads its warnings: each is said once.
package enum MachineNotes {
    private struct State {
        var said: Set<String> = []
        var waiting: [String] = []
        var listener: (@Sendable (String) -> Void)?
    }

    private static let state = Mutex(State())

    /// Says something, unless it was said before.
    package static func say(_ text: String) {
        let listener = state.withLock { state -> (@Sendable (String) -> Void)? in
            guard state.said.insert(text).inserted else { return nil }
            if state.listener == nil { state.waiting.append(text) }
            return state.listener
        }
        listener?(text)
    }

    /// Hands on what was said and what will be.
    package static func listen(_ listener: @escaping @Sendable (String) -> Void) {
        let waiting = state.withLock { state -> [String] in
            defer { state.waiting = [] }
            state.listener = listener
            return state.waiting
        }
        waiting.forEach(listener)
    }
}

/// What file systems (network storage, FUSE, FAT) may refuse although nothing is wrong.
package enum FileSystemGap: String, Sendable, CaseIterable {
    case links
    case rights
    case folderSync
    case locks

    private static let found = Mutex<[(gap: FileSystemGap, path: String)]>([])

    /// Notes that a file system refuses this, and goes on.
    ///
    /// - Parameters:
    ///   - number: The system's reason.
    ///   - path: On what.
    /// - Returns: Whether the reason means that; any other is a failure.
    package func isReason(_ number: Int32, on path: String) -> Bool {
        guard isRefusal(number) else { return false }
        Self.found.withLock { found in
            if !found.contains(where: { $0.gap == self }) { found.append((self, path)) }
        }
        return true
    }

    /// Whether a reason of the system's means that the file system does not offer this.
    func isRefusal(_ number: Int32) -> Bool {
        if [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, ENOTTY].contains(number) { return true }
        return switch self {
        case .links, .rights: number == EPERM
        // Network file systems lock a folder as a file that is open for writing, which no folder can be.
        case .locks: [ENOLCK, EBADF].contains(number)
        case .folderSync: false
        }
    }

    private var words: String {
        switch self {
        case .links: "make symbolic links (there is no 'latest')"
        case .rights: "change rights"
        case .folderSync: "sync folders (a loss of power may cost the last run)"
        case .locks: "lock folders (two reports at once may be in each other's way)"
        }
    }

    /// The one warning about everything that was refused; nil when nothing was.
    package static var warning: String? {
        let found = found.withLock { $0 }
        guard let first = found.first else { return nil }
        return "the file system of \(first.path) can't " + found.map(\.gap.words).joined(separator: ", can't ")
    }
}
