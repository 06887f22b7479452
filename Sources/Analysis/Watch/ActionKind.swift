import Evidence

/// The documented actions as far as controls tell them apart, found by comparing bytes.
enum ActionKind {
    case databaseCreated
    case databaseDeleted
    case memberInvited
    case memberRemoved
    case roleChanged
    case keyCreated
    case keyRevoked
    case settingsUpdated
    /// Documented, and of no concern to a control.
    case plain
    /// Not documented; also one that is missing.
    case unknown

    init(_ action: TextView) {
        if action.hasPrefix("database.") {
            if action.equals("database.deleted") {
                self = .databaseDeleted
            } else {
                self = action.equals("database.created") ? .databaseCreated : Self.known(action)
            }
        } else if action.hasPrefix("member.") {
            if action.equals("member.removed") {
                self = .memberRemoved
            } else if action.equals("member.invited") {
                self = .memberInvited
            } else {
                self = action.equals("member.role_changed") ? .roleChanged : Self.known(action)
            }
        } else if action.equals("api_key.created") {
            self = .keyCreated
        } else if action.equals("api_key.revoked") {
            self = .keyRevoked
        } else {
            self = action.equals("settings.updated") ? .settingsUpdated : .unknown
        }
    }

    private static func known(_ action: TextView) -> ActionKind {
        KnownActions.description(of: action).isEmpty ? .unknown : .plain
    }

    /// Whether the action gives, takes or uses rights that matter, be it documented or not.
    func isPrivileged(_ action: TextView) -> Bool {
        switch self {
        case .databaseDeleted, .settingsUpdated: true
        default: action.hasPrefix("member.") || action.hasPrefix("api_key.") || action.hasPrefix("settings.")
        }
    }
}

/// What kind each numbered action is of.
struct ActionKinds {
    private var kinds: [(kind: ActionKind, isPrivileged: Bool)] = []

    /// Looks at the actions that were numbered since the last time.
    mutating func learn(_ actions: borrowing Interner) {
        while kinds.count < actions.count {
            let action = actions.text(kinds.count)
            let kind = ActionKind(action)
            kinds.append((kind, kind.isPrivileged(action)))
        }
    }

    /// An action's kind, and whether it gives, takes or uses rights that matter.
    subscript(number: UInt32) -> (kind: ActionKind, isPrivileged: Bool) { kinds[Int(number)] }
}

extension EventView {
    /// Whether the event names nobody.
    var isAnonymous: Bool { actorID.isEmpty && actorEmail.isEmpty }
}
