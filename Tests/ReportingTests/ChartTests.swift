import ReportSupport
import Evidence
import Foundation
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct ChartTests {
    private func report(_ days: [String], period: WrittenPeriod? = nil) throws -> ReportDocument {
        let events = days.enumerated().map { SampleReport.event("evt-\($0)", at: "\($1)T12:00:00Z") }
        return try SampleReport(
            events: events,
            period: period ?? WrittenPeriod(name: "all", from: nil, to: nil)
        ).document
    }

    /// A report in which the newest pull proves a span.
    private func proven(
        _ days: [String],
        _ from: String?,
        _ to: String?,
        state: ReportCompleteness.State = .complete,
        period: WrittenPeriod? = nil
    ) throws -> ReportDocument {
        var document = try report(days, period: period)
        document.completeness = ReportCompleteness(state: state, from: from, to: to)
        return document
    }

    private func elements(_ value: TemplateValue, _ name: String) -> [TemplateValue] {
        if case .list(let elements) = value.member(name) { elements } else { [] }
    }

    @Test(arguments: [
        (["2026-03-01", "2026-03-20"], "day", 20), (["2026-01-05", "2026-12-30"], "week", 52),
        (["2020-01-15", "2026-12-30"], "month", 84), (["2001-01-01", "2026-12-30"], "year", 26),
        (["0001-01-01", "9999-12-31"], "100 years", 100),
    ])
    func barsFitTheSpan(_ days: [String], _ unit: String, _ count: Int) throws {
        let chart = try #require(ChartTimeline(report(days)))
        #expect(chart.unit.name == unit && chart.bars.count == count)
        #expect(chart.bars.reduce(0) { $0 + $1.count } == 2)
        #expect(chart.bars.first?.count == 1 && chart.bars.last?.count == 1)
        #expect(chart.bars.first?.start == 0 && chart.bars.last?.end == chart.dayCount)
        for (this, next) in zip(chart.bars, chart.bars.dropFirst()) { #expect(this.end == next.start) }
    }

    @Test func aPeriodIsShownWhole() throws {
        let march = WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        let chart = try #require(ChartTimeline(report(["2026-03-10"], period: march)))
        #expect(chart.bars.count == 31 && chart.bars[9].count == 1)
        #expect(chart.description.contains("30 bars are empty."))
        #expect(chart.bars.allSatisfy { !$0.isPartial })
    }

    @Test func theProvenTimeIsShownWhole() throws {
        let chart = try #require(
            ChartTimeline(proven(["2026-03-10"], "2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z"))
        )
        #expect(chart.bars.count == 30 && chart.shades.isEmpty)
        #expect(chart.description.contains("from 2026-03-01 to 2026-03-30"))
        // An event before what is proven is shown as well.
        let early = try #require(
            ChartTimeline(proven(["2026-02-27"], "2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z"))
        )
        #expect(early.bars.count == 32 && early.bars[0].count == 1)
    }

    @Test func noEventIsAChartWhereTheTimeIsKnown() throws {
        let march = WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        let chart = try #require(ChartTimeline(report([], period: march)))
        #expect(chart.bars.count == 31 && chart.bars.allSatisfy { $0.count == 0 })
        #expect(chart.description.hasPrefix("The archive holds no event from 2026-03-01 to 2026-03-31."))
        #expect(chart.description.contains("nobody can say whether events are missing"))
        let whole = try #require(ChartTimeline(proven([], "2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z")))
        #expect(whole.description == "The archive holds no event from 2026-03-01 to 2026-03-30.")
        let value = ChartDrawing.large(chart)
        #expect(elements(value, "bars").allSatisfy { $0.member("height") == "0" })
        #expect(elements(value, "grid").last?.member("label") == "4")
    }

    @Test func oneEventIsNoClaimAboutEveryDay() throws {
        let chart = try #require(ChartTimeline(proven(["2026-03-17"], nil, nil)))
        #expect(chart.description == "1 event with a time, on 2026-03-17.")
        let two = try #require(ChartTimeline(proven(["2026-03-17", "2026-03-18"], nil, nil)))
        #expect(two.description.contains("from 2026-03-17 to 2026-03-18"))
        #expect(two.description.hasSuffix("Every bar has events."))
        #expect(two.peak == "Most in a day: 1 event (2026-03-17, and 1 more).")
        let three = try #require(ChartTimeline(proven(["2026-03-17", "2026-03-17", "2026-03-18"], nil, nil)))
        #expect(three.peak == "Most in a day: 2 events (2026-03-17).")
    }

    @Test(arguments: [
        ("Pacific/Kiritimati", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
        ("Pacific/Auckland", "2026-02-28T11:00:00Z", "2026-03-31T11:00:00Z"),
        ("Pacific/Pago_Pago", "2026-03-01T11:00:00Z", "2026-04-01T11:00:00Z"),
        ("Asia/Kathmandu", "2026-02-28T18:15:00Z", "2026-03-31T18:15:00Z"),
        ("Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
        // The clock is set forward at midnight: the first day begins at one o'clock.
        ("America/Asuncion", "2024-10-06T04:00:00Z", "2024-11-01T03:00:00Z"),
    ])
    func aMonthHasItsDaysInEveryZone(_ zone: String, _ from: String, _ to: String) throws {
        let period = WrittenPeriod(name: "x", from: from, to: to, timeZone: zone)
        let chart = try #require(ChartTimeline(report([], period: period)))
        let first = zone == "America/Asuncion" ? "2024-10-06" : "2026-03-01"
        let last = zone == "America/Asuncion" ? "2024-10-31" : "2026-03-31"
        #expect(chart.bars.count == (zone == "America/Asuncion" ? 26 : 31))
        #expect(chart.bars.first?.label == first && chart.bars.last?.label == last)
        #expect(chart.bars.allSatisfy { !$0.isPartial })
    }

    @Test func aPeriodOfADayIsOneBar() throws {
        let day = WrittenPeriod(name: "x", from: "2026-03-10T00:00:00Z", to: "2026-03-11T00:00:00Z")
        let chart = try #require(ChartTimeline(proven(["2026-03-10"], nil, nil, period: day)))
        #expect(chart.bars.count == 1 && !chart.bars[0].isPartial && chart.bars[0].count == 1)
        #expect(chart.description == "1 event with a time, on 2026-03-10.")
    }

    @Test func barsThatAreCutAreMarked() throws {
        // A Wednesday to a Friday.
        let period = WrittenPeriod(name: "x", from: "2026-01-07T00:00:00Z", to: "2026-07-04T00:00:00Z")
        let chart = try #require(ChartTimeline(proven(["2026-01-08"], nil, nil, period: period)))
        #expect(chart.unit == .week)
        #expect(chart.bars.map(\.isPartial) == [true] + Array(repeating: false, count: chart.bars.count - 2) + [true])
        #expect(chart.bars[0].start == 0 && chart.bars[0].end == 5)
        #expect(
            chart.description.contains("Paler, because only part of their time is covered: week of 2026-01-05 and ")
        )
        #expect(elements(ChartDrawing.large(chart), "bars")[0].member("is_partial") == true)
        #expect(elements(ChartDrawing.large(chart), "table")[0].member("note") == "covered in part")
        // The day on which the log was read last is cut too.
        let running = try #require(
            ChartTimeline(
                proven(
                    ["2026-03-10"],
                    "2026-01-01T00:00:00Z",
                    "2026-03-20T11:05:00Z",
                    state: .running,
                    period: WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
                )
            )
        )
        #expect(running.bars.filter(\.isPartial).map(\.label) == ["2026-03-20"])
        #expect(running.shades.map(\.kind) == [.ahead] && running.shades[0].end == 31)
        // Eleven days of the future are not days without an event.
        #expect(running.description.contains("19 bars are empty."))
    }

    @Test func unprovenSpansAreMarked() throws {
        var document = try report(["2026-03-01", "2026-03-10"])
        document.completeness = .init(
            state: .incomplete,
            gaps: [
                .init(from: "2026-03-02T00:00:00Z", to: "2026-03-04T00:00:00Z", reason: "not read"),
                .init(from: "2026-03-04T00:00:01Z", to: "2026-03-05T00:00:00Z", reason: "not read"),
            ]
        )
        let chart = try #require(ChartTimeline(document))
        let spans = elements(ChartDrawing.large(chart), "unproven")
        #expect(spans.count == 1 && spans[0].member("reason") == "not read" && spans[0].member("kind") == "missing")
        #expect(chart.note(on: chart.bars[0]) == nil && chart.note(on: chart.bars[1]) == "not proven complete")
        #expect(chart.description.hasSuffix("Shaded: not proven complete, so events may be missing there."))
    }

    @Test func whatIsNotKnownIsShadedToo() throws {
        var document = try report(["2026-03-01", "2026-03-10"])
        let imported = try #require(ChartTimeline(document))
        #expect(imported.shades.map(\.kind) == [.unknown])
        #expect(imported.shades[0].start == 0 && imported.shades[0].end == 10)
        document.completeness = .init(state: .complete, damage: ["a file"])
        let damaged = try #require(ChartTimeline(document))
        #expect(damaged.description.hasSuffix("because the archive is damaged."))
        document.completeness = .init(state: .incomplete)
        let whole = try #require(ChartTimeline(document))
        #expect(whole.shades.map(\.kind) == [.missing])
        let legend = elements(ChartDrawing.small(imported), "legend")
        #expect(legend.map { $0.member("label") } == ["completeness unknown"])
    }

    @Test func whatIsStillToComeIsNotMissing() throws {
        let march = WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        let gap = ReportCompleteness.Gap(from: march.from, to: "2026-03-16T00:00:00Z", reason: "not read")
        for completeness in [
            ReportCompleteness(state: .incomplete, gaps: [gap]), .init(state: .unknown),
            .init(state: .complete, damage: ["a file"]),
        ] {
            var document = try report(["2026-03-10"], period: march)
            document.completeness = completeness
            document.completeness.goesOnFrom = "2026-03-16T00:00:00Z"
            let chart = try #require(ChartTimeline(document))
            #expect(chart.shades.count == 2 && chart.shades[0].end == 15)
            #expect(chart.shades[1].kind == .ahead && chart.shades[1].start == 15 && chart.shades[1].end == 31)
            #expect(chart.note(on: chart.bars[20]) == "after the archive was last added to")
            #expect(chart.description.contains("14 bars are empty."))
            #expect(ReportBanner(document).lines.joined().contains("ends on 2026-03-31"))
            document.completeness.goesOnFrom = nil
            #expect(ChartTimeline(document)?.shades.contains { $0.kind == .ahead } == false)
        }
    }

    @Test(arguments: [
        (1, "4"), (4, "4"), (5, "8"), (9, "12"), (22, "24"), (41, "48"), (50, "60"), (4_170, "4,800"),
        (8_001, "12,000"),
    ])
    func theScaleEndsNotFarAboveTheHighestBar(_ count: Int, _ top: String) throws {
        var document = try report(["2026-03-10"])
        document.activity.days = [.init(day: 20_000, count: count)]
        let chart = try #require(ChartTimeline(document))
        #expect(elements(ChartDrawing.large(chart), "grid").last?.member("label") == .text(top))
    }

    @Test func thePageOneChartTellsItsEndsAndItsPeak() throws {
        let chart = try #require(ChartTimeline(report(["2026-03-01", "2026-03-10", "2026-03-10"])))
        let small = ChartDrawing.small(chart)
        #expect(small.member("first") == "2026-03-01" && small.member("last") == "2026-03-10")
        #expect(small.member("peak") == "Most in a day: 2 events (2026-03-10).")
        #expect(elements(small, "bars").count == 10)
    }

    @Test func withoutAnyTimeThereIsNoChart() throws {
        let document = try report([])
        #expect(ChartTimeline(document) == nil && ChartHeatMap(document) == nil)
        let undated = try SampleReport(events: [["id": "a", "action": ""]]).document
        #expect(ChartTimeline(undated) == nil && ChartHeatMap(undated) == nil)
    }

    @Test func theWeekBeginsOnMonday() throws {
        let value = try #require(ChartHeatMap(report(["2026-03-02", "2026-03-02", "2026-03-08"]))).value
        let cells = elements(value, "cells")
        #expect(cells.count == 168)
        #expect(cells[12].member("count") == 2 && cells[6 * 24 + 12].member("count") == 1)
        #expect(cells[12].member("label") == "Mon 12:00: 2")
        guard case .text(let words) = value.member("description") else { return }
        #expect(words.contains("Monday, 12:00 to 13:00, with 2 events") && words.contains("1 event, 33 % of all"))
    }

    @Test func aLonelyEventIsNotTheMost() throws {
        let value = try #require(ChartHeatMap(report(["2026-03-03"]))).value
        #expect(elements(value, "cells").map { $0.member("level") }.contains(3))
        #expect(elements(value, "legend").map { $0.member("label") } == ["1"])
        #expect(
            value.member("description") == "The one event with a time: Tuesday, between 12:00 and 13:00; time zone UTC."
        )
        let two = try #require(ChartHeatMap(report(["2026-03-03", "2026-03-04"]))).value
        guard case .text(let words) = two.member("description") else { return }
        #expect(words.hasPrefix("2 hours of the week have 1 event each, and none has more."))
    }

    @Test(arguments: [
        ([7, 7, 7, 0], [3]), ([1], [3]), ([99, 100], [3]), ([1, 2], [2, 4]), ([1, 2, 3], [2, 3, 4]),
        ([1, 2, 3, 4], [2, 3, 4, 5]), ([1, 25], [1, 2, 3, 4, 5]), ([1, 5], [1, 2, 3, 4, 5]), ([], []), ([0], []),
        ([1, Int.max], [1, 2, 3, 4, 5]),
    ])
    func shadesAreWholeNumbersThatALegendCanName(_ counts: [Int], _ levels: [Int]) {
        let scale = HeatScale(counts)
        #expect(scale.classes.map(\.level) == levels)
        for (this, next) in zip(scale.classes, scale.classes.dropFirst()) {
            #expect(this.least <= this.most && next.least == this.most + 1)
        }
        for count in counts where count > 0 {
            let shade = scale.classes.first { $0.least <= count && count <= $0.most }
            #expect(shade?.level == scale.level(count))
        }
        #expect(scale.level(0) == 0)
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

    @Test func longTablesSayWhatIsShownAndWhatIsPrinted() {
        func part(_ count: Int, _ total: Int?, _ order: TablePart.Order = .asInFile, _ words: Words = .english)
            -> [String]
        {
            let value = TablePart(count, of: total).value(words, file: "x.csv", order: order)
            return ["caption", "paper"].map { if case .text(let text) = value.member($0) { text } else { "" } }
        }
        #expect(part(1, 1) == ["the one, also in x.csv", ""])
        #expect(part(25, 25) == ["all 25, also in x.csv", ""])
        #expect(part(1000, 1284)[0] == "the first 1,000 of 1,284; the rest is in x.csv, from row 1,001 on")
        #expect(part(26, 26)[1] == "at most 25 rows are printed; all are in x.csv")
        #expect(part(1000, 86_178, .newestFirst)[0] == "1,000 of 86,178; all are in x.csv")
        #expect(part(200, nil, .picked)[0] == "200 of them, and there are more; all are in x.csv")
    }

    @Test func aLongNameLeavesRoomInTheHeadOfPrintedPages() throws {
        var document = try report(["2026-03-01"])
        document.organization = ReportOrganization(id: String(repeating: "名", count: 500), snapshot: nil)
        #expect(
            document.runningHeader.count < 120 && document.runningHeader.contains("… · all archived events · evidence ")
        )
        document.period.name = "2026-03"
        document.organization.id = "org-1"
        #expect(document.runningHeader == "org-1 · 2026-03 · evidence \(document.evidence.head.prefix(8))")
    }
}
