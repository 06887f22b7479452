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

    /// Who was seen with an e-mail.
    private struct Carriers {
        /// The first one with an id.
        var first: UInt32 = 0
        /// How many have an id.
        var withID: UInt32 = 0
        /// The others with an id, as many as are kept.
        var others: [UInt32] = []
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
    /// By the number of a member's id: what the id is as an e-mail, and the name it had last.
    private var mailsOfToken: [MemberRecords.InlinePair] = []
    /// By the number of a member's id: the actor, plus one; 0 for none so far.
    private var actorOfToken: [UInt32] = []
    /// E-mails in lower case, of actors and of members.
    private var mails = Interner()
    private var ofMails: [Latest] = []
    private var isActorsMail: [Bool] = []
    private var carriers: [Carriers] = []
    /// Whether a text can be an e-mail at all: it has an @.
    private var isMail: [Bool] = []
    /// By the number of an e-mail as received: the number in lower case, plus one; 0 where that is not known yet.
    private var lowerOfLabel: [Int32] = []
    private var version: UInt32 = 0
    /// Whether anybody acted who is known by e-mail alone: what is known of others concerns them, too.
    private var isAnyKnownByMailAlone = false
    private(set) var records = MemberRecords()
    /// Actors who turned out to go by an e-mail that had been removed after their first event.
    private var lateMails: [UInt32: Int32] = [:]
    /// The same by actor and removal.
    private var lateMatches: Set<UInt64> = []
    /// E-mails that actors turned out to go by though they had been invited under them before.
    private(set) var lateInvitations: [UInt32: [Int32]] = [:]
    /// Removals that are actors' of the period perhaps.
    private var possible: [UInt32: [Perhaps]] = [:]

    /// An e-mail is looked for among so many of an actor, the first ones: a log can't make every event take long.
    private static let mailsKept = 64

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
            if !event.actorID.isEmpty, let token = tokens.find(Interner.Key(first: event.actorIDKey)) {
                people[number].token = Int32(token)
                actorOfToken[Int(token)] = actor + 1
            }
        }
        if isInPeriod { people[number].actsInPeriod = true }
        if label != EventNumbering.missing, label != people[number].label {
            people[number].label = label
            add(lower(event.actorEmailKey, label), to: actor)
        }
        people[number].away = removal(of: actor)
        people[number].perhaps = people[number].away == Self.nobody ? perhapsBehind(actor) : Perhaps()
        if people[number].perhaps.removal != Self.nobody, place > 0, isInPeriod { note(actor) }
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
            carriers.append(Carriers())
            isMail.append(lower.bytes.contains(UInt8(ascii: "@")))
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
        if person.hasID { carry(mail, actor) }
        let removal = removal(ofMail: mail, person)
        if removal != Self.nobody, records.removals[Int(removal)].place > Int(person.since) {
            lateMails[actor] = removal
            lateMatches.insert(UInt64(actor) << 32 | UInt64(UInt32(bitPattern: removal)))
        }
        if ofMails[Int(mail)].invitation > Int(person.since) { lateInvitations[actor, default: []].append(mail) }
    }

    private mutating func carry(_ mail: Int32, _ actor: UInt32) {
        if carriers[Int(mail)].withID == 0 {
            carriers[Int(mail)].first = actor
        } else if carriers[Int(mail)].others.count < Self.mailsKept {
            carriers[Int(mail)].others.append(actor)
        }
        carriers[Int(mail)].withID += 1
    }

    /// A member was removed.
    ///
    /// `actors` tells the actors met so far, and maybe later ones. `row`: the event's place in events.csv, or 0.
    mutating func remove(_ event: EventView, _ actors: borrowing Interner, at place: Int, row: Int) {
        let member = member(event, actors)
        if place > 0 { noteNews(of: member) }
        let number = records.remove(event, member, at: place, version: version, row: row)
        guard place > 0 else { return }
        let isNamed = member.token != Self.nobody && actorOfToken[Int(member.token)] != 0
        if member.token != Self.nobody { ofTokens[Int(member.token)].removal = number }
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            if isNamed { ofMails[Int(mail)].named = number } else { ofMails[Int(mail)].removal = number }
        }
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
        noteNews(of: member)
    }

    /// What is known of actors is reckoned again once it may differ: most members are no actors.
    private mutating func noteNews(of member: MemberRecords.Member) {
        if isAnyKnownByMailAlone || isKnown(member) { version += 1 }
    }

    /// Whom an event is about.
    mutating func member(_ event: EventView, _ actors: borrowing Interner) -> MemberRecords.Member {
        var member = MemberRecords.Member()
        let (id, name) = (event.resourceIDKey, event.resourceNameKey)
        if !id.isEmpty {
            member.token = Int32(tokens.intern(id))
            if Int(member.token) == ofTokens.count {
                ofTokens.append(Latest())
                mailsOfToken.append(MemberRecords.InlinePair())
                mailsOfToken[Int(member.token)][0] = id.withLowercase { mail($0) }
                // The numbers of actors run ahead of the events: only those count that were met.
                let actor = actors.find(Interner.Key(first: id)).flatMap { isMet($0) ? $0 : nil }
                actorOfToken.append(actor.map { $0 + 1 } ?? 0)
                if let actor { people[Int(actor)].token = member.token }
            }
            member.mails[0] = mailsOfToken[Int(member.token)][0]
        }
        guard !name.isEmpty else { return member }
        // A member mostly has the name that it had before.
        let last = member.token == Self.nobody ? Self.nobody : mailsOfToken[Int(member.token)][1]
        member.mails[1] = name.withLowercase { lower in
            last != Self.nobody && mails.isNumber(Int(last), of: lower) ? last : mail(lower)
        }
        if member.token != Self.nobody { mailsOfToken[Int(member.token)][1] = member.mails[1] }
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

    /// The removal behind which an actor stands perhaps, who stands behind none for certain.
    private func perhapsBehind(_ actor: UInt32) -> Perhaps {
        guard !records.removals.isEmpty else { return Perhaps() }
        let person = people[Int(actor)]
        let latest = latestRemoval(of: actor)
        if latest != Self.nobody {
            // An invitation by an e-mail is of nobody for certain once it has been handed on.
            let place = records.removals[Int(latest)].place
            if person.token != Self.nobody, ofTokens[Int(person.token)].invitation > place { return Perhaps() }
            var mails: [Int32] = []
            forEachMail(of: actor) { if ofMails[Int($0)].invitation > place { mails.append($0) } }
            return mails.count == 1 ? Perhaps(removal: latest, mail: mails[0]) : Perhaps()
        }
        guard !person.hasID else { return Perhaps() }
        var found = Self.nobody
        forEachCarrier(of: actor) { found = max(found, removal(of: $0)) }
        return Perhaps(removal: found)
    }

    private mutating func note(_ actor: UInt32) {
        let new = people[Int(actor)].perhaps
        if let last = possible[actor]?.last, last.removal == new.removal, last.mail == new.mail { return }
        possible[actor, default: []].append(new)
    }

    /// Actors with an id who have the e-mail by which one without is known.
    private func forEachCarrier(of actor: UInt32, _ body: (UInt32) -> Void) {
        let person = people[Int(actor)]
        guard !person.hasID, person.mail != Self.nobody else { return }
        let carriers = carriers[Int(person.mail)]
        guard carriers.withID > 0 else { return }
        body(carriers.first)
        for other in carriers.others { body(other) }
    }

    // MARK: At the end

    /// How many events came before a removal, and itself; 0 where it has no usable time.
    func place(of removal: Int32) -> Int { records.removals[Int(removal)].place }

    /// What an actor may have been behind when they were met last.
    func perhapsNow(_ actor: UInt32) -> Perhaps { isMet(actor) ? people[Int(actor)].perhaps : Perhaps() }

    /// Whether that turned out to be so.
    func holds(_ perhaps: Perhaps) -> Bool {
        guard perhaps.removal != Self.nobody else { return false }
        return perhaps.mail == Self.nobody || carriers[Int(perhaps.mail)].withID > 1
    }

    /// Whether a removal is an actor's for certain: by id, or by an e-mail that nobody else has, and that they had before.
    func isCertain(_ removal: Int32, of actor: UInt32) -> Bool {
        let person = people[Int(actor)]
        let member = records.removals[Int(removal)].member
        if person.hasID, member.token != Self.nobody, member.token == person.token { return true }
        guard !lateMatches.contains(UInt64(actor) << 32 | UInt64(UInt32(bitPattern: removal))) else { return false }
        let named = member.token == Self.nobody ? 0 : actorOfToken[Int(member.token)]
        var isCertain = false
        forEachMail(of: actor) { mail in
            let carriers = carriers[Int(mail)]
            guard member.mails.contains(mail), carriers.withID <= 1 else { return }
            if person.hasID || named == 0 || carriers.withID == 0 || carriers.first + 1 == named { isCertain = true }
        }
        return isCertain
    }

    /// The latest removal that gives an actor's id or an e-mail that is theirs alone; `nobody` for none.
    func latestCertainRemoval(of actor: UInt32) -> Int32 {
        guard isMet(actor) else { return Self.nobody }
        let person = people[Int(actor)]
        var latest = person.token == Self.nobody ? Self.nobody : ofTokens[Int(person.token)].removal
        forEachMail(of: actor) { mail in
            let removal = removal(ofMail: mail, person)
            if removal > latest, isCertain(removal, of: actor) { latest = removal }
        }
        return latest
    }

    /// The latest removal that gives an actor's id, if they were not invited again at all.
    func standingRemovalByID(of actor: UInt32) -> Int32 {
        guard isMet(actor), people[Int(actor)].token != Self.nobody else { return Self.nobody }
        let latest = ofTokens[Int(people[Int(actor)].token)]
        var invitation = latest.invitation
        forEachMail(of: actor) { invitation = max(invitation, ofMails[Int($0)].invitation) }
        guard latest.removal != Self.nobody, records.removals[Int(latest.removal)].place > invitation else {
            return Self.nobody
        }
        return latest.removal
    }

    /// The removal of somebody with an id whose e-mail is all that is known of an actor: the latest, before or behind a
    /// place; one before counts if they were not invited again at all.
    func removalOfCarrier(of actor: UInt32, at place: Int) -> Int32 {
        guard isMet(actor), !records.removals.isEmpty else { return Self.nobody }
        var found = Self.nobody
        forEachCarrier(of: actor) { carrier in
            let latest = latestRemoval(of: carrier)
            guard latest != Self.nobody else { return }
            if records.removals[Int(latest)].place > place || removal(of: carrier) == latest {
                found = max(found, latest)
            }
        }
        return found
    }

    /// Whether an actor was met who is the member.
    func isKnown(_ member: MemberRecords.Member) -> Bool {
        if member.token != Self.nobody, actorOfToken[Int(member.token)] != 0 { return true }
        return member.mails.contains { $0 != Self.nobody && isActorsMail[Int($0)] }
    }

    /// Whether a member may be an actor, by whatever is known of both.
    func mayBe(_ member: MemberRecords.Member, _ actor: UInt32) -> Bool {
        guard isMet(actor) else { return false }
        let person = people[Int(actor)]
        var isFound = false
        if member.token != Self.nobody {
            if member.token == person.token { return true }
            let named = actorOfToken[Int(member.token)]
            if person.hasID, named != 0 { return false }
            forEachCarrier(of: actor) { if $0 + 1 == named { isFound = true } }
        }
        forEachMail(of: actor) { if member.mails.contains($0) { isFound = true } }
        return isFound
    }

    /// Whether a member is another actor than one who has an id, by theirs.
    func isOther(_ member: MemberRecords.Member, than actor: UInt32) -> Bool {
        guard isMet(actor), people[Int(actor)].hasID, member.token != Self.nobody else { return false }
        let named = actorOfToken[Int(member.token)]
        return named != 0 && named != actor + 1
    }

    /// How a member whose role an actor changed relates to the actor.
    enum Relation {
        case same
        case other
        /// By an e-mail that others have, too, or that is all that is known of the actor.
        case perhaps
        /// Nothing that is known of both can be compared.
        case unknown
    }

    /// Whether an actor is the member whom their own event is about; `byOwnMail`: the event names the actor's e-mail.
    func relation(of actor: UInt32, to member: MemberRecords.Member, byOwnMail: Bool) -> Relation {
        let person = people[Int(actor)]
        var named: UInt32 = 0
        if member.token != Self.nobody {
            if person.hasID, member.token == person.token { return .same }
            named = actorOfToken[Int(member.token)]
            if person.hasID, named != 0 { return .other }
        }
        var (isSame, isPerhaps, ownMails) = (byOwnMail, false, 0)
        forEachMail(of: actor) { mail in
            ownMails += 1
            guard member.mails.contains(mail) else { return }
            if carriers[Int(mail)].withID <= 1 { isSame = true } else { isPerhaps = true }
        }
        if named != 0 { forEachCarrier(of: actor) { if $0 + 1 == named { isPerhaps = true } } }
        if isSame || isPerhaps { return isSame ? .same : .perhaps }
        var mails = named == 0 ? 0 : mailCount(of: named - 1)
        var carriedByID = false
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            if isMail[Int(mail)] { mails += 1 }
            if carriers[Int(mail)].withID > 0 { carriedByID = true }
        }
        return (ownMails > 0 && mails > 0) || (person.hasID && carriedByID) ? .other : .unknown
    }

    private func mailCount(of actor: UInt32) -> Int {
        var count = 0
        forEachMail(of: actor) { _ in count += 1 }
        return count
    }

    /// Places of invitations by e-mails that turned out late to be an actor's, in order.
    func placesOfLateInvitations() -> [Int32: [Int]] {
        let late = Set(lateInvitations.values.joined())
        var places: [Int32: [Int]] = [:]
        guard !late.isEmpty else { return places }
        for invitation in records.invitations where invitation.place > 0 {
            let mails = invitation.member.mails
            for mail in Set([mails[0], mails[1]]) where late.contains(mail) {
                places[mail, default: []].append(invitation.place)
            }
        }
        return places
    }

    /// Actors who acted in the period, and may have done so behind a removal that may be theirs, or whose order among the
    /// events is not known.
    var doubtful: [(actor: UInt32, removal: Int32, doubt: WatchedLog.Doubt)] {
        guard !records.removals.isEmpty else { return [] }
        let undated = records.removals.indices.filter { records.removals[$0].place == 0 }
        var found: [(actor: UInt32, removal: Int32, doubt: WatchedLog.Doubt)] = []
        for actor in people.indices where people[actor].actsInPeriod {
            let (person, actor) = (people[actor], UInt32(actor))
            if let late = lateMails[actor], !isOfOther(late, than: actor) {
                found.append((actor, late, .order))
            } else if let removal = undated.first(where: { mayBe(records.removals[$0].member, actor) }) {
                found.append((actor, Int32(removal), .order))
            } else if let perhaps = possible[actor]?.first(where: { holds($0) }) {
                found.append((actor, perhaps.removal, perhaps.mail == Self.nobody ? .mailOfRemoved : .sharedMail))
            } else {
                var late = Self.nobody
                forEachCarrier(of: actor) { late = max(late, removal(of: $0)) }
                guard late != Self.nobody, records.removals[Int(late)].version <= person.version else { continue }
                found.append((actor, late, .mailOfRemoved))
            }
        }
        return found
    }
}
