import ReportSupport
import Evidence
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

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

    @Test func noControlHidesAnotherOnThePage() throws {
        let many = (0..<1_000).map {
            SampleReport.finding("KEY", .critical, $0 < 990 ? .notProven : .fail, subject: "k\(1_000 + $0)")
        }
        let others = (0..<9).map { SampleReport.finding("OTHER-\($0)", .low, .fail) }
        let passed = (0..<30).map { SampleReport.finding("PASSED", .low, .pass, subject: "s\(100 + $0)") }
        let table = FindingsTable(many + others + passed)
        let shown = elements(of: table.attention)
        #expect(shown.count == 10 + 9)
        // What failed stands before what is not proven, though its subjects come last.
        #expect(shown.prefix(10).allSatisfy { $0.member("status") == "fail" })
        for number in 0..<9 { #expect(shown.contains { $0.member("control") == .text("OTHER-\(number)") }) }
        #expect(table.moreAttention == .text("990"))
        let rest = shown[9].member("rest")
        #expect(rest.member("count") == "990" && rest.member("from") == "1" && rest.member("to") == "990")
        #expect(shown[8].member("rest") == .missing)
        let settled = elements(of: table.settled)
        #expect(settled.count == 10 && settled[9].member("rest").member("count") == "20")
    }

    @Test func saysAllEventsOnlyOfAll() {
        func table(_ events: [String], _ rows: [String: Int]) -> FindingsTable {
            FindingsTable(
                [SampleReport.finding("A", .high, .fail, events: events)],
                rows: EventRows(rows),
                notable: Array(rows.keys)
            )
        }
        let ids = (0..<12).map { "evt-\($0)" }
        let rows = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0 + 1) })
        #expect(table(ids, rows).reasonsAreAll && table(ids, rows).reasons.count == 12)
        #expect(!table(ids + ["evt-12"], rows).reasonsAreAll)
        #expect(!table(ids + ["of another period"], rows).reasonsAreAll)
        #expect(!table(Array(ids.dropLast()) + ["of another period"], rows).reasonsAreAll)
    }

    @Test func eventsAreToldApartByTheirBytes() {
        let composed = "evt-caf\u{E9}", decomposed = "evt-cafe\u{301}"
        let table = FindingsTable(
            [
                SampleReport.finding("A", .high, .fail, events: [composed]),
                SampleReport.finding("B", .high, .fail, events: [decomposed]),
            ],
            rows: EventRows([composed: 1]),
            notable: [composed]
        )
        #expect(table.reasons.count == 1 && !table.reasonsAreAll)
    }

    @Test func sayTheSameAsRowsAndAsValues() throws {
        let table = Self.manyFindings
        for (name, list) in [("findings", table.all), ("action plan", table.actionPlan)] {
            guard case .made(let count, let maker) = list else {
                Issue.record("the \(name) are no table")
                continue
            }
            let rows = try #require(maker.rows)
            #expect(rows.rowCount == count && count >= 300)
            for row in 0..<count {
                let value = maker.make(row)
                for (column, cell) in zip(rows.columns, rows.row(row)) {
                    #expect(text(value.member(column.name)) == cell, "\(name), \(column.name) of row \(row)")
                }
                for (number, list) in rows.lists.enumerated() {
                    let expected = elements(of: value.member(list.name)).map { element in
                        list.columns.map { text(element.member($0.name)) }
                    }
                    let told = cells(of: rows, list: number, row: row)
                    #expect(told == expected, "\(name), \(list.name) of row \(row)")
                }
            }
        }
    }

    /// So many that they are told as a table, with every status, from no event to more than a cell names, and promises.
    private static var manyFindings: FindingsTable {
        let statuses: [Status] = [.fail, .notProven, .manual, .pass, .waived]
        let findings = (0..<600).map { number -> Finding in
            SampleReport.finding(
                "CTL-\(number % 7)",
                Severity.allCases[number % 5],
                statuses[number / 3 % 5],
                subject: nastyValues[number % nastyValues.count] + "\(number)",
                events: (0..<[0, 1, 12, 13, 100, 101, 140][number % 7]).map { "evt-\(number)-\($0)" },
                frameworks: (0..<number % 3).map { FrameworkReference(name: "F\($0)", id: "\(number)") }
            )
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
        return FindingsTable(
            findings,
            plan: PlannedActions(plan, asOf: "2026-11-26T00:00:00Z", words: .english)
        )
    }

    private func cells(of rows: any RowTable, list: Int, row: Int) -> [[String]] {
        let columns = rows.lists[list].columns
        let rows = rows.prepared(row..<row + 1)
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
