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
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Problem(.unusableData, "can't read \(file): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        if file.hasSuffix(".gz") { try readUnpacked(descriptor, file, body) } else { try body(descriptor, file) }
    }

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
