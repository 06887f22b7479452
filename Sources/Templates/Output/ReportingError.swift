import Evidence

/// Why a report could not be made or published; nothing half-written is left behind.
package typealias ReportingError = CodedError<ReportingFault>

/// The kinds of failure of ``ReportingError``.
package enum ReportingFault: Sendable, Hashable {
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
