import Evidence
import Foundation
import Testing

/// Any clock can be wrong once: when entries were written, and how far their events can reach.
@Suite("Times of entries")
struct EntryTimesTests {
    /// An entry with one clock, or with the service's as well; `last` is its youngest event.
    private func entry(_ at: String, server: String? = nil, last: String? = nil, undated: Bool = false) throws
        -> LedgerEntry
    {
        var object: [String: Any] = [
            "entry": 1, "previous": "", "at": at, "kind": server == nil ? "import" : "pull", "organization": "o",
            "format": 2,
        ]
        if let server { object["clock"] = ["server": server, "local": at, "used": server < at ? "server" : "local"] }
        if let last {
            object["segments"] = [
                ["file": "events/1.ndjson", "sha256": "", "count": 1, "first_at": last, "last_at": last, "bytes": 1]
            ]
        }
        return try JSONDecoder().decode(LedgerEntry.self, from: JSONSerialization.data(withJSONObject: object))
    }

    private func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    private let november = "2026-11-27T12:00:00Z"

    @Test("Clocks that agree are believed before one alone, whichever comes first")
    func confirmed() throws {
        let sound = try entry(november, server: november)
        for wrong in ["2026-05-01T00:00:00Z", "2026-12-01T00:00:00Z"] {
            let times = EntryTimes([sound, try entry(wrong)])
            #expect(times.latest == at(max(wrong, november)), "\(wrong)")
            #expect(times.times[1].isKnown == (wrong > november))
        }
        let ahead = EntryTimes([try entry("2036-01-01T00:00:00Z"), sound])
        #expect(ahead.latest == at(november) && !ahead.times[0].isKnown && ahead.times[1].isKnown)
    }

    @Test("Where clocks differ the service's counts, and the day is not known")
    func differing() throws {
        for local in ["2036-01-01T00:00:00Z", "2026-02-01T00:00:00Z"] {
            let times = EntryTimes([try entry(local, server: november)])
            #expect(times.latest == at(november) && !times.times[0].isKnown)
        }
        let close = EntryTimes([try entry("2026-11-27T12:04:00Z", server: november)])
        #expect(close.times[0].isKnown && close.latest == at("2026-11-27T12:04:00Z"))
    }

    @Test("Of two clocks alone the events that are archived decide; where they don't, the earlier one was ahead")
    func alone() throws {
        let may = "2026-05-01T00:00:00Z"
        let behind = EntryTimes([try entry(november, last: "2026-10-10T00:00:00Z"), try entry(may)])
        #expect(behind.latest == at(november) && !behind.times[1].isKnown)
        let ahead = EntryTimes([try entry("2036-01-01T00:00:00Z", last: "2026-04-10T00:00:00Z"), try entry(may)])
        #expect(ahead.latest == at(may) && !ahead.times[0].isKnown)
    }

    @Test("What has not come yet was written by clocks that were ahead, however many agreed")
    func ahead() throws {
        let now = at("2026-11-28T12:00:00Z")
        let wrong = "2028-01-01T00:00:00Z"
        let entries = [
            try entry(november, server: november), try entry(wrong, server: wrong, last: "2026-11-28T00:00:00Z"),
        ]
        let times = EntryTimes(entries, now: now)
        #expect(
            times.latest == at(november) && times.aheadCount == 1 && !times.times[1].isKnown && times.times[0].isKnown
        )
        #expect(times.doubted { _ in true } == [InstantRange(from: at(november), to: nil)])
        // What came then can have happened up to whatever those clocks said.
        #expect(times.ends(entries) == [at(november), at(wrong)])
        #expect(EntryTimes(entries, now: at(wrong)) == EntryTimes(entries) && EntryTimes(entries).aheadCount == 0)
        // Minutes are what clocks may differ by.
        #expect(EntryTimes([try entry("2026-11-28T12:04:00Z")], now: now).aheadCount == 0)
        #expect(EntryTimes([try entry("2026-11-28T12:06:00Z")], now: now).aheadCount == 1)
        #expect(EntryTimes([entries[1]], now: now).latest == at("2026-11-28T00:00:00Z"))
        // The service's clock alone was ahead: this machine's counts, as far as a day is concerned nothing is known.
        let service = EntryTimes([try entry(november, server: wrong)], now: now)
        #expect(service.latest == at(november) && service.aheadCount == 0 && !service.times[0].isKnown)
    }

    @Test("Events reach to the latest of all clocks and events, and never behind what was written later")
    func ends() throws {
        func end(_ entries: LedgerEntry...) -> Instant? { EntryTimes(entries).ends(entries).first }
        let february = "2026-02-01T00:00:00Z"
        #expect(end(try entry(february, server: november)) == at(november))
        #expect(end(try entry(february, last: "2026-05-12T00:00:00Z")) == at("2026-05-12T00:00:00Z"))
        #expect(end(try entry("2036-01-01T00:00:00Z"), try entry(november, server: november)) == at(november))
        let late = [try entry(november, server: november), try entry(february)]
        #expect(EntryTimes(late).ends(late)[1] == at(november))
    }

    @Test("Ordinary archives are as they say")
    func ordinary() throws {
        let days = (1...9).map { "2026-03-0\($0)T02:00:05Z" }
        let times = EntryTimes(try days.map { try entry($0, server: $0, last: "2026-02-01T00:00:00Z") })
        #expect(times.times.allSatisfy(\.isKnown) && times.times.map(\.at) == days.map(at))
        #expect(times.latest == at("2026-03-09T02:00:05Z") && EntryTimes([]).latest == nil)
    }
}
