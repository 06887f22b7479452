import Evidence
import Foundation
import TestSupport
import Testing

/// Times are read in every form in which the field writes them (docs/archive-format.md).
@Suite struct EventTimeTests {
    /// `created_at` as reports print it, of an event with this JSON value; empty for an undated one.
    private func printed(_ value: String) throws -> String {
        var found = ""
        try withTestArchive { archive in
            try archive.importLines([#"{"id":"e","action":"a","created_at":\#(value)}"#])
            _ = try archive.open().events(in: nil).forEachBlock { block in
                found = block[0].createdAt.string
                #expect(block[0].isUndated == found.isEmpty)
                // The one parser reads what is printed as the same instant.
                if !found.isEmpty { #expect(Instant(rfc3339: found) == block[0].instant) }
            }
        }
        return found
    }

    @Test(arguments: [
        ("2026-03-28T11:07:00.000+0000", "2026-03-28T11:07:00.000Z"),
        ("2026-03-28T11:07:00+00", "2026-03-28T11:07:00Z"), ("2026-03-28t11:07:00z", "2026-03-28T11:07:00Z"),
        ("2026-03-28 11:07:00Z", "2026-03-28T11:07:00Z"), ("2026-03-28 11:07:00,5-0130", "2026-03-28T12:37:00.5Z"),
        ("2026-03-28T11:07:00,25Z", "2026-03-28T11:07:00.25Z"),
        ("2026-03-28T11:07:00.1234567891234+05", "2026-03-28T06:07:00.123456789Z"),
        ("2026-03-28T11:07:00." + String(repeating: "9", count: 300) + "Z", "2026-03-28T11:07:00.999999999Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"), ("2016-12-31T23:59:60,25+00", "2017-01-01T00:00:00.25Z"),
        ("2026-03-28T11:07:00-00:00", "2026-03-28T11:07:00Z"), ("2026-03-28T11:07:00+2359", "2026-03-27T11:08:00Z"),
        (#"2026-03-28T11:07:00\u002b0000"#, "2026-03-28T11:07:00Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"), ("9999-12-31T23:59:59.9Z", "9999-12-31T23:59:59.9Z"),
        // No zone, half a zone, no digits, beyond the years with four digits.
        ("2026-03-28T11:07:00", ""), ("2026-03-28T11:07:00+0", ""), ("2026-03-28T11:07:00+000", ""),
        ("2026-03-28T11:07:00+00:0", ""), ("2026-03-28T11:07:00+00-00", ""), ("2026-03-28T11:07:00.Z", ""),
        ("2026-03-28T11:07:00,Z", ""), ("2026-03-28T11:07:00 +0000", ""), ("2026-03-28T11:07:00+2400", ""),
        ("2026-03-28T11:07:00+0060", ""), ("2026-03-28T11:07Z", ""), ("2026-03-28T11:07:61Z", ""),
        ("9999-12-31T23:59:60Z", ""), ("0000-01-01T00:00:00+01", ""), ("9999-12-31T23:59:59-01", ""),
        ("1773741600", ""), ("1773741600123", ""), ("-1", ""), ("", ""),
    ])
    func texts(text: String, expected: String) throws {
        #expect(try printed("\"\(text)\"") == expected)
        if !text.contains("\\") { #expect((Instant(rfc3339: text) == nil) == expected.isEmpty) }
    }

    @Test(arguments: [
        ("1773741600", "2026-03-17T10:00:00Z"), ("1773741600123", "2026-03-17T10:00:00.123Z"),
        ("1773741600000", "2026-03-17T10:00:00.000Z"), ("1773741600.50", "2026-03-17T10:00:00.50Z"),
        ("1773741600123.456789123", "2026-03-17T10:00:00.123456789Z"), ("17737416e2", "2026-03-17T10:00:00Z"),
        ("1.7737416005E9", "2026-03-17T10:00:00.5Z"), ("1.773741600123e+12", "2026-03-17T10:00:00.123Z"),
        ("99999999999", "5138-11-16T09:46:39Z"), ("100000000000", "1973-03-03T09:46:40.000Z"),
        ("0", "1970-01-01T00:00:00Z"), ("-0", "1970-01-01T00:00:00Z"), ("0.000", "1970-01-01T00:00:00.000Z"),
        ("-1", "1969-12-31T23:59:59Z"), ("-1.25", "1969-12-31T23:59:58.75Z"), ("15e-4", "1970-01-01T00:00:00.0015Z"),
        ("0.00000000001", "1970-01-01T00:00:00.000000000Z"), ("-62167219200", "0000-01-01T00:00:00Z"),
        ("253402300799999", "9999-12-31T23:59:59.999Z"), ("0e99999999999999999999", "1970-01-01T00:00:00Z"),
        ("1e-99999999999999999999", "1970-01-01T00:00:00.000000000Z"),
        ("17737416" + String(repeating: "0", count: 400) + "e-398", "2026-03-17T10:00:00.000000000Z"),
        // Beyond the years with four digits.
        ("253402300800000", ""), ("-62167219201", ""), ("-100000000000", ""), ("1e400", ""), ("-1e400", ""),
        ("123456789012345678901234567890", ""), ("1e99999999999999999999", ""), ("9223372036854775808", ""),
        ("-9223372036854775808", ""), (String(repeating: "9", count: 5000), ""),
        ("true", ""), ("null", ""), ("[1773741600]", ""), (#"{"seconds":1}"#, ""),
    ])
    func numbers(value: String, expected: String) throws {
        #expect(try printed(value) == expected)
    }

    @Test func eventsAreSortedByTheirInstantsWhateverTheForm() throws {
        try withTestArchive { archive in
            try archive.importLines([
                #"{"id":"d","action":"a","created_at":1773741600.75}"#,
                #"{"id":"a","action":"a","created_at":"2026-03-17 09:00:00,1-0100"}"#,
                #"{"id":"c","action":"a","created_at":1773741600500}"#,
                #"{"id":"b","action":"a","created_at":"2026-03-17T12:00:00.25+02"}"#,
                #"{"id":"0","action":"a","created_at":"1773741600"}"#,
            ])
            #expect(try archive.ids() == ["0", "a", "b", "c", "d"])
            let day = InstantRange(from: Instant(rfc3339: "2026-03-17T00:00:00Z"), to: nil)
            #expect(try archive.ids(day) == ["a", "b", "c", "d"])
        }
    }

    @Test func reckoningWithInstantsNeverOverflows() {
        for seconds in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
            let instant = Instant(seconds: seconds, nanoseconds: 999_999_999)
            #expect(!instant.rfc3339.isEmpty)
            for step in [Int64.min, -1, 0, 1, .max] { #expect(!instant.adding(seconds: step).rfc3339.isEmpty) }
            #expect(CivilDate(daysSince1970: seconds).month > 0)
            _ = CivilDate(year: seconds, month: 12, day: 31).daysSince1970
        }
    }
}
