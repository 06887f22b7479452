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
    private var byMail: [ExactText: [Int]] = [:]
    /// How many it gives without a user id, without an e-mail, and without either.
    private var (withoutID, withoutMail, unnamed) = (0, 0, 0)
    /// Where a list has somebody once more, by the place at which it has them first.
    private var again: [Int: [Int]] = [:]
    /// Places of those whom a list has more than once, with different roles.
    private var twofold: Set<Int> = []

    init(_ members: [AccessMember]) {
        self.members = members
        for (place, member) in members.enumerated() {
            if (member.userID ?? "").isEmpty { withoutID += 1 }
            if (member.email ?? "").isEmpty { withoutMail += 1 }
            if member.isUnnamed { unnamed += 1 }
            if case .certain(let first) = match(ids: member) { again[first, default: []].append(place) }
            if let id = member.userID, !id.isEmpty, byUser[ExactText(id)] == nil { byUser[ExactText(id)] = place }
            if let id = member.memberID, !id.isEmpty, byMember[ExactText(id)] == nil { byMember[ExactText(id)] = place }
            if let mail = member.email, !mail.isEmpty {
                byMail[ExactText(mail.lowercasedASCII), default: []].append(place)
            }
        }
        for (first, others) in again where Set(([first] + others).map { AccessRole(members[$0]) }).count > 1 {
            twofold.formUnion([first] + others)
        }
    }

    /// Everything that the list says of the member at a place, as often as it has them.
    func all(_ place: Int) -> [AccessMember] { ([place] + again[place, default: []]).map { members[$0] } }

    /// Whether the list gives the member at a place no role that is certain.
    func hasRoleInDoubt(_ place: Int) -> Bool { twofold.contains(place) || members[place].isRoleUnclear }

    /// Whether somebody stands here, and not there, of whom the list says nothing by which the log would know them.
    func hasUnnamed(besides other: MemberLists) -> Bool {
        members.contains { member in
            guard member.isUnnamed else { return false }
            if case .certain = other.match(member) { return false }
            return true
        }
    }

    /// The lists of readings, in their order; lists that follow each other and are the same are made once.
    static func of(_ readings: [AccessCourse<AccessMember>.Reading]) -> [MemberLists] {
        var lists: [MemberLists] = []
        for (place, reading) in readings.enumerated() {
            if place > 0, let last = lists.last, readings[place - 1].elements == reading.elements {
                lists.append(last)
            } else {
                lists.append(MemberLists(reading.elements))
            }
        }
        return lists
    }

    /// The member of another list who is this one.
    func match(_ member: AccessMember) -> Match {
        if let known = match(ids: member) { return known }
        guard let mail = member.email, !mail.isEmpty else { return .none }
        let places = byMail[ExactText(mail.lowercasedASCII), default: []].filter { place in
            !contradicts(member.userID, members[place].userID) && !contradicts(member.memberID, members[place].memberID)
        }
        return places.isEmpty ? .none : places.count == 1 ? .certain(places[0]) : .perhaps
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
        let places = Set(actor.mails.flatMap { byMail[$0, default: []] })
        guard let place = places.first else { return .none }
        // A list that gives no user id says no more than the e-mail.
        return places.count == 1 && (members[place].userID ?? "").isEmpty ? .certain(place) : .perhaps
    }

    /// Of how many it gives nothing that could be compared with what is known of an actor.
    func incomparable(with actor: AccessTrail.Actor) -> Int {
        actor.mails.isEmpty ? withoutID : actor.id.isEmpty ? withoutMail : unnamed
    }

    /// When each member acted last, by their place, in the period or before; nobody for whom that is not certain.
    func lastActs(_ trail: AccessTrail) -> [Int: Instant] {
        var last: [Int: Instant] = [:]
        for actor in trail.actors {
            guard let at = actor.lastAt, case .certain(let place) = match(actor) else { continue }
            last[place] = last[place].map { max($0, at) } ?? at
        }
        return last
    }

    private func match(mails: some Sequence<ExactText>) -> Match {
        let places = Set(mails.flatMap { byMail[$0, default: []] })
        return places.isEmpty ? .none : places.count == 1 ? places.first.map(Match.certain) ?? .none : .perhaps
    }

    private func contradicts(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other, !one.isEmpty, !other.isEmpty else { return false }
        return !one.isSameInBytes(as: other)
    }
}
