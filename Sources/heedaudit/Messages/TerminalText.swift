import Evidence
import Synchronization

/// The one place that makes text from outside harmless on a terminal and in a log.
enum TerminalText {
    /// What is never shown; tokens of hundreds of organizations are looked for by how they begin.
    private struct Secrets {
        var texts: [String] = []
        var begins: Set<UInt64> = []
    }

    private static let secrets = Mutex(Secrets())
    private static let bytesOfBegin = 6
    /// So few are looked for one by one.
    private static let few = 8

    /// Blanks a secret from here on wherever it would be printed.
    static func hide(_ secret: String) {
        // What is as short as a word stands in texts by chance.
        guard secret.utf8.count >= bytesOfBegin else { return }
        secrets.withLock { secrets in
            guard !secrets.texts.contains(secret) else { return }
            secrets.texts.append(secret)
            secrets.begins.insert(secret.utf8.prefix(bytesOfBegin).reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    private static func blanked(_ text: String) -> String {
        let found = secrets.withLock { secrets -> [String] in
            guard secrets.texts.count > few else { return secrets.texts }
            var window: UInt64 = 0
            for byte in text.utf8 {
                window = (window << 8 | UInt64(byte)) & 0xFFFF_FFFF_FFFF
                if secrets.begins.contains(window) { return secrets.texts }
            }
            return []
        }
        return found.reduce(text) { $0.replacing($1, with: "********") }
    }

    /// The text on one line, without secrets, and without control, escape and bidirectional characters, which a terminal
    /// would obey.
    static func clean(_ text: String) -> String {
        let text = blanked(text)
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(scalar.isObeyed ? " " : scalar) }
        return String(clean)
    }

    /// JSON as it was received, without secrets, and with what a terminal would obey as escapes: such characters stand in
    /// strings alone, if not as white space.
    static func cleanJSON(_ text: String) -> String {
        let text = blanked(text)
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

    /// A time as people read it, `2026-10-25 02:11 UTC`; what is none stays.
    static func time(_ text: String) -> String {
        guard let instant = Instant(rfc3339: text) else { return text }
        let text = Instant(seconds: instant.seconds).text(fractionDigits: 0)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
