import ReportSupport
import Evidence
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The matrix on the page against the events themselves.
@Suite struct ActivityMatrixTests {
    private func rows(_ events: [[String: Any]]) throws -> [TemplateValue] {
        let value = try SampleReport(events: events).document.templateValues().scalars["matrix"] ?? .missing
        return elements(of: value.member("rows"))
    }

    private func sum(_ row: TemplateValue) -> Int {
        elements(of: row.member("cells")).reduce(0) { $0 + number($1.member("count")) } + number(row.member("other"))
    }

    private func number(_ value: TemplateValue) -> Int { if case .number(let number) = value { number } else { 0 } }

    @Test func everyRowAddsUpToItsSumAndAllRowsToAllEvents() throws {
        let events = (0..<3_000).map { number in
            SampleReport.event(
                "evt-\(number)",
                at: "2026-03-17T10:00:00Z",
                action: "kind.\(number % 41)",
                actor: "user-\(number % 73)"
            )
        }
        let rows = try rows(events)
        #expect(rows.count == 51 && rows.last?.member("is_sum") == true)
        for row in rows { #expect(sum(row) == number(row.member("total")) && sum(row) > 0) }
        #expect(rows.reduce(0) { $0 + number($1.member("total")) } == 3_000)
        #expect(rows.last.map { number($0.member("other")) > 0 } == true)
    }

    @Test func manyActionsOfOneActorAreAllCounted() throws {
        let frequent = (0..<50).map { SampleReport.event("f\($0)", at: "2026-03-17T10:00:00Z", action: "zzz.frequent") }
        let rare = (0..<2_500).map { SampleReport.event("r\($0)", at: "2026-03-17T10:00:00Z", action: "rare.\($0)") }
        let row = try #require(rows(frequent + rare).first)
        #expect(elements(of: row.member("cells")).first?.member("count") == .number(50))
        #expect(sum(row) == 2_550 && number(row.member("total")) == 2_550)
        let document = try SampleReport(events: frequent + rare).document
        let actor = elements(of: document.templateValues().scalars["top_actors"] ?? .missing)[0]
        #expect(elements(of: actor.member("actions")).first?.member("name") == "zzz.frequent")
        #expect(actor.member("more_actions") == .number(2_501 - 4))
    }

    @Test func actionsThatUnicodeCallsEquivalentAreTwo() throws {
        let names = ["caf\u{E9}", "cafe\u{301}"]
        let events = names.enumerated().map { SampleReport.event("e\($0)", at: "2026-03-17T10:00:00Z", action: $1) }
        let row = try #require(rows(events).first)
        #expect(elements(of: row.member("cells")).map { $0.member("count") } == [.number(1), .number(1)])
    }
}
