import Evidence

/// The lists of members of readings, in order: lists that follow each other and are the same are made once.
struct ListsInTime {
    let readings: [AccessCourse<AccessMember>.Reading]
    /// Each list once.
    private(set) var lists: [MemberLists] = []
    /// By the place of a reading: that of its list.
    private(set) var places: [Int] = []
    /// Up to each reading the latest begin.
    private var begins: [Instant] = []
    /// Of how many any of the lists does not give what could be compared with somebody, at most.
    private(set) var incomparable = MemberLists.Incomparable()
    /// By id, and by e-mail in lower case: the last list that gives it.
    private var ids: [ExactText: Int] = [:]
    private var mails: [ExactText: Int] = [:]

    init(_ readings: [AccessCourse<AccessMember>.Reading]) {
        self.readings = readings
        for (place, reading) in readings.enumerated() {
            begins.append(max(begins.last ?? reading.earliest, reading.earliest))
            if place == 0 || readings[place - 1].elements != reading.elements {
                let list = MemberLists(reading.elements)
                incomparable.formMost(list.incomparable)
                for member in reading.elements {
                    for id in [member.userID, member.memberID] { ids[ExactText(id ?? "")] = lists.count }
                    mails[ExactText((member.email ?? "").lowercasedASCII)] = lists.count
                }
                lists.append(list)
            }
            places.append(lists.count - 1)
        }
        ids[""] = nil
        mails[""] = nil
    }

    /// The list of a reading.
    subscript(reading: Int) -> MemberLists { lists[places[reading]] }

    /// The place of the last reading that was served before something.
    func last(servedBefore isBefore: (Instant) -> Bool) -> Int? {
        let place = readings.firstPlace { !isBefore($0.at) } - 1
        return place < 0 ? nil : place
    }

    /// The place of the first reading that begins behind something.
    func first(beginningBehind isBehind: (Instant) -> Bool) -> Int? {
        let place = begins.firstPlace(where: isBehind)
        return place < begins.count ? place : nil
    }

    /// Whether an event gives what a list knows somebody by.
    func give(_ event: AccessTrail.Event) -> Bool {
        ids[ExactText(event.id)] != nil || event.texts.contains { mails[$0] != nil }
    }

    /// Whether a list names for certain whom an event is about.
    func name(_ event: AccessTrail.Event) -> Bool {
        if ids[ExactText(event.id)] != nil { return true }
        return event.texts.contains { mails[$0] != nil } && lists.contains { $0.names(event) }
    }

    /// How an actor is found on any of the lists: for certain, else perhaps.
    func match(_ actor: AccessTrail.Actor) -> (isNamed: Bool, isPerhaps: Bool) {
        if ids[ExactText(actor.id)] != nil { return (true, false) }
        guard actor.mails.contains(where: { mails[$0] != nil }) else { return (false, false) }
        var isPerhaps = false
        for list in lists {
            switch list.match(actor) {
            case .certain: return (true, false)
            case .perhaps: isPerhaps = true
            case .none: break
            }
        }
        return (false, isPerhaps)
    }

    /// Whether an e-mail of an actor's is on a list for several, or for somebody with another id.
    func hold(perhaps actor: AccessTrail.Actor) -> Bool {
        actor.mails.contains { mails[$0] != nil } && lists.contains { $0.match(actor) == .perhaps }
    }

    /// The place of the last reading whose list has an actor for certain or perhaps.
    func last(with actor: AccessTrail.Actor) -> Int? {
        let own = [ids[ExactText(actor.id)]] + actor.mails.map { mails[$0] }
        // Readings of one list follow each other.
        return own.compactMap { $0 }.max().map { list in places.firstPlace { list < $0 } - 1 }
    }
}
