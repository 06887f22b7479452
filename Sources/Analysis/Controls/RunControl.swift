import Evidence

/// The control that asks whether runs came as often as somebody said they would.
enum RunControl {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = ["LOG-RUNS": runs]

    /// How many spans are named.
    private static let spansNamed = 20

    static func runs(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        func finding(_ status: Status, _ detail: String) -> [Finding] {
            [control.finding(status, about: .auditLog, in: words, detail)]
        }
        guard let schedule = facts.policy.schedule else {
            return finding(.notApplicable, words("finding.runs_unknown"))
        }
        guard let first = facts.runs.min() else {
            let none = facts.doubtedRuns.isEmpty ? "finding.runs_none" : "finding.runs_doubted_all"
            return finding(.notProven, words(none))
        }
        let began = Words.Argument.text(words.moment(first))
        if let end = facts.period.range.to, end <= first {
            return finding(.notProven, words("finding.runs_later", ["time": began]))
        }
        let missed = schedule.missed(
            facts.runs,
            in: facts.period.range,
            until: facts.isRunning ? nil : facts.period.range.to
        )
        let every = Words.Argument.text(words.duration(seconds: schedule.every))
        let certain = missed.filter { span in !facts.doubtedRuns.contains { $0.overlaps(span) } }
        if certain.isEmpty, !missed.isEmpty {
            let doubted = missed.prefix(spansNamed).map { words.span($0) }
            let spans = Words.Argument.text(words.some(doubted, of: missed.count))
            return finding(.notProven, words("finding.runs_doubted", ["every": every, "spans": spans]))
        }
        guard certain.isEmpty else {
            let missed = certain
            let spans = words.list(missed.prefix(spansNamed).map { words.span($0) })
            let more = missed.count - spansNamed
            let rest = more > 0 ? " " + words("finding.runs_more", ["count": .number(more)]) : ""
            let places: [String: Words.Argument] = [
                "count": .number(missed.count), "every": every, "spans": .text(spans),
            ]
            return finding(.fail, words("finding.runs_missed", places) + rest)
        }
        let last = facts.runs.max().map { words.moment($0) } ?? ""
        let passing = facts.isRunning ? "finding.runs_so_far" : "finding.runs"
        let isLate = facts.period.range.from.map { $0.adding(seconds: schedule.every) < first } ?? false
        let since = isLate ? " " + words("finding.runs_since", ["time": began]) : ""
        return finding(.pass, words(passing, ["every": every, "last": .text(last)]) + since)
    }
}
