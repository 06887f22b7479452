/// Why a call to the service did not give an answer that can be used.
///
/// Carries neither the token nor anything of a request's body; what the service says of itself is quoted, with the token
/// taken out should it stand there.
package struct ServiceError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the command line maps it to an exit status.
    package enum Code: Sendable, Hashable {
        /// No token was given (77).
        case tokenMissing
        /// The token's file can be read by others (77).
        case tokenFileTooOpen
        /// The service does not accept the token (77).
        case tokenRefused
        /// The token lacks the scope (77).
        case scopeMissing
        /// A base URL, proxy or certificate file that can't be used (78).
        case configuration
        /// An answer that is not what the service is known to send (65).
        case notUnderstood
        /// The service says no to what was asked: validation, conflict, not found (65).
        case rejected
        /// The service did not answer, after retries (69).
        case unavailable
        /// The allowance is spent for longer than `max_wait` (75).
        case tryAgainLater
    }

    /// The kind of failure.
    package let code: Code
    /// What failed and why; names the request and, where the service gave one, its request id.
    package let summary: String
    /// What to do about it.
    package let hint: String?
    /// The status of the answer that says no; nil where none did.
    package let status: Int?

    /// Describes a failure.
    package init(_ code: Code, _ summary: String, hint: String? = nil, status: Int? = nil) {
        self.code = code
        self.summary = summary
        self.hint = hint
        self.status = status
    }

    /// The summary and, where there is one, the hint.
    package var description: String { hint.map { "\(summary) (\($0))" } ?? summary }

    /// Whether the service refused what was asked for, and would again: any 4xx but those that speak of the token or of now.
    package var isLastingRefusal: Bool {
        guard let status else { return false }
        return (400..<500).contains(status) && ![401, 407, 408, 425, 429].contains(status)
    }
}
