@testable import CloudHeed
import TestSupport
import Testing

/// Services whose log has no end, or whose totals say so: the reading has one, after as many requests as what it met
/// needs and a few more.
@Suite struct EndlessLogTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        var name: String
        var total: @Sendable (_ truth: Int, _ answer: Int) -> Int?
        var testDescription: String { name }
    }

    static let lies = [
        Lie(name: "a million") { _, _ in 1_000_000 },
        Lie(name: "2^62") { _, _ in 1 << 62 },
        Lie(name: "the largest number") { _, _ in .max },
        Lie(name: "negative") { _, _ in -7 },
        Lie(name: "the smallest number") { _, _ in .min },
        Lie(name: "nothing") { _, _ in 0 },
        Lie(name: "alternating") { truth, answer in answer.isMultiple(of: 2) ? truth : truth + 5_000 },
        Lie(name: "alternating with more than can be") { truth, answer in answer.isMultiple(of: 2) ? truth : .max },
        Lie(name: "another at each answer") { _, answer in Int(UInt(answer) &* 0x9E37_79B9 % 100_000) },
        Lie(name: "rising by a page") { truth, answer in truth + 100 * answer },
        Lie(name: "falling") { truth, answer in max(0, 1_000_000 - 1_000 * answer) },
        Lie(name: "now and then none") { truth, answer in answer.isMultiple(of: 3) ? nil : truth },
    ]

    /// The bound that docs/completeness.md names.
    private func mostAnswers(_ events: Int, _ pageSize: Int) -> Int {
        8 * max(1, (events + pageSize - 1) / pageSize) + 64
    }

    @Test(arguments: lies, [LogOrder.newestFirst, .oldestFirst, .neither])
    func totalThatLiesEndsSoonAndIsSaid(lie: Lie, order: LogOrder) {
        for (count, connections) in [(250, 1), (250, 4), (250, 64), (0, 4), (2_000, 4)] {
            var log = SimulatedLog(count: count, order: order)
            log.totals = lie.total
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: connections)
            let answers = read(&log, &pager)
            #expect(answers > 0 && answers <= mostAnswers(count, 100), "\(count), \(connections): \(answers) answers")
            #expect(log.shown.count == count, "\(count), \(connections): \(log.shown.count) shown")
            // What tells the truth often enough can be right.
            let isTrue = (lie.name == "nothing" && count == 0) || lie.name == "now and then none"
            let mayBe = isTrue || lie.name.hasPrefix("alternating")
            #expect(pager.outcome.complete ? mayBe : !isTrue, "\(count), \(connections): \(pager.outcome)")
            if pager.outcome.complete { #expect(pager.outcome.served == count) }
        }
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func aMillionForTwoHundredAndFiftyTakesAFewRequests(order: LogOrder) {
        var log = SimulatedLog(count: 250, order: order)
        log.totals = { _, _ in 1_000_000 }
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        let answers = read(&log, &pager)
        #expect(answers > 0 && answers <= 24, "\(answers) answers")
        #expect(pager.outcome.reasons.first?.contains("1000000") == true, "\(pager.outcome.reasons)")
    }

    @Test(arguments: [LogOrder.newestFirst, .oldestFirst])
    func aServiceThatMakesEventsUpForEverIsLeft(order: LogOrder) {
        for (total, most) in [(250, 1_100), (0, 1_100), (1 << 60, 20_100)] {
            var log = SimulatedLog(count: 0, order: order)
            log.makesUpEvents = true
            log.totals = { _, _ in total }
            var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
            let answers = readWithoutEnd(&log, &pager, most)
            #expect(answers > 0, "total \(total): more than \(most) answers")
            #expect(!pager.outcome.complete && pager.outcome.reasons.count == 1)
        }
    }

    @Test func withoutATotalALongLogIsReadToItsEnd() {
        var log = SimulatedLog(count: 20_000)
        log.sendsTotal = false
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(read(&log, &pager) > 0)
        #expect(log.shown.count == 20_000)
        #expect(!pager.outcome.complete)
    }

    @Test func withoutATotalALogWithoutEndIsLeft() {
        var log = SimulatedLog(count: 0)
        log.makesUpEvents = true
        log.sendsTotal = false
        var pager = AuditLogPager(mode: .full, perPage: 100, connections: 4)
        #expect(readWithoutEnd(&log, &pager, 20_100) > 0)
        #expect(!pager.outcome.complete)
    }

    /// Whatever staging holds: numbers that can't be are not reckoned with.
    @Test(arguments: [Int.max, .min, -1, 0, 1 << 61])
    func aCheckpointWithNumbersThatCannotBeIsNotGoneOnFrom(number: Int) {
        for field in 0..<4 {
            for mode in [AuditLogPager.Mode.full, .incremental(knownTotal: 100, order: .newestFirst, pageSize: 100)] {
                for order in [LogOrder.newestFirst, .oldestFirst] {
                    var log = SimulatedLog(count: 450, order: order)
                    let checkpoint = LogCheckpoint(
                        pass: field == 0 ? number : 1,
                        isResumed: false,
                        isIncremental: mode != .full,
                        order: order,
                        pageSize: field == 1 ? number : 100,
                        totalAtBegin: field == 2 ? number : 450,
                        grown: field == 3 ? number : 0,
                        contiguous: field == 3 ? number : 200
                    )
                    let ids = Set(250..<450)
                    var pager = AuditLogPager(mode: mode, perPage: 100, connections: 4, resuming: (checkpoint, ids))
                    let answers = read(&log, &pager, archived: mode == .full ? [] : Set(0..<100))
                    #expect(answers > 0 && answers < 40, "\(answers) answers")
                    #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
                }
            }
        }
    }

    @Test(arguments: [Int.max, .min, -1, 0, 1 << 61])
    func anArchiveWithNumbersThatCannotBeIsNotBuiltOn(number: Int) {
        for order in [LogOrder.newestFirst, .oldestFirst] {
            for (total, size) in [(number, 100), (450, number)] {
                var log = SimulatedLog(count: 450, order: order)
                let mode = AuditLogPager.Mode.incremental(knownTotal: total, order: order, pageSize: size)
                var pager = AuditLogPager(mode: mode, perPage: 100, connections: 4)
                let answers = read(&log, &pager, archived: Set(0..<450))
                #expect(answers > 0 && answers < 40, "\(answers) answers")
                #expect(pager.outcome.complete, "\(pager.outcome.reasons)")
            }
        }
    }

    private func readWithoutEnd(_ log: inout SimulatedLog, _ pager: inout AuditLogPager, _ most: Int) -> Int {
        var waiting: [Int] = []
        var answers = 0
        while !pager.isFinished {
            waiting += pager.nextPages()
            guard !waiting.isEmpty, answers <= most else { return -1 }
            pager.received(log.page(waiting.removeFirst(), archived: []))
            answers += 1
        }
        return answers
    }
}
