import Analysis
import Evidence

/// Thousands of findings as a table, whose rows are printed without a string each.
extension FindingsTable {
    /// Every finding; the same values as the elements of ``all`` have, but for conditions and what the page alone shows.
    var allRows: TextRows {
        var builder = TextRows.Builder(
            columns: Self.columns(
                "control title severity severity_word status status_word subject detail evidence frameworks_text "
                    + "remediation owner due",
                numbers: "number event_count"
            ),
            lists: [
                RowList(name: "events", columns: Self.columns("id")),
                RowList(name: "frameworks", columns: Self.columns("name id")),
            ]
        )
        for place in findings.indices {
            let finding = findings[place]
            let promise = promise(for: finding)
            // Those of one control stand together.
            let isAlike = place > 0 && finding.isOfControl(of: findings[place - 1])
            let (severity, status) = (finding.severity.rawValue, finding.status.rawValue)
            for text in [finding.control, finding.title, severity, ReportWords.severity(severity)] {
                if isAlike { builder.repeatCell() } else { builder.add(text) }
            }
            for text in [status, ReportWords.status(status), finding.subject, finding.detail] { builder.add(text) }
            let ids = finding.eventIDs
            builder.add(elements: ids, joining: Self.eventsInCell, rest: Self.more(ids.count))
            builder.endList()
            if isAlike {
                builder.repeatCell()
                builder.repeatCell()
            } else {
                builder.add(Self.frameworksText(finding))
                builder.add(finding.remediation)
            }
            builder.add(promise?.owner ?? "")
            builder.add(promise?.due ?? "")
            builder.add(place + 1)
            builder.add(ids.count)
            if isAlike {
                builder.repeatList()
            } else {
                for framework in finding.frameworks { builder.add(element: [framework.name, framework.id]) }
                builder.endList()
            }
        }
        return builder.finish()
    }

    /// Findings that something is to be done about, told by their places; the same values as ``actionPlan`` has.
    func planRows(_ places: [Int]) -> TextRows {
        var builder = TextRows.Builder(
            columns: Self.columns(
                "control title severity status subject remediation owner due decision reason approver"
            )
        )
        for place in places {
            let finding = findings[place]
            let promise = promise(for: finding)
            for text in [
                finding.control, finding.title, finding.severity.rawValue, finding.status.rawValue, finding.subject,
                finding.remediation, promise?.owner ?? "", promise?.due ?? "", promise?.decision ?? "",
                promise?.reason ?? "", promise?.approver ?? "",
            ] { builder.add(text) }
        }
        return builder.finish()
    }

    private static func columns(_ texts: String, numbers: String = "") -> [RowColumn] {
        texts.split(separator: " ").map { RowColumn(name: String($0), kind: .text) }
            + numbers.split(separator: " ").map { RowColumn(name: String($0), kind: .number) }
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
