/// Why a report could not be made or published; nothing half-written is left behind.
package struct ReportingError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the command line maps it to an exit status.
    package enum Code: Sendable, Hashable {
        /// A template that breaks a rule, or a folder of templates that can't be read.
        case template
        /// A report that its own schema refuses, or that is not well-formed.
        case invalidReport
        /// A file or folder that can't be created (73).
        case cannotCreate
        /// A file that can't be written in full (74).
        case cannotWrite
        /// A bundle of this name exists and its files are not what its sums say (65).
        case bundleDamaged
    }

    /// The kind of failure.
    package let code: Code
    /// What failed and why; names the file, for templates with line and column.
    package let summary: String
    /// What to do about it.
    package let hint: String?

    /// Describes a failure.
    package init(_ code: Code, _ summary: String, hint: String? = nil) {
        self.code = code
        self.summary = summary
        self.hint = hint
    }

    /// The summary and, where there is one, the hint.
    package var description: String { hint.map { "\(summary) (\($0))" } ?? summary }
}
