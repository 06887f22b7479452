import Evidence

/// An invitation as a list of the service gives it: texts as received, nil for what it does not say.
package struct AccessInvitation: Sendable, Hashable {
    /// Its id, such as `invite-123`.
    package var id: String?
    /// Whom it was sent to.
    package var email: String?
    /// The role that it offers.
    package var role: String?
    /// What became of it, such as `pending`; nil in answers that have no status, which list what is pending.
    package var status: String?
    /// When it was sent; nil, too, for a text that is no time.
    package var createdAt: Instant?
    /// Until when it can be accepted.
    package var expiresAt: Instant?
}

/// Whom lists of invitations tell to have been invited, and up to when.
package struct ListedInvitations: Sendable {
    /// By e-mail in lower case: the last second in which one is known to have been made, or to be open.
    private var latest: [ExactText: Int64] = [:]

    /// Takes what lists of invitations held up to an instant.
    init(_ readings: [AccessCourse<AccessInvitation>.Reading], upTo end: Instant) {
        for reading in readings where reading.at <= end {
            for invitation in reading.elements {
                guard let mail = invitation.email, !mail.isEmpty else { continue }
                let times = [invitation.createdAt, invitation.state == .settled ? nil : reading.at].compactMap { $0 }
                let key = ExactText(mail.lowercasedASCII)
                latest[key] = max(latest[key] ?? .min, times.map(\.seconds).max() ?? .min)
            }
        }
    }

    /// Nobody is told to have been invited.
    init() {}

    /// Whether an e-mail, in lower case, was invited at any time, or was at an instant or behind it.
    func hold(_ mail: ExactText, since begin: Instant? = nil) -> Bool {
        latest[mail].map { latest in begin.map { latest >= $0.seconds } ?? true } ?? false
    }
}
