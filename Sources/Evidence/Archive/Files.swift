import Foundation

/// File operations with the rights and the durability that evidence needs: folders 0700, files 0600, synced.
enum Files {
    static func readIfPresent(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw EvidenceError.cannotRead(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw EvidenceError.cannotRead(path, errno) }
        let size = Int(status.st_size)
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = 0
            while count < size {
                let done = Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if done < 0 && errno == EINTR { continue }
                if done < 0 { failure = errno }
                if done <= 0 { return }
                count += done
            }
        }
        if failure != 0 { throw EvidenceError.cannotRead(path, failure) }
        return bytes
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let bytes = try readIfPresent(path) else { throw EvidenceError.cannotRead(path, ENOENT) }
        return bytes
    }

    /// A file's bytes, mapped where that is cheaper than reading them; nil when there is no file.
    static func mapIfPresent(_ path: String) throws -> Data? {
        guard exists(path) else { return nil }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw EvidenceError.cannotRead(path, EIO)
        }
    }

    static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o700) == 0 { return }
        let failure = errno
        if failure == EEXIST {
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        }
        if failure == ENOENT {
            let parent = (path as NSString).deletingLastPathComponent
            if !parent.isEmpty, parent != path {
                try makeFolder(parent)
                if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
            }
        }
        throw EvidenceError.cannotCreate(path, failure)
    }

    /// Writes a whole file and syncs it.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let writer = try SyncedWriter(path: path)
        try bytes.withUnsafeBytes { try writer.write($0) }
        try writer.finish()
    }

    static func syncFolder(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw EvidenceError.cannotRead(path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
    }

    static func rename(_ from: String, to path: String) throws {
        guard Foundation.rename(from, path) == 0 else { throw EvidenceError.cannotCreate(path, errno) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Names in a folder, sorted; none when there is no folder.
    static func names(in path: String) throws -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw EvidenceError.cannotRead(path, errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let item = readdir(folder) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func removeTree(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Writes a file through a buffer; `finish` syncs it.
///
/// What was begun and not finished is of no consequence.
final class SyncedWriter {
    let path: String
    private(set) var byteCount = 0
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true

    private static let bufferSize = 1 << 18

    /// Opens the file.
    ///
    /// `appending`: Whether to go on behind what the file holds.
    init(path: String, appending: Bool = false) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (appending ? O_APPEND : O_TRUNC), 0o600)
        guard descriptor >= 0 else { throw EvidenceError.cannotCreate(path, errno) }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        if isOpen { close(descriptor) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        byteCount += bytes.count
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize {
            try writeAll(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    func write(byte: UInt8) throws {
        buffer.append(byte)
        byteCount += 1
    }

    /// Hands everything to the operating system; it survives the process, not yet a loss of power.
    func flush() throws {
        try buffer.withUnsafeBytes { try writeAll($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Hands everything to the disk and closes the file.
    func finish() throws {
        try flush()
        guard fsync(descriptor) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
        isOpen = false
        guard close(descriptor) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotWrite(path, errno)
            }
            rest = rest.dropFirst(written)
        }
    }
}
