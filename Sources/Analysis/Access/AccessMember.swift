import Evidence

/// A member of the organization as a list of the service gives it: texts as received, nil for what it does not say.
package struct AccessMember: Sendable, Hashable {
    /// The id of the membership, such as `member-456`.
    package var memberID: String?
    /// The id of the user, by which events name actors.
    package var userID: String?
    /// Their e-mail address.
    package var email: String?
    /// Their name.
    package var name: String?
    /// Their role: `owner`, `admin`, `developer`, `viewer`, `member`, or one that nobody documents.
    package var role: String?
    /// Since when they are a member; nil, too, for a text that is no time.
    package var joinedAt: Instant?
    /// Whether the list gives a role in a form that is not understood; then `role` is nil.
    package var isRoleUnclear = false
}
