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

    /// Compares two lists.
    ///
    /// - Parameters:
    ///   - before: The earlier one.
    ///   - after: The later one.
    ///   - invited: What lists of invitations told up to the later one.
    ///   - invitations: What was read of these, in order.
    ///   - events: Events about members.
    init(
        _ before: AccessCourse<AccessMember>.Reading,
        _ after: AccessCourse<AccessMember>.Reading,
        invited: ListedInvitations,
        _ invitations: [AccessCourse<AccessInvitation>.Reading],
        _ events: [AccessTrail.Event]
    ) {
        let (old, new) = (MemberLists(before.elements), MemberLists(after.elements))
        // What could be accepted between the lists stood on the list of invitations before them, or on a later one.
        let begin = invitations.lastIndex { $0.at <= before.at } ?? 0
        var offered: [ExactText: [String]] = [:]
        for reading in invitations[begin...].prefix(while: { $0.at <= after.at }) {
            let own = Dictionary(grouping: reading.elements) { ExactText(($0.email ?? "").lowercasedASCII) }
            offered.merge(own.mapValues { $0.compactMap(\.role).filter { !$0.isEmpty } }) { $1 }
        }
        var told: [AccessTrail.Kind: Set<Int>] = [:]
        for event in events where event.at.map({ $0.seconds <= after.at.seconds }) ?? false {
            if case .certain(let place) = new.match(event) { told[event.kind, default: []].insert(place) }
        }
        for (place, member) in new.members.enumerated() where old.match(member) == .none {
            guard let mail = member.email, !mail.isEmpty, invited.hold(ExactText(mail.lowercasedASCII))
            else { continue }
            if told[.invited]?.contains(place) != true { withoutEvent += 1 }
            let roles = offered[ExactText(mail.lowercasedASCII), default: []]
            guard let role = member.role, !role.isEmpty, let offer = roles.last,
                !roles.contains(where: { $0.lowercasedASCII == role.lowercasedASCII }),
                told[.roleChanged]?.contains(place) != true
            else { continue }
            otherRoles.append(OtherRole(member: member, invited: offer))
        }
    }
}
