/// Somebody with a name who accepts a finding; kept apart from it, for most are accepted by nobody.
package final class Acceptance: Sendable, Hashable {
    /// Who accepts it.
    package let approver: String
    /// Why.
    package let reason: String
    /// The last day on which that counts, `2026-12-31`; nil where it has no end.
    package let until: String?

    init(approver: String, reason: String, until: String?) {
        self.approver = approver
        self.reason = reason
        self.until = until
    }

    /// Whether both say the same.
    package static func == (left: Acceptance, right: Acceptance) -> Bool {
        left.approver == right.approver && left.reason == right.reason && left.until == right.until
    }

    /// Hashes who and why.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(approver)
        hasher.combine(reason)
    }
}
