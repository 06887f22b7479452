@testable import CloudHeed
import TestSupport

/// An audit log in memory that a pager reads: pages, order, drift and lies, without any network.
struct SimulatedLog {
    var order: LogOrder = .newestFirst
    var pageSize = 100
    /// Oldest first.
    var events: [(id: Int, time: Int64)]
    var appendAfterEachAnswer = 0
    var expireAfterEachAnswer = 0
    /// Called behind each answer with the log, to do anything to it.
    var afterAnswer: (@Sendable (inout SimulatedLog) -> Void)?
    var totalError = 0
    /// What `total` says in place of the truth, by the number of the answer; nil for the truth.
    var totals: (@Sendable (_ truth: Int, _ answer: Int) -> Int?)?
    var sendsTotal = true
    /// Whether an answer says that more follow, by its page and the number of pages there are; nil for one that says nothing.
    var promises: (@Sendable (_ page: Int, _ pages: Int) -> Bool)?
    /// Whether every page is the first one, as where pages are asked for in another way.
    var ignoresNumbers = false
    /// Whether every page there is, and every other, is full of events that never were served before.
    var makesUpEvents = false
    /// Ids that stand for elements that are no events; those with one remainder of a thousand have one text.
    var unreadable: Set<Int> = []
    var repeatsLastPage = false
    /// How many events stand before a page that begins anew, though the one before it is not full.
    var cut: Int?
    private(set) var answers = 0
    /// Everything that the log ever showed.
    private(set) var shown: Set<Int> = []
    private var nextID: Int

    init(count: Int, order: LogOrder = .newestFirst, pageSize: Int = 100) {
        events = (0..<count).map { (id: $0, time: Int64($0 / 3)) }
        nextID = count
        self.order = order
        self.pageSize = pageSize
        if order == .neither {
            var random = SplitMix(state: testSeed(UInt64(count)))
            events.shuffle(using: &random)
        }
    }

    mutating func append(_ count: Int) {
        for _ in 0..<count {
            events.append((id: nextID, time: Int64(nextID)))
            nextID += 1
        }
    }

    mutating func expire(_ count: Int) { events.removeFirst(min(count, events.count)) }

    /// Moves events to places that are no further away than a page is long.
    mutating func disturb(_ count: Int, _ random: inout some RandomNumberGenerator) {
        for _ in 0..<count where events.count > 1 {
            let from = Int.random(in: 0..<events.count, using: &random)
            let span = max(0, from - pageSize / 2)...min(events.count - 1, from + pageSize / 2)
            events.insert(events.remove(at: from), at: Int.random(in: span, using: &random))
        }
    }

    mutating func remove(at place: Int) {
        if events.indices.contains(place) { events.remove(at: place) }
    }

    mutating func page(_ number: Int, archived: Set<Int>) -> AuditLogPageFacts {
        answers += 1
        var served = slice(ignoresNumbers ? 1 : number)
        if served.isEmpty, repeatsLastPage, !events.isEmpty { served = slice((events.count + pageSize - 1) / pageSize) }
        if makesUpEvents {
            served = (0..<pageSize).map { (id: nextID + $0, time: Int64(1_000_000_000 - nextID)) }
            nextID += pageSize
        }
        let truth = events.count + totalError
        var facts = AuditLogPageFacts(
            number: number,
            ids: served.map { unreadable.contains($0.id) ? -1 - $0.id % 1_000 : $0.id },
            times: served.map { event in
                unreadable.contains(event.id) ? nil : AuditLogPageFacts.Time(seconds: event.time, nanoseconds: 0)
            },
            archived: served.map { archived.contains($0.id) },
            total: sendsTotal ? totals.map { $0(truth, answers) } ?? truth : nil,
            perPage: nil,
            serverTime: 1_000_000 + Int64(answers),
            unreadable: served.indices.filter { unreadable.contains(served[$0].id) }
        )
        facts.hasMore = promises?(number, (events.count + pageSize - 1) / pageSize) ?? false
        shown.formUnion(served.map(\.id))
        append(appendAfterEachAnswer)
        expire(expireAfterEachAnswer)
        afterAnswer?(&self)
        return facts
    }

    /// Whether a page ends with what is no event, and the next one begins with the same text, or a page has nothing else.
    var hasOneTextAcrossPages: Bool {
        let pages = (1...max(1, (events.count + pageSize - 1) / pageSize)).map { slice($0).map(\.id) }
        let isOdd: (Int) -> Bool = { unreadable.contains($0) }
        return pages.contains { $0.allSatisfy(isOdd) }
            || zip(pages, pages.dropFirst()).contains { page, next in
                let last = Set(page.reversed().prefix(while: isOdd).map { $0 % 1_000 })
                return !last.isDisjoint(with: next.prefix(while: isOdd).map { $0 % 1_000 })
            }
    }

    private func slice(_ number: Int) -> [(id: Int, time: Int64)] {
        var begin = (number - 1) * pageSize
        var end = min(begin + pageSize, events.count)
        if let cut, begin >= cut {
            begin = cut + (number - 1 - (cut + pageSize - 1) / pageSize) * pageSize
            end = min(begin + pageSize, events.count)
        } else if let cut {
            end = min(end, cut)
        }
        guard begin < end else { return [] }
        return order == .newestFirst ? (begin..<end).map { events[events.count - 1 - $0] } : Array(events[begin..<end])
    }
}

extension AuditLogPager {
    /// Whether the reading has ended: every end is complete or has its reasons.
    var isFinished: Bool { outcome.complete || !outcome.reasons.isEmpty }
}

/// Reads a simulated log to the end, several pages under way at a time and answered in any order.
func read(_ log: inout SimulatedLog, _ pager: inout AuditLogPager, archived: Set<Int> = []) -> Int {
    var waiting: [Int] = []
    var answers = 0
    while !pager.isFinished {
        waiting += pager.nextPages()
        guard !waiting.isEmpty else { return -1 }
        let number = waiting.remove(at: answers % waiting.count)
        pager.received(log.page(number, archived: archived))
        answers += 1
        if answers > 10_000 { return -1 }
    }
    return answers
}
