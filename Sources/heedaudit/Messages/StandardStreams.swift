import Foundation

/// Standard output and standard error.
///
/// Standard output carries what was asked for; everything else goes to the other.
enum StandardStreams {
    /// Writes a line to standard output.
    ///
    /// A closed pipe ends the output quietly, as it does for any filter; any other failure ends the process with 74, since
    /// what was asked for is not there.
    static func output(_ line: String) {
        if let turn = OrganizationTurn.current { return turn.note { $0.text += line + "\n" } }
        outputText(line + "\n")
    }

    /// Writes text as it stands to standard output, as ``output(_:)`` does.
    static func outputText(_ text: String) {
        let failure = write(text, to: STDOUT_FILENO)
        guard failure != 0, failure != EPIPE else { return }
        Problem(
            .cannotWrite,
            "can't write to standard output: \(String(cString: strerror(failure)))",
            hint: "is the disk full? What the command did besides is done"
        ).end()
    }

    /// Writes a line to standard error.
    static func error(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes text as it stands to standard error: the progress bar redraws its own line.
    static func errorText(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Whether questions can be asked: both the question and the answer need a terminal.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

    /// - Returns: The system's reason why not all of it was written, or 0.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return errno
            }
            bytes = bytes.dropFirst(written)
        }
        return 0
    }
}
