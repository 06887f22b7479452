import TestSupport
import Testing

@testable import Analysis
@testable import Evidence

/// What a review that is given back makes of findings that a person has to judge.
@Suite struct ReviewTests {
    private func finding(_ control: String = "DB-DELETE", events: [String] = ["evt-1", "evt-2"]) throws -> Finding {
        try #require(ControlCatalogue.control(control)).finding(.manual, subject: "s", "Look.", eventIDs: events)
    }

    private func judged(_ finding: Finding, _ rows: [Review.Row]) -> Finding {
        var findings = [finding]
        Self.apply(rows, to: &findings, from: nil)
        return findings[0]
    }

    private static func apply(_ rows: [Review.Row], to findings: inout [Finding], from begin: String?) {
        let begin = begin.flatMap { Instant(rfc3339: $0 + "T00:00:00Z") }
        Reviews.apply(rows, to: &findings, from: 0, ReviewedEvents().of(begin: begin, firstAt: nil), .english)
    }

    private static func facts(from begin: String?) -> JudgedFacts {
        let from = begin.flatMap { Instant(rfc3339: $0 + "T00:00:00Z") }
        let period = ReportingPeriod(name: "p", kind: .all, range: InstantRange(from: from, to: nil))
        return JudgedFacts(
            period: period,
            isComplete: true,
            incompleteBecause: [],
            proven: nil,
            anomalies: [],
            damage: [],
            segmentsChecked: 0,
            entries: 1
        )
    }

    private func row(
        _ finding: Finding,
        _ event: String,
        _ result: Review.Result?,
        by: String = "Ann",
        on: String = "2026-11-02"
    )
        -> Review.Row
    {
        Review.Row(finding: finding.id, event: event, reviewedBy: by, reviewedOn: on, result: result)
    }

    @Test("All events in order, with who and when: reviewed")
    func reviewed() throws {
        let finding = try finding()
        let done = judged(
            finding,
            [row(finding, "evt-1", .ok), row(finding, "evt-2", .ok, by: "Bob", on: "2026-11-04")]
        )
        #expect(done.status == .reviewed && done.isJudgedByReview)
        #expect(done.id == finding.id)
        #expect(done.remediation == "Nothing.")
        #expect(
            done.detail == "Look. Reviewed by Ann, Bob from 2026-11-02 to 2026-11-04: all 2 events are in order."
        )
    }

    @Test("One event that is not in order: failed, whoever says so, and with it what else is missing")
    func notOK() throws {
        let control = try #require(ControlCatalogue.controls.first { $0.remedies.manual != nil })
        let finding = try finding(control.id)
        let done = judged(finding, [row(finding, "evt-2", .notOK, by: "", on: "")])
        #expect(done.status == .fail)
        #expect(done.detail == "Look. The review found 1 of 2 not in order: evt-2.")
        #expect(done.remediation != "Nothing." && done.remediation != finding.remediation)
    }

    @Test("What is not complete stays to be judged, and says so")
    func incomplete() throws {
        let finding = try finding()
        let open = judged(finding, [row(finding, "evt-1", .ok)])
        #expect(open.status == .manual && !open.isJudgedByReview)
        #expect(open.detail == "Look. The review is not complete: 1 of 2 has no result.")
        let unsigned = judged(finding, [row(finding, "evt-1", .ok), row(finding, "evt-2", .ok, by: "")])
        #expect(unsigned.status == .manual)
        #expect(unsigned.detail == "Look. The review is not complete: 1 of 2 does not say who looked and when.")
        let undated = judged(finding, [row(finding, "evt-1", .ok), row(finding, "evt-2", .ok, on: "")])
        #expect(undated.status == .manual)
        let ticketOnly = judged(finding, [Review.Row(finding: finding.id, event: "evt-1", ticket: "T-1")])
        #expect(ticketOnly.detail == "Look. The review is not complete: 2 of 2 have no result.")
        #expect(judged(finding, []) == finding)
    }

    @Test("No row is never reviewed; a finding without events is one row")
    func withoutEvents() throws {
        let finding = try finding("ORG-REGIONS", events: [])
        #expect(judged(finding, [row(finding, "", .ok)]).status == .reviewed)
        #expect(judged(finding, [row(finding, "evt-1", .ok)]).status == .manual)
        #expect(judged(finding, [row(try self.finding(), "", .ok)]) == finding)
    }

    @Test("Nobody has looked at events before they came, in order or not, and nobody looks in the future")
    func otherDays() throws {
        let finding = try finding()
        var findings = [finding]
        let early = row(finding, "evt-2", .ok, on: "2022-11-18")
        Self.apply([row(finding, "evt-1", .ok), early], to: &findings, from: "2026-11-01")
        #expect(findings[0].status == .manual)
        #expect(
            findings[0].detail
                == "Look. The review of 2022-11-18 is older than the period, and answers nothing about it. "
                + "The review is not complete: 1 of 2 has no result."
        )
        findings = [finding]
        let bad = row(finding, "evt-2", .notOK, on: "2022-11-18")
        Self.apply([row(finding, "evt-1", .ok), bad], to: &findings, from: "2026-11-01")
        #expect(findings[0].status == .fail)
        let table = Array("finding_id,event_id,reviewed_by,reviewed_on,result\nf-1,e,Ann,2027-01-01,ok\n".utf8)
        #expect(try Review.read(table, named: "review.csv", today: "2027-01-01").rows.count == 1)
        let error = #expect(throws: AnalysisError.self) {
            try Review.read(table, named: "review.csv", today: "2026-12-31")
        }
        #expect(error?.summary.contains("review.csv:2, column reviewed_on: 2027-01-01 is in the future") == true)
    }

    @Test("Who has looked at all that is named has not looked at what is not archived, and the finding says so")
    func gaps() throws {
        var event = PlainEvent(id: "e1")
        event.seconds = Instant(rfc3339: "2026-11-02T00:00:00Z")?.seconds
        (event.action, event.resourceType, event.resourceID) = ("database.deleted", "database", "d1")
        var facts = Self.facts(from: "2026-11-01")
        facts.log = try watch([event], policy: ControlPolicy(), period: facts.period)
        func found() throws -> Finding { try #require(Verdicts.judge(facts).first { $0.control == "DB-DELETE" }) }
        let open = try found()
        #expect(open.status == .manual && open.detail.hasSuffix("is not covered, so there may be more to look at."))
        facts.policy.review = [row(open, "e1", .ok)]
        let reviewed = try found()
        #expect(reviewed.status == .reviewed && reviewed.detail.contains("is not covered, so there may be more"))
        facts.proven = .all
        #expect(try !found().detail.contains("covered"))
        facts.damage = ["events/00000001.ndjson is gone"]
        #expect(try found().detail.hasSuffix("may be gone. Reviewed by Ann on 2026-11-02: in order."))
    }

    @Test("Where no event tells what was looked at, who looked before the period began anywhere looked at another one")
    func early() throws {
        let (bare, dated) = (try finding("ORG-REGIONS", events: []), try finding(events: ["evt-1"]))
        for (begin, statuses) in [
            ("2026-11-01", [.reviewed, .reviewed]), ("2026-11-02", [.reviewed, .reviewed]),
            ("2026-11-03", [.reviewed, .reviewed]), ("2026-11-04", [.manual, .manual]),
        ] as [(String, [Status])] {
            var findings = [bare, dated]
            let rows = [row(bare, "", .ok), row(dated, "evt-1", .ok)]
            Self.apply(rows, to: &findings, from: begin)
            #expect(findings.map(\.status) == statuses, "\(begin): \(findings.map(\.detail))")
        }
    }

    @Test("Only what a person has to judge is judged by a review, and answers that nobody asks for are named")
    func unused() throws {
        let (manual, passed) = (
            try finding(), try #require(ControlCatalogue.control("ORG-MFA")).finding(.pass, subject: "s", "")
        )
        var rows = [
            row(manual, "evt-1", .ok), row(manual, "evt-2", .ok), row(manual, "evt-3", .ok), row(passed, "", .notOK),
        ]
        for place in rows.indices { rows[place].source = "review.csv:\(place + 2)" }
        var findings = [manual, passed]
        Self.apply(rows, to: &findings, from: nil)
        #expect(findings.map(\.status) == [.reviewed, .pass])
        #expect(Reviews.unused(rows, findings: findings).map(\.source) == ["review.csv:4", "review.csv:5"])
    }

    @Test("Two answers about one event that differ are a mistake, alike ones are one")
    func contradictions() throws {
        let header = "finding_id,event_id,reviewed_by,reviewed_on,result\n"
        let twice = try Review.read(
            Array((header + "f-1,e,Ann,2026-11-02,ok\nf-1,e,Ann,2.11.2026,OK\n").utf8),
            named: "review.csv"
        )
        #expect(twice.rows.count == 1)
        let error = #expect(throws: AnalysisError.self) {
            try Review.read(
                Array((header + "f-1,e,Ann,2026-11-02,ok\n,e,Ann,soon,maybe\nf-1,e,Ann,2026-11-02,not ok\n").utf8),
                named: "review.csv"
            )
        }
        for part in [
            "review.csv:3, column reviewed_on: 'soon'", "review.csv:3, column result: 'maybe'",
            "review.csv:3, column finding_id", "review.csv:4: answers otherwise than review.csv:2",
        ] { #expect(error?.summary.contains(part) == true, "\(part) in \(error?.summary ?? "")") }
    }

    @Test(
        "Words for results",
        arguments: [
            ("ok", true), ("Ok.", true), ("OKAY", true), ("i. O.", true), ("in Ordnung", true), ("not OK", false),
            ("NOK", false), ("nicht ok", false), ("n.i.O.", false), ("pas ok", false), ("ok?", nil), ("yes", nil),
            ("2 ok", nil),
            ("TRUE", nil), ("x", nil), ("OK!", true), ("!ok", nil), ("- ok", nil), ("ok! not", nil),
        ] as [(String, Bool?)]
    )
    func words(word: String, isGood: Bool?) {
        #expect(Review.Result(word: word) == isGood.map { $0 ? .ok : .notOK })
    }
}
