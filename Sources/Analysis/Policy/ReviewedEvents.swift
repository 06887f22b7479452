import Evidence

/// What answers of a review are compared with: the events that they name, as they are archived, and when the period began.
package struct ReviewedEvents: Sendable {
    /// What events say, by their ids as they are shown, which several events can bear.
    package var byID: [ExactText: [Review.Seen]] = [:]
    /// When the period begins; nil where it is open.
    var begin: Instant?
    /// When its first event came; nil for none.
    var firstAt: Instant?

    /// Knows of no event.
    package init() {}

    /// The same of a period.
    func of(begin: Instant?, firstAt: Instant?) -> ReviewedEvents {
        var events = self
        (events.begin, events.firstAt) = (begin, firstAt)
        return events
    }

    /// The first day on which anybody can have looked at what a period holds.
    var firstDay: String? { (begin ?? firstAt).map(Self.earliestDay) }

    /// The first day on which anybody can have looked at the period itself; nil where it is open.
    var beginDay: String? { begin.map(Self.earliestDay) }

    /// The day that an instant belongs to where the day begins last: nobody has looked before.
    static func earliestDay(of at: Instant) -> String { day(at.adding(seconds: -43_200)) }

    static func day(_ at: Instant) -> String { String(at.rfc3339.prefix(10)) }
}

/// An answer that counts for nothing, and why.
package struct RefusedAnswer: Sendable, Hashable {
    /// Why an answer does not count.
    package enum Reason: Sendable, Hashable {
        /// Somebody looked before the period began.
        case beforePeriod
        /// Somebody looked before the event came: its day.
        case beforeEvent(String)
        /// Somebody looked before what the finding rests on was read: the day of that.
        case beforeReading(String)
        /// The row tells of another event, by these columns.
        case otherEvent([String])
        /// The row tells of other facts than the finding.
        case otherFacts
        /// Another event has an id that is written alike, and not each of them has a row.
        case severalEvents
    }

    /// The row.
    package var row: Review.Row
    /// Why it does not count.
    package var reason: Reason
}

/// What a review answers about the events of one finding, and what of it counts: nothing but what its reviewer saw.
struct WeighedAnswers {
    /// The answer about each event; nil where none counts.
    private(set) var given: [Review.Row?] = []
    /// Those that count for nothing.
    private(set) var refused: [RefusedAnswer] = []
    /// Those of events that no other answer is about.
    private var unanswered: [RefusedAnswer] = []
    private let review: ReviewedEvents

    init(of finding: Finding, _ answers: [Review.Key: [Review.Row]], _ review: ReviewedEvents) {
        self.review = review
        guard !finding.eventIDs.isEmpty else {
            let statement = finding.asked ?? AskedStatement(finding.detail)
            let first = review.beginDay
            take(answers[Review.Key(finding: finding.id, event: "")] ?? []) {
                $0.objection(about: statement) ?? ($0.isOlder(than: first) ? .beforePeriod : nil)
            }
            return
        }
        let ids = Reviews.events(of: finding)
        let keys = ids.map { Review.Key(finding: finding.id, event: $0) }
        let alike = Dictionary(grouping: ids.indices, by: { keys[$0] })
        let times = Dictionary(finding.eventIDs.map { (ExactText($0), 1) }, uniquingKeysWith: +)
        for (place, key) in keys.enumerated() {
            let rows = answers[key] ?? []
            let others = (alike[key] ?? []).map { ExactText(ids[$0]) }
            if others.count == 1, times[others[0]] == 1 {
                let (known, first) = (review.byID[others[0]], review.firstDay)
                take(rows) { $0.objection(about: known, first) }
            } else if others.first == ExactText(ids[place]) {
                takeEach(rows, others.map { (review.byID[$0] ?? [], times[$0] ?? 1) })
            }
        }
    }

    /// Takes the answers about one event.
    private mutating func take(_ rows: [Review.Row], _ objection: (Review.Row) -> RefusedAnswer.Reason?) {
        var counted: [Review.Row] = []
        var others: [RefusedAnswer] = []
        for row in rows {
            if let reason = objection(row) {
                others.append(.init(row: row, reason: reason))
            } else {
                counted.append(row)
            }
        }
        refused += others
        if counted.isEmpty { unanswered += others }
        given.append(counted.first { $0.result == .notOK } ?? counted.first)
    }

    /// Takes the answers about events whose ids are written alike: they count where each event has a row that tells of it.
    private mutating func takeEach(_ rows: [Review.Row], _ events: [(known: [Review.Seen], times: Int)]) {
        var left = rows
        let first = review.firstDay
        let each = events.map { event in
            // Of several events with one id the table tells one.
            guard event.times == 1, event.known.count == 1,
                let place = left.firstIndex(where: { $0.objection(about: event.known, first) == nil })
            else { return Review.Row?.none }
            return left.remove(at: place)
        }
        if each.contains(nil) {
            let others = rows.map { RefusedAnswer(row: $0, reason: .severalEvents) }
            refused += others
            unanswered += others
            given += events.flatMap { Array(repeating: nil, count: $0.times) }
        } else {
            given += each
        }
    }

    /// What the finding says of answers about something else.
    func sentences(_ words: Words) -> [String] {
        var sentences: [String] = []
        var told: Set<String> = []
        for refused in unanswered {
            let name: String
            switch refused.reason {
            case .beforePeriod: name = "review.early"
            case .beforeEvent: name = "review.before_event"
            case .beforeReading: name = "review.before_reading"
            case .otherEvent, .otherFacts: name = "review.other"
            case .severalEvents: name = "review.several"
            }
            guard told.insert(name).inserted else { continue }
            sentences.append(words(name, ["day": .text(refused.row.reviewedOn)]))
        }
        return sentences
    }
}

extension Review.Row {
    /// Why it does not answer a question that names no event; nil where it does.
    fileprivate func objection(about statement: AskedStatement) -> RefusedAnswer.Reason? {
        switch statement.isSaid(in: seen.detail) {
        case true?: return nil
        case false?: return .otherFacts
        case nil:
            guard let day = statement.readAt.map(ReviewedEvents.earliestDay), isOlder(than: day) else { return nil }
            return .beforeReading(day)
        }
    }

    /// Why it does not answer for the event of an id, by what is known of those that are shown with it; nil where it does.
    fileprivate func objection(about known: [Review.Seen]?, _ firstDay: String?) -> RefusedAnswer.Reason? {
        guard let first = known?.first else { return isOlder(than: firstDay) ? .beforePeriod : nil }
        let fitting = (known ?? []).filter { seen.differences(from: $0).isEmpty }
        guard let event = fitting.first else { return .otherEvent(seen.differences(from: first)) }
        guard fitting.count == 1 else { return .severalEvents }
        guard let at = Instant(rfc3339: event.createdAt) else { return isOlder(than: firstDay) ? .beforePeriod : nil }
        let day = ReviewedEvents.earliestDay(of: at)
        return isOlder(than: day) ? .beforeEvent(ReviewedEvents.day(at)) : nil
    }
}
