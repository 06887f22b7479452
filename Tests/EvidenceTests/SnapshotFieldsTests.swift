import Evidence
import Testing

/// Snapshots are compared by what they mean, byte for byte.
@Suite struct SnapshotFieldsTests {
    private func differences(_ before: String, _ after: String) throws -> [String] {
        let old = try #require(SnapshotFields(Array(before.utf8)))
        let new = try #require(SnapshotFields(Array(after.utf8)))
        return new.differences(from: old).map(\.name)
    }

    @Test func listsAreSetsAndValuesAreBytes() throws {
        #expect(try differences(#"{"r":["a","b","a"]}"#, #"{"r":["b","a"]}"#) == [])
        #expect(try differences(#"{"r":["a","b"]}"#, #"{"r":["b"]}"#) == ["r"])
        #expect(try differences(#"{"r":"caf\u00e9"}"#, #"{"r":"cafe\u0301"}"#) == ["r"])
        #expect(try differences(#"{"r":true}"#, #"{"r":"true"}"#) == ["r"])
        #expect(try differences(#"{"r":null}"#, #"{"r":false}"#) == ["r"])
        #expect(try differences(#"{"r":1.0,"s":2}"#, #"{ "s" : 2e0, "r":1 }"#) == [])
        #expect(try differences(#"{"r":12345678901234567890}"#, #"{"r":12345678901234567891}"#) == ["r"])
        #expect(try differences(#"{"caf\u00e9":1}"#, #"{"cafe\u0301":1}"#) == ["cafe\u{301}", "caf\u{e9}"])
    }

    @Test func newAndMissingFieldsAreToldFromNull() throws {
        let old = try #require(SnapshotFields(Array(#"{"a":null}"#.utf8)))
        let new = try #require(SnapshotFields(Array(#"{"b":1}"#.utf8)))
        let found = new.differences(from: old)
        #expect(found.map(\.name) == ["a", "b"])
        #expect(found[0].after == nil && found[1].before == nil)
    }

    @Test func whateverIsJSONIsRead() throws {
        let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
        let text = #"{"require_2fa":true,"x":1e400,"y":"# + deep + #","require_2fa":false,"z":"\ud800"}"#
        let members = try #require(SnapshotFields(Array(text.utf8))?.all)
        #expect(members.map(\.name) == ["require_2fa", "x", "y", "z"])
        #expect(members[0].value.text == "true" && members[1].value.text == "1e400")
        for broken in ["", "{", "{\"a\":}", "[1,]", "tru", "{\"a\":1}x", "\"\u{1}\"", "{\"a\" 1}"] {
            #expect(JSONValue(Array(broken.utf8)) == nil, "\(broken)")
        }
    }
}
