import Analysis
import Evidence
import Testing

@Suite("Reporting period")
struct ReportingPeriodTests {
    private static let now = "2026-01-15T12:00:00Z"

    private func parse(_ text: String, zone: String = "UTC", now: String = now) throws -> ReportingPeriod {
        let instant = try #require(Instant(rfc3339: now))
        return try ReportingPeriod.parse(text, zone: CalendarZone(name: zone), now: instant)
    }

    private func ends(_ period: ReportingPeriod) -> [String?] {
        [period.range.from?.rfc3339, period.range.to?.rfc3339]
    }

    @Test(
        "Names become half-open spans",
        arguments: [
            ("2026-03", "2026-03", "2026-03-01", "2026-04-01"), ("2025-12", "2025-12", "2025-12-01", "2026-01-01"),
            ("2026-Q1", "2026-Q1", "2026-01-01", "2026-04-01"), ("2026-Q4", "2026-Q4", "2026-10-01", "2027-01-01"),
            ("2024", "2024", "2024-01-01", "2025-01-01"), ("this-month", "2026-01", "2026-01-01", "2026-02-01"),
            ("last-month", "2025-12", "2025-12-01", "2026-01-01"),
            ("last-quarter", "2025-Q4", "2025-10-01", "2026-01-01"), ("last-year", "2025", "2025-01-01", "2026-01-01"),
        ]
    )
    func names(text: String, name: String, from: String, to: String) throws {
        let period = try parse(text)
        #expect(period.name == name)
        #expect(ends(period) == [from + "T00:00:00Z", to + "T00:00:00Z"])
    }

    @Test(
        "A period whose ends no time can tell is refused",
        arguments: [("9999-12", "UTC"), ("9999-Q4", "UTC"), ("9999", "America/New_York")]
    )
    func edges(text: String, zone: String) {
        #expect(throws: AnalysisError.self) { try parse(text, zone: zone) }
    }

    @Test("The first and the last period that can be told")
    func lastTold() throws {
        #expect(try ends(parse("9999-11")) == ["9999-11-01T00:00:00Z", "9999-12-01T00:00:00Z"])
        #expect(try ends(parse("9999-12", zone: "Asia/Tokyo")).last == "9999-12-31T15:00:00Z")
        let early = try ends(parse("0001-01", zone: "Asia/Tokyo")).compactMap { $0 }
        #expect(early.first?.hasPrefix("0000-12-31T") == true)
        let tokyo = try CalendarZone(name: "Asia/Tokyo")
        #expect(throws: AnalysisError.self) { try ReportingPeriod.parse(from: "0000-01-01", to: nil, zone: tokyo) }
        let last = try ReportingPeriod.parse(from: nil, to: "9999-12-31", zone: CalendarZone(name: "Etc/GMT+12"))
        #expect(ends(last) == [nil, "9999-12-31T12:00:00Z"])
    }

    @Test("A period begins and ends with its first and its last instant")
    func begunAndEnded() throws {
        let march = try parse("2026-03")
        let (begin, end) = (try #require(march.range.from), try #require(march.range.to))
        #expect(!march.hasBegun(at: begin.adding(seconds: -1)) && march.hasBegun(at: begin))
        #expect(!march.hasEnded(at: end.adding(seconds: -1)) && march.hasEnded(at: end))
        #expect(ReportingPeriod.all.hasBegun(at: begin) && !ReportingPeriod.all.hasEnded(at: end))
    }

    @Test("All has no ends")
    func all() throws {
        #expect(try parse("all").range.isUnbounded)
        #expect(try ReportingPeriod.parse(from: nil, to: nil, zone: .utc) == .all)
    }

    @Test(
        "Nonsense is refused, and the message names it",
        arguments: [
            "", "-", "2026-", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-q1", "26-01", "2026-1", "2026-+3",
            "+026", "2026-03-01", "0000", "yesterday", "2026-Q+", "٢٠٢٦", "2026-03 ", "LAST-MONTH",
        ]
    )
    func nonsense(text: String) {
        let error = #expect(throws: AnalysisError.self) { try parse(text) }
        #expect(error?.code == .usage)
        #expect(error?.summary.contains("'\(text)'") == true)
        #expect(error?.hint?.contains("last-quarter") == true)
    }

    @Test("A month is what the zone's calendar says, whatever the hour in UTC")
    func zones() throws {
        let berlin = try parse("2026-03", zone: "Europe/Berlin")
        #expect(ends(berlin) == ["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"])
        // It is still December in New York.
        let newYork = try parse("this-month", zone: "America/New_York", now: "2026-01-01T03:00:00Z")
        #expect(newYork.name == "2025-12")
        #expect(ends(newYork) == ["2025-12-01T05:00:00Z", "2026-01-01T05:00:00Z"])
    }

    @Test("A day begins at the change where midnight does not exist, and at the first midnight of two")
    func changesAtMidnight() throws {
        func begin(_ zone: String, _ year: Int64, _ month: Int, _ day: Int) throws -> String {
            try CalendarZone(name: zone).start(of: CivilDate(year: year, month: month, day: day)).rfc3339
        }
        #expect(try begin("America/Santiago", 2024, 9, 8) == "2024-09-08T04:00:00Z")
        #expect(try begin("Africa/Cairo", 2024, 4, 26) == "2024-04-25T22:00:00Z")
        #expect(try begin("America/Havana", 2024, 11, 3) == "2024-11-03T04:00:00Z")
        #expect(try begin("America/Havana", 2024, 3, 10) == "2024-03-10T05:00:00Z")
    }

    @Test("From and to are dates in the zone, or times")
    func fromAndTo() throws {
        let march = try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc)
        #expect(ends(march) == ["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"])
        #expect(march.name == "2026-03-01--2026-04-01")
        let open = try ReportingPeriod.parse(from: "2026-03-01T02:00:00.5+02:00", to: nil, zone: .utc)
        #expect(ends(open) == ["2026-03-01T00:00:00.5Z", nil])
        #expect(!open.name.contains(":"))
    }

    @Test(
        "Ends that make no sense are refused",
        arguments: [
            ("2026-02-30", nil), ("2026-02-29", nil), ("2026-03-01T25:00:00Z", nil), ("2026-3-1", nil), ("now", nil),
            (nil, "2026-00-01"), (nil, "2026-01-00"), (nil, "2026-+1-01"), ("2026-04-01", "2026-03-01"),
            ("2026-04-01", "2026-04-01"), ("", nil),
        ] as [(String?, String?)]
    )
    func badEnds(from: String?, to: String?) {
        let error = #expect(throws: AnalysisError.self) { try ReportingPeriod.parse(from: from, to: to, zone: .utc) }
        #expect(error?.code == .usage)
    }

    @Test("An unknown zone is refused")
    func unknownZone() {
        #expect(throws: AnalysisError.self) { try CalendarZone(name: "Europe/Atlantis") }
        #expect(throws: AnalysisError.self) { try CalendarZone(name: "") }
    }
}
