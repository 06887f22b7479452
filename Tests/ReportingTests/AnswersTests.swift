import ReportSupport
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Evidence
@testable import Publishing
@testable import Reporting
@testable import Templates

/// What people answered, in the tables and values of the next report.
@Suite struct AnswersTests {
    private func findings() -> [Finding] {
        [
            SampleReport.finding("MEM-SELF", .critical, .fail, events: ["evt-3"]),
            SampleReport.finding("KEY-AGE", .medium, .notProven, subject: "key"),
            SampleReport.finding("ORG-MFA", .high, .pass, subject: "require_2fa"),
            SampleReport.accepted("ORG-SSO", .medium, subject: "sso_enabled"),
            SampleReport.finding("OFF-HOURS", .low, .manual, subject: "hours", events: ["evt-2", "evt-9", "evt-2"]),
            SampleReport.finding("ORG-REGIONS", .medium, .manual, subject: "regions"),
        ]
    }

    private func members(_ value: TemplateValue?) -> [[String: TemplateValue]] {
        guard case .list(let elements)? = value else { return [] }
        return elements.compactMap { if case .object(let members) = $0 { members } else { nil } }
    }

    private func text(_ value: TemplateValue?) -> String {
        switch value {
        case .text(let text), .time(let text): text
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        default: ""
        }
    }

    @Test(
        "A due day counts until its end, where the report's days begin, at the time of the evidence",
        arguments: [
            ("2026-11-26T00:00:00Z", ""), ("2026-11-26T23:59:59Z", ""), ("2026-11-27T00:00:00Z", "1"),
            ("2026-12-08T12:00:00Z", "12"),
        ]
    )
    func overdue(asOf: String, days: String) throws {
        let plan = [
            ActionPlan.Row(control: "MEM-SELF", subject: "subject", owner: "Ann", due: "2026-11-26"),
            ActionPlan.Row(control: "ORG-MFA", subject: "require_2fa", owner: "Ann", due: "2026-11-26"),
            ActionPlan.Row(control: "ORG-SSO", subject: "sso_enabled", owner: "Ann", due: "2026-11-26"),
            ActionPlan.Row(control: "KEY-AGE", subject: "key", owner: "Bob"),
        ]
        let actions = PlannedActions(plan, asOf: asOf, words: .english)
        let scalars = actions.scalars(Finding.inReportOrder(findings()))
        let agreed = members(scalars["agreed_actions"])
        #expect(agreed.map { text($0["control"]) } == ["MEM-SELF", "KEY-AGE"])
        #expect(agreed.map { text($0["days"]) } == [days, ""])
        #expect(members(scalars["overdue_actions"]).map { text($0["control"]) } == (days.isEmpty ? [] : ["MEM-SELF"]))
        if !days.isEmpty {
            #expect(text(agreed.first?["overdue_text"]) == "overdue by \(days) day\(days == "1" ? "" : "s")")
        }
        #expect(members(scalars["accepted"]).map { text($0["approver"]) } == ["Bea"])
        let east = PlannedActions(
            plan,
            asOf: "2026-11-26T23:00:00Z",
            in: try CalendarZone(name: "Europe/Berlin"),
            words: .english
        )
        #expect(findings().compactMap { east.action(for: $0)?.overdueDays } == [1])
        #expect(OSCALText.end(ofDay: "2026-11-26", in: east.zone) == "2026-11-26T22:59:59Z")
        #expect(OSCALText.end(ofDay: "2026-11-26", in: .utc) == "2026-11-26T23:59:59Z")
        for finding in findings() where [.pass, .waived].contains(finding.status) {
            #expect(actions.action(for: finding)?.overdue == "false")
        }
    }

    @Test("review.csv has a row an event, a row without one, and what was answered; only for what asks")
    func reviewRows() throws {
        var sample = try SampleReport(
            events: (1...4).map { SampleReport.event("evt-\($0)", at: "2026-03-0\($0)T10:00:00Z") },
            findings: Finding.inReportOrder(findings())
        )
        sample.document.eventRows = ["evt-2": 2, "evt-3": 3]
        sample.document.reviewEvents = try ReviewEvents.of(
            sample.document.findings,
            try #require(sample.document.events)
        )
        let id = try #require(findings().first { $0.control == "OFF-HOURS" }?.id)
        sample.document.review = [
            Review.Row(
                finding: id,
                event: "evt-2",
                ticket: "=T-1",
                approvedBy: "Bea",
                reviewedBy: "Ann",
                reviewedOn: "2026-11-02",
                result: .notOK
            )
        ]
        let bundle = try sample.publish()
        let table = try String(contentsOfFile: bundle.path + "/review.csv", encoding: .utf8)
        let lines = table.components(separatedBy: "\r\n")
        let regions = try #require(findings().first { $0.control == "ORG-REGIONS" }?.id)
        #expect(
            lines == [
                "finding_id,control,event_id,created_at,actor,action,resource,ip_address,detail,ticket,approved_by,"
                    + "reviewed_by,reviewed_on,result",
                "\(regions),ORG-REGIONS,,,,,,,Detail,,,,,",
                "\(id),OFF-HOURS,evt-2,2026-03-02T10:00:00Z,user-1@example.com,database.created,"
                    + "database name of db-1,203.0.113.5,Detail,'=T-1,Bea,Ann,2026-11-02,not ok",
                "\(id),OFF-HOURS,evt-9,,,,,,Detail,,,,,", "",
            ]
        )
        let again = try Review.read(Array(table.utf8), named: "review.csv")
        #expect(again.notes.isEmpty)
        #expect(again.rows.map { [$0.ticket, $0.reviewedOn] } == [["=T-1", "2026-11-02"]])
    }

    @Test("As many rows as there are, whatever part of them is asked for", arguments: 1...20)
    func partsOfManyRows(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let findings = (0..<40).map { number in
            SampleReport.finding(
                "OFF-HOURS",
                .low,
                Bool.random(using: &random) ? .manual : .pass,
                subject: "s\(number)",
                events: (0..<Int.random(in: 0...30, using: &random)).map { "evt-\(number)-\($0)" }
            )
        }
        let rows = ReviewRows(findings, answers: [], events: ChosenEvents()).rows
        let expected = findings.filter { $0.status == .manual }.flatMap { finding in
            (finding.eventIDs.isEmpty ? [""] : finding.eventIDs).map { [finding.id, $0] }
        }
        #expect(rows.rowCount == expected.count)
        for row in 0..<rows.rowCount { #expect([0, 2].map { rows.row(row)[$0] } == expected[row]) }
    }

    @Test("The XML says who accepts a finding, until when, and what is overdue")
    func xml() throws {
        var sample = try SampleReport(events: [], findings: findings())
        sample.document.asOf = "2026-12-01T00:00:00Z"
        sample.document.actionPlan = [
            ActionPlan.Row(control: "MEM-SELF", subject: "subject", owner: "Ann", due: "2026-11-26"),
            ActionPlan.Row(control: "OFF-HOURS", subject: "hours", owner: "Ann", due: "2027-11-26"),
        ]
        let bundle = try sample.publish()
        let xml = try String(contentsOfFile: bundle.path + "/report.xml", encoding: .utf8)
        #expect(xml.contains(#"owner="Ann" due="2026-11-26" overdue="true""#))
        #expect(xml.contains(#"owner="Ann" due="2027-11-26" overdue="false""#))
        #expect(xml.contains(#"<waiver approver="Bea" until="2027-03-31" reason="No &lt;identity&gt; provider yet"/>"#))
        #expect(xml.components(separatedBy: "<control id=").count == ControlCatalogue.controls.count + 1)
    }
}
