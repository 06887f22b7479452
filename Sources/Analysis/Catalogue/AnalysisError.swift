/// Why a question put to the analysis makes no sense.
package struct AnalysisError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the command line maps it to an exit status.
    package enum Code: Sendable, Hashable {
        /// A period, time or time zone that makes no sense (64).
        case usage
        /// A policy that makes no sense: thresholds, working hours, waivers, an action plan (78).
        case configuration
    }

    /// The kind of failure.
    package let code: Code
    /// What makes no sense.
    package let summary: String
    /// What is accepted.
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
