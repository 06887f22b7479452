import Foundation

/// An API key.
///
/// It prints as asterisks wherever it is printed by accident.
package struct AccessToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    /// Takes a token as given; white space around it is not part of it.
    ///
    /// `place`: where it was found, for whoever has to mend it.
    /// - Throws: `ServiceError` with code `.tokenMissing` for an empty one, or one that can't stand in a header.
    package init(_ text: String, in place: String = "the environment") throws {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isPrintable = trimmed.utf8.allSatisfy { $0 > 32 && $0 < 127 }
        guard !trimmed.isEmpty, isPrintable else {
            throw ServiceError(
                .tokenMissing,
                "the token in \(place) " + (trimmed.isEmpty ? "is empty" : "holds blanks or control characters"),
                hint: "it is one word, such as ch_live_…"
            )
        }
        value = trimmed
    }

    /// Reads a token from a file that only those can read whom ``TokenFile`` allows.
    ///
    /// - Throws: `ServiceError`: `.tokenFileTooOpen` with the command to type, `.tokenMissing`.
    package init(file path: String) throws {
        try self.init(String(decoding: TokenFile(path).bytes, as: UTF8.self), in: path)
    }

    /// Never the token.
    package var description: String { "********" }
    /// Never the token.
    package var debugDescription: String { description }
    /// Never the token.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Hands the token to whoever blanks it in everything that is printed.
    package func withSecret(_ body: (String) -> Void) { body(value) }

    /// A text without the token, for whatever the service sends back.
    func redacted(_ text: String) -> String { text.replacingOccurrences(of: value, with: description) }
}
