import TestSupport
import Testing

@testable import Analysis
@testable import Evidence

/// What comes back from spreadsheets, read as these write it.
@Suite struct SpreadsheetTests {
    private static let names = [
        "Zoë Müller", "Ann; Bob", "O'Neil, \"Jo\"", "François | Œuvre", "two\nlines", "ann", "€ 5",
    ]

    private func review(_ random: inout SplitMix) -> [Review.Row] {
        var rows = (0..<Int.random(in: 1...12, using: &random)).map { number -> Review.Row in
            var row = Review.Row(
                finding: "f-\(Int.random(in: 0..<3, using: &random))23456789abc",
                event: number == 0
                    ? "" : ["evt-\(number)", "=evt\(number)", "00\(number)"].randomElement(using: &random) ?? "",
                ticket: ["", "OPS-\(number)", "+\(number)"].randomElement(using: &random) ?? "",
                approvedBy: Self.names.randomElement(using: &random) ?? "",
                reviewedBy: Self.names.randomElement(using: &random) ?? "",
                reviewedOn: day(&random),
                result: [.ok, .notOK, nil].randomElement(using: &random) ?? nil
            )
            row.seen.detail = "It; was, \"so\""
            return row
        }
        // A day that can be read in one order only, for styles that leave both open.
        rows[0].reviewedOn = "2026-11-28"
        return rows
    }

    private func day(_ random: inout SplitMix) -> String {
        let (month, day) = (Int.random(in: 1...12, using: &random), Int.random(in: 1...28, using: &random))
        return
            "20\(Int.random(in: 24...31, using: &random))-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    private func word(_ result: Review.Result?, _ random: inout SplitMix) -> String {
        switch result {
        case .ok: ["ok", "OK", "Ok", "o.k.", "okay", "in Ordnung", "conforme"].randomElement(using: &random) ?? ""
        case .notOK:
            ["not ok", "not OK", "Not Ok", "NOT OK", "nicht in Ordnung", "n.i.O.", "pas ok", "non conforme"]
                .randomElement(using: &random) ?? ""
        case nil: ""
        }
    }

    @Test("Random answers in random dialects are read as they were given", arguments: 1...300)
    func randomAnswers(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let (rows, dialect) = (review(&random), SpreadsheetDialect.random(&random))
        let header = [
            "finding_id", "control", "event_id", "detail", "ticket", "approved_by", "reviewed_by", "reviewed_on",
            "result",
        ]
        let cells = rows.map { row in
            [
                row.finding, "ORG-MFA", row.event.hasPrefix("evt") || row.event.isEmpty ? row.event : "'" + row.event,
                "It; was, \"so\"", row.ticket.hasPrefix("+") ? "'" + row.ticket : row.ticket, row.approvedBy,
                row.reviewedBy, dialect.text(ofDay: row.reviewedOn), word(row.result, &random),
            ]
        }
        let reading = try Review.read(dialect.bytes(header, cells, &random), named: "review.csv")
        let read = reading.rows.map { row in
            var row = row
            row.source = ""
            return row
        }
        #expect(read == rows, "\(dialect)")
    }

    @Test("Random plans in random dialects are read as they were given", arguments: 1...200)
    func randomPlans(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let dialect = SpreadsheetDialect.random(&random)
        let rows = (0..<Int.random(in: 1...10, using: &random)).map { number in
            ActionPlan.Row(
                finding: "f-0000000000\(number)",
                control: ControlCatalogue.controls.randomElement(using: &random)?.id ?? "",
                subject: "subject",
                owner: Self.names.randomElement(using: &random) ?? "",
                // A day that can be read in one order only, for styles that leave both open.
                due: number == 0 ? "2026-11-28" : day(&random),
                decision: ["", "fix", "accept"].randomElement(using: &random) ?? "",
                reason: Self.names.randomElement(using: &random) ?? "",
                approver: Self.names.randomElement(using: &random) ?? ""
            )
        }
        let header = [
            "finding_id", "control", "title", "subject", "detail", "owner", "due", "decision", "reason", "approver",
        ]
        let cells = rows.map { row in
            [
                row.finding, row.control, "t", row.subject, "d|d", row.owner, dialect.text(ofDay: row.due),
                row.decision.uppercased(), row.reason, row.approver,
            ]
        }
        let reading = try ActionPlan.read(dialect.bytes(header, cells, &random), named: "plan.csv")
        let read = reading.rows.map { row in
            var row = row
            row.source = ""
            row.subject = row.subject.trimmedAsWord
            return row
        }
        #expect(read == rows, "\(dialect)")
    }

    @Test(
        "Days are read as countries write them",
        arguments: [
            "2026-12-31", "2026-12-31T23:59:59Z", "2026-12-31 09:05", "2026-12-31 9:05:00 PM", "2026/12/31",
            "31.12.2026",
            "31. 12. 2026", "31.12.26", "31/12/2026", "12/31/2026", "12/31/26", "31-12-2026", "31 Dec 2026",
            "31-Dec-26",
            "Dec 31, 2026", "December 31st, 2026", "Thursday, December 31, 2026", "31. Dezember 2026", "31. Dez. 2026",
            "Donnerstag, den 31. Dezember 2026", "31 déc. 2026", "31 de\u{301}cembre 2026", "jeudi 31 décembre 2026",
            "31 DÉCEMBRE 2026", "46387", "46387.5", "46387,75", "20261231", "2026-12-31T00:00:00+01:00", "31/Dez/2026",
        ]
    )
    func days(text: String) {
        #expect(SpreadsheetDate(text)?.day(nil)?.text == "2026-12-31")
    }

    @Test(
        "Months have their names in three languages",
        arguments: [
            ("1er janvier 2027", "2027-01-01"), ("3. Jänner 2027", "2027-01-03"), ("5 févr. 2027", "2027-02-05"),
            ("5. Mär. 2027", "2027-03-05"), ("5. März 2027", "2027-03-05"), ("5 avr. 2027", "2027-04-05"),
            ("mar. 5 mai 2027", "2027-05-05"), ("5 juin 2027", "2027-06-05"), ("5 juil. 2027", "2027-07-05"),
            ("5 août 2027", "2027-08-05"), ("5 Sept 2027", "2027-09-05"), ("5. Okt. 2027", "2027-10-05"),
        ]
    )
    func months(text: String, day: String) {
        #expect(SpreadsheetDate(text)?.day(nil)?.text == day)
    }

    @Test(
        "What is no day is none",
        arguments: [
            "soon", "31.12.", "2026-13-01", "2026-02-30", "30.02.2026", "12", "2026", "1", "999999", "26-12-31",
            "31.12/2026",
            "Dec 2026", "2026-12-31x", "2026-12-31 25:00", "1.2.3.4", "Dec 31 Jan 2026", "31.Foo.2026", "-46387",
            "46387 5",
            "", "  ", "99/99/9999", "ok", String(repeating: "1", count: 1_000),
        ]
    )
    func noDays(text: String) {
        #expect(SpreadsheetDate(text) == nil)
    }

    private func dues(_ texts: [String], _ order: DateOrder? = nil) throws -> ActionPlan.Reading {
        let rows = texts.map { "ORG-MFA,require_2fa \($0.utf8.count) \($0),ann,\"\($0)\"\n" }
        return try ActionPlan.read(
            Array(("control,subject,owner,due\n" + rows.joined()).utf8),
            named: "plan.csv",
            dateOrder: order
        )
    }

    @Test("Days with slashes have the order that a row of the table tells, or the configuration")
    func slashes() throws {
        #expect(try dues(["03/04/2026", "31/12/2026"]).rows.map(\.due) == ["2026-04-03", "2026-12-31"])
        #expect(try dues(["03/04/2026", "12/31/2026"]).rows.map(\.due) == ["2026-03-04", "2026-12-31"])
        #expect(try dues(["05/05/2026"]).rows.map(\.due) == ["2026-05-05"])
        #expect(try dues(["03/04/2026"], .dayFirst).rows.map(\.due) == ["2026-04-03"])
        #expect(try dues(["03/04/2026"], .monthFirst).rows.map(\.due) == ["2026-03-04"])
        for (texts, order) in [(["03/04/2026"], nil), (["03/04/2026", "31/12/2026", "12/31/2026"], nil)]
            as [([String], DateOrder?)]
        {
            let error = #expect(throws: AnalysisError.self) { try dues(texts, order) }
            #expect(error?.summary.contains("2026-04-03 or 2026-03-04") == true)
            #expect(error?.hint?.contains("date_order") == true)
        }
        let contrary = #expect(throws: AnalysisError.self) { try dues(["12/31/2026"], .dayFirst) }
        #expect(contrary?.summary.contains("with the day first") == true)
    }

    @Test("A year of two digits is one of this century, and that is said")
    func shortYears() throws {
        let reading = try dues(["31.12.26", "2026-11-01"])
        #expect(reading.rows.map(\.due) == ["2026-12-31", "2026-11-01"])
        #expect(reading.notes == ["plan.csv:2, column due: '31.12.26' is read as 2026-12-31"])
    }

    @Test("Columns that nobody asks for are named, and what stands in them is not lost from sight")
    func unknownColumns() throws {
        let text = "control,subject,owner,Notes,,title\nORG-MFA,require_2fa,ann,call her,stray,t\n"
        let reading = try ActionPlan.read(Array(text.utf8), named: "plan.csv")
        #expect(reading.rows.map(\.owner) == ["ann"])
        #expect(
            reading.notes
                == ["plan.csv: not read, for no such column is asked for: notes, column 5, which has no name"]
        )
    }

    @Test(
        "An old workbook, and what only begins as a workbook, are refused by name",
        arguments: [[0x50, 0x4B, 0x03, 0x04, 0x14], [0xD0, 0xCF, 0x11, 0xE0, 0xA1]]
    )
    func workbooks(bytes: [UInt8]) {
        let error = #expect(throws: AnalysisError.self) { try Review.read(bytes, named: "review.xlsx") }
        #expect(error?.summary.hasPrefix("review.xlsx: ") == true && error?.summary.contains("workbook") == true)
        #expect(error?.hint?.contains("CSV") == true)
    }

    @Test("Any bytes are read or refused, never more", arguments: 1...200)
    func anyBytes(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var bytes = Array("finding_id;event_id;result\r\nf-1;evt-1;ok\r\n".utf8)
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let wild: [UInt8] = [
                0, 0x22, 0x0D, 0x0A, 0xFF, 0xFE, 0xC3, 0x3B, 0x2C, UInt8.random(in: 0...255, using: &random),
            ]
            bytes.insert(wild.randomElement(using: &random) ?? 0, at: place)
        }
        _ = try? Review.read(bytes, named: "review.csv")
        _ = try? ActionPlan.read(bytes, named: "plan.csv")
        _ = try? Review.read([], named: "review.csv")
    }

    @Test("UTF-16 that breaks off is refused, and a quote that nothing closes is named with its row")
    func brokenFiles() throws {
        let text = "finding_id,event_id,result\nf-1,,ok\n"
        let units = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(throws: AnalysisError.self) { try Review.read([0xFF, 0xFE] + units.dropLast(), named: "r.csv") }
        let open = #expect(throws: AnalysisError.self) {
            try Review.read(Array("finding_id,event_id,result\nf-1,,ok\nf-2,\"x,ok\nf-3,,ok\n".utf8), named: "r.csv")
        }
        #expect(open?.summary.contains("r.csv:3: a quote begins") == true)
    }
}
