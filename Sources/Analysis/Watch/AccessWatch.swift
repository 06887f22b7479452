import Evidence

/// Acts that a role allows or not: what the service documents of its roles goes by these.
package struct RoleActs: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Changes of members and settings.
    static let administering = RoleActs(rawValue: 1)
    /// Databases that are created or deleted.
    static let building = RoleActs(rawValue: 2)
    /// Whatever else the service documents.
    static let others = RoleActs(rawValue: 4)

    /// What an act is of; nothing for one that the service does not document.
    init(_ kind: ActionKind) {
        switch kind {
        case .memberInvited, .memberRemoved, .roleChanged, .settingsUpdated: self = .administering
        case .databaseCreated, .databaseDeleted: self = .building
        case .keyCreated, .keyRevoked, .plain: self = .others
        case .unknown: self = []
        }
    }
}

/// Of whom which acts are worth keeping, because a list gives them a role that does not allow these: all other acts are
/// counted alone.
package struct AccessWatch: Sendable {
    /// By the id of a user or of a membership.
    var byID: [ExactText: RoleActs] = [:]
    /// By e-mail, in lower case.
    var byMail: [ExactText: RoleActs] = [:]

    /// Watches nobody's acts.
    init() {}

    /// What may not be allowed of whom the log knows by this.
    func acts(id: String, mails: some Sequence<ExactText>) -> RoleActs {
        mails.reduce(byID[ExactText(id)] ?? []) { $0.union(byMail[$1] ?? []) }
    }
}
