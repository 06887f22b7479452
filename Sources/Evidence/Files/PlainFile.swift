import Foundation

/// Reads files that somebody else may have put there: only plain ones, never through a link, never waiting for a pipe,
/// and never more bytes than are asked for.
package enum PlainFile {
    /// What stands at a path, links not followed.
    package enum Kind: Sendable, Hashable {
        case file(bytes: Int)
        case folder
        case link
        /// A pipe, a socket, a device.
        case other
        /// What can't be looked at, for a reason that is an `errno`: it is neither there nor absent.
        case hidden(Int32)
    }

    /// What stands at a path; nil for nothing.
    package static func kind(_ path: String) -> Kind? {
        var status = stat()
        return lstat(path, &status) == 0 ? kind(of: status) : hidden(errno)
    }

    /// What stands below an open folder, by its path from there.
    static func kind(_ path: String, in folder: borrowing OpenFolder) -> Kind? {
        var status = stat()
        guard fstatat(folder.descriptor, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return hidden(errno) }
        return kind(of: status)
    }

    /// Reads a file in an open folder that has one byte less than there is room for; false for any other, and for one that can't be
    /// read.
    ///
    /// It is not looked at before: of a longer one all bytes come, and what is no file of bytes has no place to read at.
    static func readWhole(_ name: String, in folder: borrowing OpenFolder, into bytes: UnsafeMutableRawBufferPointer)
        -> Bool
    {
        let descriptor = openat(folder.descriptor, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return pread(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count - 1
    }

    private static func hidden(_ failure: Int32) -> Kind? {
        [ENOENT, ENOTDIR, ENAMETOOLONG].contains(failure) ? nil : .hidden(failure)
    }

    private static func kind(of status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file(bytes: Int(status.st_size))
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// Whether a folder stands at a path, and no link to one.
    package static func isFolder(_ path: String) -> Bool { kind(path) == .folder }

    /// The bytes of a file; nil where nothing stands.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead` for anything but a plain file, and for one of more than `most` bytes.
    package static func bytes(_ path: String, atMost most: Int) throws -> [UInt8]? {
        guard let (descriptor, size) = try open(path) else { return nil }
        return try bytes(of: descriptor, size, path, atMost: most)
    }

    /// The bytes of a file that the operator named: a link to it is followed.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`, also where nothing stands.
    package static func named(_ path: String, atMost most: Int) throws -> [UInt8] {
        guard let (descriptor, size) = try open(path, followingLinks: true) else {
            throw EvidenceError.cannotRead(path, ENOENT)
        }
        return try bytes(of: descriptor, size, path, atMost: most)
    }

    private static func bytes(of descriptor: Int32, _ size: Int, _ path: String, atMost most: Int) throws -> [UInt8] {
        defer { close(descriptor) }
        try requireSize(size, atMost: most, path)
        return try piece(of: descriptor, size, path)
    }

    /// Ends where a file is longer than what is read of any.
    static func requireSize(_ size: Int, atMost most: Int, _ path: String) throws {
        guard size > most else { return }
        throw EvidenceError(.cannotRead, "\(path) has \(size) bytes; more than \(most) are not read")
    }

    /// The next bytes of a file, fewer than `size` at its end alone.
    static func piece(of descriptor: Int32, _ size: Int, _ path: String) throws -> [UInt8] {
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

    /// Reads the next bytes of a file into a buffer.
    ///
    /// - Returns: How many; 0 at the end of the file.
    static func fill(_ descriptor: Int32, _ count: Int, into buffer: inout [UInt8], at place: Int, _ path: String)
        throws
        -> Int
    {
        while true {
            let done = buffer.withUnsafeMutableBytes { bytes in
                Foundation.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[place...]).baseAddress, count)
            }
            if done >= 0 { return done }
            if errno != EINTR { throw EvidenceError.cannotRead(path, errno) }
        }
    }

    /// Opens a plain file for reading, which the caller closes; nil where nothing stands.
    static func open(_ path: String, followingLinks: Bool = false) throws -> (descriptor: Int32, bytes: Int)? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
        let descriptor = Foundation.open(path, flags)
        guard descriptor >= 0 else {
            let failure = errno
            if failure == ENOENT { return nil }
            if failure == ELOOP || failure == ENXIO { throw notPlain(path) }
            throw EvidenceError.cannotRead(path, failure)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw notPlain(path)
        }
        return (descriptor, Int(status.st_size))
    }

    static func notPlain(_ path: String) -> EvidenceError {
        EvidenceError(.cannotRead, "can't read \(path): it is no plain file")
    }

    /// The digest of a file in hex, and how many bytes it has.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`, also where nothing stands.
    package static func digest(_ path: String) throws -> (sha256: String, bytes: Int) {
        guard let (descriptor, _) = try open(path) else { throw EvidenceError.cannotRead(path, ENOENT) }
        defer { close(descriptor) }
        var hasher = SHA256()
        var total = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotRead(path, errno)
            }
            if count == 0 { return (hasher.hex, total) }
            total += count
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Names in a folder, sorted by their bytes; none where there is no folder.
    ///
    /// A name that is no UTF-8 is told with `\xNN` for each byte that is none: it is nobody's name but the folder's.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`.
    package static func names(in path: String) throws -> [String] {
        var names: [ExactText] = []
        try forEachName(in: path) { names.append(ExactText(text($0))) }
        return names.sorted().map(\.text)
    }

    /// Calls `body` with the bytes of each name in a folder, in no order; not at all where there is no folder.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`.
    static func forEachName(in path: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) throws {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return }
            throw EvidenceError.cannotRead(path, errno)
        }
        defer { closedir(folder) }
        while let item = readdir(folder) {
            withUnsafePointer(to: &item.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
                    let name = UnsafeBufferPointer(start: $0, count: strnlen($0, 256))
                    let isDots = name.count < 3 && name.allSatisfy { $0 == UInt8(ascii: ".") }
                    if !isDots { body(name) }
                }
            }
        }
    }

    private static func strnlen(_ bytes: UnsafePointer<UInt8>, _ most: Int) -> Int {
        var count = 0
        while count < most, bytes[count] != 0 { count += 1 }
        return count
    }

    /// A name as ``names(in:)`` tells it.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.reduce(into: "") { text, byte in
            if byte < 0x80 {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "\\x" + [byte].hex
            }
        }
    }
}

/// A folder many of whose files are looked at: what leads to it is gone through once.
struct OpenFolder: ~Copyable {
    fileprivate let descriptor: Int32

    /// Opens a folder, through links if need be; nil where it can't be opened.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }
}

extension PlainFile {
    /// Where a symbolic link leads; nil where it can't be told, or is no UTF-8.
    package static func target(ofLink path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &bytes, bytes.count)
        return count > 0 ? String(validating: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
