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
        guard let first = facts.runs.min() else { return finding(.notProven, words("finding.runs_none")) }
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
        guard missed.isEmpty else {
            let spans = words.list(missed.prefix(spansNamed).map { words.span($0) })
            let more = missed.count - spansNamed
            let rest = more > 0 ? " " + words("finding.runs_more", ["count": .number(more)]) : ""
            let places: [String: Words.Argument] = [
                "count": .number(missed.count), "every": every, "spans": .text(spans),
            ]
            return finding(.fail, words("finding.runs_missed", places) + rest)
        }
        let isLate = facts.period.range.from.map { $0.adding(seconds: schedule.every) < first } ?? false
        let since = isLate ? " " + words("finding.runs_since", ["time": began]) : ""
        return finding(.pass, words("finding.runs", ["every": every]) + since)
    }
}
