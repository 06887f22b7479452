import Templates
import Analysis
import Evidence
import Synchronization

/// Every finding with what any list tells of it, made for all of them together when one is asked for.
final class FindingTexts: Sendable {
    private let findings: [Finding]
    private let plan: Promises
    private let made = Mutex<TextRows?>(nil)

    init(_ findings: [Finding], _ plan: Promises) {
        self.findings = findings
        self.plan = plan
    }

    /// The table that lists show parts of.
    var rows: TextRows {
        made.withLock { made in
            let rows = made ?? Self.texts(findings, plan)
            made = rows
            return rows
        }
    }

    /// Makes the table.
    private static func texts(_ findings: [Finding], _ plan: Promises) -> TextRows {
        var builder = TextRows.Builder(
            columns: columns(
                "control title severity severity_word status status_word subject detail evidence frameworks_text "
                    + "remediation owner due decision reason approver id finding_id",
                times: "judged_to",
                numbers: "number event_count"
            ),
            lists: [
                RowList(name: "events", columns: columns("id")),
                RowList(name: "frameworks", columns: columns("name id")),
            ],
            rowCount: findings.count
        )
        var above: Finding?
        for (place, finding) in findings.enumerated() {
            let isAlike = above.map { finding.isOfControl(of: $0) } == true
            add(finding, place, plan.promise(for: finding), isAlike: isAlike, to: &builder)
            above = finding
        }
        return builder.finish()
    }

    /// `isAlike`: whether the finding above is of the same control.
    private static func add(
        _ finding: Finding,
        _ place: Int,
        _ promise: ActionPlan.Row?,
        isAlike: Bool,
        to builder: inout TextRows.Builder
    ) {
        if isAlike {
            builder.repeatCells(4)
        } else {
            builder.add(finding.control)
            builder.add(finding.title)
            builder.add(finding.severity.rawValue)
            builder.add(ReportWords.severity(finding.severity.rawValue))
        }
        builder.add(finding.status.rawValue)
        builder.add(ReportWords.status(finding.status.rawValue))
        builder.add(finding.subject)
        builder.add(finding.detail)
        let events = finding.eventIDs.count
        builder.add(elements: finding.eventIDs, joining: FindingsTable.eventsInCell, rest: FindingsTable.more(events))
        builder.endList()
        if isAlike {
            builder.repeatCells(2)
        } else {
            builder.add(FindingsTable.frameworksText(finding))
            builder.add(finding.remediation)
        }
        for text in [promise?.owner, promise?.due, promise?.decision, promise?.reason, promise?.approver] {
            builder.add(text ?? "")
        }
        let id = finding.id
        for text in [id, id, finding.judgedTo ?? ""] { builder.add(text) }
        builder.add(place + 1)
        builder.add(events)
        if isAlike {
            builder.repeatList()
        } else {
            for framework in finding.frameworks { builder.add(element: [framework.name, framework.id]) }
            builder.endList()
        }
    }

    private static func columns(_ texts: String, times: String = "", numbers: String = "") -> [RowColumn] {
        func columns(_ names: String, _ kind: RowColumn.Kind) -> [RowColumn] {
            names.split(separator: " ").map { RowColumn(name: String($0), kind: kind) }
        }
        return columns(texts, .text) + columns(times, .time) + columns(numbers, .number)
    }
}

extension Finding {
    /// Whether another finding tells the same of its control, byte for byte.
    fileprivate func isOfControl(of other: Finding) -> Bool {
        severity == other.severity && frameworks.count == other.frameworks.count
            && control.isSameInBytes(as: other.control) && title.isSameInBytes(as: other.title)
            && remediation.isSameInBytes(as: other.remediation)
            && zip(frameworks, other.frameworks).allSatisfy {
                $0.name.isSameInBytes(as: $1.name) && $0.id.isSameInBytes(as: $1.id)
            }
    }
}
