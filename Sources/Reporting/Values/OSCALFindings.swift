import Analysis
import Evidence
import Templates

/// What findings are in OSCAL: observations all of them, findings those with a verdict, risks those that fail.
struct OSCALFindings: Sendable {
    /// What is told, in this order.
    let findings: [Finding]
    let plan: PlannedActions
    /// An element for each control that has one.
    let controls: [ExactText: OSCALControl]
    let names: OSCALNames
    let words: Words

    /// The lists by their names.
    var values: [String: TemplateValue] {
        let judged = findings.indices.filter { Self.isJudged(findings[$0].status) }
        return [
            "observations": list(
                of: Array(findings.indices),
                "uuid \(Self.common) method owner owner_whole due due_whole event_ids event_count",
                row: observation
            ),
            "risks": list(
                of: judged.filter { Self.hasRisk(findings[$0].status) },
                "uuid \(Self.common) observation_uuid rationale state deadline overdue advice_uuid remediation",
                lists: [
                    ("plans", "uuid owner owner_whole due due_whole decision reason title"),
                    ("acceptances", "uuid approver approver_whole until until_whole reason title"),
                ],
                row: risk
            ),
            "findings": list(
                of: judged,
                "uuid \(Self.common) observation_uuid target state why",
                lists: [("others", "control"), ("risks", "uuid")],
                row: finding
            ),
        ]
    }

    /// The texts of a row: its cells, and the elements of its lists.
    private struct Row {
        var cells: [String]
        var lists: [[[String]]] = []
    }

    /// A row for each finding at some places.
    private func list(
        of places: [Int],
        _ columns: String,
        lists: [(name: String, columns: String)] = [],
        row: @escaping @Sendable (Finding) -> Row
    ) -> TemplateValue {
        let lists = lists.map { RowList(name: $0.name, columns: RowColumn.texts($0.columns)) }
        return MadeRows(RowColumn.texts(columns), lists: lists, count: places.count) { rows, builder in
            for place in rows {
                let row = row(findings[places[place]])
                for cell in row.cells { builder.add(cell) }
                for elements in row.lists {
                    for element in elements { builder.add(element: element) }
                    builder.endList()
                }
            }
        }.value
    }

    private static let common = "id control title severity status subject subject_whole detail judged_to"

    private func common(_ finding: Finding) -> [String] {
        let subject = OSCALText.line(finding.subject)
        return [
            finding.id, finding.control, finding.title, finding.severity.rawValue, finding.status.rawValue,
            subject.value, subject.whole, finding.detail, OSCALText.time(finding.judgedTo) ?? "",
        ]
    }

    /// Whether something was found out about the target: what is not proven, or waits for a person, is no finding.
    private static func isJudged(_ status: Status) -> Bool {
        switch status {
        case .pass, .reviewed, .fail, .waived: true
        case .notProven, .manual, .notApplicable: false
        }
    }

    private static func hasRisk(_ status: Status) -> Bool { status == .fail || status == .waived }

    private func uuid(_ kind: String, _ finding: Finding) -> String {
        names.lasting(kind, finding.control, finding.subjectKey)
    }

    /// What was observed is observed anew for every report.
    private func observationUUID(_ finding: Finding) -> String {
        names.ofReport("observation", finding.control, finding.subjectKey)
    }

    @Sendable private func observation(of finding: Finding) -> Row {
        let promise = plan.action(for: finding)?.row
        let (owner, due) = (OSCALText.property(promise?.owner ?? ""), OSCALText.property(promise?.due ?? ""))
        let ids = finding.eventIDs
        let evidence = ids.prefix(FindingsTable.eventsInCell).joined(separator: "; ") + FindingsTable.more(ids.count)
        let method = controls[ExactText(finding.control)]?.method ?? "UNKNOWN"
        return Row(
            cells: [observationUUID(finding)] + common(finding)
                + [method, owner.value, owner.whole, due.value, due.whole, evidence, String(ids.count)]
        )
    }

    @Sendable private func risk(of finding: Finding) -> Row {
        let action = plan.action(for: finding)
        let until = finding.status == .waived ? finding.acceptance?.until : nil
        let deadline = OSCALText.end(ofDay: until ?? action?.row.due ?? "", in: plan.zone) ?? ""
        let cells = [
            observationUUID(finding), controls[ExactText(finding.control)]?.rationale ?? finding.title,
            finding.status == .waived ? "deviation-approved" : "open", deadline, action?.overdue ?? "",
            uuid("advice", finding), finding.remediation,
        ]
        let plans = action.map { [planned($0.row, finding)] } ?? []
        let acceptances = (finding.status == .waived ? finding.acceptance : nil).map { [accepted($0, finding)] } ?? []
        return Row(cells: [uuid("risk", finding)] + common(finding) + cells, lists: [plans, acceptances])
    }

    private func planned(_ row: ActionPlan.Row, _ finding: Finding) -> [String] {
        let (owner, due) = (OSCALText.property(row.owner), OSCALText.property(row.due))
        let title = words("oscal.planned")
        return [
            uuid("plan", finding), owner.value, owner.whole, due.value, due.whole,
            OSCALText.property(row.decision).value, row.reason, title,
        ]
    }

    private func accepted(_ acceptance: Acceptance, _ finding: Finding) -> [String] {
        let approver = OSCALText.property(acceptance.approver)
        let until = OSCALText.property(acceptance.until ?? "")
        return [
            uuid("acceptance", finding), approver.value, approver.whole, until.value, until.whole, acceptance.reason,
            words("oscal.accepted"),
        ]
    }

    @Sendable private func finding(of finding: Finding) -> Row {
        let control = controls[ExactText(finding.control)]
        let isSatisfied = !Self.hasRisk(finding.status)
        let cells = [
            observationUUID(finding), control?.target ?? OSCALText.token(finding.control),
            isSatisfied ? "satisfied" : "not-satisfied", isSatisfied ? "pass" : "fail",
        ]
        let others = control?.objectives.map { [$0.control] } ?? []
        return Row(
            cells: [uuid("finding", finding)] + common(finding) + cells,
            lists: [others, isSatisfied ? [] : [[uuid("risk", finding)]]]
        )
    }
}
