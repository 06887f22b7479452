import ReportSupport
import Evidence
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct ChartTests {
    private func report(_ days: [String], period: ReportPeriod? = nil) throws -> ReportDocument {
        let events = days.enumerated().map { SampleReport.event("evt-\($0)", at: "\($1)T12:00:00Z") }
        return try SampleReport(
            events: events,
            period: period ?? ReportPeriod(name: "all", from: nil, to: nil)
        ).document
    }

    @Test(arguments: [
        (["2026-03-01", "2026-03-20"], "day", 20), (["2026-01-05", "2026-12-30"], "week", 52),
        (["2020-01-15", "2026-12-30"], "month", 84), (["2001-01-01", "2026-12-30"], "year", 26),
        (["0001-01-01", "9999-12-31"], "100 years", 100),
    ])
    func barsFitTheSpan(_ days: [String], _ unit: String, _ count: Int) throws {
        let chart = try #require(ChartTimeline(report(days)))
        #expect(chart.unit == unit && chart.bars.count == count)
        #expect(chart.bars.reduce(0) { $0 + $1.count } == 2)
        #expect(chart.bars.first?.count == 1 && chart.bars.last?.count == 1)
    }

    @Test func aPeriodIsShownWhole() throws {
        let march = ReportPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        let chart = try #require(ChartTimeline(report(["2026-03-10"], period: march)))
        #expect(chart.bars.count == 31 && chart.bars[9].count == 1)
        #expect(chart.description.contains("Bars without an event: 30."))
    }

    @Test func oneEventIsNoClaimAboutEveryDay() throws {
        let chart = try #require(ChartTimeline(report(["2026-03-17"])))
        #expect(chart.description == "1 event with a time, on 2026-03-17.")
        let two = try #require(ChartTimeline(report(["2026-03-17", "2026-03-18"])))
        #expect(two.description.contains("from 2026-03-17 to 2026-03-18"))
        #expect(two.description.hasSuffix("Every day of that time has events."))
    }

    @Test(arguments: [
        ("Pacific/Kiritimati", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
        ("Pacific/Auckland", "2026-02-28T11:00:00Z", "2026-03-31T11:00:00Z"),
        ("Pacific/Pago_Pago", "2026-03-01T11:00:00Z", "2026-04-01T11:00:00Z"),
        ("Asia/Kathmandu", "2026-02-28T18:15:00Z", "2026-03-31T18:15:00Z"),
    ])
    func aMonthHasItsDaysInEveryZone(_ zone: String, _ from: String, _ to: String) throws {
        let march = ReportPeriod(name: "2026-03", from: from, to: to, timeZone: zone)
        let chart = try #require(ChartTimeline(report(["2026-03-10"], period: march)))
        #expect(chart.bars.count == 31)
        #expect(chart.bars.first?.label == "2026-03-01" && chart.bars.last?.label == "2026-03-31")
    }

    @Test func unprovenSpansAreMarked() throws {
        var document = try report(["2026-03-01", "2026-03-10"])
        document.completeness = .init(
            state: .incomplete,
            gaps: [.init(from: "2026-03-02T00:00:00Z", to: "2026-03-04T00:00:00Z", reason: "not read")]
        )
        let value = try #require(ChartTimeline(document)).value
        guard case .list(let spans) = value.member("unproven") else {
            Issue.record("no list")
            return
        }
        #expect(spans.count == 1 && spans[0].member("reason") == "not read")
    }

    @Test func noEventNoChart() throws {
        let document = try report([])
        #expect(ChartTimeline(document) == nil && ChartHeatMap(document) == nil)
        let undated = try SampleReport(events: [["id": "a", "action": ""]]).document
        #expect(ChartTimeline(undated) == nil && ChartHeatMap(undated) == nil)
    }

    @Test func theWeekBeginsOnMonday() throws {
        let value = try #require(ChartHeatMap(report(["2026-03-02", "2026-03-02", "2026-03-08"]))).value
        guard case .list(let cells) = value.member("cells"), case .text(let words) = value.member("description") else {
            Issue.record("no heat map")
            return
        }
        #expect(cells.count == 168)
        #expect(cells[12].member("count") == 2 && cells[12].member("level") == 5)
        #expect(cells[6 * 24 + 12].member("count") == 1)
        #expect(words.contains("Monday 12:00 to 13:00 with 2 events") && words.contains("33 %"))
    }

    @Test func theMatrixAddsUp() throws {
        var events: [[String: Any]] = []
        for actor in 0..<60 {
            for action in 0..<40 {
                events.append(
                    SampleReport.event(
                        "evt-\(actor)-\(action)",
                        at: "2026-03-01T10:00:00Z",
                        action: "action.\(action)",
                        actor: "user-\(actor)"
                    )
                )
            }
        }
        let value = try SampleReport(events: events).document.templateValues().scalars["matrix"] ?? .missing
        guard case .list(let rows) = value.member("rows"), case .list(let columns) = value.member("columns") else {
            Issue.record("no matrix")
            return
        }
        #expect(rows.count == 51 && columns.count == 30)
        #expect(rows[0].member("other") == 10 && rows[0].member("total") == 40)
        guard case .list(let rest) = rows[50].member("cells") else {
            Issue.record("no list")
            return
        }
        #expect(rest.first?.member("count") == 10)
    }

    @Test func recentEventsAreTheNewest() throws {
        let events = (0..<1500).map { index in
            SampleReport.event("evt-\(index)", at: "2026-03-01T10:\(10 + index / 60):\(10 + index % 50)Z")
        }
        let recent = try SampleReport(events: events).document.recentEvents
        #expect(recent.count == 1000)
        #expect(recent.newestFirst.count == 1000)
        let times = recent.newestFirst.map { $0[.createdAt] }
        #expect(times == times.sorted(by: >))
    }
}
