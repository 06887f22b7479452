/// Why a question put to the analysis makes no sense.
public struct AnalysisError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the command line maps it to an exit status.
    public enum Code: Sendable, Hashable {
        /// A period, time or time zone that makes no sense (64).
        case usage
        /// A policy that makes no sense: thresholds, working hours, waivers, an action plan (78).
        case configuration
    }

    /// The kind of failure.
    public let code: Code
    /// What makes no sense.
    public let summary: String
    /// What is accepted.
    public let hint: String?

    /// Describes a failure.
    public init(_ code: Code, _ summary: String, hint: String? = nil) {
        self.code = code
        self.summary = summary
        self.hint = hint
    }

    /// The summary and, where there is one, the hint.
    public var description: String { hint.map { "\(summary) (\($0))" } ?? summary }
}
