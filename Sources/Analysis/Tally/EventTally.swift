import CBytes
import Evidence

/// Counts events as they pass, in order: who did what to what, when first and when last.
///
/// One pass, no strings: one table of (actor, resource, action) holds what every other table is made from. Memory grows
/// with different keys and different times, not with events alone.
struct EventTally: ~Copyable {
    private var triples: TripleTable
    private var addresses = AddressUse()
    private var times: TimeList
    private var zone: CalendarZone
    private var days: [Int64: Int] = [:]
    private var currentDay = Int64.min
    private var currentDayCount = 0
    private var heat = [Int](repeating: 0, count: 7 * 24)
    private var eventCount = 0

    /// Begins a count of about so many events; days and hours begin where `zone` says.
    init(zone: CalendarZone, expecting events: Int) {
        self.zone = zone
        triples = TripleTable(expecting: events)
        times = TimeList(expecting: events)
    }

    /// Counts a block of events, whose texts are numbered; blocks come in order.
    mutating func add(_ block: borrowing EventBlock, _ numbers: EventNumbering.Numbers) {
        eventCount += block.count
        withUnsafeTemporaryAllocation(of: TripleTable.Triple.self, capacity: Interner.batch) { batch in
            var start = 0
            while start < block.count {
                let size = min(Interner.batch, block.count - start)
                for place in 0..<size {
                    batch[place] = TripleTable.Triple(
                        actor: numbers.actor[start + place],
                        resource: numbers.resource[start + place],
                        action: numbers.action[start + place],
                        count: 1
                    )
                    let time = note(block[start + place])
                    batch[place].first = time
                    batch[place].last = time
                }
                triples.add(UnsafeMutableBufferPointer(rebasing: batch[..<size]))
                start += size
            }
        }
        for index in 0..<block.count where !block[index].ipAddress.isEmpty {
            _ = addresses.add(numbers.actor[index], pair: numbers.use[index])
        }
    }

    /// Counts an event by its time; its place in the list of times.
    private mutating func note(_ event: EventView) -> UInt32 {
        guard !event.isUndated else { return 0 }
        note(event.instant.seconds)
        return times.add(event)
    }

    @inline(__always)
    private mutating func note(_ seconds: Int64) {
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

    /// Ends the count and sorts the tables; nothing is left of it, and `texts` are those of the numbers that it counted by.
    mutating func finish(_ texts: consuming EventNumbering.Texts) -> Aggregates {
        let storage = TallyStorage(texts: texts, times: exchange(&times, with: TimeList(expecting: 0)))
        if currentDayCount > 0 { days[currentDay, default: 0] += currentDayCount }
        // Sorting takes as much again as the triples have: what counting needed goes before.
        heed_give_memory_back()
        return Aggregates(
            storage: storage,
            triples: triples.take(),
            addresses: addresses,
            eventCount: eventCount,
            days: days,
            heat: heat
        )
    }
}
