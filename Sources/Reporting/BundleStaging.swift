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
    init(output: String, organizationFolder: String, mode: OutputMode) throws {
        parent = "\(output)/\(organizationFolder)"
        try Self.makeFolder(output, mode)
        try Self.makeFolder(parent, mode)
        Self.removeLeftovers(in: parent)
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ReportingError.create("a bundle in \(parent)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0, chmod(path, mode_t(mode.folderMode)) == 0
        else {
            let error = ReportingError.create(path)
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
        guard fsync(descriptor) == 0 else { throw ReportingError.write(path) }
        guard rename(path, "\(parent)/\(name)") == 0 else { throw ReportingError.write("\(parent)/\(name)") }
        isPublished = true
        try Self.sync(folder: parent)
    }

    /// Makes the names in a folder durable.
    static func sync(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReportingError.write(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ReportingError.write(folder) }
    }

    private func discard() {
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func makeFolder(_ path: String, _ mode: OutputMode) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard !isFolder.boolValue else { return }
            errno = ENOTDIR
            throw ReportingError.create(path)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: Int(mode.folderMode)]
            )
        } catch {
            throw ReportingError(
                .cannotCreate,
                "cannot create folder \(path): \(error.reason)",
                hint: "choose another --output, or change the folder's rights"
            )
        }
        _ = chmod(path, mode_t(mode.folderMode))
    }

    /// Removes the hidden folders of runs that no longer live: those whose lock is free.
    private static func removeLeftovers(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: path) }
            close(descriptor)
        }
    }
}
