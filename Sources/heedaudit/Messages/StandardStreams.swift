import Foundation

/// Standard output and standard error.
///
/// Standard output carries what was asked for; everything else goes to the other.
enum StandardStreams {
    /// Writes a line to standard output.
    ///
    /// A closed pipe ends the output quietly, as it does for any filter.
    static func output(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes a line to standard error.
    static func error(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes text as it stands to standard error: the progress bar redraws its own line.
    static func errorText(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Whether a person looks at standard error through a terminal.
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether questions can be asked: both the question and the answer need a terminal.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }
}
