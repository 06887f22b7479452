import Evidence

/// Which removals are an actor's, and behind which they stand.
extension Membership {
    func isMet(_ actor: UInt32) -> Bool {
        Int(actor) < people.count && people[Int(actor)].label != Person.unmet
    }

    /// The removal behind which an actor stands, as far as is known.
    func removal(of actor: UInt32) -> Int32 {
        let latest = latestRemoval(of: actor)
        return latest != Self.nobody && place(of: latest) > latestInvitation(of: actor) ? latest : Self.nobody
    }

    /// The place of the latest invitation by an actor's id or one of their e-mails; 0 for none.
    private func latestInvitation(of actor: UInt32) -> Int {
        let token = people[Int(actor)].token
        var latest = token == Self.nobody ? 0 : numbers[token].invitation
        forEachMail(of: actor) { latest = max(latest, numbers[$0].invitationByMail) }
        return latest
    }

    private func removalByID(_ person: Person) -> Int32 {
        person.token == Self.nobody ? Self.nobody : numbers[person.token].removal
    }

    /// The latest removal of an actor, whether or not they were invited again since.
    func latestRemoval(of actor: UInt32) -> Int32 {
        guard isMet(actor) else { return Self.nobody }
        let person = people[Int(actor)]
        var latest = removalByID(person)
        forEachMail(of: actor) { latest = max(latest, removal(ofMail: $0, person)) }
        return latest
    }

    func removal(ofMail mail: Int32, _ person: Person) -> Int32 {
        let removal = numbers[mail].removalByMail
        if !person.hasID { return max(removal, numbers[mail].namedRemoval) }
        return removal != Self.nobody && isOfOther(removal, person) ? Self.nobody : removal
    }

    /// Whether a removal gives the id of another actor than one who has an id.
    func isOfOther(_ removal: Int32, _ person: Person) -> Bool {
        let member = records.removals[Int(removal)].member
        return person.hasID && member.token != person.token && actor(of: member) != nil
    }

    /// Whether a removal turned out to be another actor's.
    func isOfOther(_ removal: Int32, than actor: UInt32) -> Bool { isOfOther(removal, people[Int(actor)]) }

    func forEachMail(of actor: UInt32, _ body: (Int32) -> Void) {
        let mail = people[Int(actor)].mail
        guard mail != Self.nobody else { return }
        body(mail)
        guard !moreMails.isEmpty else { return }
        for mail in moreMails[actor, default: []] { body(mail) }
    }

    /// The removal behind which an actor stands perhaps, who stands behind none for certain.
    func perhapsBehind(_ actor: UInt32) -> Perhaps {
        guard !records.removals.isEmpty else { return Perhaps() }
        let person = people[Int(actor)]
        let latest = latestRemoval(of: actor)
        if latest != Self.nobody {
            // An invitation by an e-mail is of nobody for certain once it has been handed on.
            let place = self.place(of: latest)
            if person.token != Self.nobody, numbers[person.token].invitation > place { return Perhaps() }
            var mails: [Int32] = []
            forEachMail(of: actor) { if numbers[$0].invitationByMail > place { mails.append($0) } }
            return mails.count == 1 ? Perhaps(removal: latest, mail: mails[0]) : Perhaps()
        }
        guard !person.hasID else { return Perhaps() }
        var found = Self.nobody
        forEachCarrier(of: actor) { found = max(found, removal(of: $0)) }
        return Perhaps(removal: found)
    }

    /// Actors with an id who have the e-mail by which one without is known.
    func forEachCarrier(of actor: UInt32, _ body: (UInt32) -> Void) {
        let person = people[Int(actor)]
        guard !person.hasID, person.mail != Self.nobody, numbers[person.mail].carriers > 0 else { return }
        body(numbers[person.mail].firstCarrier)
        for other in moreCarriers[person.mail, default: []] { body(other) }
    }

    /// How many events came before a removal, and itself; 0 where it has no usable time.
    func place(of removal: Int32) -> Int { records.removals[Int(removal)].place }

    /// What an actor may have been behind when they were met last.
    func perhapsNow(_ actor: UInt32) -> Perhaps { isMet(actor) ? people[Int(actor)].perhaps : Perhaps() }

    /// Whether that turned out to be so.
    func holds(_ perhaps: Perhaps) -> Bool {
        guard perhaps.removal != Self.nobody else { return false }
        return perhaps.mail == Self.nobody || numbers[perhaps.mail].carriers > 1
    }

    /// Whether a removal is an actor's for certain: by id, or by an e-mail that nobody else has, and that they had before.
    func isCertain(_ removal: Int32, of actor: UInt32) -> Bool {
        let person = people[Int(actor)]
        let member = records.removals[Int(removal)].member
        if person.hasID, member.token != Self.nobody, member.token == person.token { return true }
        guard !lateMatches.contains(Self.match(actor, removal)) else { return false }
        let named = self.actor(of: member)
        var isCertain = false
        forEachMail(of: actor) { mail in
            let carriers = numbers[mail].carriers
            guard member.mails.contains(mail), carriers <= 1 else { return }
            if person.hasID || named == nil || carriers == 0 || numbers[mail].firstCarrier == named { isCertain = true }
        }
        return isCertain
    }

    /// The latest removal that gives an actor's id or an e-mail that is theirs alone; `nobody` for none.
    func latestCertainRemoval(of actor: UInt32) -> Int32 {
        guard isMet(actor) else { return Self.nobody }
        let person = people[Int(actor)]
        var latest = removalByID(person)
        forEachMail(of: actor) { mail in
            let removal = removal(ofMail: mail, person)
            if removal > latest, isCertain(removal, of: actor) { latest = removal }
        }
        return latest
    }

    /// The latest removal that gives an actor's id, if they were not invited again at all.
    func standingRemovalByID(of actor: UInt32) -> Int32 {
        guard isMet(actor), people[Int(actor)].token != Self.nobody else { return Self.nobody }
        let latest = removalByID(people[Int(actor)])
        return latest != Self.nobody && place(of: latest) > latestInvitation(of: actor) ? latest : Self.nobody
    }

    /// The removal of somebody with an id whose e-mail is all that is known of an actor: the latest, before or behind a
    /// place; one before counts if they were not invited again at all.
    func removalOfCarrier(of actor: UInt32, at place: Int) -> Int32 {
        guard isMet(actor), !records.removals.isEmpty else { return Self.nobody }
        var found = Self.nobody
        forEachCarrier(of: actor) { carrier in
            let latest = latestRemoval(of: carrier)
            guard latest != Self.nobody else { return }
            if self.place(of: latest) > place || removal(of: carrier) == latest { found = max(found, latest) }
        }
        return found
    }

    /// Whom removals without a usable time are about, and their numbers.
    var undatedRemovals: (members: UndatedMembers, numbers: [Int32]) {
        let numbers = records.removals.indices.filter { records.removals[$0].place == 0 }
        return (UndatedMembers(numbers.map { records.removals[$0].member }, self), numbers.map { Int32($0) })
    }

    /// Actors who acted in the period, and may have done so behind a removal that may be theirs, or whose order among the
    /// events is not known.
    var doubtful: [(actor: UInt32, removal: Int32, doubt: JoinDoubt)] {
        guard !records.removals.isEmpty else { return [] }
        let (undated, removals) = undatedRemovals
        var found: [(actor: UInt32, removal: Int32, doubt: JoinDoubt)] = []
        for actor in people.indices where people[actor].actsInPeriod {
            let (person, actor) = (people[actor], UInt32(actor))
            if let late = lateMails[actor], !isOfOther(late, than: actor) {
                found.append((actor, late, .order))
            } else if let place = undated.first(actor, self) {
                found.append((actor, removals[place], .order))
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
