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
    private var ids: Set<ExactText> = []
    private var mails: Set<ExactText> = []

    init(_ readings: [AccessCourse<AccessMember>.Reading]) {
        self.readings = readings
        for (place, reading) in readings.enumerated() {
            begins.append(max(begins.last ?? reading.earliest, reading.earliest))
            if place == 0 || readings[place - 1].elements != reading.elements {
                lists.append(MemberLists(reading.elements))
                for member in reading.elements {
                    for id in [member.userID, member.memberID] { ids.insert(ExactText(id ?? "")) }
                    mails.insert(ExactText((member.email ?? "").lowercasedASCII))
                }
            }
            places.append(lists.count - 1)
        }
        ids.remove("")
        mails.remove("")
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
        ids.contains(ExactText(event.id)) || event.texts.contains(where: mails.contains)
    }

    /// Whether a list names for certain whom an event is about.
    func name(_ event: AccessTrail.Event) -> Bool {
        if ids.contains(ExactText(event.id)) { return true }
        return event.texts.contains(where: mails.contains) && lists.contains { $0.names(event) }
    }

    /// How an actor is found on any of the lists: for certain, else perhaps.
    func match(_ actor: AccessTrail.Actor) -> (isNamed: Bool, isPerhaps: Bool) {
        if ids.contains(ExactText(actor.id)) { return (true, false) }
        guard actor.mails.contains(where: mails.contains) else { return (false, false) }
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
}
