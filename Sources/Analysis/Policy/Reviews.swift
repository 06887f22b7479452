import Evidence

/// Applies a review: a finding that a person has to judge is what the answers about all of its events make of it.
package enum Reviews {
    /// Judges the findings from a place on that a person has to judge; one without an answer stays as it is.
    ///
    /// - Parameters:
    ///   - rows: The answers.
    ///   - findings: What they are about.
    ///   - first: The place of the first of them that is judged.
    ///   - begin: When the period begins; nil where it is open.
    ///   - firstAt: When its first event came; nil for none.
    ///   - words: What is said of the review.
    static func apply(
        _ rows: [Review.Row],
        to findings: inout [Finding],
        from first: Int,
        begin: Instant?,
        firstAt: Instant?,
        _ words: Words
    ) {
        guard !rows.isEmpty else { return }
        // Who looked before the period began looked at something else. It may have been the day after, where they are.
        let firstDay = (begin ?? firstAt).map { words.day($0.adding(seconds: -86_400)) }
        let begin = begin.map(words.day)
        let answered = Set(rows.map { ExactText($0.finding) })
        let answers = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        let controls = Dictionary(ControlCatalogue.controls(in: words).map { ($0.id, $0) }) { first, _ in first }
        for place in first..<findings.count where findings[place].status == .manual {
            let id = findings[place].id
            guard answered.contains(ExactText(id)) else { continue }
            let given = events(of: findings[place]).map { answers[Review.Key(finding: id, event: $0)] }
            let isBare = findings[place].eventIDs.isEmpty
            let bound = isBare ? begin : firstDay
            let early = given.compactMap { $0 }.first { $0.isOlder(than: bound) }
            if let early { findings[place].detail += " " + words("review.early", ["day": .text(early.reviewedOn)]) }
            if isBare, early != nil { continue }
            let counted = given.map { row in row.flatMap { $0.isOlder(than: bound) ? nil : $0 } }
            judge(&findings[place], counted, controls, words)
        }
    }

    /// The events that a finding asks to look at; one without an id for a finding that names none.
    package static func events(of finding: Finding) -> [String] {
        guard !finding.eventIDs.isEmpty else { return [""] }
        var known: Set<ExactText> = []
        return finding.eventIDs.filter { known.insert(ExactText($0)).inserted }
    }

    /// Whether people are asked to look at a finding, or were and answered.
    package static func asks(_ finding: Finding) -> Bool { finding.status == .manual || finding.isJudgedByReview }

    /// The answers that no finding asks for.
    package static func unused(_ rows: [Review.Row], findings: [Finding]) -> [Review.Row] {
        guard !rows.isEmpty else { return [] }
        let answered = Set(rows.map { ExactText($0.finding) })
        var asked: Set<Review.Key> = []
        for place in findings.indices where asks(findings[place]) {
            let id = findings[place].id
            guard answered.contains(ExactText(id)) else { continue }
            for event in events(of: findings[place]) { asked.insert(Review.Key(finding: id, event: event)) }
        }
        return rows.filter { !asked.contains($0.key) }
    }

    /// `given`: the answer about each event that the finding asks for.
    private static func judge(
        _ finding: inout Finding,
        _ given: [Review.Row?],
        _ controls: [String: Control],
        _ words: Words
    ) {
        let rows = given.compactMap { $0 }
        let isAnswered = rows.count == given.count && rows.allSatisfy { $0.result != nil && $0.isSigned }
        let status: Status = rows.contains { $0.result == .notOK } ? .fail : isAnswered ? .reviewed : .manual
        finding.detail += " " + ReviewSentence(words: words, rows: rows, count: given.count).text(status)
        guard status != .manual, let control = controls[finding.control] else { return }
        finding.become(status, in: control.words(for: status))
        finding.isJudgedByReview = true
    }
}

extension Review.Row {
    /// Whether it says who looked, and when.
    fileprivate var isSigned: Bool { !reviewedBy.isEmpty && !reviewedOn.isEmpty }

    /// Whether it finds in order what came after somebody looked.
    fileprivate func isOlder(than day: String?) -> Bool {
        guard let day, result != .notOK, !reviewedOn.isEmpty else { return false }
        return reviewedOn < day
    }
}

/// What a finding says of its review.
struct ReviewSentence {
    let words: Words
    /// The answers.
    let rows: [Review.Row]
    /// How many answers are asked for.
    let count: Int

    /// The sentence behind a finding's detail, by what the review makes of the finding.
    func text(_ status: Status) -> String {
        switch status {
        case .reviewed:
            return words("review.in_order", ["count": .number(count), "people": .text(people), "days": .text(days)])
        case .fail:
            let bad = rows.filter { $0.result == .notOK }
            return words(
                "review.not_in_order",
                ["count": .number(count), "bad": .number(bad.count), "which": .text(names(of: bad))]
            )
        default:
            let open = count - rows.count { $0.result != nil }
            guard open == 0 else { return words("review.open", ["count": .number(open), "total": .number(count)]) }
            let unsigned = rows.count { !$0.isSigned }
            return words("review.unsigned", ["count": .number(unsigned), "total": .number(count)])
        }
    }

    private static let mostNamed = 10

    private func names(of bad: [Review.Row]) -> String {
        let names = bad.prefix(Self.mostNamed).map(\.event).filter { !$0.isEmpty }
        guard !names.isEmpty else { return "" }
        let events = Words.Argument.text(names.joined(separator: ", "))
        let more = bad.count - names.count
        return more > 0
            ? words("review.which_and_more", ["events": events, "more": .number(more)])
            : words("review.which", ["events": events])
    }

    private var people: String {
        let names = Set(rows.map { ExactText($0.reviewedBy) }).sorted().map(\.text)
        let shown = names.prefix(3).joined(separator: ", ")
        let more = names.count - 3
        return more > 0
            ? words("review.people_and_more", ["people": .text(shown), "more": .number(more)]) : shown
    }

    private var days: String {
        let days = rows.map(\.reviewedOn)
        guard let first = days.min(), let last = days.max() else { return "" }
        return first == last
            ? words("review.on", ["day": .text(first)])
            : words("review.between", ["from": .text(first), "to": .text(last)])
    }
}
