import Evidence
import Foundation
import Testing

/// Events are told apart by their ids as received, byte for byte.
@Suite struct EventIdentityTests {
    private static func event(_ id: [UInt8], action: String = "a") -> [UInt8] {
        Array(#"{"id":"#.utf8) + id + Array(#","action":"\#(action)","created_at":"2026-03-17T10:00:00Z"}"#.utf8)
    }

    private static func quoted(_ content: [UInt8]) -> [UInt8] { [0x22] + content + [0x22] }

    /// Ids that are shown alike, or that Unicode calls equivalent, each of them another value.
    private static let ids: [[UInt8]] =
        ["1", "\"1\"", "1.0", "true", "\"true\"", #""\ud800""#, #""\ud801""#, #""\udc00""#, #""\ufffd""#].map {
            Array($0.utf8)
        }
        + [[0xFF], [0xFE], [0xC3], [0xED, 0xA0, 0x80]].map(quoted)
        + ["caf\u{E9}", "cafe\u{301}", "x\u{FFFD}", "x"].map { quoted(Array($0.utf8)) }
        + [quoted([0x78, 0xFF]), quoted([0x78, 0x61])]

    private static func answer(_ lines: [[UInt8]]) -> [UInt8] {
        Array(#"{"events":["#.utf8) + lines.joined(separator: [44]) + Array("]}".utf8)
    }

    @Test func eachIDIsAnEventOfItsOwn() throws {
        try withTestArchive { archive in
            let lines = Self.ids.map { Self.event($0) }
            let page = try AuditLogPageContents(body: Self.answer(lines))
            #expect(Set(page.events.map(\.identity)).count == Self.ids.count)
            let entry = try archive.pull(body: Self.answer(lines + lines.reversed()))
            #expect(entry.new == Self.ids.count && entry.duplicates == Self.ids.count && entry.anomalies.isEmpty)
            #expect(try archive.importBytes(lines.reduce([]) { $0 + $1 + [10] }).new == 0)
            // By what is shown, then by what was received; a prefix first.
            let shown = try archive.ids()
            #expect(shown.count == Self.ids.count)
            #expect(zip(shown, shown.dropFirst()).allSatisfy { !$1.precedesInBytes($0) })
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test("Spellings of one text are one id")
    func spellings() throws {
        try withTestArchive { archive in
            let ids = [#""\uD800x""#, #""\ud800\u0078""#, #""caf\u00e9""#, "\"caf\u{E9}\""]
            let entry = try archive.pull(body: Self.answer(ids.map { Self.event(Array($0.utf8)) }))
            #expect(entry.unique == 2)
        }
    }

    @Test("The order in a segment is that in which segments are merged")
    func oneOrder() throws {
        try withTestArchive { together in
            try together.importBytes(Self.ids.reduce([]) { $0 + Self.event($1) + [10] })
            try withTestArchive { apart in
                for id in Self.ids { try apart.importBytes(Self.event(id) + [10]) }
                var lines: [[[UInt8]]] = []
                for archive in [together, apart] {
                    var raw: [[UInt8]] = []
                    _ = try archive.open().events(in: nil).forEachBlock { block in
                        for index in 0..<block.count { raw.append(Array(block[index].raw.bytes)) }
                    }
                    lines.append(raw)
                }
                #expect(lines[0] == lines[1] && lines[0].count == Self.ids.count)
            }
        }
    }

    @Test("Another content of one event hides no other event, and is missed for none", arguments: ids.indices)
    func supersededAndVanished(_ index: Int) throws {
        try withTestArchive { archive in
            let lines = Self.ids.map { Self.event($0) }
            try archive.importBytes(lines.reduce([]) { $0 + $1 + [10] })
            var served = lines
            served[index] = Self.event(Self.ids[index], action: "other")
            let entry = try archive.pull(body: Self.answer(served))
            #expect(entry.superseded.count == 1 && entry.anomalies.isEmpty && entry.new == 1)
            var shown: [[UInt8]] = []
            _ = try archive.open().events(in: nil).forEachBlock { block in
                for place in 0..<block.count { shown.append(Array(block[place].raw.bytes)) }
            }
            #expect(Set(shown) == Set(served) && shown.count == served.count)
        }
        try withTestArchive { archive in
            // An older event stays, so that none of them stands at the oldest end.
            let oldest = Array(#"{"id":"first","action":"a","created_at":"2026-03-16T10:00:00Z"}"#.utf8)
            let lines = Self.ids.map { Self.event($0) } + [oldest]
            try archive.pull(body: Self.answer(lines))
            var served = lines
            served.remove(at: index)
            let gone = try archive.pull(body: Self.answer(served)).anomalies
            #expect(gone.map(\.kind) == ["vanished"])
            // Named once, and the ledger says which of those that are shown alike it is.
            #expect(try archive.pull(body: Self.answer(served)).anomalies.isEmpty)
            var fewer = served
            fewer.remove(at: 0)
            let more = try archive.pull(body: Self.answer(fewer)).anomalies
            #expect(more.map(\.kind) == ["vanished"] && more != gone)
        }
    }

    @Test func theLedgerTellsWhatWasReceived() throws {
        try withTestArchive { archive in
            let lines = [Array("1".utf8), Self.quoted(Array("1".utf8)), Self.quoted([0xFF])].map { Self.event($0) }
            try archive.pull(body: Self.answer(lines + [Self.event(Array(#""stays""#.utf8))]))
            let gone = try archive.pull(body: Self.answer([Self.event(Array(#""stays""#.utf8))])).anomalies
            #expect(gone.map(\.event) == ["1", "1", "\u{FFFD}"])
            #expect(gone.map(\.identity) == [nil, "ff7631", "ff73fe7f"])
        }
    }

    @Test("What an archive of format 1 kept with U+FFFD is known again")
    func mendedByTheFirstVersion() throws {
        try withTestArchive { archive in
            try archive.pull(body: Self.answer([Self.event(Self.quoted(Array("x\u{FFFD}".utf8)))]))
            try archive.makeFirstFormat()
            let entry = try archive.pull(body: Self.answer([Self.event(Self.quoted([0x78, 0xFF]))]))
            #expect(entry.new == 0 && entry.anomalies.isEmpty && entry.alreadyArchived == 1)
        }
    }

    @Test("What an entry of format 1 names by what is shown is the odd id that is shown so")
    func namedByTheFirstVersion() throws {
        try withTestArchive { archive in
            let (odd, other) = (Array("17".utf8), Self.quoted(Array("stays".utf8)))
            try archive.importBytes(Self.event(odd) + [10])
            try archive.pull(body: Self.answer([Self.event(odd, action: "b"), Self.event(other)]))
            try archive.pull(body: Self.answer([Self.event(other)]))
            try archive.makeFirstFormat()
            #expect(try archive.open().entries.map(\.format) == [1, 1, 1])
            #expect(try archive.open().entries[1].superseded.map(\.identity) == [nil])
            #expect(try archive.ids() == ["17", "stays"])
            #expect(try archive.pull(body: Self.answer([Self.event(other)])).anomalies.isEmpty)
        }
    }
}

extension TestArchive {
    /// Takes out of the ledger what format 1 did not have.
    func makeFirstFormat() throws {
        let path = try open().path + "/ledger.ndjson"
        var previous = String(repeating: "0", count: 64)
        var ledger = ""
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            var object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            object["format"] = nil
            object["previous"] = previous
            func without(_ key: String, _ value: Any?) -> [[String: Any]] {
                (value as? [[String: Any]] ?? []).map { $0.filter { $0.key != key } }
            }
            object["segments"] = without("bytes", object["segments"])
            object["variants"] = without("bytes", object["variants"])
            for key in ["anomalies", "superseded"] { object[key] = without("identity", object[key]) }
            object["snapshots"] = (object["snapshots"] as? [String: Any])?.filter { $0.key != "bytes" }
            let bytes = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
            previous = Digest.sha256(bytes)
            ledger += String(decoding: bytes, as: UTF8.self) + "\n"
        }
        try ledger.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

/// Two contents of one event, compared as JSON values.
@Suite struct EventContentTests {
    private func kinds(_ before: [UInt8], _ after: [UInt8]) throws -> [String] {
        var kinds: [String] = []
        try withTestArchive { archive in
            let page = { (member: [UInt8]) in
                Array(#"[{"id":"e","action":"a","#.utf8) + member + Array("}]".utf8)
            }
            try archive.pull(body: page(before))
            kinds = try archive.pull(body: page(after)).anomalies.map(\.kind)
        }
        return kinds
    }

    @Test(arguments: [
        (#""x":1"#, #""x" : 1.0"#, []), (#""x":1"#, #""x":10e-1"#, []), (#""x":-0"#, #""x":0.0e7"#, []),
        (#""x":100"#, #""x":1E+2"#, []), (#""x":123456789012345678901"#, #""x":123456789012345678902"#, ["altered"]),
        (#""x":0.1"#, #""x":0.10000000000000001"#, ["altered"]), (#""x":1e400"#, #""x":10e399"#, []),
        (#""x":1e400"#, #""x":1e401"#, ["altered"]), (#""x":1"#, #""x":-1"#, ["altered"]),
        (#""x":1e-9223372036854775808"#, #""x":1e-9223372036854775807"#, ["altered"]),
        (#""x":[1,2]"#, #""x":[2,1]"#, ["altered"]), (#""x":{"a":1,"b":2}"#, #""x":{"b":2.0,"a":1}"#, []),
        (#""x":1,"x":2"#, #""x":1"#, []), (#""x":1,"x":2"#, #""x":2"#, ["altered"]),
        (#""x":{"a":1}"#, #""x":{"a":1,"b":1}"#, ["extended"]),
        (#""x":[{"a":1}]"#, #""x":[{"a":1,"b":1}]"#, ["altered"]),
        (#""x":{"a":1,"b":1}"#, #""x":{"a":1}"#, ["altered"]), (#""x":"a""#, #""x":"\u0061""#, []),
        ("\"x\":\"caf\u{E9}\"", "\"x\":\"cafe\u{301}\"", ["altered"]), ("\"x\":\"\u{E9}\"", #""x":"\u00e9""#, []),
        ("\"caf\u{E9}\":1", "\"cafe\u{301}\":1", ["altered"]), (#""x":"\ud800""#, #""x":"\ud801""#, ["altered"]),
        (#""x":true"#, #""x":1"#, ["altered"]), (#""x":"1""#, #""x":1"#, ["altered"]),
        (#""x":null"#, #""x":false"#, ["altered"]),
        (#""created_at":"2026-03-17T10:00:00Z""#, #""created_at":1773741600"#, []),
        (#""created_at":"2026-03-17T10:00:00Z""#, #""created_at":"2026-03-17 11:00:00,0+0100""#, []),
        (#""created_at":1773741600"#, #""created_at":1773741600001"#, ["altered"]),
        (#""created_at":"soon""#, #""created_at":"later""#, ["altered"]),
        (#""actor":{"email":"a"}"#, #""actor":{"email":"b"}"#, ["relabelled"]),
        (#""actor":{"id":1}"#, #""actor":{"id":"1"}"#, ["altered"]),
        (#""resource":{"name":"caf\u00e9"}"#, #""resource":{"name":"cafe\u0301"}"#, ["relabelled"]),
    ])
    func whatDiffers(before: String, after: String, expected: [String]) throws {
        #expect(try kinds(Array(before.utf8), Array(after.utf8)) == expected, "\(before) \(after)")
    }

    @Test("However deep two contents differ")
    func deepDifferences() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let deep = { (core: String) in
                let levels = 200_000
                let text = String(repeating: open, count: levels) + core + String(repeating: close, count: levels)
                return Array((#""x":"# + text).utf8)
            }
            #expect(try kinds(deep("1"), deep(" 1.0")) == [])
            #expect(try kinds(deep("1"), deep("2")) == ["altered"])
        }
    }

    @Test("Bytes that are no UTF-8 are compared as they are")
    func brokenUTF8() throws {
        func member(_ bytes: [UInt8]) -> [UInt8] { Array(#""x":""#.utf8) + bytes + [0x22] }
        #expect(try kinds(member([0xFF]), member([0xFE])) == ["altered"])
        #expect(try kinds(member([0xFF]), [0x20] + member([0xFF])) == [])
        #expect(try kinds(member([0xFF]), member(Array("\u{FFFD}".utf8))) == ["altered"])
        // An archive of the first version kept U+FFFD in their place.
        #expect(try kinds(member(Array("\u{FFFD}b".utf8)), member([0xFF, 0x62])) == [])
        #expect(try kinds(member(Array("\u{FFFD}b".utf8)), member([0xFF, 0x63])) == ["altered"])
    }
}
