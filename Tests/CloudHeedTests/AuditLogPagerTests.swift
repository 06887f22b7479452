import CloudHeed
import Testing

@Suite struct AuditLogPagerTests {
    @Test(arguments: [LogOrder.newestFirst, .oldestFirst], Array(1...100))
    func readsEveryEventWhateverThePageSize(order: LogOrder, pageSize: Int) {
        for total in [0, 1, 2, 99, 100, 101, 250] {
            var log = SimulatedLog(count: total, order: order, pageSize: pageSize)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
            let answers = read(&log, &pager)
            #expect(pager.outcome.complete, "\(total) events, \(pageSize) a page: \(pager.outcome.reasons)")
            #expect(log.shown.count == total)
            // Every page, one behind a full last page, and the newest page again; and where the newest come last, the
            // first page to see that they do.
            let isBehindAFullOne = order == .oldestFirst && total > pageSize && total.isMultiple(of: pageSize)
            #expect(answers <= max(1, (total + pageSize - 1) / pageSize) + 2 + (isBehindAFullOne ? 1 : 0))
        }
    }

    @Test func shuffledLogIsReadInFullAndItsOrderSaid() {
        var log = SimulatedLog(count: 300, order: .neither)
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        #expect(pager.outcome.complete)
        #expect(pager.outcome.order == .neither)
        #expect(log.shown.count == 300)
    }

    @Test(arguments: [1, 2, 5])
    func logThatGrowsWhileItIsReadLosesNothing(drift: Int) {
        var log = SimulatedLog(count: 1000)
        log.appendAfterEachAnswer = drift
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        // It never stands still, but at each answer the sums can close.
        #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
        #expect(log.shown.isSuperset(of: 0..<1000))
        #expect(pager.outcome.totalAtEnd == log.shown.count)
    }

    @Test func logThatGrowsForAWhileIsCompleteInTheEnd() {
        var log = SimulatedLog(count: 500)
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 2)
        var waiting: [Int] = []
        var answers = 0
        while !pager.isFinished {
            waiting += pager.nextPages()
            let number = waiting.removeFirst()
            if answers < 3 { log.append(7) }
            pager.received(log.page(number, archived: []))
            answers += 1
        }
        #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
        #expect(log.shown.count == log.events.count)
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func eventsThatExpireWhileReadingDontBreakTheSums(order: LogOrder) {
        var log = SimulatedLog(count: 700, order: order)
        log.expireAfterEachAnswer = 1
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        // With one event going behind every answer no pass is clean, and what is there in the end was seen all the same.
        #expect(!pager.outcome.complete)
        #expect(pager.outcome.left > 0)
        #expect(log.shown.isSuperset(of: log.events.map(\.id)))
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func eventsThatExpireForAWhileAreLeftBehindAndCounted(order: LogOrder) {
        var log = SimulatedLog(count: 700, order: order)
        log.afterAnswer = { log in if log.answers <= 2 { log.expire(1) } }
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
        #expect(pager.outcome.left > 0)
        #expect(log.shown.isSuperset(of: log.events.map(\.id)))
    }

    /// Served on the first two pages and gone at the end: the last pass tells what the service still has.
    @Test func eventsThatWentWhileTheLogWasReadAreNotTakenForServed() {
        var log = SimulatedLog(count: 300)
        log.afterAnswer = { log in
            if log.answers == 3 { log.events.removeAll { (130..<180).contains($0.id) } }
        }
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 1)
        #expect(read(&log, &pager) > 0)
        #expect(log.shown.count == 300)
        #expect(pager.outcome.complete && pager.outcome.served == 250)
        #expect((0..<300).allSatisfy { pager.isStillServed($0) != (130..<180).contains($0) })
        #expect(pager.outcome.left == 50)
    }

    @Test(arguments: [-50, -1, 1, 50])
    func totalThatLiesIsSaid(error: Int) {
        var log = SimulatedLog(count: 450)
        log.totalError = error
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        #expect(!pager.outcome.complete)
        #expect(pager.outcome.reasons.first?.contains("\(450 + error)") == true, "\(pager.outcome.reasons)")
    }

    @Test(arguments: [true, false])
    func logThatRepeatsItsLastPageForEverEnds(sendsTotal: Bool) {
        var log = SimulatedLog(count: 350)
        log.repeatsLastPage = true
        log.sendsTotal = sendsTotal
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        #expect(log.shown.count == 350)
        #expect(pager.outcome.complete == sendsTotal)
    }

    @Test func withoutTotalTheLogIsReadToAnEmptyPageAndNotCalledComplete() {
        var log = SimulatedLog(count: 350)
        log.sendsTotal = false
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        #expect(log.shown.count == 350)
        #expect(!pager.outcome.complete)
    }

    /// What an earlier answer said does not stand for what the last one leaves out.
    @Test(arguments: [AuditLogPager.Mode.full, .incremental(knownTotal: 250, order: .newestFirst, pageSize: 100)])
    func aLogWhoseLastAnswerHasNoTotalIsNotCalledComplete(_ mode: AuditLogPager.Mode) {
        var log = SimulatedLog(count: 250)
        let known = Set(log.events.map(\.id))
        log.append(120)
        log.afterAnswer = { $0.sendsTotal = $0.answers < 2 }
        var pager = AuditLogPager(mode: mode, perPage: 100, connections: 1)
        #expect(read(&log, &pager, archived: known) > 0)
        #expect(!pager.outcome.complete && pager.outcome.reasons.first?.contains("no total") == true)
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst], [0, 1, 99, 100, 101, 199, 200, 250])
    func incrementalReadsWhatIsNewAndTwoMore(order: LogOrder, new: Int) {
        var log = SimulatedLog(count: 2050, order: order)
        let known = Set(log.events.map(\.id))
        log.append(new)
        var pager = AuditLogPager(
            mode: .incremental(knownTotal: 2050, order: order, pageSize: 100),
            perPage: 100,
            connections: 4
        )
        let answers = read(&log, &pager, archived: known)
        #expect(pager.outcome.complete)
        #expect(!pager.outcome.readWholeLog)
        #expect(log.shown.isSuperset(of: 2050..<(2050 + new)))
        #expect(answers <= (new + 99) / 100 + 2 + (order == .oldestFirst ? 1 : 0))
    }

    @Test func incrementalWhoseSumsDontCloseBecomesFull() {
        var log = SimulatedLog(count: 500)
        let known = Set(log.events.map(\.id)).subtracting([100])
        var pager = AuditLogPager(
            mode: .incremental(knownTotal: 499, order: .newestFirst, pageSize: 100),
            perPage: 100,
            connections: 4
        )
        #expect(read(&log, &pager, archived: known) > 0)
        #expect(pager.outcome.readWholeLog)
        #expect(pager.outcome.complete)
        #expect(log.shown.count == 500)
    }
}
