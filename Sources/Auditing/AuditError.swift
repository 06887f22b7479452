/// Why a job could not be done, where the reason is neither the service's, nor the evidence's, nor the report's.
package struct AuditError: Error, Sendable {
    /// The kind of failure; the command line maps it to an exit status.
    package enum Code: Sendable, Hashable {
        /// The bundle that a report is to be compared with is not there, or of other evidence.
        case noSuchBundle
        /// The token belongs to another organization than the one that was named.
        case otherOrganization
        /// Nobody said which organization is meant, and there are several.
        case severalOrganizations
        /// The service answered for two organizations in one pull.
        case mixedOrganizations
    }

    /// The kind of failure.
    package let code: Code
    /// What failed, on what, and why.
    package let summary: String
    /// What to do about it.
    package let hint: String

    init(_ code: Code, _ summary: String, hint: String) {
        self.code = code
        self.summary = summary
        self.hint = hint
    }
}
