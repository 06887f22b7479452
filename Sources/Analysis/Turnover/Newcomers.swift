import Evidence

/// Who stands on a list of members and not on the one before, though a list of invitations has them.
struct Newcomers {
    /// Somebody who came with another role than the one that they were invited with.
    struct OtherRole {
        var member: AccessMember
        /// The role of the invitation.
        var invited: String
    }

    /// Those whose role no event changed.
    private(set) var otherRoles: [OtherRole] = []
    /// How many have no event: a listed invitation alone explains that they came.
    private(set) var withoutEvent = 0

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
            guard let mail = member.email, !mail.isEmpty, invited.hold(ExactText(mail.lowercasedASCII))
            else { continue }
            let own = events.places(of: place, on: new, upTo: end).map { events.all[$0] }
            let told = Set(own.filter { $0.at != nil }.map(\.kind))
            if !told.contains(.invited) { withoutEvent += 1 }
            let roles = invited.roles(ExactText(mail.lowercasedASCII), since: begin)
            guard let role = member.role, !role.isEmpty, let offer = roles.last,
                !roles.contains(where: { $0.lowercasedASCII == role.lowercasedASCII }),
                !told.contains(.roleChanged)
            else { continue }
            otherRoles.append(OtherRole(member: member, invited: offer))
        }
    }
}
