import Evidence

/// Why a job could not be done, where the reason is neither the service's, nor the evidence's, nor the report's.
package typealias AuditError = CodedError<AuditFault>

/// The kinds of failure of ``AuditError``.
package enum AuditFault: Sendable, Hashable {
    /// The bundle that a report is to be compared with is not there, or of other evidence.
    case noSuchBundle
    /// The token belongs to another organization than the one that was named.
    case otherOrganization
    /// Nobody said which organization is meant, and there are several.
    case severalOrganizations
    /// The service answered for two organizations in one pull.
    case mixedOrganizations
}

extension AuditError {
    /// The token's organization is not the one that was named.
    package static func token(of id: String, for expected: String) -> AuditError {
        AuditError(
            .otherOrganization,
            "the token belongs to organization '\(id)', not to '\(expected)'",
            hint: "use the other organization's token, or change --organization"
        )
    }

    /// The service answers for another organization than the one that requests name by a header.
    package static func answered(_ id: String, for expected: String) -> AuditError {
        AuditError(
            .otherOrganization,
            "the service answers for organization '\(id)', though X-Organization-Id names '\(expected)'",
            hint:
                "does the token see that organization? Where the service does not obey the header, give it a token of its own"
        )
    }
}
