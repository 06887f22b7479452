import Evidence
import Foundation

/// A file that others read at any moment: it is replaced whole or not at all.
enum WholeFile {
    /// Puts text into a file that everybody may read; through a link, which stays, into the file that it leads to.
    ///
    /// - Throws: `Problem` with status 73 or 74, also where anything but a plain file stands there: what stood there before
    ///   stands there still.
    static func write(_ text: String, to named: String) throws {
        let path = try place(of: named)
        let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
        let temporary = (folder.isEmpty ? "." : folder) + "/.\(name).\(getpid())"
        // Left by a process of this number that was killed.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.problem(.cannotCreate, temporary) }
        do {
            defer { close(descriptor) }
            // Whatever the umask: who collects metrics is another user.
            guard fchmod(descriptor, 0o644) == 0 else { throw Self.problem(.cannotWrite, temporary) }
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                guard count >= 0 || errno == EINTR else { throw Self.problem(.cannotWrite, temporary) }
                bytes = bytes.dropFirst(max(0, count))
            }
            guard rename(temporary, path) == 0 else { throw Self.problem(.cannotWrite, path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Where the file is that a path names.
    ///
    /// - Parameter path: A file, a link to one, or a name that is free.
    /// - Returns: The path without the link.
    /// - Throws: `Problem` with status 73 for a folder, a device, a pipe, a socket, and a link that may not be followed.
    static func place(of path: String) throws -> String {
        var status = stat()
        // The kernel's own look: it refuses links that somebody else may have put there.
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw Problem(
                    .cannotCreate,
                    "\(path) is no plain file, and is left as it is",
                    hint: "name a file; who wants none leaves the setting out"
                )
            }
        } else if errno != ENOENT {
            throw Self.problem(.cannotCreate, path)
        }
        return PathNames.target(of: path)
    }

    private static func problem(_ status: ExitStatus, _ path: String) -> Problem {
        Problem(status, "\(path) can't be written: \(String(cString: strerror(errno)))")
    }
}
