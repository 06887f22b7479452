import Synchronization

/// The one place that makes text from outside harmless on a terminal and in a log.
enum TerminalText {
    private static let secrets = Mutex<[String]>([])

    /// Blanks a secret from here on wherever it would be printed.
    static func hide(_ secret: String) {
        // What is as short as a word stands in texts by chance.
        guard secret.utf8.count >= 6 else { return }
        secrets.withLock { $0.append(secret) }
    }

    /// The text on one line, without secrets, and without control, escape and bidirectional characters, which a terminal
    /// would obey.
    static func clean(_ text: String) -> String {
        var text = text
        for secret in secrets.withLock({ $0 }) { text = text.replacing(secret, with: "********") }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(isObeyed(scalar) ? " " : scalar) }
        return String(clean)
    }

    /// JSON as it was received, without secrets, and with what a terminal would obey as escapes: such characters stand in
    /// strings alone, if not as white space.
    static func cleanJSON(_ text: String) -> String {
        var text = text
        for secret in secrets.withLock({ $0 }) { text = text.replacing(secret, with: "********") }
        var clean = ""
        for scalar in text.unicodeScalars {
            if isObeyed(scalar), !["\n", "\r", "\t"].contains(scalar) {
                let digits = String(scalar.value, radix: 16)
                clean += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true
        // Marks, embeddings, overrides and isolates of direction; line and paragraph separators.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
