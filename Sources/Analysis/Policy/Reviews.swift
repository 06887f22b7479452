import Evidence

/// Applies a review: a finding that a person has to judge is what the answers about all of its events make of it.
package enum Reviews {
    /// Judges the findings from a place on that a person has to judge; one without an answer stays as it is.
    static func apply(_ rows: [Review.Row], to findings: inout [Finding], from first: Int = 0) {
        guard !rows.isEmpty else { return }
        let answered = Set(rows.map { ExactText($0.finding) })
        let answers = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        for place in first..<findings.count where findings[place].status == .manual {
            let id = findings[place].id
            guard answered.contains(ExactText(id)) else { continue }
            let asked = events(of: findings[place])
            let given = asked.map { answers[Review.Key(finding: id, event: $0)] }
            judge(&findings[place], given)
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
    private static func judge(_ finding: inout Finding, _ given: [Review.Row?]) {
        let rows = given.compactMap { $0 }
        let bad = rows.filter { $0.result == .notOK }
        let isAnswered = rows.count == given.count && rows.allSatisfy { $0.result != nil && $0.isSigned }
        let status: Status = !bad.isEmpty ? .fail : isAnswered ? .reviewed : .manual
        finding.detail += " " + ReviewWords.sentence(status, rows, bad: bad, of: given.count)
        guard status != .manual, let control = ControlCatalogue.control(finding.control) else { return }
        finding.become(status, in: control.words[status] ?? finding.words)
        finding.isJudgedByReview = true
    }
}

extension Review.Row {
    /// Whether it says who looked, and when.
    fileprivate var isSigned: Bool { !reviewedBy.isEmpty && !reviewedOn.isEmpty }
}

/// What a finding says of its review.
enum ReviewWords {
    /// The sentence behind a finding's detail.
    ///
    /// - Parameters:
    ///   - status: What the review makes of the finding.
    ///   - rows: The answers.
    ///   - bad: Those that say not ok.
    ///   - count: How many answers are asked for.
    static func sentence(_ status: Status, _ rows: [Review.Row], bad: [Review.Row], of count: Int) -> String {
        switch status {
        case .reviewed:
            return "Reviewed by \(people(rows)) \(days(rows)): \(count == 1 ? "it is" : "all \(count) are") in order."
        case .fail:
            let names = bad.prefix(mostNamed).map(\.event).filter { !$0.isEmpty }
            let more = bad.count - names.count
            let list =
                names.isEmpty ? "" : ": " + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
            return "By the review \(bad.count) of \(count) \(bad.count == 1 ? "is" : "are") not in order\(list)."
        default:
            let open = count - rows.count { $0.result != nil }
            let unsigned = rows.count { $0.result != nil && ($0.reviewedBy.isEmpty || $0.reviewedOn.isEmpty) }
            var parts: [String] = []
            if open > 0 { parts.append("\(open) of \(count) \(open == 1 ? "has" : "have") no result") }
            if unsigned > 0 { parts.append("\(unsigned) of \(count) without who looked and when") }
            return "The review is not complete: \(parts.joined(separator: ", "))."
        }
    }

    private static let mostNamed = 10

    private static func people(_ rows: [Review.Row]) -> String {
        let names = Set(rows.map { ExactText($0.reviewedBy) }).sorted().map(\.text)
        let more = names.count - 3
        return names.prefix(3).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    private static func days(_ rows: [Review.Row]) -> String {
        let days = rows.map(\.reviewedOn)
        guard let first = days.min(), let last = days.max() else { return "" }
        return first == last ? "on \(first)" : "from \(first) to \(last)"
    }
}
