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
}
