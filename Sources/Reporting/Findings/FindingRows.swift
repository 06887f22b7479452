import Templates
import Analysis

/// Findings as a table, whose texts are made for the few rows that are asked for next: there can be millions.
struct FindingRows: RowTable {
    let columns: [RowColumn]
    let lists: [RowList]
    let rowCount: Int
    private let findings: [Finding]
    private let plan: PlannedActions
    private let words: Words
    /// Which findings are rows; nil for all.
    private let chosen: [Int]?
    /// Where each column is among ``allColumns``.
    private let places: [Int]
    /// What is at hand, and the row that it begins with.
    private var ready: (first: Int, texts: TextRows)?

    private static let allColumns = columns(
        "control title severity severity_word status status_word subject detail evidence frameworks_text "
            + "remediation owner due overdue decision reason approver id finding_id",
        times: "judged_to",
        numbers: "number event_count"
    )
    private static let allLists = [
        RowList(name: "events", columns: columns("id")), RowList(name: "frameworks", columns: columns("name id")),
        RowList(name: "waivers", columns: columns("approver until reason")),
    ]

    /// Every finding; the same values as the elements of ``FindingsTable/all`` have, but for conditions and what the page
    /// alone shows.
    init(all findings: [Finding], _ plan: PlannedActions, _ words: Words) {
        let planned: Set<String> = ["decision", "reason", "approver", "finding_id"]
        self.init(findings, plan, words, Self.allColumns.map(\.name).filter { !planned.contains($0) }, Self.allLists)
    }

    /// Findings that something is to be done about, told by their places; the same values as ``FindingsTable/actionPlan``
    /// has.
    init(plannedOf findings: [Finding], _ places: [Int], _ plan: PlannedActions, _ words: Words) {
        let names =
            "finding_id control title severity status subject detail evidence remediation owner due decision reason approver"
        self.init(findings, plan, words, names.split(separator: " ").map(String.init), [], places)
    }

    private init(
        _ findings: [Finding],
        _ plan: PlannedActions,
        _ words: Words,
        _ names: [String],
        _ lists: [RowList],
        _ chosen: [Int]? = nil
    ) {
        (self.findings, self.plan, self.words, self.lists, self.chosen) = (findings, plan, words, lists, chosen)
        places = names.compactMap { name in Self.allColumns.firstIndex { $0.name == name } }
        columns = places.map { Self.allColumns[$0] }
        rowCount = chosen?.count ?? findings.count
    }

    func prepared(_ rows: Range<Int>) -> FindingRows {
        var builder = TextRows.Builder(columns: Self.allColumns, lists: Self.allLists, rowCount: rows.count)
        var above: Int?
        for row in rows {
            let place = chosen?[row] ?? row
            let isAlike = above.map { findings[place].sharesVerdict(with: findings[$0]) } == true
            add(findings[place], place, isAlike: isAlike, to: &builder)
            above = place
        }
        var table = self
        table.ready = (rows.lowerBound, builder.finish())
        return table
    }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int) {
        if let ready { ready.texts.fill(cells, columns: places, row: row - ready.first) }
    }

    func count(ofList list: Int, row: Int) -> Int {
        ready.map { $0.texts.count(ofList: list, row: row - $0.first) } ?? 0
    }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        if let ready { ready.texts.fill(cells, list: list, row: row - ready.first, element: element) }
    }

    /// `isAlike`: whether the finding above shares the verdict and what its control says then.
    private func add(_ finding: Finding, _ place: Int, isAlike: Bool, to builder: inout TextRows.Builder) {
        if isAlike {
            builder.repeatCells(6)
        } else {
            builder.add(finding.control)
            builder.add(finding.title)
            builder.add(finding.severity.rawValue)
            builder.add(words.severity(finding.severity))
            builder.add(finding.status.rawValue)
            builder.add(words.status(finding.status))
        }
        builder.add(finding.tellSubject)
        builder.add(finding.tellDetail)
        let events = finding.eventCount
        let rest = FindingsTable.more(events)
        builder.add(joining: FindingsTable.eventsInCell, rest: rest, elements: finding.tellEvents)
        builder.endList()
        if isAlike {
            builder.repeatCells(2)
        } else {
            builder.add(FindingsTable.frameworksText(finding))
            builder.add(finding.remediation)
        }
        if let action = plan.action(for: finding) {
            let row = action.row
            for text in [row.owner, row.due, action.overdue, row.decision, row.reason, row.approver] {
                builder.add(text)
            }
        } else {
            builder.addEmpty(6)
        }
        builder.add(finding.id)
        builder.repeatCell()
        builder.add(finding.judgedTo ?? "")
        builder.add(place + 1)
        builder.add(events)
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

    private static func columns(_ texts: String, times: String = "", numbers: String = "") -> [RowColumn] {
        func columns(_ names: String, _ kind: RowColumn.Kind) -> [RowColumn] {
            names.split(separator: " ").map { RowColumn(name: String($0), kind: kind) }
        }
        return columns(texts, .text) + columns(times, .time) + columns(numbers, .number)
    }
}
