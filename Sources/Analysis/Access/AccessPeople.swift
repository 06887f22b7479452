import Evidence

/// Everybody whom a list of members, a list of invitations or the log knows, each once as far as ids and e-mails tell.
struct AccessPeople {
    private(set) var people: [AccessState.Person] = []
    private let trail: AccessTrail
    private let lists: MemberLists
    private let names: AccessNames
    /// By the numbers of the names.
    private var places: [Int: Int] = [:]
    /// By the place of an actor.
    private var ofActor: [Int] = []
    private var events: [[AccessTrail.Event]] = []
    /// The addresses of those who acted: one person may be several actors.
    private var used: [Int: Set<UInt32>] = [:]
    private let invitations: AccessCourse<AccessInvitation>.Reading?
    /// Whom invitations that may still be accepted are sent to: the numbers of their names, and e-mails that several have.
    private let invited: (people: Set<Int>, mails: Set<ExactText>)

    init(
        _ reading: AccessCourse<AccessMember>.Reading?,
        _ invitations: AccessCourse<AccessInvitation>.Reading?,
        _ trail: AccessTrail,
        _ openKeys: [WatchedLog.OpenKey]
    ) {
        (self.trail, self.invitations) = (trail, invitations)
        var known: Set<ExactText> = []
        let members = (reading?.elements ?? []).filter { member in member.key.map { known.insert($0).inserted } ?? true
        }
        let unsettled = (invitations?.elements ?? []).filter { $0.state != .settled }
        let mails = unsettled.compactMap(\.email)
        let names = AccessNames(members, trail, mails)
        (lists, self.names) = (MemberLists(members), names)
        invited = (Set(mails.compactMap(names.person)), Set(mails.map { ExactText($0.lowercasedASCII) }))
        for member in members {
            let place = add(AccessState.Person(member: member, status: .member))
            register([member.userID, member.memberID, member.email].compactMap { $0 }, place)
        }
        for actor in trail.actors { ofActor.append(place(of: actor)) }
        for (place, addresses) in used { people[place].addresses = addresses.count }
        for event in trail.events { take(event) }
        for place in people.indices { settle(place, reading) }
        for invitation in unsettled where invitation.state == .pending { take(invitation) }
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
        register([id, mail], place)
        return place
    }

    private mutating func register(_ given: [String], _ place: Int) {
        for person in given.compactMap(names.person) where places[person] == nil { places[person] = place }
    }

    /// Whoever goes by one of some names.
    private func known(_ given: [String]) -> Int? { given.compactMap(names.person).compactMap { places[$0] }.first }

    private mutating func place(of actor: AccessTrail.Actor) -> Int {
        let place: Int
        switch lists.match(actor) {
        case .certain(let member): place = member
        case .perhaps: place = add(id: actor.id, mail: actor.mail)
        case .none: place = known([actor.id, actor.mail]) ?? add(id: actor.id, mail: actor.mail)
        }
        register([actor.id, actor.mail], place)
        if people[place].source == .list { people[place].source = .both }
        complete(place, id: actor.id, mail: actor.mail)
        used[place, default: []].formUnion(actor.addresses)
        people[place].actions += actor.count
        people[place].privilegedActions += actor.privileged
        people[place].lastActionAt = [people[place].lastActionAt, actor.lastAt].compactMap { $0 }.max()
        return place
    }

    /// Gives somebody who stands on no list the id and the e-mail of the log.
    private mutating func complete(_ place: Int, id: String, mail: String) {
        guard people[place].source == .log else { return }
        if !id.isEmpty, people[place].member.userID == nil { people[place].member.userID = id }
        if !mail.isEmpty, people[place].member.email == nil { people[place].member.email = mail }
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
            guard !texts.isEmpty else { return }
            let (id, mail) = (event.id.isWrittenAsMail ? "" : event.id, texts.first(where: \.isWrittenAsMail) ?? "")
            let place = known(texts) ?? add(id: id, mail: mail)
            if people[place].source == .list { people[place].source = .both }
            complete(place, id: id, mail: mail)
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
            if !isListed, let invited, !isOver(invited, place) { people[place].status = .invited }
            return
        }
        // A list that was read behind the removal has them all the same: they are a member until something says otherwise.
        let at = own[removed].at
        if isListed, let reading, at.map({ $0.seconds < reading.earliest.seconds }) ?? true { return }
        people[place].removed = (at, called(own[removed]))
        people[place].status = .removed
    }

    /// Whether an invitation of the log ended: a list of invitations that was read behind it holds it no more.
    private func isOver(_ event: AccessTrail.Event, _ place: Int) -> Bool {
        guard let invitations, invitations.isWhole, let at = event.at,
            at.seconds < invitations.earliest.seconds
        else { return false }
        let member = people[place].member
        if let mail = member.email, invited.mails.contains(ExactText(mail.lowercasedASCII)) { return false }
        let person = [member.userID, member.email].compactMap { $0 }.compactMap(names.person).first
        return !(person.map(invited.people.contains) ?? false)
    }

    private mutating func take(_ invitation: AccessInvitation) {
        guard let mail = invitation.email, !mail.isEmpty,
            lists.match(AccessMember(email: mail)) == .none
        else { return }
        guard let place = known([mail]) else {
            let place = add(id: "", mail: mail)
            (people[place].source, people[place].status, people[place].member.role) = (.list, .invited, invitation.role)
            return
        }
        // Whoever was removed before the list was read was invited again, though no event says so.
        if let removed = people[place].removed, let invitations,
            removed.at.map({ $0.seconds < invitations.earliest.seconds }) ?? false
        {
            (people[place].removed, people[place].status) = (nil, .invited)
        }
        guard place >= lists.members.count else { return }
        if people[place].source == .log { people[place].source = .both }
        if people[place].status == .unknown { people[place].status = .invited }
        people[place].member.role = invitation.role
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
