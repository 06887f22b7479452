import Evidence

/// Who stands on a list of members and not on the one before, though they were invited.
struct Newcomers {
    /// Somebody whose role is not that of their invitation, or not known to be.
    struct OtherRole {
        var member: AccessMember
        /// The role of the invitation.
        var invited: String
        /// Whether it is another one for certain.
        var isCertain: Bool
    }

    /// Those whose role no event changed.
    private(set) var otherRoles: [OtherRole] = []
    /// How many have no event: a listed invitation alone explains that they came.
    private(set) var withoutEvent = 0
    /// Of how many no list of invitations gives the role, nor an event another one.
    private(set) var withoutOffer = 0

    /// Compares two lists that follow each other, of which the earlier one stands at a place.
    ///
    /// - Parameters:
    ///   - lists: All lists, in order.
    ///   - place: That of the earlier one among these.
    ///   - invited: What lists of invitations told up to the later one.
    ///   - events: What the log says of members.
    init(_ lists: ListsInTime, at place: Int, invited: InvitedMails, _ events: MemberEvents) {
        let (old, new, begin) = (lists[place], lists[place + 1], lists.readings[place].at)
        let end = lists.readings[place + 1].at.seconds
        for (place, member) in new.members.enumerated() where old.match(member) == .none {
            let mail = ExactText((member.email ?? "").lowercasedASCII)
            let isListed = !mail.text.isEmpty && invited.hold(mail)
            let own = events.places(of: place, on: new, upTo: end).map { events.all[$0] }
            let told = Set(own.filter { $0.at != nil }.map(\.kind))
            guard isListed || told.contains(.invited) else { continue }
            if !told.contains(.invited) { withoutEvent += 1 }
            if told.contains(.roleChanged) { continue }
            let roles = isListed ? invited.roles(mail, since: begin) : []
            guard let offer = roles.last else {
                withoutOffer += 1
                continue
            }
            let isSame = roles.map { member.isRoleUnclear ? nil : AccessRole.isSame(member.role ?? "", $0) }
            if isSame.contains(true) { continue }
            otherRoles.append(
                OtherRole(member: member, invited: offer, isCertain: isSame.allSatisfy { $0 == false })
            )
        }
    }
}
