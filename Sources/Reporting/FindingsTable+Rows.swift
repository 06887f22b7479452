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
        // Borrowed: a copy of a finding retains nine things.
        findings.withUnsafeBufferPointer { findings in
            for place in findings.indices {
                add(
                    findings[place],
                    place,
                    isAlike: place > 0 && findings[place].isOfControl(of: findings[place - 1]),
                    to: &builder
                )
            }
        }
        return builder.finish()
    }

    /// `isAlike`: whether the finding above is of the same control.
    private func add(_ finding: Finding, _ place: Int, isAlike: Bool, to builder: inout TextRows.Builder) {
        let promise = promise(for: finding)
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
        builder.add(elements: finding.eventIDs, joining: Self.eventsInCell, rest: Self.more(events))
        builder.endList()
        if isAlike {
            builder.repeatCells(2)
        } else {
            builder.add(Self.frameworksText(finding))
            builder.add(finding.remediation)
        }
        builder.add(promise?.owner ?? "")
        builder.add(promise?.due ?? "")
        builder.add(place + 1)
        builder.add(events)
        if isAlike {
            builder.repeatList()
        } else {
            for framework in finding.frameworks { builder.add(element: [framework.name, framework.id]) }
            builder.endList()
        }
    }

    /// Findings that something is to be done about, told by their places; the same values as ``actionPlan`` has.
    func planRows(_ places: [Int]) -> TextRows {
        var builder = TextRows.Builder(
            columns: Self.columns(
                "control title severity status subject remediation owner due decision reason approver"
            )
        )
        findings.withUnsafeBufferPointer { findings in
            for (row, place) in places.enumerated() {
                let isAlike = row > 0 && findings[place].isOfControl(of: findings[places[row - 1]])
                addPlan(findings[place], isAlike: isAlike, to: &builder)
            }
        }
        return builder.finish()
    }

    /// `isAlike`: whether the finding above is of the same control.
    private func addPlan(_ finding: Finding, isAlike: Bool, to builder: inout TextRows.Builder) {
        let promise = promise(for: finding)
        if isAlike {
            builder.repeatCells(3)
        } else {
            builder.add(finding.control)
            builder.add(finding.title)
            builder.add(finding.severity.rawValue)
        }
        builder.add(finding.status.rawValue)
        builder.add(finding.subject)
        if isAlike { builder.repeatCells(1) } else { builder.add(finding.remediation) }
        for text in [promise?.owner, promise?.due, promise?.decision, promise?.reason, promise?.approver] {
            builder.add(text ?? "")
        }
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
