import Analysis

/// The findings as lists that templates repeat.
struct FindingsTable {
    let findings: [Finding]
    private let plan: Promises
    let texts: FindingTexts
    private let place: @Sendable (String) -> TemplateValue
    /// For each event that a finding shows: the numbers and controls of these findings, the gravest first.
    let reasons: [String: [(number: Int, control: String)]]
    /// Those of them that the list of notable events shows.
    let notable: Set<String>

    /// How many ids of events stand in findings.csv, and in the HTML.
    static let eventsInCell = 100
    static let eventsShown = 12
    /// How many events that findings rest on the HTML shows.
    static let notableShown = 200
    /// How many findings that need attention the HTML shows.
    static let attentionShown = 200

    /// Sorts findings by severity, control and subject; events from `firstShownRow` on are on the page anyway.
    init(
        _ findings: [Finding],
        plan: [ActionPlan.Row] = [],
        rows: EventRows = [:],
        firstShownRow: Int = .max,
        notable: [String] = []
    ) {
        self.findings = Finding.inReportOrder(findings)
        self.plan = Promises(plan)
        texts = FindingTexts(self.findings, self.plan)
        reasons = Self.reasons(self.findings, rows)
        let known = reasons
        self.notable = Set(notable.lazy.filter { known[$0] != nil }.prefix(Self.notableShown))
        place = Self.places(rows, self.notable, firstShownRow)
    }

    private static let urgent: Set<Status> = [.fail, .notProven, .manual]

    /// Every finding.
    var all: TemplateValue {
        Self.list(findings.count, { [self] in value(of: findings[$0], number: $0 + 1) }, rows: { [self] in allRows() })
    }

    /// A list that is kept where it is short, and made element by element, or as a table, where it is long.
    private static func list(
        _ count: Int,
        _ element: @escaping @Sendable (Int) -> TemplateValue,
        rows: @escaping @Sendable () -> any RowTable
    ) -> TemplateValue {
        count < LongLists.least
            ? .list((0..<count).map(element)) : .made(count, by: ElementMaker(element, rows: rows))
    }

    /// Those that someone has to look at, the gravest first; a page bears only so many.
    var attention: TemplateValue { .list(values(atMost: Self.attentionShown, where: Self.isUrgent)) }
    /// How many of these are not shown.
    var moreAttention: TemplateValue {
        let rest = findings.count(where: Self.isUrgent) - Self.attentionShown
        return rest > 0 ? .text(ReportWords.number(rest)) : .missing
    }

    private static func isUrgent(_ finding: Finding) -> Bool { urgent.contains(finding.status) }

    /// Those that are settled: passed and waived.
    var settled: TemplateValue { .list(values { !Self.urgent.contains($0.status) }) }

    /// A finding as a page can bear it: long texts are cut, and say so; XML and CSV have them whole.
    private func shortened(_ finding: Finding) -> Finding {
        var finding = finding
        finding.subject = ShownText.clipped(finding.subject)
        finding.detail = ShownText.clipped(finding.detail)
        finding.remediation = ShownText.clipped(finding.remediation)
        return finding
    }

    private func values(atMost limit: Int = .max, isShown: Bool = true, where isChosen: (Finding) -> Bool)
        -> [TemplateValue]
    {
        var values: [TemplateValue] = []
        for (place, finding) in findings.enumerated() where isChosen(finding) {
            if values.count == limit { break }
            values.append(value(of: isShown ? shortened(finding) : finding, number: place + 1))
        }
        return values
    }

    /// How many findings there are of each status, in the order of urgency; those without any are left out.
    var counts: TemplateValue {
        let counts = Finding.counts(findings)
        return .list(
            ReportWords.statuses.compactMap { status in
                guard let count = counts[status] else { return nil }
                return [
                    "status": .text(status.rawValue), "word": .text(ReportWords.status(status.rawValue)),
                    "count": .number(count),
                ]
            }
        )
    }

    private func value(of finding: Finding, number: Int) -> TemplateValue {
        let ids = finding.eventIDs
        let evidence = ids.prefix(Self.eventsInCell).joined(separator: "; ") + Self.more(ids.count)
        let promise = plan.promise(for: finding)
        let severity = finding.severity.rawValue
        let status = finding.status.rawValue
        return [
            "number": .number(number), "id": .text(finding.id), "control": .text(finding.control),
            "title": .text(finding.title),
            "severity": .text(severity), "severity_word": .text(ReportWords.severity(severity)),
            "status": .text(status), "status_word": .text(ReportWords.status(status)),
            "subject": .text(finding.subject), "detail": .text(finding.detail), "evidence": .text(evidence),
            "events": .texts(ids, member: "id"), "event_count": .number(ids.count),
            "has_events": .flag(!ids.isEmpty),
            "shown_events": .made(min(ids.count, Self.eventsShown), by: ElementMaker { [place] in place(ids[$0]) }),
            "more_events": ids.count > Self.eventsShown ? .number(ids.count - Self.eventsShown) : .missing,
            "frameworks": .list(finding.frameworks.map { ["name": .text($0.name), "id": .text($0.id)] }),
            "has_frameworks": .flag(!finding.frameworks.isEmpty),
            "frameworks_text": .text(Self.frameworksText(finding)),
            "remediation": .text(finding.remediation),
            "owner": .text(promise?.owner ?? ""), "due": .text(promise?.due ?? ""),
            "judged_to": TemplateValue(time: finding.judgedTo),
        ]
    }

    static func frameworksText(_ finding: Finding) -> String {
        finding.frameworks.map { "\($0.name) \($0.id)" }.joined(separator: "; ")
    }

    /// What stands behind the ids of a cell when there are more.
    static func more(_ count: Int) -> String {
        count > eventsInCell ? " (+\(count - eventsInCell) more)" : ""
    }

    private static func reasons(
        _ findings: [Finding],
        _ rows: EventRows
    ) -> [String: [(number: Int, control: String)]] {
        var reasons: [String: [(number: Int, control: String)]] = [:]
        var shown = 0
        for (place, finding) in findings.enumerated() where isUrgent(finding) {
            shown += 1
            if shown > attentionShown { break }
            for id in finding.eventIDs.prefix(eventsShown) where rows[id] != nil {
                reasons[id, default: []].append((place + 1, finding.control))
            }
        }
        return reasons
    }

    /// An event of a finding: a link to its row where the page has it, else where it stands in events.csv.
    private static func places(_ rows: EventRows, _ notable: Set<String>, _ firstShownRow: Int)
        -> @Sendable (String) -> TemplateValue
    {
        { id in
            let text = TemplateValue.text(ShownText.clipped(id))
            guard let row = rows[id] else { return ["id": text, "anchor": .missing, "row": .missing] }
            if notable.contains(id) { return ["id": text, "anchor": .text("notable-\(row)"), "row": .missing] }
            if row >= firstShownRow { return ["id": text, "anchor": .text("event-\(row)"), "row": .missing] }
            return ["id": text, "anchor": .missing, "row": .text(ReportWords.number(row))]
        }
    }

    /// What is to be done: every failed or unproven finding, with what people promised where they did.
    var actionPlan: TemplateValue {
        let urgent = findings.indices.filter { Self.isUrgent(findings[$0]) }
        return Self.list(
            urgent.count,
            { [self] in planned(findings[urgent[$0]]) },
            rows: { [self] in planRows(urgent) }
        )
    }

    private func planned(_ finding: Finding) -> TemplateValue {
        let promise = plan.promise(for: finding)
        return [
            "finding_id": .text(finding.id), "control": .text(finding.control), "title": .text(finding.title),
            "severity": .text(finding.severity.rawValue), "status": .text(finding.status.rawValue),
            "subject": .text(finding.subject), "remediation": .text(finding.remediation),
            "owner": .text(promise?.owner ?? ""), "due": .text(promise?.due ?? ""),
            "decision": .text(promise?.decision ?? ""), "reason": .text(promise?.reason ?? ""),
            "approver": .text(promise?.approver ?? ""),
        ]
    }
}
