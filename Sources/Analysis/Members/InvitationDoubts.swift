import Evidence

/// Invitations that may have been somebody's, though nothing tells: those that match no actor, those without a
/// time, and those by an e-mail that was not known as theirs then.
struct InvitationDoubts {
    /// Places of invitations that match nobody, in order.
    private var unmatched: [Int] = []
    /// Invitations without a usable time.
    private let undated: UndatedMembers
    private var anyoneUndated = false
    /// Places of those by an e-mail that turned out to be an actor's only later.
    private var late: [Int32: [Int]] = [:]

    init(_ members: borrowing Membership) {
        late = Self.late(members)
        var undated: [MemberRecords.Member] = []
        for index in members.records.invitations.indices {
            let invitation = members.records.invitations[index]
            let isKnown = members.isKnown(invitation.member)
            if invitation.place > 0 {
                if !isKnown { unmatched.append(invitation.place) }
            } else if isKnown {
                undated.append(invitation.member)
            } else {
                anyoneUndated = true
            }
        }
        self.undated = UndatedMembers(undated, members)
    }

    /// Whether an actor may have been invited again between two places.
    func mayExplain(_ actor: UInt32, between begin: Int, and end: Int, _ members: borrowing Membership) -> Bool {
        if anyoneUndated || undated.first(actor, members) != nil { return true }
        for mail in members.lateInvitations[actor, default: []] {
            if let places = late[mail], Self.any(of: places, between: begin, and: end) { return true }
        }
        return Self.any(of: unmatched, between: begin, and: end)
    }

    private static func any(of places: [Int], between begin: Int, and end: Int) -> Bool {
        let next = places.firstPlace { begin < $0 }
        return next < places.count && places[next] < end
    }

    /// Places of invitations by e-mails that turned out late to be an actor's, in order.
    private static func late(_ members: borrowing Membership) -> [Int32: [Int]] {
        let late = Set(members.lateInvitations.values.joined())
        var places: [Int32: [Int]] = [:]
        guard !late.isEmpty else { return places }
        for invitation in members.records.invitations where invitation.place > 0 {
            let mails = invitation.member.mails
            for mail in Set([mails[0], mails[1]]) where late.contains(mail) {
                places[mail, default: []].append(invitation.place)
            }
        }
        return places
    }
}
