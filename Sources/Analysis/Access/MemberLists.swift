import Evidence

/// Members of lists, found by what is known of somebody: the user id, else the member id, else the e-mail.
struct MemberLists {
    /// How somebody was found.
    enum Match: Equatable {
        /// By id, or by an e-mail that one member alone has.
        case certain(Int)
        /// By an e-mail that several have, or that a member with another id has.
        case perhaps
        case none
    }

    let members: [AccessMember]
    private var byUser: [ExactText: Int] = [:]
    private var byMember: [ExactText: Int] = [:]
    private var byMail: [ExactText: Holders] = [:]
    /// Of how many it does not give what could be compared with somebody.
    private(set) var incomparable = Incomparable()
    /// Where a list has somebody once more, by the place at which it has them first.
    private var again: [Int: [Int]] = [:]
    /// Places of those whom a list has more than once, with different roles.
    private var twofold: Set<Int> = []

    init(_ members: [AccessMember]) {
        self.members = members
        for (place, member) in members.enumerated() {
            incomparable.add(member)
            if case .certain(let first) = match(ids: member) { again[first, default: []].append(place) }
            if let id = member.userID, !id.isEmpty, byUser[ExactText(id)] == nil { byUser[ExactText(id)] = place }
            if let id = member.memberID, !id.isEmpty, byMember[ExactText(id)] == nil { byMember[ExactText(id)] = place }
            if let mail = member.email, !mail.isEmpty {
                byMail[ExactText(mail.lowercasedASCII), default: Holders()].add(member, place)
            }
        }
        for (first, others) in again where Set(([first] + others).map { AccessRole(members[$0]) }).count > 1 {
            twofold.formUnion([first] + others)
        }
    }

    /// Everything that the list says of the member at a place, as often as it has them.
    func all(_ place: Int) -> [AccessMember] { ([place] + again[place, default: []]).map { members[$0] } }

    /// Whether nobody else has the e-mail of the member at a place.
    func isAlone(_ place: Int) -> Bool {
        let mail = ExactText((members[place].email ?? "").lowercasedASCII)
        return byMail[mail]?.all.match == .certain(place)
    }

    /// Whether the list gives the member at a place no role that is certain.
    func hasRoleInDoubt(_ place: Int) -> Bool { twofold.contains(place) || members[place].isRoleUnclear }

    /// How a role of the member at a place differs from those of the one at a place of another list; nil where none does.
    func roleChange(_ place: Int, _ other: MemberLists, _ otherPlace: Int) -> (from: String, to: String)? {
        let (old, new) = (roles(place), other.roles(otherPlace))
        func first(_ roles: [String], but others: [String]) -> String? {
            roles.first { role in !others.contains { AccessRole.isSame(role, $0) == true } }
        }
        let (gone, come) = (first(old, but: new), first(new, but: old))
        return gone == nil && come == nil ? nil : (gone ?? old[0], come ?? new[0])
    }

    private func roles(_ place: Int) -> [String] { all(place).map { $0.role ?? "" } }

    /// Whether somebody stands here, and not there, of whom the list says nothing by which the log would know them.
    func hasUnnamed(besides other: MemberLists) -> Bool {
        members.contains { member in
            guard member.isUnnamed else { return false }
            if case .certain = other.match(member) { return false }
            return true
        }
    }

    /// Whether somebody stands here, and not there, of whom the list gives an e-mail, and no id.
    func hasMailAlone(besides other: MemberLists) -> Bool {
        members.contains { $0.isKnownByMailAlone && other.match($0) == .none }
    }

    /// The member of another list who is this one.
    func match(_ member: AccessMember) -> Match {
        if let known = match(ids: member) { return known }
        guard let mail = member.email, !mail.isEmpty else { return .none }
        // Whoever has an id of a kind that the member has was not found by it, and is another one.
        let holders = byMail[ExactText(mail.lowercasedASCII), default: Holders()]
        return holders[besidesUser: !(member.userID ?? "").isEmpty, besidesMember: !(member.memberID ?? "").isEmpty]
            .match
    }

    /// The same by ids; nil where these tell nothing.
    private func match(ids member: AccessMember) -> Match? {
        if let id = member.userID, !id.isEmpty, let place = byUser[ExactText(id)] { return .certain(place) }
        guard let id = member.memberID, !id.isEmpty, let place = byMember[ExactText(id)] else { return nil }
        return contradicts(member.userID, members[place].userID) ? Match.none : .certain(place)
    }

    /// The member who an event is about.
    func match(_ event: AccessTrail.Event) -> Match {
        if !event.id.isEmpty, let place = byUser[ExactText(event.id)] ?? byMember[ExactText(event.id)] {
            return .certain(place)
        }
        return match(mails: [ExactText(event.id.lowercasedASCII), ExactText(event.name.lowercasedASCII)])
    }

    /// Whether an event is about a member for certain.
    func names(_ event: AccessTrail.Event) -> Bool {
        if case .certain = match(event) { true } else { false }
    }

    /// The member who acted.
    func match(_ actor: AccessTrail.Actor) -> Match {
        guard !actor.id.isEmpty else { return match(mails: actor.mails) }
        if let place = byUser[ExactText(actor.id)] ?? byMember[ExactText(actor.id)] { return .certain(place) }
        let match = match(mails: actor.mails)
        // A list that gives no user id says no more than the e-mail.
        guard case .certain(let place) = match, !(members[place].userID ?? "").isEmpty else { return match }
        return .perhaps
    }

    /// Of those who have an e-mail of an actor's the one whose role allows least.
    func least(of actor: AccessTrail.Actor) -> AccessMember? {
        let places = actor.mails.compactMap { byMail[$0]?.least.place }.sorted()
        return places.map { members[$0] }.max { $0.forbidden < $1.forbidden }
    }

    /// What is known of when somebody acted last, in the period or before: nothing where none of their events has a time.
    struct LastAct {
        private(set) var at: Instant?

        mutating func add(_ at: Instant?) { self.at = [self.at, at].compactMap { $0 }.max() }
    }

    /// When each member acted last for certain, by their place; and, by e-mail, those who may be a member who has it, or another.
    func lastActs(_ trail: AccessTrail) -> (certain: [Int: LastAct], possible: [ExactText: LastAct]) {
        var acts: (certain: [Int: LastAct], possible: [ExactText: LastAct]) = ([:], [:])
        for actor in trail.actors {
            switch match(actor) {
            case .certain(let place): acts.certain[place, default: LastAct()].add(actor.lastAt)
            case .perhaps: for mail in actor.mails { acts.possible[mail, default: LastAct()].add(actor.lastAt) }
            case .none: break
            }
        }
        return acts
    }

    private func match(mails: some Sequence<ExactText>) -> Match {
        mails.reduce(into: Pair()) { found, mail in byMail[mail].map { found.add($0.all) } }.match
    }

    private func contradicts(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other, !one.isEmpty, !other.isEmpty else { return false }
        return !one.isSameInBytes(as: other)
    }
}

extension MemberLists {
    /// The first two of several places: more tell no more.
    private struct Pair {
        private var first: Int32 = -1
        private var second: Int32 = -1

        mutating func add(_ place: Int32) {
            if first < 0 || first == place { first = place } else if second < 0 { second = place }
        }

        mutating func add(_ other: Pair) {
            for place in [other.first, other.second] where place >= 0 { add(place) }
        }

        var match: Match { first < 0 ? .none : second < 0 ? .certain(Int(first)) : .perhaps }
    }

    /// Who has an e-mail: thousands can have the same.
    private struct Holders {
        var all = Pair()
        private var withoutUser = Pair()
        private var withoutMember = Pair()
        private var withoutBoth = Pair()
        /// The first of those whose role allows least.
        var least: (place: Int, forbidden: UInt8) = (-1, 0)

        mutating func add(_ member: AccessMember, _ place: Int) {
            let hasNoUser = (member.userID ?? "").isEmpty
            let hasNoMember = (member.memberID ?? "").isEmpty
            all.add(Int32(place))
            if hasNoUser { withoutUser.add(Int32(place)) }
            if hasNoMember { withoutMember.add(Int32(place)) }
            if hasNoUser, hasNoMember { withoutBoth.add(Int32(place)) }
            if least.place < 0 || least.forbidden < member.forbidden { least = (place, member.forbidden) }
        }

        /// Those without a user id, and without a member id, where they are asked for beside one.
        subscript(besidesUser user: Bool, besidesMember member: Bool) -> Pair {
            user ? (member ? withoutBoth : withoutUser) : member ? withoutMember : all
        }
    }
}

extension MemberLists {
    /// How many members a list gives without a user id, without an e-mail, and without either.
    struct Incomparable {
        private var (withoutID, withoutMail, unnamed) = (0, 0, 0)

        mutating func add(_ member: AccessMember) {
            if (member.userID ?? "").isEmpty { withoutID += 1 }
            if (member.email ?? "").isEmpty { withoutMail += 1 }
            if member.isUnnamed { unnamed += 1 }
        }

        /// Takes the most of several lists.
        mutating func formMost(_ other: Incomparable) {
            withoutID = max(withoutID, other.withoutID)
            withoutMail = max(withoutMail, other.withoutMail)
            unnamed = max(unnamed, other.unnamed)
        }

        /// Of how many nothing is given that could be compared with what is known of an actor.
        func count(with actor: AccessTrail.Actor) -> Int {
            actor.mails.isEmpty ? withoutID : actor.id.isEmpty ? withoutMail : unnamed
        }
    }
}

extension AccessMember {
    /// How much their role does not allow.
    fileprivate var forbidden: UInt8 { AccessRole(self).forbidden.rawValue }
}
