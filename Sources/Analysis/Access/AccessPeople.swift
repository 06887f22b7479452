import Evidence

/// Everybody whom a list of members, a list of invitations or the log knows, each once as far as ids and e-mails tell.
struct AccessPeople {
    private(set) var people: [AccessState.Person] = []
    private let trail: AccessTrail
    private let lists: MemberLists
    private var byID: [ExactText: Int] = [:]
    private var byMail: [ExactText: Int] = [:]
    /// By the place of an actor.
    private var ofActor: [Int] = []
    private var events: [[AccessTrail.Event]] = []
    /// The addresses of those who acted: one person may be several actors.
    private var used: [Int: Set<UInt32>] = [:]

    init(
        _ reading: AccessCourse<AccessMember>.Reading?,
        _ invitations: [AccessInvitation],
        _ trail: AccessTrail,
        _ openKeys: [WatchedLog.OpenKey]
    ) {
        self.trail = trail
        var known: Set<ExactText> = []
        let members = (reading?.elements ?? []).filter { member in member.key.map { known.insert($0).inserted } ?? true
        }
        lists = MemberLists(members)
        for member in members { add(AccessState.Person(member: member, status: .member)) }
        for actor in trail.actors { ofActor.append(place(of: actor)) }
        for (place, addresses) in used { people[place].addresses = addresses.count }
        for event in trail.events { take(event) }
        for place in people.indices { settle(place, reading) }
        for invitation in invitations where invitation.state == .pending { take(invitation) }
        count(openKeys)
    }

    @discardableResult
    private mutating func add(_ person: AccessState.Person) -> Int {
        people.append(person)
        events.append([])
        return people.count - 1
    }

    /// Somebody who stands on no list of members.
    private mutating func add(id: String, mail: String) -> Int {
        let member = AccessMember(userID: id.isEmpty ? nil : id, email: mail.isEmpty ? nil : mail)
        let place = add(AccessState.Person(member: member, source: .log))
        if !id.isEmpty { byID[ExactText(id)] = place }
        if !mail.isEmpty, byMail[ExactText(mail.lowercasedASCII)] == nil {
            byMail[ExactText(mail.lowercasedASCII)] = place
        }
        return place
    }

    private mutating func place(of actor: AccessTrail.Actor) -> Int {
        let place: Int
        if case .certain(let member) = lists.match(actor) {
            place = member
            people[place].source = .both
        } else {
            place = add(id: actor.id, mail: actor.mail)
        }
        used[place, default: []].formUnion(actor.addresses)
        people[place].actions += actor.count
        people[place].privilegedActions += actor.privileged
        people[place].lastActionAt = [people[place].lastActionAt, actor.lastAt].compactMap { $0 }.max()
        return place
    }

    private mutating func take(_ event: AccessTrail.Event) {
        guard [.invited, .removed, .roleChanged].contains(event.kind) else { return }
        let texts = [event.id, event.name].filter { !$0.isEmpty }
        switch lists.match(event) {
        case .certain(let member):
            people[member].source = .both
            events[member].append(event)
        case .perhaps: break
        case .none:
            let known =
                byID[ExactText(event.id)] ?? texts.compactMap { byMail[ExactText($0.lowercasedASCII)] }.first
            guard known != nil || !texts.isEmpty else { return }
            let isMail = { (text: String) in text.utf8.contains(UInt8(ascii: "@")) }
            let place =
                known ?? add(id: isMail(event.id) ? "" : event.id, mail: texts.first(where: isMail) ?? "")
            events[place].append(event)
        }
    }

    /// What the log says of somebody's membership.
    private mutating func settle(_ place: Int, _ reading: AccessCourse<AccessMember>.Reading?) {
        let (own, isListed) = (events[place], people[place].status == .member)
        let (invited, removed) = (own.last { $0.kind == .invited }, own.lastIndex { $0.kind == .removed })
        people[place].roleChanges = own.count { $0.kind == .roleChanged }
        people[place].invited = invited.map { ($0.at, called($0)) }
        guard let removed, !own[removed...].contains(where: { $0.kind == .invited }) else {
            if !isListed, invited != nil { people[place].status = .invited }
            return
        }
        // A list that was read behind the removal has them all the same: they are a member until something says otherwise.
        if isListed, let reading, own[removed].at.map({ $0.seconds < reading.earliest.seconds }) ?? true { return }
        people[place].removed = (own[removed].at, called(own[removed]))
        people[place].status = .removed
    }

    private mutating func take(_ invitation: AccessInvitation) {
        guard let mail = invitation.email, !mail.isEmpty,
            lists.match(AccessMember(email: mail)) == .none
        else { return }
        if let place = byMail[ExactText(mail.lowercasedASCII)] {
            people[place].source = .both
            if people[place].status == .unknown { people[place].status = .invited }
            return
        }
        let place = add(id: "", mail: mail)
        (people[place].source, people[place].status, people[place].member.role) = (.list, .invited, invitation.role)
    }

    private mutating func count(_ openKeys: [WatchedLog.OpenKey]) {
        let made = trail.keyMakers
        for key in openKeys {
            if let actor = made[ExactText(key.event)] { people[ofActor[actor]].openKeys += 1 }
        }
    }

    private func called(_ event: AccessTrail.Event) -> String { event.by.map { trail.actors[$0].called } ?? "" }
}

extension AccessTrail {
    /// The places of those who made keys, by the id of the event.
    var keyMakers: [ExactText: Int] {
        var makers: [ExactText: Int] = [:]
        for event in events where event.kind == .keyCreated { makers[ExactText(event.event)] = event.by }
        return makers
    }
}
