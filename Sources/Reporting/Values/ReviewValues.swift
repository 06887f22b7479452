import Analysis
import Evidence
import Templates

/// What people are asked to look at, control by control, and what they answered so far.
struct ReviewValues {
    private let table: ReviewRows
    private let results: ControlResults
    private let answers: [ExactText: [Review.Row]]
    private let words: Words

    /// How many people are named beside a control.
    private static let peopleNamed = 3

    /// Of the rows of review.csv, and what all findings come to.
    init(_ table: ReviewRows, _ results: ControlResults, answers: [Review.Row], _ words: Words) {
        (self.table, self.results, self.words) = (table, results, words)
        self.answers = Dictionary(grouping: answers) { ExactText($0.finding) }
    }

    /// What one control asks for.
    private struct Asked {
        var statuses: Set<Status> = []
        /// The heading of its first finding.
        var heading: String
        /// Rows of review.csv.
        var rows = 0
        var firstRow: Int
        var answered: [Review.Row] = []
    }

    /// The values by their names at the top.
    var scalars: [String: TemplateValue] {
        let asked = asked
        let rows = results.worstFirst.compactMap { result in
            asked[ExactText(result.control)].map { value(of: $0, result) }
        }
        return ["review_summary": .list(rows), "has_review": .flag(!rows.isEmpty)]
    }

    private var asked: [ExactText: Asked] {
        var asked: [ExactText: Asked] = [:]
        for ((place, events, _), begin) in zip(table.asked, table.begins) {
            let finding = table.findings[place]
            var own = asked[ExactText(finding.control)] ?? Asked(heading: finding.heading, firstRow: begin + 1)
            own.statuses.insert(finding.status)
            own.rows += events.count
            if !answers.isEmpty {
                let known = Set(events.map { ExactText($0) })
                own.answered += (answers[ExactText(finding.id)] ?? [])
                    .filter { $0.result != nil && known.contains(ExactText($0.event)) }
            }
            asked[ExactText(finding.control)] = own
        }
        return asked
    }

    private func value(of asked: Asked, _ result: ControlResults.Result) -> TemplateValue {
        let status = Status.byUrgency.first(where: asked.statuses.contains) ?? .manual
        let last = asked.firstRow + asked.rows - 1
        let rows = [asked.firstRow, last].map { words.number($0) }
        return [
            "control": .text(result.control), "heading": .text(asked.heading),
            "severity": .text(result.severity.rawValue), "severity_word": .text(words.severity(result.severity)),
            "status": .text(status.rawValue), "status_word": .text(words.status(status)),
            "events": .text(words.number(asked.rows)), "answered": .text(words.number(asked.answered.count)),
            "rows": .text(
                last == asked.firstRow
                    ? rows[0] : words("format.span", ["from": .text(rows[0]), "to": .text(rows[1])])
            ),
            "people": .text(people(asked.answered)), "days": .text(days(asked.answered)),
        ]
    }

    private func people(_ rows: [Review.Row]) -> String {
        var names: [ExactText] = []
        var known: Set<ExactText> = []
        for row in rows where !row.reviewedBy.isEmpty {
            let name = ExactText(row.reviewedBy)
            if known.insert(name).inserted { names.append(name) }
        }
        let named = names.prefix(Self.peopleNamed).map { ShownText.brief($0.text) }
        let more = names.count - named.count
        guard more > 0 else { return words.list(named) }
        return words(
            "review.people_and_more",
            ["people": .text(named.joined(separator: ", ")), "more": .number(more)]
        )
    }

    private func days(_ rows: [Review.Row]) -> String {
        let days = rows.map(\.reviewedOn).filter { !$0.isEmpty }
        guard let first = days.min(), let last = days.max() else { return "" }
        return first == last ? first : words("format.span", ["from": .text(first), "to": .text(last)])
    }
}
