import Analysis
import Evidence

/// Texts of short lists: one of a million characters would push everything else out of sight.
package enum ShownText {
    /// Longer texts are cut.
    static let mostBytes = 1000

    /// A text as it is shown, cut between two characters, with how much is left out.
    static func clipped(_ text: String, _ words: Words) -> String {
        guard text.utf8.count > mostBytes else { return text }
        var text = text
        return text.withUTF8 { bytes in
            clipped(TextView(start: bytes.baseAddress, count: bytes.count), words)
        }
    }

    /// The same in English.
    package static func clipped(_ text: String) -> String { clipped(text, .english) }

    /// The same of a borrowed text.
    static func clipped(_ text: TextView, _ words: Words = .english) -> String {
        guard text.count > mostBytes else { return text.string }
        var end = mostBytes
        while end > 0, text.bytes[end] & 0xC0 == 0x80 { end -= 1 }
        let start = String(decoding: text.bytes[..<end], as: UTF8.self)
        return "\(start)… (+\(words.count(text.count - end, "byte")))"
    }

    /// A name inside a sentence, which it may not fill alone: cut behind so many characters.
    static func brief(_ text: String, most: Int = 160) -> String {
        text.utf8.count <= most || text.count <= most ? text : text.prefix(most) + "…"
    }
}
