import Foundation

/// File operations with the rights and the durability that evidence needs: folders 0700, files 0600, synced.
package enum Files {
    /// The most bytes of a file that are read into memory.
    static let largest = 512 << 20

    static func readIfPresent(_ path: String) throws -> [UInt8]? { try PlainFile.bytes(path, atMost: largest) }

    /// Calls `body` with each line of a file, without its line feed, of which a piece is in memory at a time.
    ///
    /// - Returns: What stands behind the last line feed; nil where there is no file.
    static func forEachLine(of path: String, _ body: (ArraySlice<UInt8>) -> Void) throws -> ArraySlice<UInt8>? {
        guard let (descriptor, size) = try PlainFile.open(path) else { return nil }
        defer { close(descriptor) }
        try PlainFile.requireSize(size, atMost: largest, path)
        var buffer = [UInt8](repeating: 0, count: min(size, piece))
        // What is in the buffer, and how much of it is the begin of a line that was looked through.
        var (filled, left) = (0, size)
        while left > 0 {
            if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
            let count = try PlainFile.fill(
                descriptor,
                min(left, buffer.count - filled),
                into: &buffer,
                at: filled,
                path
            )
            if count == 0 { break }
            left -= count
            var (begin, searched) = (0, filled)
            filled += count
            while let end = lineFeed(in: buffer, searched..<filled) {
                body(buffer[begin..<end])
                (begin, searched) = (end + 1, end + 1)
            }
            buffer.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[begin..<filled])) }
            filled -= begin
        }
        return buffer[..<filled]
    }

    private static let piece = 1 << 18

    private static func lineFeed(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        bytes.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[range])
            guard let start = part.baseAddress, let found = memchr(start, 10, part.count) else { return nil }
            return range.lowerBound + (UnsafeRawPointer(found) - start)
        }
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let bytes = try readIfPresent(path) else { throw EvidenceError.cannotRead(path, ENOENT) }
        return bytes
    }

    /// A file's bytes, mapped; nil when there is no file.
    static func mapIfPresent(_ path: String) throws -> Data? {
        guard let (descriptor, size) = try PlainFile.open(path) else { return nil }
        defer { close(descriptor) }
        guard size > 0 else { return Data() }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw EvidenceError.cannotRead(path, errno)
        }
        return Data(bytesNoCopy: address, count: size, deallocator: .unmap)
    }

    /// Makes a folder, and those above it; what is there is followed through links.
    static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o700) == 0 { return }
        let failure = errno
        if failure == EEXIST {
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        }
        if failure == ENOENT, path.contains("/") {
            let parent = PathNames.parent(of: path)
            if !parent.isEmpty, parent != path {
                try makeFolder(parent)
                if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
            }
        }
        throw EvidenceError.cannotCreate(path, failure)
    }

    /// Makes a folder of an organization's archive, where nothing is followed through a link.
    static func makeOwnFolder(_ path: String) throws {
        switch PlainFile.kind(path) {
        case .folder: return
        case nil: try makeFolder(path)
        case .link: throw EvidenceError.isLink(path)
        case .hidden(let failure): throw EvidenceError.cannotCreate(path, failure)
        default: throw EvidenceError.cannotCreate(path, ENOTDIR)
        }
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
        guard fsync(descriptor) == 0 || FileSystemGap.folderSync.isReason(errno, on: path) else {
            throw EvidenceError.cannotWrite(path, errno)
        }
    }

    /// Cuts a file off, not through a link.
    static func cut(_ path: String, to size: Int) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw EvidenceError.cannotCreate(path, errno) }
        defer { close(descriptor) }
        try requireFile(descriptor, path)
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw EvidenceError.cannotWrite(path, errno) }
    }

    /// Ends where what was opened for writing is no plain file.
    static func requireFile(_ descriptor: Int32, _ path: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw EvidenceError.isNoFile(path)
        }
    }

    static func rename(_ from: String, to path: String) throws {
        guard Foundation.rename(from, path) == 0 else { throw EvidenceError.cannotCreate(path, errno) }
    }

    /// Whether anything stands at a path, a link included, or may stand there: what can't be looked at is not absent.
    package static func exists(_ path: String) -> Bool { PlainFile.kind(path) != nil }

    /// Names in a folder, sorted; none when there is no folder.
    ///
    /// - Throws: ``EvidenceError`` when the folder is there and can't be read.
    package static func names(in path: String) throws -> [String] { try PlainFile.names(in: path) }

    static func removeTree(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
