import Evidence
import Foundation

/// Where imported lines come from: a file, a file packed by gzip, or standard input.
enum ImportSource {
    /// Opens a source and hands out where its lines are read, and what messages call it.
    ///
    /// - Throws: `EvidenceError` with code `.unusableInput` for a packed file that is damaged or not whole; what `body`
    ///   throws.
    static func read(_ file: String, _ body: (Int32, String) throws -> Void) throws {
        if file == "-" { return try body(STDIN_FILENO, "standard input") }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let failure = errno
            throw Problem(
                .unusableData,
                "can't read \(file): \(String(cString: strerror(failure)))",
                hint: AccessHint.hint(for: file, failure)
            )
        }
        defer { close(descriptor) }
        try requireWriter(descriptor, file)
        // Whoever reads on waits for what is still to come.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        if file.hasSuffix(".gz") { try readUnpacked(descriptor, file, body) } else { try body(descriptor, file) }
    }

    /// A named pipe that nobody writes to would be waited for without end; one that a shell made has its writer.
    private static func requireWriter(_ descriptor: Int32, _ file: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return }
        let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        if name?.hasPrefix("pipe:") == true { return }
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Foundation.poll(&poll, 1, longestWait * 1_000) == 0 else { return }
        throw Problem(
            .unusableData,
            "\(file) is a pipe, and nothing came from it in \(longestWait) seconds",
            hint: "begin what writes to it first, or import a file"
        )
    }

    private static let longestWait: Int32 = 10

    private static func readUnpacked(_ descriptor: Int32, _ file: String, _ body: (Int32, String) throws -> Void) throws
    {
        let relay = try GzipRelay(of: descriptor)
        let read = Result { try body(relay.output, file) }
        // Where the file is cut off, so is its last line; that is not what is to be mended.
        if let reason = relay.finish() {
            throw EvidenceError(
                .unusableInput,
                "\(file) can't be unpacked: \(reason)",
                hint: "nothing was imported; is the file whole?"
            )
        }
        try read.get()
    }
}
