import Evidence

/// Applies a review: a finding that a person has to judge is what the answers about all of its events make of it.
package enum Reviews {
    /// Judges the findings from a place on that a person has to judge; one without an answer stays as it is.
    ///
    /// - Parameters:
    ///   - rows: The answers.
    ///   - findings: What they are about.
    ///   - first: The place of the first of them that is judged.
    ///   - review: What is known of the period and of its events.
    ///   - words: What is said of the review.
    /// - Returns: The answers that count for nothing.
    @discardableResult
    static func apply(
        _ rows: [Review.Row],
        to findings: inout [Finding],
        from first: Int,
        _ review: ReviewedEvents,
        _ words: Words
    ) -> [RefusedAnswer] {
        guard !rows.isEmpty else { return [] }
        let answered = Set(rows.map { ExactText($0.finding.trimmedAsWord) })
        let answers = Dictionary(grouping: rows, by: \.key)
        let controls = Dictionary(ControlCatalogue.controls(in: words).map { ($0.id, $0) }) { first, _ in first }
        var refused: [RefusedAnswer] = []
        for place in first..<findings.count where findings[place].status == .manual {
            guard answered.contains(ExactText(findings[place].id)) else { continue }
            let weighed = WeighedAnswers(of: findings[place], answers, review)
            refused += weighed.refused
            for sentence in weighed.sentences(words) { findings[place].detail += " " + sentence }
            if findings[place].eventIDs.isEmpty, !weighed.refused.isEmpty, weighed.given == [nil] { continue }
            judge(&findings[place], weighed.given, controls, words)
        }
        return refused
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
        // What is to be said of damaged evidence is said of the answer, too.
        let said = finding.words.caution.map { control.warning(of: $0) } ?? control
        finding.become(status, in: said.words(for: status))
        finding.isJudgedByReview = true
    }
}

extension Review.Row {
    /// Whether it says who looked, and when.
    var isSigned: Bool { !reviewedBy.isEmpty && !reviewedOn.isEmpty }

    /// Whether it finds in order what came after somebody looked.
    func isOlder(than day: String?) -> Bool {
        guard let day, result != .notOK, !reviewedOn.isEmpty else { return false }
        return reviewedOn < day
    }
}
