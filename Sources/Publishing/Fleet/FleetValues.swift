import Analysis
import Evidence
import Templates

/// What the templates of an overview can name.
struct FleetValues {
    /// The organizations, the worst first.
    let standings: [FleetStanding]
    let words: Words
    /// Name and version of the tool.
    let tool: String
    /// When the overview is made, RFC 3339.
    let generatedAt: String
    /// The folder that the overview stands in.
    let output: String

    /// How many organizations that did not report are listed by themselves; the table has all of them.
    private static let mostSilent = 100

    /// All values.
    var all: TemplateValues {
        let columns = FleetControls(standings, words)
        let silent = standings.indices.filter { standings[$0].notices.contains(where: \.isSilence) }
        let organizations = standings.indices.map { place in
            FleetRow(standing: standings[place], rank: place + 1, output: output, words: words).value(columns)
        }
        var scalars = head
        scalars["states"] = .list(states)
        scalars["has_states"] = .flag(!standings.isEmpty)
        scalars["conclusion"] = .list(conclusion(silent: silent.count).map { ["text": .text($0)] })
        scalars["silent"] = .list(silent.prefix(Self.mostSilent).map { organizations[$0] })
        scalars["has_silent"] = .flag(!silent.isEmpty)
        let more = silent.count - Self.mostSilent
        scalars["more_silent"] = more > 0 ? .text(words("fleet.more_silent", ["count": .number(more)])) : .missing
        scalars["severities"] = .list(
            Severity.allCases.map { ["severity": .text($0.rawValue), "word": .text(words.severity($0))] }
        )
        scalars["verdict_words"] = .list(FleetControls.verdictWords(words))
        scalars["controls"] = .list(columns.values)
        scalars["left_out"] = columns.leftOut == 0 ? .missing : .number(columns.leftOut)
        scalars["more_controls"] =
            columns.leftOut == 0 ? .missing : .text(words("fleet.more_controls", ["count": .number(columns.leftOut)]))
        scalars["organizations"] = .list(organizations)
        return TemplateValues(scalars: scalars)
    }

    private var head: [String: TemplateValue] {
        let made = words("fleet.made", ["time": .text(words.moment(generatedAt)), "tool": .text(tool)])
        let count = words("fleet.count", ["count": .number(standings.count)])
        return [
            "version": 1, "language": .text(words.language), "words": words.templateValue, "tool": .text(tool),
            "generated_at": .time(generatedAt), "generated_at_text": .text(words.moment(generatedAt)),
            "running_header": .text("\(words("page.fleet_title")), \(words.moment(generatedAt))"),
            "summary": [
                "organizations": .number(standings.count), "organizations_words": .text(count),
                "made_words": .text(made), "change_words": .text(changes),
            ],
        ]
    }

    private func count(_ state: FleetState) -> Int { standings.count { $0.state == state } }

    /// How many organizations stand how; states that none is in are left out.
    private var states: [TemplateValue] {
        FleetState.allCases.compactMap { state in
            let count = count(state)
            guard count > 0 else { return nil }
            return [
                "state": .text(state.rawValue), "shape": .text(state.shape),
                "word": .text(words("fleet.state_\(state.rawValue)")), "count": .number(count),
                "count_text": .text(words.number(count)),
            ]
        }
    }

    /// What came and what went, over all organizations whose reports tell it.
    private var changes: String {
        let told = standings.compactMap { standing in
            standing.report?.manifest.summary.flatMap { summary in
                summary.new.flatMap { new in summary.closed.map { (new: new, closed: $0) } }
            }
        }
        func sum(_ numbers: [Int]) -> Int { numbers.reduce(0) { min($0 + min(max(0, $1), 1 << 40), 1 << 50) } }
        return words(
            "fleet.changes",
            [
                "new": .number(sum(told.map(\.new))), "closed": .number(sum(told.map(\.closed))),
                "told": .number(told.count), "all": .number(standings.count),
            ]
        )
    }

    /// Sentences that are true of what was read, the worst first.
    private func conclusion(silent: Int) -> [String] {
        func said(_ name: String, _ count: Int) -> String? {
            count > 0 ? words("fleet.\(name)", ["count": .number(count)]) : nil
        }
        if standings.isEmpty { return [words("fleet.nobody")] }
        let clear = count(.clear)
        if clear == standings.count {
            let unseen = standings.count { $0.report?.count([.notApplicable]) ?? 0 > 0 }
            return [said("all_clear_but", unseen) ?? words("fleet.all_clear")]
        }
        let sentences = [
            said("are_unknown", count(.unknown)), said("are_critical", count(.critical)),
            said("are_silent", silent),
        ]
        let rest = words("fleet.are_clear", ["count": .number(clear), "all": .number(standings.count)])
        return sentences.compactMap(\.self) + [rest]
    }
}

extension FleetState {
    /// The drawing that tells it without its colour.
    var shape: String {
        switch self {
        case .unknown: "not_proven"
        case .critical, .high, .medium, .low, .info: rawValue
        case .doubtful: "incomplete"
        case .overdue: "running"
        case .review: "manual"
        case .clear: "pass"
        }
    }
}
