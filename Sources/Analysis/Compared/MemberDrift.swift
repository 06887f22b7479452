import Evidence

/// How the members differ between two lists that follow each other, and which events explain it.
struct MemberDrift: Sendable {
    /// What differs.
    package enum Change: Sendable, Hashable {
        case joined
        case left
        case role(from: String, to: String)
        /// They stood on both lists; the log says that they were removed in between, the later list that they joined since.
        case cameBack
        /// The log says that they were removed, and not invited again; the list holds them.
        case staysListed
    }

    /// A member who differs.
    package struct Difference: Sendable, Hashable {
        /// As the later list gives them, or the earlier one where they left.
        var member: AccessMember
        /// What differs.
        var change: Change
        /// When the first page of the earlier list was served.
        var from: Instant
        /// When the later list was served.
        var to: Instant
        /// The events that explain it, in order.
        var events: [String]
        /// Events that may explain it, the first ones of very many: they are about nobody of either list, about one of
        /// several, or have no time.
        var possible: [String]
        /// How many of these there are.
        var possibleCount: Int
        /// What removed them before they came, where all invitations that are known of are older and may have been used by then;
        /// nil where that says nothing of it.
        var removal: AccessTrail.Event?
        /// Whether nothing can be said of it: the lists do not tell who the member is, or hold what can't be understood.
        var isUnclear: Bool

        /// Whether their role differs.
        var isOfRole: Bool { if case .role = change { true } else { false } }
    }

    /// In the order of time and of the lists.
    private(set) var differences: [Difference] = []

    /// Compares two lists.
    ///
    /// - Parameters:
    ///   - lists: All lists, in order.
    ///   - place: That of the earlier one among these.
    ///   - invited: What lists of invitations told up to the later one.
    ///   - events: What the log says of members.
    init(_ lists: ListsInTime, at place: Int, invited: InvitedMails, events: MemberEvents) {
        let (before, after) = (lists.readings[place], lists.readings[place + 1])
        let (old, new) = (lists[place], lists[place + 1])
        let (hasOldUnnamed, hasNewUnnamed) = (old.hasUnnamed(besides: new), new.hasUnnamed(besides: old))
        let isWhole = before.isWhole && after.isWhole
        // One of whom lists give nothing but an e-mail may have another one now.
        let mayBeRenamed = old.hasMailAlone(besides: new) && new.hasMailAlone(besides: old)
        var explaining = ExplainingEvents(events, before, after, old, new)
        let removals = explaining.standingRemovals()
        func note(_ member: AccessMember, _ change: Change, _ found: ExplainingEvents.Found, isUnclear: Bool) {
            differences.append(
                Difference(
                    member: member,
                    change: change,
                    from: before.earliest,
                    to: after.at,
                    events: found.events,
                    possible: found.possible,
                    possibleCount: found.possibleCount,
                    removal: found.removal,
                    isUnclear: isUnclear || member.key == nil
                )
            )
        }
        func noteArrival(_ member: AccessMember, _ place: Int, _ change: Change, isUnclear: Bool) {
            let found = explaining.findArrival(member, place, invited, isStanding: removals[place] != nil)
            guard let found else { return }
            let isRenamed = mayBeRenamed && member.isKnownByMailAlone
            note(member, change, found, isUnclear: isUnclear || !isWhole || isRenamed || (member.email ?? "").isEmpty)
        }
        for (place, member) in old.members.enumerated() {
            switch new.match(member) {
            case .certain(let other):
                guard let (role, now) = old.roleChange(place, new, other) else { continue }
                let found = explaining.findRole(member, old: place, new: other, joined: new.members[other].joinedAt)
                let isInDoubt = old.hasRoleInDoubt(place) || new.hasRoleInDoubt(other)
                note(new.members[other], .role(from: role, to: now), found, isUnclear: isInDoubt)
            case .perhaps: note(member, .left, .init(), isUnclear: true)
            case .none:
                let found = explaining.find(.removed, member, old: place, new: nil)
                let isRenamed = mayBeRenamed && member.isKnownByMailAlone
                note(member, .left, found, isUnclear: !isWhole || hasNewUnnamed || isRenamed)
            }
        }
        for (place, member) in new.members.enumerated() {
            let removal = removals[place]
            switch old.match(member) {
            case .certain:
                // Whom an event removed between lists that both have them, and who joined since, came again.
                guard let removal, let joined = member.joinedAt, joined.seconds >= removal.at.seconds else { break }
                noteArrival(member, place, .cameBack, isUnclear: joined.seconds == removal.at.seconds)
            case .perhaps: note(member, .joined, .init(), isUnclear: true)
            case .none: noteArrival(member, place, .joined, isUnclear: hasOldUnnamed)
            }
            if let removal, member.joinedAt.map({ $0.seconds < removal.at.seconds }) ?? true {
                note(member, .staysListed, .init(possible: [removal.event], possibleCount: 1), isUnclear: true)
            }
        }
    }
}
