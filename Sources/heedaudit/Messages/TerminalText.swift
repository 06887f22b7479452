import Evidence
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
        for scalar in text.unicodeScalars { clean.append(scalar.isObeyed ? " " : scalar) }
        return String(clean)
    }

    /// JSON as it was received, without secrets, and with what a terminal would obey as escapes: such characters stand in
    /// strings alone, if not as white space.
    static func cleanJSON(_ text: String) -> String {
        var text = text
        for secret in secrets.withLock({ $0 }) { text = text.replacing(secret, with: "********") }
        var clean = ""
        for scalar in text.unicodeScalars {
            if scalar.isObeyed, !["\n", "\r", "\t"].contains(scalar) {
                clean += "\\u" + UInt16(truncatingIfNeeded: scalar.value).hex
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }
}
