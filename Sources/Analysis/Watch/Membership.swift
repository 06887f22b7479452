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
    private struct Person {
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
        /// The place of their first event.
        var since: UInt32 = 0
        var hasID = false
        var actsInPeriod = false

        static let unmet = UInt32.max - 1
    }

    /// The latest that happened to a member's id or e-mail.
    private struct Latest {
        /// A removal that gave no actor's id.
        var removal = Membership.nobody
        /// Of an e-mail: a removal that gave somebody's id, and means others only where these have none.
        var named = Membership.nobody
        /// The place of an invitation; 0 for none.
        var invitation = 0
    }

    private var people: [Person] = []
    /// E-mails of actors with more than one, but for the first.
    private var moreMails: [UInt32: [Int32]] = [:]
    private var tokens = Interner()
    private var ofTokens: [Latest] = []
    /// By the number of a member's id: the actor, plus one; 0 for none so far.
    private var actorOfToken: [UInt32] = []
    /// E-mails in lower case, of actors and of members.
    private var mails = Interner()
    private var ofMails: [Latest] = []
    private var isActorsMail: [Bool] = []
    /// By the number of an e-mail as received: the number in lower case, plus one; 0 where that is not known yet.
    private var lowerOfLabel: [Int32] = []
    private var version: UInt32 = 0
    private(set) var records = MemberRecords()
    /// Actors who turned out to go by an e-mail that had been removed after their first event.
    private var lateMails: [UInt32: Int32] = [:]

    /// An e-mail is looked for among so many of an actor, the first ones: a log can't make every event take long.
    private static let mailsKept = 64

    /// Whether any member was removed or invited so far.
    var isEmpty: Bool { version == 0 }

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
            if !event.actorID.isEmpty, let token = tokens.find(Interner.Key(first: event.actorID)) {
                people[number].token = Int32(token)
                actorOfToken[Int(token)] = actor + 1
            }
        }
        if isInPeriod { people[number].actsInPeriod = true }
        if label != EventNumbering.missing, label != people[number].label {
            people[number].label = label
            add(lower(event.actorEmail, label), to: actor)
        }
        people[number].away = removal(of: actor)
        people[number].version = version
        return people[number].away
    }

    private mutating func lower(_ mail: TextView, _ label: UInt32) -> Int32 {
        while lowerOfLabel.count <= Int(label) { lowerOfLabel.append(0) }
        if lowerOfLabel[Int(label)] == 0 {
            let number = mail.withLowercase { self.mail($0) }
            isActorsMail[Int(number)] = true
            lowerOfLabel[Int(label)] = number + 1
        }
        return lowerOfLabel[Int(label)] - 1
    }

    private mutating func mail(_ lower: TextView) -> Int32 {
        let number = mails.intern(lower)
        if Int(number) == ofMails.count {
            ofMails.append(Latest())
            isActorsMail.append(false)
        }
        return Int32(number)
    }

    private mutating func add(_ mail: Int32, to actor: UInt32) {
        let person = people[Int(actor)]
        if person.mail == mail { return }
        if person.mail == Self.nobody {
            people[Int(actor)].mail = mail
        } else {
            guard moreMails[actor, default: []].count < Self.mailsKept, !moreMails[actor, default: []].contains(mail)
            else { return }
            moreMails[actor, default: []].append(mail)
        }
        let removal = removal(ofMail: mail, person)
        if removal != Self.nobody, records.removals[Int(removal)].place > Int(person.since) {
            lateMails[actor] = removal
        }
    }

    /// A member was removed.
    ///
    /// `actors` tells the actors met so far, and maybe later ones. `row`: the event's place in events.csv, or 0.
    mutating func remove(_ event: EventView, _ actors: borrowing Interner, at place: Int, row: Int) {
        let member = member(event, actors)
        let number = records.remove(event, member, at: place, row: row)
        guard place > 0 else { return }
        let isNamed = member.token != Self.nobody && actorOfToken[Int(member.token)] != 0
        if member.token != Self.nobody { ofTokens[Int(member.token)].removal = number }
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            if isNamed { ofMails[Int(mail)].named = number } else { ofMails[Int(mail)].removal = number }
        }
        version += 1
    }

    /// Somebody was invited, perhaps again.
    mutating func invite(_ event: EventView, _ actors: borrowing Interner, at place: Int) {
        let member = member(event, actors)
        records.invite(member, at: place)
        guard place > 0 else { return }
        if member.token != Self.nobody { ofTokens[Int(member.token)].invitation = place }
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            ofMails[Int(mail)].invitation = place
        }
        version += 1
    }

    private mutating func member(_ event: EventView, _ actors: borrowing Interner) -> MemberRecords.Member {
        var member = MemberRecords.Member()
        let (id, name) = (event.resourceID, event.resourceName)
        if !id.isEmpty {
            member.token = Int32(tokens.intern(id))
            member.mails[0] = id.withLowercase { mail($0) }
            if Int(member.token) == ofTokens.count {
                ofTokens.append(Latest())
                // The numbers of actors run ahead of the events: only those count that were met.
                let actor = actors.find(Interner.Key(first: id)).flatMap { isMet($0) ? $0 : nil }
                actorOfToken.append(actor.map { $0 + 1 } ?? 0)
                if let actor { people[Int(actor)].token = member.token }
            }
        }
        if !name.isEmpty { member.mails[1] = name.withLowercase { mail($0) } }
        return member
    }

    private func isMet(_ actor: UInt32) -> Bool {
        Int(actor) < people.count && people[Int(actor)].label != Person.unmet
    }

    // MARK: States

    /// The removal behind which an actor stands, as far as is known.
    private func removal(of actor: UInt32) -> Int32 {
        let person = people[Int(actor)]
        var (latest, invitation) = (Self.nobody, 0)
        if person.token != Self.nobody {
            latest = ofTokens[Int(person.token)].removal
            invitation = ofTokens[Int(person.token)].invitation
        }
        forEachMail(of: actor) { mail in
            latest = max(latest, removal(ofMail: mail, person))
            invitation = max(invitation, ofMails[Int(mail)].invitation)
        }
        guard latest != Self.nobody, records.removals[Int(latest)].place > invitation else { return Self.nobody }
        return latest
    }

    /// The latest removal of an actor, whether or not they were invited again since.
    func latestRemoval(of actor: UInt32) -> Int32 {
        guard isMet(actor) else { return Self.nobody }
        let person = people[Int(actor)]
        var latest = person.token == Self.nobody ? Self.nobody : ofTokens[Int(person.token)].removal
        forEachMail(of: actor) { latest = max(latest, removal(ofMail: $0, person)) }
        return latest
    }

    private func removal(ofMail mail: Int32, _ person: Person) -> Int32 {
        let latest = ofMails[Int(mail)]
        if !person.hasID { return max(latest.removal, latest.named) }
        return latest.removal != Self.nobody && isOfOther(latest.removal, person) ? Self.nobody : latest.removal
    }

    /// Whether a removal gives the id of another actor than one who has an id.
    private func isOfOther(_ removal: Int32, _ person: Person) -> Bool {
        let token = records.removals[Int(removal)].member.token
        return person.hasID && token != Self.nobody && token != person.token && actorOfToken[Int(token)] != 0
    }

    /// Whether a removal turned out to be another actor's.
    func isOfOther(_ removal: Int32, than actor: UInt32) -> Bool { isOfOther(removal, people[Int(actor)]) }

    private func forEachMail(of actor: UInt32, _ body: (Int32) -> Void) {
        let mail = people[Int(actor)].mail
        guard mail != Self.nobody else { return }
        body(mail)
        guard !moreMails.isEmpty else { return }
        for mail in moreMails[actor, default: []] { body(mail) }
    }

    // MARK: At the end

    /// Whether an actor was met who is the member.
    func isKnown(_ member: MemberRecords.Member) -> Bool {
        if member.token != Self.nobody, actorOfToken[Int(member.token)] != 0 { return true }
        return member.mails.contains { $0 != Self.nobody && isActorsMail[Int($0)] }
    }

    /// Whether a member may be an actor, by whatever is known of both.
    func mayBe(_ member: MemberRecords.Member, _ actor: UInt32) -> Bool {
        guard isMet(actor) else { return false }
        let person = people[Int(actor)]
        if member.token != Self.nobody {
            if member.token == person.token { return true }
            if person.hasID, actorOfToken[Int(member.token)] != 0 { return false }
        }
        var isFound = false
        forEachMail(of: actor) { if member.mails.contains($0) { isFound = true } }
        return isFound
    }

    /// Actors who acted in the period, and may have done so behind a removal whose order among the events is not known.
    var doubtful: [(actor: UInt32, removal: Int32)] {
        let undated = records.removals.indices.filter { records.removals[$0].place == 0 }
        var found: [(actor: UInt32, removal: Int32)] = []
        guard !undated.isEmpty || !lateMails.isEmpty else { return [] }
        for actor in people.indices where people[actor].actsInPeriod {
            let actor = UInt32(actor)
            if let late = lateMails[actor], !isOfOther(late, than: actor) {
                found.append((actor, late))
            } else if let removal = undated.first(where: { mayBe(records.removals[$0].member, actor) }) {
                found.append((actor, Int32(removal)))
            }
        }
        return found
    }
}
