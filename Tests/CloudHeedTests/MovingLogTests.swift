import CloudHeed
import TestSupport
import Testing

/// A log that does anything while it is read: whatever is called complete must be.
@Suite struct MovingLogTests {
    /// What happens behind an answer, by chance.
    struct Weather: Sendable, CustomTestStringConvertible {
        var name: String
        var append = 0.0
        var largestBatch = 1
        var expire = 0.0
        var vanish = 0.0

        var testDescription: String { name }

        func act(on log: inout SimulatedLog, _ random: inout some RandomNumberGenerator) {
            if .random(in: 0..<1, using: &random) < append {
                log.append(.random(in: 1...largestBatch, using: &random))
            }
            if .random(in: 0..<1, using: &random) < expire { log.expire(1) }
            if .random(in: 0..<1, using: &random) < vanish, !log.events.isEmpty {
                log.remove(at: .random(in: 0..<log.events.count, using: &random))
            }
        }
    }

    static let weathers = [
        Weather(name: "quiet"),
        Weather(name: "grows", append: 0.3, largestBatch: 3),
        Weather(name: "grows fast", append: 1, largestBatch: 8),
        Weather(name: "expires", expire: 0.01),
        Weather(name: "grows and expires", append: 0.3, largestBatch: 2, expire: 0.02),
    ]

    /// Weathers in which events go from the middle, too: not all readings can come to an end there.
    static let storms = [
        Weather(name: "loses some", vanish: 0.02),
        Weather(name: "grows and loses", append: 0.2, largestBatch: 3, vanish: 0.02),
        Weather(name: "loses and expires", expire: 0.03, vanish: 0.02),
        Weather(name: "does everything", append: 0.2, largestBatch: 2, expire: 0.02, vanish: 0.02),
    ]

    /// The events that the last pass met are those that the log held at the last answer, no more and no fewer.
    private func isExact(_ pager: AuditLogPager, _ present: Set<Int>) -> Bool {
        pager.outcome.served == present.count && present.allSatisfy { pager.isStillServed($0) }
    }

    @Test(arguments: storms, [LogOrder.newestFirst, .oldestFirst])
    func whatIsCalledCompleteIsExactEvenIfEventsGo(weather: Weather, order: LogOrder) {
        var complete = 0
        for seed in testSeeds(0...149) {
            var random = SplitMix(state: seed)
            var log = SimulatedLog(count: .random(in: 0...600, using: &random), order: order, pageSize: 20)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: .random(in: 1...6, using: &random))
            guard let present = readMoving(&log, &pager, weather, &random) else {
                Issue.record("seed \(seed): it never ends")
                return
            }
            if pager.outcome.complete {
                complete += 1
                #expect(isExact(pager, present), "seed \(seed)")
            } else {
                #expect(!pager.outcome.reasons.isEmpty, "seed \(seed)")
            }
        }
        #expect(isSeedGiven || complete > 75, "\(complete) of 150 complete")
    }

    /// A pass of several attempts may lose events at its oldest end; that must not hide others that went from the middle.
    @Test(arguments: storms, [LogOrder.newestFirst, .oldestFirst])
    func interruptedReadingHidesNothingThatWent(weather: Weather, order: LogOrder) {
        var (complete, resumed) = (0, 0)
        for seed in testSeeds(0...149) {
            var random = SplitMix(state: seed)
            var log = SimulatedLog(count: 700, order: order, pageSize: 20)
            var resuming: (checkpoint: LogCheckpoint, ids: Set<Int>)?
            var present: Set<Int>?
            var (passAttempt, passNumber) = (-1, 0)
            let connections = Int.random(in: 1...4, using: &random)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: connections)
            for attempt in 0..<5 {
                pager = AuditLogPager(mode: .full, perPage: 100, connections: connections, resuming: resuming)
                let patience = attempt == 4 ? Int.max : Int.random(in: 1...20, using: &random)
                present = readMoving(&log, &pager, weather, &random, patience: patience) { page, pager in
                    let checkpoint = pager.checkpoint
                    let isSamePass = checkpoint.isResumed || (passAttempt, checkpoint.pass) == (attempt, passNumber)
                    resuming = (checkpoint, (isSamePass ? resuming?.ids ?? [] : []).union(page.ids))
                    (passAttempt, passNumber) = (attempt, checkpoint.pass)
                }
                if pager.isFinished { break }
                for _ in 0..<20 { weather.act(on: &log, &random) }
            }
            guard pager.outcome.complete, let present else { continue }
            complete += 1
            if pager.outcome.passes == 1 { resumed += 1 }
            #expect(isExact(pager, present), "seed \(seed)")
        }
        #expect(isSeedGiven || complete > 60, "\(complete) of 150 complete, \(resumed) in one pass")
    }

    /// New events that go while they are read make an incremental reading a full one, or are not there in the end.
    @Test(arguments: storms, [LogOrder.newestFirst, .oldestFirst])
    func incrementalReadingHidesNothingThatWent(weather: Weather, order: LogOrder) {
        var (complete, incremental) = (0, 0)
        for seed in testSeeds(0...199) {
            var random = SplitMix(state: seed)
            let known = Int.random(in: 0...400, using: &random)
            var log = SimulatedLog(count: known, order: order, pageSize: 20)
            let archived = Set(log.events.map(\.id))
            log.append(.random(in: 0...90, using: &random))
            if seed.isMultiple(of: 3) { log.remove(at: .random(in: 0..<max(1, log.events.count), using: &random)) }
            let mode = AuditLogPager.Mode.incremental(knownTotal: known, order: order, pageSize: 20)
            var pager = AuditLogPager(mode: mode, perPage: 100, connections: 3)
            guard let present = readMoving(&log, &pager, weather, &random, archived: archived) else {
                Issue.record("seed \(seed): it never ends")
                return
            }
            guard pager.outcome.complete else { continue }
            complete += 1
            if pager.outcome.readWholeLog {
                #expect(isExact(pager, present), "seed \(seed)")
            } else {
                incremental += 1
                #expect(present.subtracting(archived).allSatisfy { pager.isStillServed($0) }, "seed \(seed)")
                #expect(pager.outcome.served == present.subtracting(archived).count, "seed \(seed)")
            }
        }
        #expect(
            isSeedGiven || complete > 100 && incremental > 20,
            "\(complete) of 200 complete, \(incremental) incremental"
        )
    }

    @Test(arguments: weathers, [LogOrder.newestFirst, .oldestFirst])
    func whatIsCalledCompleteIs(weather: Weather, order: LogOrder) {
        var complete = 0
        for seed in testSeeds(0...59) {
            var random = SplitMix(state: seed)
            let count = Int.random(in: 0...600, using: &random)
            let size = [10, 17, 20, 100].randomElement(using: &random) ?? 20
            var log = SimulatedLog(count: min(count, size * 60), order: order, pageSize: size)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: .random(in: 1...6, using: &random))
            guard let present = readMoving(&log, &pager, weather, &random) else {
                Issue.record("seed \(seed): it never ends")
                return
            }
            if pager.outcome.complete {
                complete += 1
                #expect(log.shown.isSuperset(of: present), "seed \(seed)")
            } else {
                #expect(!pager.outcome.reasons.isEmpty, "seed \(seed)")
            }
        }
        // Said of most of them, or the promise would be empty.
        #expect(isSeedGiven || complete > 40, "\(complete) of 60 complete")
    }

    /// An event that goes from the middle is the one thing that sums can't always tell; it must be rare even when
    /// events come and go at one time.
    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func eventsThatVanishWhileReadingDontHideOthers(order: LogOrder) {
        var complete = 0
        for seed in testSeeds(0...199) {
            var random = SplitMix(state: seed)
            var log = SimulatedLog(count: 300, order: order, pageSize: 20)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: 1)
            let weather = Weather(name: "vanishes", vanish: 0.05)
            guard let present = readMoving(&log, &pager, weather, &random) else {
                Issue.record("seed \(seed): it never ends")
                return
            }
            guard pager.outcome.complete else { continue }
            complete += 1
            #expect(log.shown.isSuperset(of: present), "seed \(seed)")
        }
        #expect(isSeedGiven || complete > 100, "\(complete) of 200 complete")
    }

    @Test(arguments: weathers, [LogOrder.newestFirst, .oldestFirst])
    func interruptedReadingGoesOnBehindWhatIsStaged(weather: Weather, order: LogOrder) {
        var complete = 0
        for seed in testSeeds(0...59) {
            var random = SplitMix(state: seed)
            var log = SimulatedLog(count: 1000, order: order, pageSize: 20)
            var resuming: (checkpoint: LogCheckpoint, ids: Set<Int>)?
            var present: Set<Int>?
            var (passAttempt, passNumber) = (-1, 0)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: 3)
            for attempt in 0..<6 {
                pager = AuditLogPager(mode: .full, perPage: 100, connections: 3, resuming: resuming)
                let patience = attempt == 5 ? Int.max : Int.random(in: 1...30, using: &random)
                present = readMoving(&log, &pager, weather, &random, patience: patience) { page, pager in
                    let checkpoint = pager.checkpoint
                    let isSamePass = checkpoint.isResumed || (passAttempt, checkpoint.pass) == (attempt, passNumber)
                    resuming = (checkpoint, (isSamePass ? resuming?.ids ?? [] : []).union(page.ids))
                    (passAttempt, passNumber) = (attempt, checkpoint.pass)
                }
                if pager.isFinished { break }
                // Between two attempts the log goes on, too.
                for _ in 0..<20 { weather.act(on: &log, &random) }
            }
            #expect(pager.isFinished, "seed \(seed): it never ends")
            guard pager.outcome.complete, let present else { continue }
            complete += 1
            #expect(log.shown.isSuperset(of: present), "seed \(seed)")
        }
        #expect(isSeedGiven || complete > 30, "\(complete) of 60 complete")
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func interruptionCostsFewRequests(order: LogOrder) {
        var log = SimulatedLog(count: 2000, order: order, pageSize: 20)
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 3)
        var ids: Set<Int> = []
        var random = SplitMix(state: testSeed(1))
        let quiet = Weather(name: "quiet")
        _ = readMoving(&log, &pager, quiet, &random, patience: 60) { page, _ in ids.formUnion(page.ids) }
        log.append(33)
        var second = AuditLogPager(mode: .full, perPage: 100, connections: 3, resuming: (pager.checkpoint, ids))
        let answers = read(&log, &second)
        #expect(second.outcome.complete, "\(second.outcome.reasons)")
        #expect(log.shown.count == 2033)
        // 43 pages are unread or new; a few more overlap.
        #expect(answers <= 43 + 8, "\(answers) answers")
    }

    @Test func interruptedIncrementalReadingGoesOn() {
        var log = SimulatedLog(count: 3000, pageSize: 100)
        let archived = Set(0..<1000)
        let mode = AuditLogPager.Mode.incremental(knownTotal: 1000, order: .newestFirst, pageSize: 100)
        var pager = AuditLogPager(mode: mode, perPage: 100, connections: 3)
        var ids: Set<Int> = []
        for _ in 0..<12 {
            for number in pager.nextPages() {
                let page = log.page(number, archived: archived)
                ids.formUnion(page.ids)
                pager.received(page)
            }
        }
        log.append(130)
        var second = AuditLogPager(mode: mode, perPage: 100, connections: 3, resuming: (pager.checkpoint, ids))
        let answers = read(&log, &second, archived: archived)
        #expect(second.outcome.complete, "\(second.outcome.reasons)")
        #expect(!second.outcome.readWholeLog)
        #expect(log.shown.isSuperset(of: 1000..<3130))
        #expect(answers <= 14, "\(answers) answers")
    }

    @Test(arguments: [1, 5, 40])
    func incrementalReadingOfALogThatGrowsStaysIncremental(drift: Int) {
        var log = SimulatedLog(count: 2000, pageSize: 100)
        let archived = Set(log.events.map(\.id))
        log.append(250)
        log.appendAfterEachAnswer = drift
        let mode = AuditLogPager.Mode.incremental(knownTotal: 2000, order: .newestFirst, pageSize: 100)
        var pager = AuditLogPager(mode: mode, perPage: 100, connections: 4)
        _ = read(&log, &pager, archived: archived)
        #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
        #expect(!pager.outcome.readWholeLog)
    }
}

/// Reads a log that moves; returns what it held at the last answer, nil when the reading never ends.
private func readMoving(
    _ log: inout SimulatedLog,
    _ pager: inout AuditLogPager,
    _ weather: MovingLogTests.Weather,
    _ random: inout SplitMix,
    patience: Int = .max,
    archived: Set<Int> = [],
    onPage: (AuditLogPageFacts, AuditLogPager) -> Void = { _, _ in }
) -> Set<Int>? {
    var waiting: [AuditLogPageFacts] = []
    var present = log.events
    var answers = 0
    while !pager.isFinished, answers < patience {
        for number in pager.nextPages() {
            // The server answers in one order, and the answers arrive in another.
            present = log.events
            waiting.append(log.page(number, archived: archived))
            weather.act(on: &log, &random)
        }
        guard !waiting.isEmpty else { return nil }
        let page = waiting.remove(at: .random(in: 0..<waiting.count, using: &random))
        pager.received(page)
        onPage(page, pager)
        answers += 1
        if answers > 5_000 { return nil }
    }
    return Set(present.map(\.id))
}
