public import Evidence

/// Counts events as they pass, in order: who did what to what, when first and when last.
///
/// One pass, no strings: texts become small numbers, and one table of (actor, resource, action) holds what every other
/// table is made from. Memory grows with different keys and different times, not with events alone.
public final class EventTally {
    private var actions = Interner()
    private var actors = Interner()
    private var resources = Interner()
    private var addresses = Interner()
    private var labels = Interner()
    private var triples = TripleTable()
    private var actorAddresses = PairSet()
    /// For each actor and resource, by its number: the latest e-mail or name that is not empty, plus one.
    private var emails: [UInt32] = []
    private var names: [UInt32] = []
    private var addressCounts: [UInt32] = []
    private var times = TimeList()
    private var zone: CalendarZone
    private var days: [Int64: Int] = [:]
    private var currentDay = Int64.min
    private var currentDayCount = 0
    private var heat = [Int](repeating: 0, count: 7 * 24)
    private var eventCount = 0
    private var undatedCount = 0

    /// Begins a count.
    ///
    /// - Parameter zone: Where days and hours begin in the timeline and the heat map.
    public init(zone: CalendarZone) {
        self.zone = zone
    }

    /// Counts a block of events; blocks come in order.
    public func add(_ block: borrowing EventBlock) {
        for index in 0..<block.count { add(block[index]) }
    }

    private func add(_ event: EventView) {
        eventCount += 1
        let action = actions.intern(event.action)
        let actor = actorNumber(event)
        let resource = resourceNumber(event)
        var time: UInt32 = 0
        if event.isUndated {
            undatedCount += 1
        } else {
            time = times.add(event)
            note(event.instant.seconds)
        }
        triples.add(actor: actor, resource: resource, action: action, time: time)
        if !event.ipAddress.isEmpty {
            let address = addresses.intern(event.ipAddress)
            if actorAddresses.insert(actor, address) { addressCounts[Int(actor)] += 1 }
        }
    }

    private func actorNumber(_ event: EventView) -> UInt32 {
        let id = event.actorID
        let email = event.actorEmail
        // An actor with an id and one known by e-mail only are never merged.
        let number = id.isEmpty ? actors.intern(.missing, email) : actors.intern(id)
        if Int(number) == emails.count {
            emails.append(0)
            addressCounts.append(0)
        }
        if !email.isEmpty { update(&emails[Int(number)], email) }
        return number
    }

    private func resourceNumber(_ event: EventView) -> UInt32 {
        let id = event.resourceID
        let name = event.resourceName
        let number =
            id.isEmpty
            ? resources.intern(event.resourceType, .missing, name) : resources.intern(event.resourceType, id)
        if Int(number) == names.count { names.append(0) }
        if !name.isEmpty { update(&names[Int(number)], name) }
        return number
    }

    private func update(_ label: inout UInt32, _ text: TextView) {
        if label != 0, compareBytes(labels.text(Int(label - 1)), text) == 0 { return }
        label = labels.intern(text) + 1
    }

    private func note(_ seconds: Int64) {
        let local = seconds + zone.offset(at: seconds)
        let day = floorDivide(local, 86_400)
        if day != currentDay {
            if currentDayCount > 0 { days[currentDay, default: 0] += currentDayCount }
            currentDay = day
            currentDayCount = 0
        }
        currentDayCount += 1
        // 1970-01-01 was a Thursday; the heat map's first row is Monday.
        let weekday = Int(floorModulo(day + 3, 7))
        heat[weekday * 24 + Int((local - day * 86_400) / 3600)] += 1
    }

    /// Ends the count and sorts the tables.
    ///
    /// The tally is empty afterwards.
    public func finish() -> Aggregates {
        if currentDayCount > 0 { days[currentDay, default: 0] += currentDayCount }
        let triples = exchange(&self.triples, with: TripleTable()).finish()
        let storage = TallyStorage(
            actions: exchange(&actions, with: Interner()),
            actors: exchange(&actors, with: Interner()),
            resources: exchange(&resources, with: Interner()),
            labels: exchange(&labels, with: Interner()),
            times: exchange(&times, with: TimeList()),
            emails: exchange(&emails, with: []),
            names: exchange(&names, with: []),
            addressCounts: exchange(&addressCounts, with: []),
            triples: triples
        )
        addresses = Interner()
        actorAddresses = PairSet()
        currentDay = .min
        currentDayCount = 0
        return Aggregates(
            storage: storage,
            eventCount: exchange(&eventCount, with: 0),
            undatedCount: exchange(&undatedCount, with: 0),
            days: exchange(&days, with: [:]),
            heat: exchange(&heat, with: [Int](repeating: 0, count: 7 * 24))
        )
    }
}

/// `days` modulo `divisor`, never negative.
func floorModulo(_ number: Int64, _ divisor: Int64) -> Int64 { number - floorDivide(number, divisor) * divisor }

private func exchange<Value: ~Copyable>(_ place: inout Value, with replacement: consuming Value) -> Value {
    let old = consume place
    place = replacement
    return old
}
