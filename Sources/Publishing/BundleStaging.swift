import Templates
import Evidence
import Foundation

/// A bundle while it is written: a hidden folder beside the place where it will stand.
///
/// The folder is locked as long as its writer lives, so that a later run can tell what a killed one left behind.
final class BundleStaging {
    /// The organization's folder under the output folder.
    let parent: String
    /// Where the files are written.
    let path: String
    private var descriptor: Int32
    private var isPublished = false

    private static let prefix = ".partial-"

    /// Makes the organization's folder where needed, clears what killed runs left there, and begins a bundle.
    init(output: String, organizationFolder: String, mode: OutputMode, group: OutputGroup? = nil) throws {
        parent = "\(output)/\(organizationFolder)"
        try Self.makeFolder(output, mode)
        try Self.makeFolder(parent, mode)
        try group?.take(parent)
        Self.removeLeftovers(in: parent)
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ReportingError.create("a bundle in \(parent)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        do {
            guard descriptor >= 0, try Self.lock(descriptor, parent, LOCK_EX | LOCK_NB) else {
                throw ReportingError.create(path)
            }
            try Self.giveRights(path, mode)
        } catch {
            discard()
            throw error
        }
    }

    deinit {
        if !isPublished { discard() }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Moves the bundle to its place, whose name must be free, and syncs both folders.
    func publish(as name: String) throws {
        guard fsync(descriptor) == 0 || FileSystemGap.folderSync.isReason(errno, on: parent) else {
            throw ReportingError.write(path)
        }
        guard rename(path, "\(parent)/\(name)") == 0 else { throw ReportingError.write("\(parent)/\(name)") }
        isPublished = true
        try Self.sync(folder: parent)
    }

    /// Makes the names in a folder durable.
    static func sync(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReportingError.write(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || FileSystemGap.folderSync.isReason(errno, on: folder) else {
            throw ReportingError.write(folder)
        }
    }

    /// Locks an open folder, where its file system can.
    ///
    /// - Returns: Whether it is locked, or can't be; false where another process holds it.
    /// - Throws: `ReportingError`.
    static func lock(_ descriptor: Int32, _ path: String, _ operation: Int32) throws -> Bool {
        while flock(descriptor, operation) != 0 {
            let failure = errno
            if failure == EINTR { continue }
            if failure == EWOULDBLOCK { return false }
            guard FileSystemGap.locks.isReason(failure, on: path) else { throw ReportingError.write(path, failure) }
            return true
        }
        return true
    }

    private func discard() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Makes a folder, and those above it; one that is there keeps its rights.
    static func makeFolder(_ path: String, _ mode: OutputMode) throws {
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return }
            errno = ENOTDIR
            throw ReportingError.create(path)
        }
        if errno == ENOENT {
            let parent = PathNames.parent(of: path)
            if !parent.isEmpty, parent != path { try makeFolder(parent, mode) }
        }
        if mkdir(path, 0o700) == 0 { return try giveRights(path, mode) }
        let failure = errno
        // Another run may have made it between the two looks.
        if failure == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        throw ReportingError(
            .cannotCreate,
            "cannot create folder \(path): \(String(cString: strerror(failure)))",
            hint: AccessHint.hint(for: path, failure) ?? "choose another --output, or change the folder's rights"
        )
    }

    /// Gives a new folder the rights of its mode; the set-group-id bit that it has from the folder above stays, so that the
    /// group is handed on.
    private static func giveRights(_ path: String, _ mode: OutputMode) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw ReportingError.create(path) }
        guard chmod(path, mode_t(mode.folderMode) | status.st_mode & S_ISGID) != 0 else { return }
        guard FileSystemGap.rights.isReason(errno, on: path) else { throw ReportingError.create(path) }
    }

    /// Removes the hidden folders of runs that no longer live: those whose lock is free.
    static func removeLeftovers(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: path) }
            close(descriptor)
        }
    }

    // MARK: Removal

    /// Gives a bundle the name of one that is not finished: nobody takes it for a bundle, and whoever clears leftovers away
    /// removes it.
    ///
    /// - Returns: Where it stands now.
    /// - Throws: `ReportingError`.
    static func hide(_ bundle: String, in folder: String) throws -> String {
        let hidden = hidden(bundle, in: folder)
        guard rename("\(folder)/\(bundle)", hidden) == 0 else { throw ReportingError.write("\(folder)/\(bundle)") }
        return hidden
    }

    /// Where a bundle stands that is about to be removed.
    static func hidden(_ bundle: String, in folder: String) -> String { "\(folder)/\(prefix)\(bundle)" }

    /// Removes a hidden bundle, unless another run has done so.
    static func remove(_ hidden: String) throws {
        do {
            try FileManager.default.removeItem(atPath: hidden)
        } catch {
            guard PlainFile.kind(hidden) != nil else { return }
            throw ReportingError(
                .cannotWrite,
                "cannot remove \(hidden)",
                hint: "the next report removes it; check who may write there"
            )
        }
    }
}
