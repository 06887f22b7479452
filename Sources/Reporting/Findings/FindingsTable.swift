import Templates
import Analysis
import Evidence

/// The findings as lists that templates repeat.
struct FindingsTable {
    let findings: [Finding]
    let plan: PlannedActions
    let words: Words
    private let rows: EventRows
    /// From which row on events are on the page anyway.
    private let firstShownRow: Int
    /// When events that findings may rest on happened, by id: the newest ones.
    private let times: [ExactText: String]
    /// What the page shows of the findings that someone has to look at, and of the others.
    private let shownAttention: ShownFindings
    private let shownSettled: ShownFindings
    /// For each event that a finding shows: its row, and the numbers and controls of these findings, the gravest first.
    let reasons: [ExactText: (row: Int, findings: [(number: Int, control: String)])]
    /// Whether these are all events that findings needing attention rest on.
    let reasonsAreAll: Bool
    /// Those of them that the list of notable events shows.
    let notable: Set<ExactText>

    /// How many ids of events stand in findings.csv, and in the HTML.
    static let eventsInCell = 100
    static let eventsShown = 12
    /// How many events that findings rest on the HTML shows.
    static let notableShown = 200

    /// Sorts findings by severity, control and subject.
    init(
        _ findings: [Finding],
        plan: PlannedActions = PlannedActions([], asOf: "", words: .english),
        rows: EventRows = [:],
        firstShownRow: Int = .max,
        notable: [String] = [],
        times: [ExactText: String] = [:],
        words: Words = .english
    ) {
        self.findings = Finding.inReportOrder(findings)
        self.plan = plan
        self.words = words
        self.times = times
        (self.rows, self.firstShownRow) = (rows, firstShownRow)
        shownAttention = ShownFindings(self.findings, where: \.isUrgent)
        shownSettled = ShownFindings(self.findings) { !$0.isUrgent }
        (reasons, reasonsAreAll) = Self.reasons(self.findings, shownAttention, rows)
        let known = reasons
        self.notable = Set(
            notable.lazy.map { ExactText($0) }.filter { known[$0] != nil }.prefix(Self.notableShown)
        )
    }

    /// Every finding.
    var all: TemplateValue {
        .made(findings.count, by: ElementMaker({ value(of: findings[$0], number: $0 + 1) }, rows: { allRows }))
    }

    /// Those that someone has to look at, the gravest first, of each control as many as a page bears.
    var attention: TemplateValue { values(shownAttention) }
    /// How many of these are not shown.
    var moreAttention: TemplateValue {
        shownAttention.hidden > 0 ? .text(words.number(shownAttention.hidden)) : .missing
    }

    /// Those that are settled: passed and waived.
    var settled: TemplateValue { values(shownSettled) }

    /// A finding as a page can bear it: long texts are cut, and say so; XML and CSV have them whole.
    private func shortened(_ finding: Finding) -> Finding {
        var finding = finding
        finding.subject = ShownText.clipped(finding.subject, words)
        finding.detail = ShownText.clipped(finding.detail, words)
        finding.remediation = ShownText.clipped(finding.remediation, words)
        return finding
    }

    private func values(_ shown: ShownFindings) -> TemplateValue {
        .list(
            shown.places.map { place in
                guard case .object(var members) = value(of: shortened(findings[place]), number: place + 1) else {
                    return .missing
                }
                members["rest"] = value(of: shown.rests[place])
                return .object(members)
            }
        )
    }

    /// What stands behind the last finding of a control that has more.
    private func value(of rest: ShownFindings.Rest?) -> TemplateValue {
        guard let rest else { return .missing }
        return [
            "count": .text(words.number(rest.count)), "from": .text(words.number(rest.rows.lowerBound)),
            "to": .text(words.number(rest.rows.upperBound)),
        ]
    }

    /// How many findings there are of each status, in the order of urgency; those without any are left out.
    var counts: TemplateValue {
        let counts = Finding.counts(findings)
        return .list(
            Status.byUrgency.compactMap { status in
                guard let count = counts[status] else { return nil }
                return [
                    "status": .text(status.rawValue), "word": .text(words.status(status)),
                    "count": .number(count),
                ]
            }
        )
    }

    private func value(of finding: Finding, number: Int) -> TemplateValue {
        let ids = finding.eventIDs
        let evidence = ids.prefix(Self.eventsInCell).joined(separator: "; ") + Self.more(ids.count)
        let action = plan.action(for: finding)
        return [
            "number": .number(number), "id": .text(finding.id), "control": .text(finding.control),
            "title": .text(finding.title), "ocsf": finding.ocsf,
            "severity": .text(finding.severity.rawValue), "severity_word": .text(words.severity(finding.severity)),
            "status": .text(finding.status.rawValue), "status_word": .text(words.status(finding.status)),
            "subject": .text(finding.subject), "detail": .text(finding.detail), "evidence": .text(evidence),
            "events": .texts(ids, member: "id"), "event_count": .number(ids.count),
            "has_events": .flag(!ids.isEmpty),
            "shown_events": .made(
                min(ids.count, Self.eventsShown),
                by: ElementMaker { place(ids[$0], finding) }
            ),
            "more_events": ids.count > Self.eventsShown ? .number(ids.count - Self.eventsShown) : .missing,
            "frameworks": .list(finding.frameworks.map { ["name": .text($0.name), "id": .text($0.id)] }),
            "has_frameworks": .flag(!finding.frameworks.isEmpty),
            "frameworks_text": .text(Self.frameworksText(finding)),
            "remediation": .text(finding.remediation),
            "owner": .text(action?.row.owner ?? ""), "due": .text(action?.row.due ?? ""),
            "overdue": .text(action?.overdue ?? ""), "is_overdue": .flag(action?.overdueDays != nil),
            "overdue_text": .text(plan.overdueText(action)),
            "waivers": .list([finding.acceptance].compactMap { $0 }.map(Self.value(of:))),
            "judged_to": TemplateValue(time: finding.judgedTo),
        ]
    }

    private static func value(of acceptance: Acceptance) -> TemplateValue {
        [
            "approver": .text(acceptance.approver), "until": .text(acceptance.until ?? ""),
            "reason": .text(acceptance.reason),
        ]
    }

    /// The first events of a finding, as the page links them.
    func links(of finding: Finding, most: Int) -> TemplateValue {
        .list(finding.eventIDs.prefix(most).map { place($0, finding) })
    }

    /// When the events of a finding happened, to the minute; nil where that of the first one is not known.
    func when(of finding: Finding) -> String? {
        var known: [String] = []
        for id in finding.eventIDs {
            guard let time = times[ExactText(id)], !time.isEmpty else { break }
            known.append(String(words.time(time).prefix(16)))
        }
        guard let first = known.min(), let last = known.max() else { return nil }
        // Of many events only the first ones are at hand.
        guard known.count == finding.eventIDs.count else { return words("format.span_from", ["from": .text(first)]) }
        guard first != last else { return first }
        let end = first.prefix(10) == last.prefix(10) ? String(last.dropFirst(11)) : last
        return words("format.span", ["from": .text(first), "to": .text(end)])
    }

    static func frameworksText(_ finding: Finding) -> String {
        finding.frameworks.map { "\($0.name) \($0.id)" }.joined(separator: "; ")
    }

    /// What stands behind the ids of a cell when there are more.
    static func more(_ count: Int) -> String {
        count > eventsInCell ? " (+\(count - eventsInCell) more)" : ""
    }

    /// The events that the findings shown name, as far as the period has them, and whether these are all events that
    /// findings needing attention rest on.
    private static func reasons(
        _ findings: [Finding],
        _ shown: ShownFindings,
        _ rows: EventRows
    ) -> ([ExactText: (row: Int, findings: [(number: Int, control: String)])], areAll: Bool) {
        var reasons: [ExactText: (row: Int, findings: [(number: Int, control: String)])] = [:]
        var areAll = shown.hidden == 0
        for place in shown.places {
            let finding = findings[place]
            areAll = areAll && finding.eventIDs.count <= eventsShown
            for id in finding.eventIDs.prefix(eventsShown) {
                guard let row = finding.row ?? rows[id] else {
                    areAll = false
                    continue
                }
                reasons[ExactText(id), default: (row, [])].findings.append((place + 1, finding.control))
            }
        }
        return (reasons, areAll)
    }

    /// An event of a finding: a link to its row where the page has it, else where it stands in events.csv.
    private func place(_ id: String, _ finding: Finding) -> TemplateValue {
        let text = TemplateValue.text(ShownText.clipped(id, words))
        guard let row = finding.row ?? rows[id] else { return ["id": text, "anchor": .missing, "row": .missing] }
        if notable.contains(ExactText(id)) {
            return ["id": text, "anchor": .text("notable-\(row)"), "row": .missing]
        }
        if row >= firstShownRow { return ["id": text, "anchor": .text("event-\(row)"), "row": .missing] }
        return ["id": text, "anchor": .missing, "row": .text(words.number(row))]
    }

    /// What is to be done: every failed or unproven finding, with what people promised where they did.
    var actionPlan: TemplateValue {
        plannedRows(findings.indices.filter { findings[$0].status.isUrgent }).value
    }
}
