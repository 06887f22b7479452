import Evidence

/// Who had access at the end of a period, by the lists of the service and the log together: the rows of members.csv,
/// api_keys.csv and invitations.csv.
package struct AccessState: Sendable {
    /// Where a row comes from.
    package enum Source: String, Sendable, Hashable {
        case list
        case log
        case both
    }

    /// Somebody who is a member, was one, or acted.
    package struct Person: Sendable, Hashable {
        /// What is known of their membership.
        package enum Status: String, Sendable, Hashable {
            case member
            case removed
            case invited
            /// They acted, and are on no list and in no invitation.
            case unknown
        }

        /// As the list gives them; of the log the user id, and the e-mail.
        package var member: AccessMember
        package var status = Status.unknown
        package var source = Source.list
        /// When they were invited last, and by whom.
        package var invited: (at: Instant?, by: String)?
        /// When they were removed, unless they were invited again, and by whom.
        package var removed: (at: Instant?, by: String)?
        /// How many events change their role.
        package var roleChanges = 0
        /// When they acted last, in the period or before.
        package var lastActionAt: Instant?
        /// How many events of the period are theirs.
        package var actions = 0
        /// How many of them give, take or use rights that matter.
        package var privilegedActions = 0
        /// How many keys that they made are open.
        package var openKeys = 0
        /// From how many different addresses they acted in the period.
        package var addresses = 0

        package static func == (left: Person, right: Person) -> Bool { left.order == right.order }
        package func hash(into hasher: inout Hasher) { hasher.combine(order) }

        /// What rows are sorted by.
        var order: [ExactText] { [member.email, member.userID, member.memberID].map { ExactText($0 ?? "") } }
    }

    /// An API key.
    package struct Key: Sendable {
        /// What is known of it.
        package enum Status: String, Sendable, Hashable {
            case active
            case revoked
            case expired
            /// Whoever made it was removed.
            case orphaned
            /// List and log contradict each other, or the log does not say which key it is about.
            case unknown
        }

        /// As the list gives it; of the log its id, name and begin.
        package var key: AccessKey
        package var status = Status.active
        package var source = Source.list
        /// Who made it: their id and e-mail; empty where the log does not say.
        package var creator = (id: "", mail: "")
        /// Full days from its making to the end.
        package var ageDays: Int?
        /// When it was revoked, and by whom.
        package var revoked: (at: Instant?, by: String)?

        /// What rows are sorted by.
        var order: [ExactText] { [key.id, key.name, key.prefix].map { ExactText($0 ?? "") } }
    }

    /// An invitation of the list, or an event that invites.
    package struct Invitation: Sendable {
        /// As the list gives it; of the log the e-mail, or what the event gives, and when.
        package var invitation: AccessInvitation
        package var source = Source.list
        /// Who invited; empty where the log does not say.
        package var by = ""

        /// What rows are sorted by.
        var order: [ExactText] {
            [invitation.email, invitation.createdAt?.rfc3339, invitation.id].map { ExactText($0 ?? "") }
        }
    }

    /// By e-mail, user id and member id.
    package private(set) var people: [Person] = []
    /// By id, name and prefix.
    package private(set) var keys: [Key] = []
    /// By e-mail, time and id.
    package private(set) var invitations: [Invitation] = []
    /// When the list of members was served that counts; nil where there is none.
    package private(set) var membersAt: Instant?
    /// The same of the API keys.
    package private(set) var keysAt: Instant?
    /// The same of the invitations.
    package private(set) var invitationsAt: Instant?
    /// Why no list of members tells how it was at the end, or not all of it, in a sentence; nil where one does.
    package var membersMissing: String?
    /// The same of the API keys.
    package var keysMissing: String?

    /// What changed since the report before, in sentences.
    package var since: [String] = []

    /// Whether a list counts, or somebody, a key or an invitation is known.
    package var isKnown: Bool {
        membersAt != nil || keysAt != nil || invitationsAt != nil
            || !people.isEmpty || !keys.isEmpty || !invitations.isEmpty
    }

    /// Nothing is known.
    package init() {}

    /// Tells the state at an instant.
    ///
    /// - Parameters:
    ///   - lists: What each pull was answered, in order of time.
    ///   - log: What was seen of the log; without an ``AccessTrail`` nothing is told.
    ///   - end: When; nil for the end of everything.
    ///   - last: The last second that counts; nil where that is the end.
    package init(_ lists: [AccessLists], _ log: WatchedLog, at end: Instant?, last: Instant? = nil) {
        guard let trail = log.access else { return }
        func reading<Element>(_ list: (AccessLists) -> AccessLists.List<Element>) -> AccessCourse<Element>.Reading? {
            AccessCourse(lists, list).fullest(at: end)
        }
        let (members, invited, keys) = (reading { $0.members }, reading { $0.invitations }, reading { $0.keys })
        (membersAt, invitationsAt, keysAt) = (members?.at, invited?.at, keys?.at)
        people = AccessPeople(members, invited, trail, log.openKeys).people
        people.sort { $0.order.lexicographicallyPrecedes($1.order) }
        let isAnyMadeAway = log.openKeys.contains { $0.orphan?.wasAway == true }
        let returned = isAnyMadeAway ? ReturnedMembers(lists, trail) : nil
        self.keys = AccessKeyRows(keys, log, trail, end, last, returned).keys
        self.keys.sort { $0.order.lexicographicallyPrecedes($1.order) }
        invitations = Self.rows(invited?.elements ?? [], trail)
    }

    private static func rows(_ listed: [AccessInvitation], _ trail: AccessTrail) -> [Invitation] {
        var rows = listed.map { Invitation(invitation: $0) }
        let owners = InvitationOwners(listed)
        for event in trail.events where event.kind == .invited {
            let texts = [event.id, event.name].filter { !$0.isEmpty }
            let by = event.by.map { trail.actors[$0].called } ?? ""
            if let place = owners.place(of: event) {
                (rows[place].source, rows[place].by) = (.both, by)
            } else {
                let mail = texts.first(where: \.isWrittenAsMail)
                let invitation = AccessInvitation(email: mail ?? texts.first, createdAt: event.at)
                rows.append(Invitation(invitation: invitation, source: .log, by: by))
            }
        }
        return rows.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }
}

extension AccessTrail.Actor {
    /// Their e-mail, else their id.
    var called: String { mail.isEmpty ? id : mail }
}
