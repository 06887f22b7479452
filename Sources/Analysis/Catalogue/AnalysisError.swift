import Evidence

/// Why a question put to the analysis makes no sense.
package typealias AnalysisError = CodedError<AnalysisFault>

/// The kinds of failure of ``AnalysisError``.
package enum AnalysisFault: Sendable, Hashable {
    /// A period, time or time zone that makes no sense (64).
    case usage
    /// A policy that makes no sense: thresholds, working hours, waivers, an action plan (78).
    case configuration
}
