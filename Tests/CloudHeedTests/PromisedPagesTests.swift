@testable import CloudHeed
import Testing

/// Answers that say of themselves that more follow, whatever their `total` is: what they promise is asked for, and a log
/// that breaks the promise is not called complete.
@Suite struct PromisedPagesTests {
    static let orders = [LogOrder.newestFirst, .oldestFirst]

    private func read(_ log: inout SimulatedLog, perPage: Int = 100) -> (outcome: AuditLogPager.Outcome, answers: Int) {
        var pager = AuditLogPager(mode: .full, perPage: perPage, connections: 4)
        let answers = CloudHeedTests.read(&log, &pager)
        return (pager.outcome, answers)
    }

    @Test("A total that counts the page alone is belied by what the page says", arguments: orders)
    func totalOfThePage(order: LogOrder) {
        for count in [60, 250] {
            var log = SimulatedLog(count: count, order: order, pageSize: 50)
            log.promises = { page, pages in page < pages }
            log.totals = { _, _ in 50 }
            let (outcome, answers) = read(&log)
            #expect(answers > 0 && !outcome.complete, "\(count): \(outcome)")
            #expect(log.shown.count == count, "\(count): \(log.shown.count) shown")
        }
    }

    @Test("A page that repeats the one before, and promises more, is no end", arguments: orders)
    func repeatedPage(order: LogOrder) {
        for ignores in [false, true] {
            var log = SimulatedLog(count: ignores ? 50 : 250, order: order, pageSize: 50)
            (log.repeatsLastPage, log.ignoresNumbers) = (true, ignores)
            log.promises = { _, _ in true }
            let (outcome, answers) = read(&log)
            #expect(answers > 0 && answers < 80 && !outcome.complete, "\(ignores): \(answers), \(outcome)")
            #expect(outcome.reasons.contains { $0.contains("more follow page") }, "\(outcome.reasons)")
        }
    }

    @Test("A promise that is kept costs nothing, and one that an empty page takes back a page more", arguments: orders)
    func keptPromise(order: LogOrder) {
        for count in [1, 40, 100, 101, 250, 1_000] {
            var plain = SimulatedLog(count: count, order: order)
            let expected = read(&plain)
            var log = SimulatedLog(count: count, order: order)
            log.promises = { page, pages in page < pages }
            let kept = read(&log)
            #expect(kept.outcome.complete && kept.answers == expected.answers, "\(count): \(kept)")
            log = SimulatedLog(count: count, order: order)
            log.promises = { _, _ in true }
            let broken = read(&log)
            #expect(broken.outcome.complete && broken.answers <= expected.answers + 3, "\(count): \(broken)")
        }
    }

    // MARK: What is new

    /// Reads what is new to an archive that holds `known`.
    private func readNew(
        _ log: inout SimulatedLog,
        known: Range<Int>
    ) -> (outcome: AuditLogPager.Outcome, answers: Int) {
        let mode = AuditLogPager.Mode.incremental(knownTotal: known.count, order: log.order, pageSize: 100)
        var pager = AuditLogPager(mode: mode, perPage: 100, connections: 4)
        let answers = CloudHeedTests.read(&log, &pager, archived: Set(known))
        return (pager.outcome, answers)
    }

    /// A log whose `total` is what is known and what is new before the page that is promised; that one holds more.
    private func cutLog(_ order: LogOrder) -> (log: SimulatedLog, known: Range<Int>, cut: Int) {
        var log = SimulatedLog(count: order == .oldestFirst ? 300 : 90, order: order)
        let cut = order == .oldestFirst ? 257 : 70
        log.cut = cut
        log.promises = { page, _ in page < (order == .oldestFirst ? 4 : 2) }
        return (log, order == .oldestFirst ? 0..<250 : 20..<80, cut)
    }

    @Test("What follows behind the total is read by a pull of what is new, too", arguments: orders)
    func newBehindTotal(order: LogOrder) {
        var (log, known, cut) = cutLog(order)
        log.totals = { [cut] _, _ in cut }
        let lying = readNew(&log, known: known)
        #expect(lying.answers > 0 && lying.answers < 40 && !lying.outcome.complete, "\(lying)")
        #expect(lying.outcome.readWholeLog && log.shown.count == log.events.count, "\(log.shown.count) shown")
        (log, known, cut) = cutLog(order)
        let honest = readNew(&log, known: known)
        // Where pages differ in length, and the newest come last, the total does not tell where these stand.
        #expect(honest.answers > 0 && honest.answers < 20, "\(honest)")
        #expect(honest.outcome.complete == (order == .newestFirst), "\(honest)")
        #expect(log.shown.count == log.events.count, "\(log.shown.count) shown")
    }

    @Test(
        "What is new is no more work where a promise is kept, and an empty page takes one back",
        arguments: orders,
        [1, 40, 100, 250, 1_000]
    )
    func keptAmongNew(order: LogOrder, known: Int) {
        for new in [0, 1, 99, 100, 101, 250] {
            var plain = SimulatedLog(count: known + new, order: order)
            let expected = readNew(&plain, known: 0..<known)
            var log = SimulatedLog(count: known + new, order: order)
            log.promises = { page, pages in page < pages }
            let kept = readNew(&log, known: 0..<known)
            #expect(kept.outcome == expected.outcome, "\(new): \(kept), \(expected)")
            #expect(kept.answers == expected.answers, "\(new)")
            log = SimulatedLog(count: known + new, order: order)
            log.promises = { _, _ in true }
            let takenBack = readNew(&log, known: 0..<known)
            #expect(takenBack.outcome.complete && !takenBack.outcome.readWholeLog, "\(new): \(takenBack)")
            #expect(takenBack.answers <= expected.answers + 2, "\(new): \(takenBack.answers), \(expected.answers)")
        }
    }

    @Test("A log that grows while it is read promises what comes", arguments: orders, [1, 60])
    func growingAmongNew(order: LogOrder, growth: Int) {
        for (known, new) in [(95, 0), (95, 4), (250, 49), (250, 120)] {
            var plain = SimulatedLog(count: known + new, order: order)
            plain.appendAfterEachAnswer = growth
            let expected = readNew(&plain, known: 0..<known)
            var log = SimulatedLog(count: known + new, order: order)
            log.appendAfterEachAnswer = growth
            log.promises = { page, pages in page < pages }
            let kept = readNew(&log, known: 0..<known)
            #expect(kept.outcome.complete == expected.outcome.complete, "\(known), \(new): \(kept), \(expected)")
            #expect(kept.answers <= expected.answers + 12, "\(known), \(new): \(kept.answers), \(expected.answers)")
        }
    }

    @Test("A promise that is broken makes a pull of what is new one of everything, once", arguments: orders)
    func brokenAmongNew(order: LogOrder) {
        let cases = [(40, 0), (40, 7), (250, 0), (250, 7), (250, 120)]
        for (known, new) in cases where order == .oldestFirst || known == 40 {
            var log = SimulatedLog(count: known + new, order: order)
            log.repeatsLastPage = true
            log.promises = { _, _ in true }
            let (outcome, answers) = readNew(&log, known: 0..<known)
            #expect(answers > 0 && answers < 60 && !outcome.complete, "\(known), \(new): \(answers), \(outcome)")
            #expect(outcome.reasons.contains { $0.contains("more follow page") }, "\(outcome.reasons)")
        }
    }
}
