import Evidence
import Testing

@testable import Analysis
@testable import Reporting

/// Findings as templates see them: kept one by one where they are few, as a table where they are thousands.
@Suite struct FindingsTableTests {
    @Test func areSortedAndTheirEventsCut() throws {
        let table = FindingsTable([
            SampleReport.finding("B", .low, .pass),
            SampleReport.finding("Z", .critical, .fail, events: (0..<140).map { "evt-\($0)" }),
            SampleReport.finding("A", .low, .notProven),
        ])
        let all = elements(of: table.all)
        #expect(all.map { $0.member("control") } == ["Z", "A", "B"])
        let evidence = text(try #require(all.first).member("evidence"))
        #expect(evidence.hasPrefix("evt-0; evt-1;") && evidence.hasSuffix("evt-99 (+40 more)"))
        #expect(elements(of: table.attention).count == 2)
    }

    @Test func sayTheSameAsRowsAndAsValues() throws {
        let table = Self.manyFindings
        for (name, list) in [("findings", table.all), ("action plan", table.actionPlan)] {
            guard case .made(let count, let maker) = list else {
                Issue.record("the \(name) are too few for a table")
                continue
            }
            let rows = try #require(maker.rows)
            #expect(rows.rowCount == count && count >= LongLists.least)
            for row in 0..<count {
                let value = maker.make(row)
                for (column, cell) in zip(rows.columns, rows.row(row)) {
                    #expect(text(value.member(column.name)) == cell, "\(name), \(column.name) of row \(row)")
                }
                for (number, list) in rows.lists.enumerated() {
                    let expected = elements(of: value.member(list.name)).map { element in
                        list.columns.map { text(element.member($0.name)) }
                    }
                    let told = elements(of: rows, list: number, row: row)
                    #expect(told == expected, "\(name), \(list.name) of row \(row)")
                }
            }
        }
    }

    /// So many that they are told as a table, with every status, from no event to more than a cell names, and promises.
    private static var manyFindings: FindingsTable {
        let statuses: [Status] = [.fail, .notProven, .manual, .pass, .waived]
        let findings = (0..<600).map { number -> Finding in
            var finding = SampleReport.finding(
                "CTL-\(number % 7)",
                Severity.allCases[number % 5],
                statuses[number / 3 % 5],
                subject: nastyValues[number % nastyValues.count] + "\(number)",
                events: (0..<[0, 1, 12, 13, 100, 101, 140][number % 7]).map { "evt-\(number)-\($0)" }
            )
            finding.frameworks = (0..<number % 3).map { FrameworkReference(name: "F\($0)", id: "\(number)") }
            return finding
        }
        let plan = findings.filter { $0.eventIDs.count == 1 }.map { finding in
            ActionPlan.Row(
                control: finding.control,
                subject: finding.subject,
                owner: "Ann",
                due: "2027-01-31",
                decision: "accept",
                reason: "a \"reason\"",
                approver: "Bob"
            )
        }
        return FindingsTable(findings, plan: plan)
    }

    private func elements(of list: TemplateValue) -> [TemplateValue] {
        switch list {
        case .list(let elements): elements
        case .made(let count, let maker): (0..<count).map(maker.make)
        case .texts(let texts, let member): texts.map { .object([member: .text($0)]) }
        default: []
        }
    }

    private func elements(of rows: any RowTable, list: Int, row: Int) -> [[String]] {
        let columns = rows.lists[list].columns
        return withUnsafeTemporaryAllocation(of: RowCell.self, capacity: columns.count) { cells in
            cells.initialize(repeating: RowCell(text: .missing, number: 0))
            return (0..<rows.count(ofList: list, row: row)).map { element in
                rows.fill(cells, list: list, row: row, element: element)
                return zip(columns, cells).map { $0.kind == .number ? String($1.number) : $1.text.string }
            }
        }
    }

    private func text(_ value: TemplateValue) -> String {
        switch value {
        case .text(let text), .time(let text): text
        case .number(let number): String(number)
        default: ""
        }
    }
}
