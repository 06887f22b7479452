import Analysis
import Evidence
import TestSupport
import Testing

@Suite("Timeline and heat map")
struct CalendarTests {
    private func event(_ at: String) throws -> PlainEvent {
        PlainEvent(id: at, seconds: try #require(Instant(rfc3339: at)).seconds, action: "a")
    }

    @Test("Days, weekdays and hours are those of the report's zone")
    func inZone() throws {
        // A Saturday evening in UTC is Sunday in Berlin; on 2026-03-29 the clock jumps from 2 to 3.
        let times = ["2026-03-28T22:30:00Z", "2026-03-28T23:30:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"]
        let all = try tally(times.map(event), zone: CalendarZone(name: "Europe/Berlin"))
        let days = all.days.map { (date: CivilDate(daysSince1970: Int64($0.day)), count: $0.count) }
        #expect(days.map { "\($0.date.month)-\($0.date.day) \($0.count)" } == ["3-28 1", "3-29 3"])
        #expect(all.heat.count == 7 && all.heat.allSatisfy { $0.count == 24 })
        #expect(all.heat[5][23] == 1)
        #expect(all.heat[6][0] == 1 && all.heat[6][1] == 1 && all.heat[6][2] == 0 && all.heat[6][3] == 1)
    }

    @Test("In UTC nothing moves, before 1970 neither")
    func inUTC() throws {
        let all = try tally([event("1969-12-31T23:59:59Z"), event("1970-01-01T00:00:00Z")])
        #expect(all.days.map(\.day) == [-1, 0])
        #expect(all.heat[2][23] == 1 && all.heat[3][0] == 1)
    }

    @Test("The second three o'clock of autumn counts as the first")
    func autumn() throws {
        let times = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]
        let all = try tally(times.map(event), zone: CalendarZone(name: "Europe/Berlin"))
        #expect(all.heat[6][2] == 2)
    }
}
