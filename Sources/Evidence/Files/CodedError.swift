/// Why something could not be done; each room has kinds of failure of its own.
package struct CodedError<Code: Sendable & Hashable>: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the command line maps it to an exit status.
    package let code: Code
    /// What failed, on what and why: names the file, for templates with line and column.
    package let summary: String
    /// What to do about it, or what is accepted.
    package let hint: String?

    /// Describes a failure.
    package init(_ code: Code, _ summary: String, hint: String? = nil) {
        (self.code, self.summary, self.hint) = (code, summary, hint)
    }

    /// The summary and, where there is one, the hint.
    package var description: String { hint.map { "\(summary) (\($0))" } ?? summary }
}
