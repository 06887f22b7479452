import CloudHeed
import Testing

/// Pages that the service refuses, and totals that an answer belies.
@Suite struct RefusedPageTests {
    /// Reads a log of which pages from one on are refused, four under way at a time.
    private func read(
        _ log: inout SimulatedLog,
        _ pager: inout AuditLogPager,
        refusedFrom: Int,
        isNotFound: Bool = false,
        archived: Set<Int> = []
    ) -> Int {
        var waiting: [Int] = []
        var answers = 0
        while true {
            waiting += pager.nextPages()
            guard !waiting.isEmpty else { return pager.isFinished ? answers : -1 }
            let number = waiting.remove(at: answers % waiting.count)
            answers += 1
            if number >= refusedFrom {
                pager.refused(number, because: "no page \(number)", isNotFound: isNotFound, at: 1_000_000)
            } else {
                pager.received(log.page(number, archived: archived))
            }
            if answers > 1_000 { return -1 }
        }
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst, .neither], [false, true])
    func whatStandsBeforeARefusedPageIsReadAndNotCalledComplete(order: LogOrder, isNotFound: Bool) {
        for refusedFrom in 2...9 {
            var log = SimulatedLog(count: 850, order: order)
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
            let answers = read(&log, &pager, refusedFrom: refusedFrom, isNotFound: isNotFound)
            #expect((1...30).contains(answers))
            #expect(!pager.outcome.complete && pager.outcome.refusedPage == refusedFrom, "\(pager.outcome)")
            #expect(pager.outcome.reasons.contains { $0.contains("no page \(refusedFrom)") })
            #expect(log.shown.count >= 100 * (refusedFrom - 1))
        }
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst], [99, 100, 400, 450])
    func notFoundBehindTheEndIsTheEnd(order: LogOrder, count: Int) {
        var log = SimulatedLog(count: count, order: order)
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager, refusedFrom: (count + 99) / 100 + 1, isNotFound: true) > 0)
        #expect(pager.outcome.complete && pager.outcome.refusedPage == nil, "\(pager.outcome)")
        #expect(log.shown.count == count)
    }

    @Test func notFoundIsNoEndWhereTheTotalIsLarger() {
        var log = SimulatedLog(count: 400)
        log.totalError = 1
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager, refusedFrom: 5, isNotFound: true) > 0)
        #expect(!pager.outcome.complete)
    }

    @Test func withoutATotalTheLogIsReadOnceUpToWhatIsNotFound() {
        var log = SimulatedLog(count: 350)
        log.sendsTotal = false
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 1)
        #expect((5...6).contains(read(&log, &pager, refusedFrom: 5, isNotFound: true)))
        #expect(!pager.outcome.complete && log.shown.count == 350)
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func anIncrementalReadingThatIsRefusedAPageKeepsWhatItRead(order: LogOrder) {
        var log = SimulatedLog(count: 850, order: order)
        let archived = Set(0..<350)
        var pager = AuditLogPager(
            mode: .incremental(knownTotal: 350, order: order, pageSize: 100),
            perPage: 100,
            connections: 4
        )
        #expect(read(&log, &pager, refusedFrom: 3, archived: archived) > 0)
        #expect(!pager.outcome.complete && pager.outcome.refusedPage == 3, "\(pager.outcome)")
        #expect(log.shown.count >= 200)
    }

    /// A total that is the page's own, and others that answers belie.
    @Test(arguments: [100, 1, 0, 349], [LogOrder.newestFirst, .oldestFirst])
    func aTotalThatAnAnswerBeliesIsNotReckonedWithAgain(total: Int, order: LogOrder) {
        var log = SimulatedLog(count: 550, order: order)
        log.totals = { _, _ in total }
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 1)
        let answers = CloudHeedTests.read(&log, &pager)
        // Each page once, and where the newest come last, the way from there to what was met before.
        #expect((6...14).contains(answers), "\(answers)")
        #expect(!pager.outcome.complete && log.shown.count == 550)
    }
}
