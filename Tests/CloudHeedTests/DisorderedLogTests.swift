import CloudHeed
import TestSupport
import Testing

/// Logs that are nearly in order, and logs that hold elements that are no events.
@Suite struct DisorderedLogTests {
    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func disorderWithinAPageIsPartOfAnOrder(order: LogOrder) {
        for seed in testSeeds(0...39) {
            var random = SplitMix(state: seed)
            var log = SimulatedLog(count: .random(in: 300...3_000, using: &random), order: order)
            log.disturb(.random(in: 1...30, using: &random), &random)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
            #expect(read(&log, &pager) > 0, "seed \(seed)")
            #expect(pager.outcome.complete, "seed \(seed): \(pager.outcome.reasons)")
            #expect(pager.outcome.order == order, "seed \(seed)")
        }
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func aSecondPullOfADisorderedLogReadsWhatIsNew(order: LogOrder) {
        for seed in testSeeds(0...59) {
            var random = SplitMix(state: seed)
            let known = Int.random(in: 300...2_500, using: &random)
            var log = SimulatedLog(count: known, order: order)
            log.disturb(20, &random)
            let archived = Set(log.events.map(\.id))
            let new = [0, 0, 1, 30, 100, 250].randomElement(using: &random) ?? 0
            log.append(new)
            // What is new may stand among what is known, no further than a page from its place.
            log.disturb(seed.isMultiple(of: 2) ? 8 : 0, &random)
            let mode = AuditLogPager.Mode.incremental(knownTotal: known, order: order, pageSize: 100)
            var pager = AuditLogPager(mode: mode, perPage: 100, connections: 4)
            let answers = read(&log, &pager, archived: archived)
            let most = (new + 99) / 100 + 2 + (order == .oldestFirst ? 1 : 0)
            #expect(pager.outcome.complete, "seed \(seed): \(pager.outcome.reasons)")
            #expect(!pager.outcome.readWholeLog, "seed \(seed)")
            #expect(log.shown.isSuperset(of: known..<(known + new)), "seed \(seed)")
            // One page more each way where something new stands behind what is known.
            #expect(answers <= most + 2, "seed \(seed): \(answers) answers for \(new) new ones")
            let isFull = order == .oldestFirst && known.isMultiple(of: 100)
            if new == 0 { #expect(answers == (isFull ? 3 : 1), "seed \(seed): \(answers)") }
        }
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func elementsThatAreNoEventsCountInTheSums(order: LogOrder) {
        var told = 0
        defer { #expect(isSeedGiven || told > 30, "\(told)") }
        for seed in testSeeds(0...59) {
            var random = SplitMix(state: seed)
            var log = SimulatedLog(count: .random(in: 1...700, using: &random), order: order, pageSize: 20)
            // Many of them have one text: ids that differ by a thousand stand for the same.
            let odd = log.events.indices.shuffled(using: &random).prefix(.random(in: 1...40, using: &random))
            for place in odd {
                let id = Int.random(in: 0...3, using: &random) + 1_000 * (place + 1)
                log.events[place].id = id
                log.unreadable.insert(id)
            }
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: .random(in: 1...5, using: &random))
            #expect(read(&log, &pager) > 0, "seed \(seed)")
            guard !log.hasOneTextAcrossPages else {
                #expect(pager.outcome.served <= log.events.count, "seed \(seed)")
                continue
            }
            told += 1
            #expect(pager.outcome.complete, "seed \(seed): \(pager.outcome.reasons)")
            #expect(pager.outcome.served == log.events.count, "seed \(seed)")
            #expect(pager.outcome.unreadable == Set(odd).count, "seed \(seed)")
        }
    }

    @Test("What is no event on both sides of a page's end may be one element that was shown twice")
    func oneElementOnTwoPages() {
        var log = SimulatedLog(count: 150, order: .newestFirst)
        for place in [49, 50] {
            log.events[place].id = 7_000
            log.unreadable.insert(7_000)
        }
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 2)
        #expect(read(&log, &pager) > 0)
        #expect(!pager.outcome.complete)
        #expect(pager.outcome.unreadable == 1)

        var apart = SimulatedLog(count: 150, order: .newestFirst)
        for place in [40, 60, 61] {
            apart.events[place].id = 7_000
            apart.unreadable.insert(7_000)
        }
        pager = AuditLogPager(mode: .full, perPage: 100, connections: 2)
        #expect(read(&apart, &pager) > 0)
        #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
        #expect(pager.outcome.unreadable == 3)
    }

    @Test("The same element that is no event, page after page, has an end")
    func oneElementForEver() {
        var log = SimulatedLog(count: 50_000, order: .newestFirst)
        for place in log.events.indices { log.events[place].id = 7_000 }
        log.unreadable = [7_000]
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 2)
        let answers = read(&log, &pager)
        #expect(!pager.outcome.complete)
        #expect(answers < 100, "\(answers)")
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func elementsThatAreNoEventsKeepIncrementalReadingIncremental(order: LogOrder) {
        var log = SimulatedLog(count: 1_000, order: order)
        log.unreadable = [3, 500, 990, 998]
        let archived = Set(log.events.map(\.id))
        log.append(120)
        log.unreadable.insert(1_050)
        let mode = AuditLogPager.Mode.incremental(knownTotal: 1_000, order: order, pageSize: 100)
        var pager = AuditLogPager(mode: mode, perPage: 100, connections: 4)
        let answers = read(&log, &pager, archived: archived)
        #expect(pager.outcome.complete && !pager.outcome.readWholeLog, "\(pager.outcome.reasons)")
        #expect(answers <= 2 + 2 + (order == .oldestFirst ? 1 : 0), "\(answers)")
        #expect(pager.outcome.served == 120)
    }
}
