import Evidence

/// Controls over how far the proven span reaches, forwards and back.
enum CoverageControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "LOG-FRESH": fresh,
        "LOG-RETENTION": retention,
    ]

    static func fresh(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (hours, words) = (facts.policy.threshold(control), facts.words)
        guard let end = facts.proven?.to, let due = facts.due else { return [unproven(control, facts)] }
        let behind = due.seconds - end.seconds
        guard behind > Int64(hours) * 3600 else {
            guard facts.damage.isEmpty else { return [unproven(control, facts)] }
            let detail = words("finding.covered_to", ["end": .text(words.moment(end))])
            return [control.finding(.pass, about: .auditLog, in: words, detail)]
        }
        let detail = words(
            "finding.covered_not_to",
            [
                "end": .text(words.moment(end)), "due": .text(words.moment(due)),
                "behind": .text(words.count(Int(clamping: behind / 3600), "hour")),
                "limit": .text(words.count(hours, "hour")),
            ]
        )
        return [control.finding(.fail, about: .auditLog, in: words, detail)]
    }

    static func retention(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (months, words) = (facts.policy.threshold(control), facts.words)
        guard let begin = facts.proven?.from, let asOf = facts.asOf else { return [unproven(control, facts)] }
        let needed = CalendarZone.utc.monthsBefore(asOf, months)
        let reaches = begin <= needed || facts.organizationCreated.map { begin <= $0 } ?? false
        guard facts.damage.isEmpty || !reaches else { return [unproven(control, facts)] }
        func finding(_ status: Status, _ detail: String) -> [Finding] {
            [control.finding(status, about: .auditLog, in: words, detail)]
        }
        let places: [String: Words.Argument] = [
            "begin": .text(words.moment(begin)), "months": .text(words.count(months, "month")),
            "needed": .text(words.moment(needed)), "created": .text(words.at(facts.organizationCreated)),
        ]
        if begin <= needed { return finding(.pass, words("finding.covered_from", places)) }
        return reaches
            ? finding(.pass, words("finding.covered_from_creation", places))
            : finding(.fail, words("finding.covered_not_from", places))
    }

    private static func unproven(_ control: Control, _ facts: JudgedFacts) -> Finding {
        let words = facts.words
        let (why, remedy): (String, String?) =
            if !facts.damage.isEmpty {
                (words("finding.covered_damaged"), words("remedy.damaged"))
            } else if facts.isComplete == nil {
                (words("finding.covered_imported"), words("remedy.imported"))
            } else if let time = facts.doubtedPull {
                (words("finding.complete_doubted", ["time": .text(words.moment(time))]), words("remedy.clock"))
            } else {
                (words("finding.covered_nothing"), nil)
            }
        return control.asking(remedy).finding(.notProven, about: .auditLog, in: words, why)
    }
}

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

extension CalendarZone {
    /// The begin of the same day of the month, so many months earlier; the last one where that month is shorter.
    func monthsBefore(_ instant: Instant, _ months: Int) -> Instant {
        let day = date(at: instant)
        let month = day.year * 12 + Int64(day.month) - 1 - Int64(months)
        let (year, place) = (floorDivide(month, 12), Int(month - floorDivide(month, 12) * 12) + 1)
        var candidate = CivilDate(year: year, month: place, day: day.day)
        while CivilDate(daysSince1970: candidate.daysSince1970).month != place { candidate.day -= 1 }
        return start(of: candidate)
    }
}
