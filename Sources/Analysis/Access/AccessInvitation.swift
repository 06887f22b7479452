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
