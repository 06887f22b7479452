import Analysis
import Evidence
import Publishing

extension ReportJob {
    /// Names the rows that people gave back and that are about nothing in the report, or about something else: no answer is
    /// dropped in silence.
    func tellUnused(_ judged: Judgement) {
        for note in settings.notes { context.warn(note) }
        let unused = ActionPlan.unused(settings.policy.plan, findings: judged.findings)
        let promises = unused.missing.map { "\($0.source): the report has no finding \(Self.name($0))" }
        let others = unused.others.map { row in
            "\(row.source): names none of the events of the finding \(Self.name(row)), as of another month or "
                + "organization: its owner and day are shown, and it accepts nothing"
        }
        let answers = Reviews.unused(settings.policy.review, findings: judged.findings).map { row in
            let event = row.event.isEmpty ? "" : " \(row.event)"
            return "\(row.source): the report does not ask to look at\(event) for \(row.finding)"
        }
        let refused = judged.refused.map(Self.told)
        for (table, rows) in [("the action plan", promises), ("the review", refused + answers)] {
            tell(rows.map { "\($0); the row is not used" }, "not used", of: table)
        }
        tell(others, "about other events", of: "the action plan")
    }

    private func tell(_ rows: [String], _ what: String, of table: String) {
        for row in rows.prefix(Self.rowsTold) { context.warn(row) }
        guard rows.count > Self.rowsTold else { return }
        let more = Counted.text(rows.count - Self.rowsTold, "more row is", "more rows are")
        context.warn("\(table): \(more) \(what)")
    }

    private static let rowsTold = 20

    private static func name(_ row: ActionPlan.Row) -> String {
        "\(row.control) \(row.subject)\(row.finding.isEmpty ? "" : " (\(row.finding))")"
    }

    private static func told(_ refused: RefusedAnswer) -> String {
        let row = refused.row
        let event = row.event.isEmpty ? "" : "the event \(row.event) of "
        let about = "\(row.source): the answer about \(event)\(row.finding)"
        switch refused.reason {
        case .beforePeriod: return "\(about) is of \(row.reviewedOn), before the period began"
        case .beforeEvent(let day): return "\(about) is of \(row.reviewedOn), and the event of \(day)"
        case .beforeReading(let day):
            return
                "\(about) is of \(row.reviewedOn), does not say what was seen, and what it rests on was read on \(day)"
        case .otherEvent(let columns):
            return "\(about) is about another event: \(columns.joined(separator: ", ")) differ from what is archived"
        case .otherFacts: return "\(about) is about other facts: its detail does not say what the report says now"
        case .severalEvents:
            return "\(about) may be about another event, whose id is written alike, and not each has a row of its own"
        }
    }
}

extension Judgement {
    /// The answers of a review that count.
    var review: [Review.Row] {
        let refused = Set(refused.map(\.row))
        return refused.isEmpty ? facts.policy.review : facts.policy.review.filter { !refused.contains($0) }
    }
}
