import Templates
import Analysis

/// Findings as tables, whose texts are made for the few rows that are asked for next.
extension FindingsTable {
    /// Every finding; the same values as the elements of ``all`` have, but for conditions and what the page alone shows.
    var allRows: MadeRows {
        let texts =
            "control title severity severity_word status status_word subject detail evidence frameworks_text "
            + "remediation owner due overdue id"
        return MadeRows(
            RowColumn.texts(texts) + [RowColumn(name: "judged_to", kind: .time)]
                + ["number", "event_count"].map { RowColumn(name: $0, kind: .number) },
            lists: [
                RowList(name: "events", columns: RowColumn.texts("id")),
                RowList(name: "frameworks", columns: RowColumn.texts("name id")),
                RowList(name: "waivers", columns: RowColumn.texts("approver until reason")),
            ],
            count: findings.count
        ) { rows, builder in
            for place in rows {
                let isAlike = place > rows.lowerBound && findings[place].sharesVerdict(with: findings[place - 1])
                add(findings[place], place, isAlike: isAlike, to: &builder)
            }
        }
    }

    /// Findings that something is to be done about, told by their places.
    func plannedRows(_ places: [Int]) -> MadeRows {
        let names =
            "finding_id control title severity status subject detail evidence remediation owner due decision reason approver"
        return MadeRows(RowColumn.texts(names), count: places.count) { rows, builder in
            for row in rows { add(planned: findings[places[row]], to: &builder) }
        }
    }

    /// `isAlike`: whether the finding above shares the verdict and what its control says then.
    private func add(_ finding: Finding, _ place: Int, isAlike: Bool, to builder: inout TextRows.Builder) {
        if isAlike {
            builder.repeatCells(6)
        } else {
            for text in [finding.control, finding.title] { builder.add(text) }
            for text in [finding.severity.rawValue, words.severity(finding.severity)] { builder.add(text) }
            for text in [finding.status.rawValue, words.status(finding.status)] { builder.add(text) }
        }
        addTexts(of: finding, to: &builder)
        builder.endList()
        if isAlike {
            builder.repeatCells(2)
        } else {
            builder.add(Self.frameworksText(finding))
            builder.add(finding.remediation)
        }
        let action = plan.action(for: finding)
        for text in [action?.row.owner, action?.row.due, action?.overdue] { builder.add(text ?? "") }
        builder.add(finding.id)
        builder.add(finding.judgedTo ?? "")
        builder.add(place + 1)
        builder.add(finding.eventCount)
        if isAlike {
            builder.repeatList()
        } else {
            for framework in finding.frameworks { builder.add(element: [framework.name, framework.id]) }
            builder.endList()
        }
        if let acceptance = finding.acceptance {
            builder.add(element: [acceptance.approver, acceptance.until ?? "", acceptance.reason])
        }
        builder.endList()
    }

    private func add(planned finding: Finding, to builder: inout TextRows.Builder) {
        for text in [finding.id, finding.control, finding.title, finding.severity.rawValue, finding.status.rawValue] {
            builder.add(text)
        }
        addTexts(of: finding, to: &builder)
        builder.add(finding.remediation)
        let row = plan.action(for: finding)?.row
        for text in [row?.owner, row?.due, row?.decision, row?.reason, row?.approver] { builder.add(text ?? "") }
    }

    private func addTexts(of finding: Finding, to builder: inout TextRows.Builder) {
        builder.add(finding.tellSubject)
        builder.add(finding.tellDetail)
        builder.add(
            joining: Self.eventsInCell,
            rest: Self.more(finding.eventCount),
            elements: finding.tellEvents
        )
    }
}
