import Evidence
import Foundation
import Synchronization

/// Whether a folder can be made and written into: tried, and taken back.
struct FolderProbe {
    private let path: String
    /// Whether the folder stands already.
    private(set) var exists = false

    /// Tries it.
    ///
    /// - Throws: `Problem` with status 73.
    init(_ path: String) throws {
        self.path = path
        try Self.trials.withLock { _ in try self.tryOut() }
    }

    /// Two that make and remove the same folder would take it from each other.
    private static let trials = Mutex(())

    private mutating func tryOut() throws {
        var missing: [String] = []
        var existing = Self.plain(path)
        while Self.isNothing(existing), existing != "/", existing != "." {
            missing.append(existing)
            existing = Self.parent(of: existing)
        }
        exists = missing.isEmpty
        try requireFolder(existing)
        var made: [String] = []
        defer { for folder in made.reversed() { rmdir(folder) } }
        for folder in missing.reversed() {
            guard mkdir(folder, 0o700) == 0 else { throw cannotMake(folder, errno) }
            made.append(folder)
        }
        let folder = missing.first ?? existing
        try write(into: folder)
    }

    private static func plain(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    private static func parent(of path: String) -> String {
        let parent = PathNames.parent(of: path)
        return parent.isEmpty ? "." : parent
    }

    private static func isNothing(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 && errno == ENOENT
    }

    private func requireFolder(_ folder: String) throws {
        var status = stat()
        guard stat(folder, &status) == 0 else {
            let failure = errno
            var link = stat()
            guard failure == ENOENT, lstat(folder, &link) == 0 else { throw cannotMake(folder, failure) }
            throw Problem(
                .cannotCreate,
                "\(path) can't be made: \(folder) is a link to nothing",
                hint: "make what it points to, or take it away"
            )
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw Problem(
                .cannotCreate,
                "\(path) can't be made: \(folder) is a file and in the way",
                hint: "move it away, or name another folder"
            )
        }
    }

    private func write(into folder: String) throws {
        let probe = "\(folder)/.heedaudit-doctor-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw cannotMake(folder, errno) }
        defer {
            close(descriptor)
            unlink(probe)
        }
        guard Foundation.write(descriptor, "x", 1) == 1 else { throw cannotMake(folder, errno) }
    }

    private func cannotMake(_ folder: String, _ failure: Int32) -> Problem {
        let reason = String(cString: strerror(failure))
        let what = exists ? "\(path) can't be written to" : "\(path) can't be made"
        let hint: String? =
            switch failure {
            case EACCES, EPERM:
                "give the user that runs heedaudit (id \(geteuid())) the right to write there, or name another folder"
            case EROFS: "mount it for writing, or name another folder"
            case ENOSPC, EDQUOT: "make room, or name another folder"
            case ENAMETOOLONG: "name a shorter path"
            default: "name another folder"
            }
        return Problem(
            failure == ENOSPC || failure == EDQUOT ? .cannotWrite : .cannotCreate,
            what + (folder == path ? "" : " (\(folder))") + ": \(reason)",
            hint: hint
        )
    }
}
