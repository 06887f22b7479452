import Evidence

/// What the service documents of roles.
package enum AccessRole: Sendable, Hashable {
    case owner
    case admin
    case developer
    case viewer
    /// `member`, of the documentation's other list of roles, a role that it does not know, or none at all.
    case undocumented
    /// One in a form that is not understood: it may be any.
    case unclear

    /// The role of a member.
    package init(_ member: AccessMember) {
        self = member.isRoleUnclear ? .unclear : AccessRole(member.role)
    }

    /// Reads a role, ASCII case ignored.
    package init(_ text: String?) {
        switch text.map(\.lowercasedASCII) {
        case "owner": self = .owner
        case "admin": self = .admin
        case "developer": self = .developer
        case "viewer": self = .viewer
        default: self = .undocumented
        }
    }

    /// What the service documents that it does not allow; of a role that it does not document, what it documents for other
    /// roles alone.
    var forbidden: RoleActs {
        switch self {
        case .owner, .admin: []
        case .developer, .undocumented: .administering
        case .viewer, .unclear: [.administering, .building, .others]
        }
    }

    /// The roles that the service documents, of each page that names some: a word of one page may stand for one of another's.
    private static let vocabularies: [Set<String>] = [
        ["owner", "admin", "developer", "viewer"], ["owner", "admin", "member"],
    ]

    /// Whether two words name one role, ASCII case ignored; nil where nothing tells, for no page of the service has both.
    static func isSame(_ one: String, _ other: String) -> Bool? {
        let words = [one.lowercasedASCII, other.lowercasedASCII]
        if words[0].isSameInBytes(as: words[1]) { return true }
        return vocabularies.contains { $0.isSuperset(of: words) } ? false : nil
    }

    /// Whether it administers members and settings.
    package var isAdministrator: Bool { self == .owner || self == .admin }
}

extension AccessMember {
    /// What people know them by: their e-mail, else their name, else an id; empty where the list says nothing of it.
    package var label: String { [email, name, userID, memberID].compactMap { $0 }.first { !$0.isEmpty } ?? "" }

    /// Whether the list says nothing by which the log would know them.
    var isUnnamed: Bool { (userID ?? "").isEmpty && (email ?? "").isEmpty }

    /// Whether the list gives no id of theirs.
    var isKnownByMailAlone: Bool { (userID ?? "").isEmpty && (memberID ?? "").isEmpty }

    /// What tells them from others: the user id, else the member id, else the e-mail; nil where the list gives none.
    package var key: ExactText? {
        for (kind, text) in [("", userID), ("\u{1}member:", memberID), ("\u{1}mail:", email)] {
            if let text, !text.isEmpty { return ExactText(kind + text) }
        }
        return nil
    }
}

extension AccessInvitation {
    /// What may have become of an invitation.
    enum State {
        case pending
        case settled
        /// The list says something that the service does not document.
        case unknown
    }

    /// What became of it; a list without a status holds what is pending.
    var state: State {
        switch status.map(\.lowercasedASCII) {
        case nil, "", "pending": .pending
        case "accepted", "cancelled", "canceled", "declined", "expired", "rejected", "revoked": .settled
        default: .unknown
        }
    }

    /// What people know it by.
    var label: String { [email, id].compactMap { $0 }.first { !$0.isEmpty } ?? "" }

    /// What tells it from others; nil where the list gives nothing of the kind.
    var key: ExactText? {
        if let id, !id.isEmpty { return ExactText("\u{1}invitation:\(id)") }
        return email.flatMap { $0.isEmpty ? nil : ExactText("\u{1}mail:\($0)") }
    }
}

extension AccessKey {
    /// What tells it from others: its id, else what its secret begins with, else its name; nil where the list gives none.
    var key: ExactText? {
        for (kind, text) in [("", id), ("\u{1}prefix:", prefix), ("\u{1}name:", name)] {
            if let text, !text.isEmpty { return ExactText(kind + text) }
        }
        return nil
    }

    /// Whether it ended to be valid at or before an instant.
    func isExpired(at instant: Instant) -> Bool { expiresAt.instant.map { $0 <= instant } ?? false }

    /// The scopes that are not only for reading.
    var writingScopes: [String] {
        (scopes ?? []).filter { scope in
            let lower = scope.lowercasedASCII
            return !(lower.hasSuffix(":read") || lower == "read")
        }
    }
}
