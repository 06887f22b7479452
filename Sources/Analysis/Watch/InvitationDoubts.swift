import Evidence

/// Invitations that may have been somebody's, though nothing tells: those that match no actor, and those without a time.
struct InvitationDoubts {
    /// Places of invitations that match nobody, in order.
    private var unmatched: [Int] = []
    /// Invitations without a usable time.
    private var undated: [MemberRecords.Member] = []
    private var anyoneUndated = false

    init(_ members: borrowing Membership) {
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
    }

    /// Whether an actor may have been invited again between two places.
    func mayExplain(_ actor: UInt32, between begin: Int, and end: Int, _ members: borrowing Membership) -> Bool {
        if anyoneUndated { return true }
        for member in undated where members.mayBe(member, actor) { return true }
        var (low, high) = (0, unmatched.count)
        while low < high {
            let middle = (low + high) / 2
            if unmatched[middle] <= begin { low = middle + 1 } else { high = middle }
        }
        return low < unmatched.count && unmatched[low] < end
    }
}
