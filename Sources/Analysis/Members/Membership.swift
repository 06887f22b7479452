import Evidence

/// Who was removed, who was invited again, and whether whoever acts had been removed before.
///
/// What follows from two events follows from their order: a place is how many events came before. A member is matched to
/// an actor by id; where the member's id is no actor's, by e-mail (the member's name or id, ASCII case ignored) among those
/// that the actor was seen with so far. Actors with other ids are others, whatever their e-mail.
struct Membership: ~Copyable {
    /// Stands for no removal; others are told by their number.
    static let nobody: Int32 = -1

    /// What is known of an actor.
    struct Person {
        /// The number of the e-mail of their latest event that has one; `unmet` before their first event.
        var label = Person.unmet
        /// How much was known of members when `away` was reckoned.
        var version: UInt32 = 0
        /// The removal behind which they act now.
        var away = Membership.nobody
        /// What the member's id stands for among those of members.
        var token = Membership.nobody
        /// The first e-mail that they were seen with.
        var mail = Membership.nobody
        /// A removal that may be theirs, behind which they act then.
        var perhaps = Perhaps()
        /// The place of their first event.
        var since: UInt32 = 0
        var hasID = false
        var actsInPeriod = false

        static let unmet = UInt32.max - 1
    }

    /// A removal that is somebody's perhaps.
    struct Perhaps {
        var removal = Membership.nobody
        /// If others have this e-mail, too; `nobody` where it is so whoever has it.
        var mail = Membership.nobody
    }

    private(set) var people: [Person] = []
    /// E-mails of actors with more than one, but for the first.
    private(set) var moreMails: [UInt32: [Int32]] = [:]
    /// Of e-mails that several actors with an id have: all but the first, as many as are kept.
    private(set) var moreCarriers: [Int32: [UInt32]] = [:]
    private(set) var numbers = MemberNumbers()
    private var version: UInt32 = 0
    /// Whether anybody acted who is known by e-mail alone: what is known of others concerns them, too.
    private var isAnyKnownByMailAlone = false
    private(set) var records = MemberRecords()
    /// Actors who turned out to go by an e-mail that had been removed after their first event.
    private(set) var lateMails: [UInt32: Int32] = [:]
    /// The same by actor and removal.
    private(set) var lateMatches: Set<UInt64> = []
    /// E-mails that actors turned out to go by though they had been invited under them before.
    private(set) var lateInvitations: [UInt32: [Int32]] = [:]
    /// Removals that are actors' of the period perhaps.
    private(set) var possible: [UInt32: [Perhaps]] = [:]

    /// An e-mail is looked for among so many of an actor, the first ones: a log can't make every event take long.
    private static let mailsKept = 64

    init() {}

    // MARK: Events

    /// Somebody acted; `label` is the number of the event's e-mail.
    ///
    /// - Returns: The removal behind which they act, unless they were invited again; `nobody` for none.
    @inline(__always)
    mutating func meet(_ event: EventView, actor: UInt32, label: UInt32, at place: Int, isInPeriod: Bool) -> Int32 {
        if Int(actor) < people.count {
            let person = people[Int(actor)]
            if person.label == label || (label == EventNumbering.missing && person.label != Person.unmet),
                person.version == version, person.actsInPeriod || !isInPeriod
            {
                return person.away
            }
        }
        return learn(event, actor, label, place, isInPeriod)
    }

    @inline(never)
    private mutating func learn(
        _ event: EventView,
        _ actor: UInt32,
        _ label: UInt32,
        _ place: Int,
        _ isInPeriod: Bool
    ) -> Int32 {
        while people.count <= Int(actor) { people.append(Person()) }
        let number = Int(actor)
        if people[number].label == Person.unmet {
            people[number].label = EventNumbering.missing
            people[number].since = UInt32(clamping: place)
            people[number].hasID = !event.actorID.isEmpty
            if event.actorID.isEmpty { isAnyKnownByMailAlone = true }
            if !event.actorID.isEmpty, let token = numbers.find(event.actorIDKey) {
                people[number].token = token
                numbers[token].actor = actor + 1
            }
        }
        if isInPeriod { people[number].actsInPeriod = true }
        if label != EventNumbering.missing, label != people[number].label {
            people[number].label = label
            add(numbers.lower(event.actorEmailKey, label), to: actor)
        }
        people[number].away = removal(of: actor)
        people[number].perhaps = people[number].away == Self.nobody ? perhapsBehind(actor) : Perhaps()
        if people[number].perhaps.removal != Self.nobody, place > 0, isInPeriod { note(actor) }
        people[number].version = version
        return people[number].away
    }

    private mutating func add(_ mail: Int32, to actor: UInt32) {
        let person = people[Int(actor)]
        if person.mail == mail { return }
        if person.mail == Self.nobody {
            people[Int(actor)].mail = mail
        } else {
            let others = moreMails[actor, default: []]
            guard others.count < Self.mailsKept, !others.contains(mail) else { return }
            moreMails[actor, default: []].append(mail)
        }
        if person.hasID { carry(mail, actor) }
        let removal = removal(ofMail: mail, person)
        if removal != Self.nobody, records.removals[Int(removal)].place > Int(person.since) {
            lateMails[actor] = removal
            lateMatches.insert(Self.match(actor, removal))
        }
        if numbers[mail].invitationByMail > Int(person.since) { lateInvitations[actor, default: []].append(mail) }
    }

    private mutating func carry(_ mail: Int32, _ actor: UInt32) {
        numbers[mail].carriers += 1
        if numbers[mail].carriers == 1 {
            numbers[mail].firstCarrier = actor
        } else if moreCarriers[mail, default: []].count < Self.mailsKept {
            moreCarriers[mail, default: []].append(actor)
        }
    }

    static func match(_ actor: UInt32, _ removal: Int32) -> UInt64 {
        UInt64(actor) << 32 | UInt64(UInt32(bitPattern: removal))
    }

    /// A member was removed.
    ///
    /// `resource`: the numbers of the event's resource and its name, if resources are numbered. `actors` tells the actors
    /// met so far, and maybe later ones. `row`: the event's place in events.csv, or 0.
    mutating func remove(
        _ event: EventView,
        _ resource: (number: UInt32, name: UInt32)?,
        _ actors: borrowing Interner,
        at place: Int,
        row: Int
    ) {
        let member = member(event, resource, actors)
        if place > 0 { noteNews(of: member) }
        let number = records.remove(event, member, at: place, version: version, row: row)
        guard place > 0 else { return }
        let isNamed = self.actor(of: member) != nil
        if member.token != Self.nobody { numbers[member.token].removal = number }
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            if isNamed { numbers[mail].namedRemoval = number } else { numbers[mail].removalByMail = number }
        }
    }

    /// Somebody was invited, perhaps again; arguments are those of a removal.
    mutating func invite(
        _ event: EventView,
        _ resource: (number: UInt32, name: UInt32)?,
        _ actors: borrowing Interner,
        at place: Int
    ) {
        let member = member(event, resource, actors)
        records.invite(member, at: place)
        guard place > 0 else { return }
        if member.token != Self.nobody { numbers[member.token].invitation = place }
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            numbers[mail].invitationByMail = place
        }
        noteNews(of: member)
    }

    /// What is known of actors is reckoned again once it may differ: most members are no actors.
    private mutating func noteNews(of member: MemberRecords.Member) {
        if isAnyKnownByMailAlone || isKnown(member) { version += 1 }
    }

    /// Whom an event is about.
    mutating func member(
        _ event: EventView,
        _ resource: (number: UInt32, name: UInt32)?,
        _ actors: borrowing Interner
    ) -> MemberRecords.Member {
        let member = numbers.member(event, resource)
        guard member.token != Self.nobody, !numbers[member.token].isActorSought else { return member }
        numbers[member.token].isActorSought = true
        // The numbers of actors run ahead of the events: only those count that were met.
        if let actor = actors.find(Interner.Key(first: event.resourceIDKey)), isMet(actor) {
            numbers[member.token].actor = actor + 1
            people[Int(actor)].token = member.token
        }
        return member
    }

    /// The actor whose id a member has; nil where no actor met so far has it.
    func actor(of member: MemberRecords.Member) -> UInt32? {
        guard member.token != Self.nobody, numbers[member.token].actor != 0 else { return nil }
        return numbers[member.token].actor - 1
    }

    private mutating func note(_ actor: UInt32) {
        let new = people[Int(actor)].perhaps
        if let last = possible[actor]?.last, last.removal == new.removal, last.mail == new.mail { return }
        possible[actor, default: []].append(new)
    }
}
