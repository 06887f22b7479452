import Foundation
import TestSupport
import Testing

@testable import Evidence

@Suite struct EventReadingTests {
    /// The fields of a line as the archive reads them back.
    private func fields(_ line: String) throws -> [String] {
        var found: [String] = []
        try withTestArchive { archive in
            try archive.importLines([line])
            _ = try archive.open().events(in: nil).forEachBlock { block in
                let event = block[0]
                found = [
                    event.id, event.createdAt, event.action, event.actorID, event.actorEmail, event.resourceType,
                    event.resourceID, event.resourceName, event.ipAddress,
                ].map(\.string)
            }
        }
        return found
    }

    @Test func anEventWithAnUnpairedSurrogateIsAnEvent() throws {
        let line = #"{"id":"evt-1","action":"a\ud800b","created_at":"2026-03-17T10:00:00Z"}"#
        #expect(try fields(line)[2] == "a\u{FFFD}b")
        let page = try AuditLogPageContents(body: Array(#"{"events":[\#(line)],"meta":{"total":1}}"#.utf8))
        #expect(page.lines == [Array(line.utf8)])
    }

    @Test func elementsThatAreNoEventsAreKeptAside() throws {
        let (one, other) = (line("evt-1"), line("evt-2", extra: #","n":"a\nb""#))
        let body =
            #"{"events":[\#(one), 12,"# + "\n  {\r\n \"action\" :\t\"evt-3\"}\n,{\n},"
            + #"null,"x", \#(other)],"meta":{"total":6}}"#
        let page = try AuditLogPageContents(body: Array(body.utf8))
        let expected = [one, "{ \"action\" :\t\"evt-3\"}", other]
        #expect(page.lines.map { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(page.unreadable.map { String(decoding: $0, as: UTF8.self) } == ["12", "{}", "null", "\"x\""])
        #expect(Set(page.events.map(\.identity)).count == 3)
        #expect(page.events.map { $0.instant == nil } == [false, true, false])
        #expect(try AuditLogPageContents(body: Array(#"{"events":[],"meta":{}}"#.utf8)).lines.isEmpty)
        #expect(try AuditLogPageContents(body: Array(#"{"events":[1],"meta":{}}"#.utf8)).events.isEmpty)
    }

    @Test(arguments: [
        (#""ip_address":"caf\u00e9 \ud83d\ude00 \"q\" \\ \/ \n""#, "café 😀 \"q\" \\ / \n"),
        (#""ip_address":12.50"#, "12.50"),
        (#""ip_address":true"#, "true"), (#""ip_address":null"#, ""), (#""ip_address":{"a":1}"#, ""),
        (#""ip_address":"""#, ""),
        (#""\u0069p_address":"x""#, "x"), (#""ip_address":"first","ip_address":"second""#, "first"),
    ])
    func readsValuesOfEveryShape(member: String, expected: String) throws {
        let line = #"{"id":"evt-1","action":"a",\#(member),"created_at":"2026-03-17T10:00:00Z"}"#
        #expect(try fields(line)[8] == expected)
    }

    @Test(arguments: [
        ("2026-03-17T10:00:00Z", "2026-03-17T10:00:00Z"), ("2026-03-17T10:00:00.120Z", "2026-03-17T10:00:00.120Z"),
        ("2026-03-17T00:30:00.5+02:00", "2026-03-16T22:30:00.5Z"), ("2024-02-29t23:59:60z", "2024-03-01T00:00:00Z"),
        ("2026-02-29T10:00:00Z", ""), ("2026-03-17", ""), ("soon", ""), ("2026-03-17T24:00:00Z", ""),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"), (String(repeating: #"\u0000"#, count: 10) + "T10:00:00Z", ""),
    ])
    func printsTimesInUTCWithTheDigitsReceived(text: String, expected: String) throws {
        #expect(try fields(#"{"id":"evt-1","action":"a","created_at":"\#(text)"}"#)[1] == expected)
    }

    @Test func aDateIsNotTakenForThatOfTheEventBefore() throws {
        let times = [
            "2026-03-17T10:00:00Z", "2026-03-17T11:00:00Z", "2026-02-30T10:00:00Z", "2026-03-17T25:00:00Z",
            "2026-03-18T10:00:00Z", "2026-03-17T12:00:00Z", "2026-03-1",
        ]
        var found: [String: String] = [:]
        try withTestArchive { archive in
            try archive.importLines(
                times.indices.map { #"{"id":"evt-\#($0)","action":"a","created_at":"\#(times[$0])"}"# }
            )
            _ = try archive.open().events(in: nil).forEachBlock { block in
                for index in 0..<block.count { found[block[index].id.string] = block[index].instant.rfc3339 }
            }
        }
        let undated = "1970-01-01T00:00:00Z"
        let expected = times.enumerated().map { [2, 3, 6].contains($0) ? undated : $1 }
        #expect(times.indices.map { found["evt-\($0)"] } == expected)
    }

    @Test func anyBytesAreReadOrRefusedAndNeverCrash() throws {
        let good = Array(line("evt-1", extra: #","x":[1,{"y":null}]"#).utf8)
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<4_000 {
            var bytes = good
            for _ in 0...next(4) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(UInt8(next(256)), at: next(bytes.count))
                }
            }
            let body = Array(#"{"events":["#.utf8) + bytes + Array("]}".utf8)
            if let page = try? AuditLogPageContents(body: body) {
                #expect(page.lines.count == page.events.count)
            }
        }
    }

    /// A segment that somebody damaged: every line is an event or counted as none, and every text is whole UTF-8.
    @Test("Damaged lines are read or counted, whatever they hold", arguments: testSeeds(1...6))
    func readsDamagedLines(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let pieces =
            [
                "\"", "\\", "\\u", "\\ud83d", "\\u0000", "{", "}", "[", "null", ",", ":", "1e999", "\t", "\r",
                "\"id\":", "\"actor\":{",
                "\"created_at\":\"2026-13-40T99:99:99Z\"", String(repeating: "\\\"", count: 40),
                String(repeating: "[", count: 2000),
            ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F], [0xED, 0xA0, 0x80]]
        let whole =
            Array(
                #"{"id":"e","action":"a.b","actor":{"id":"u","email":"é@x.org"},"resource":{"type":"t","id":"r","name":"n\u00e9"},"#
                    .utf8
            ) + Array(#""ip_address":"::1","created_at":"2026-03-17T10:00:00.5+02:00"}"#.utf8)
        var text: [UInt8] = []
        let count = 3000
        for _ in 0..<count {
            var line = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<line.count, using: &random)
                let end = Int.random(in: place...min(line.count, place + 12), using: &random)
                line.replaceSubrange(place..<end, with: pieces.randomElement(using: &random) ?? [])
                if line.isEmpty { line = [0x7B] }
            }
            text += line + [10]
        }
        try withTestArchive { archive in
            try archive.importLines([#"{"id":"e","action":"a","created_at":"2026-03-17T10:00:00Z"}"#])
            let segment = try #require(try archive.open().segments.first)
            try Data(text).write(to: URL(fileURLWithPath: archive.open().path + "/" + segment.file))
            var seen = 0
            let summary = try archive.open().events(in: nil).forEachBlockInAnyOrder { block in
                for index in 0..<block.count {
                    let event = block[index]
                    seen += 1
                    for view in [event.id, event.action, event.actorEmail, event.resourceName, event.createdAt] {
                        #expect(String(validating: view.bytes, as: UTF8.self) != nil)
                    }
                }
            }
            let read = try #require(summary.segments.first)
            #expect(read.count + read.unreadableLines == count && read.count == seen && !read.isIntact)
            #expect(read.unreadableLines > 100)
        }
    }

    /// Long segments are read ahead on another thread, in chunks that a line may be longer than.
    @Test func aLongSegmentIsReadWholeAndInOrder() throws {
        let count = 12_000
        let lines = (0..<count).map { number in
            let long = number % 5_000 == 4_999 ? String(repeating: "x", count: 700_000) : "\\u00e9"
            let time = String(format: "2026-03-17T%02d:%02d:%02dZ", number / 3600, number / 60 % 60, number % 60)
            return #"{"id":"evt-\#(number)","action":"\#(long)","created_at":"\#(time)"}"#
        }
        try withTestArchive { archive in
            try archive.importLines(lines)
            var seen = 0
            let source = try archive.open().events(in: nil)
            let summary = try source.forEachBlock { block in
                for index in 0..<block.count {
                    #expect(block[index].id.string == "evt-\(seen)")
                    seen += 1
                }
            }
            #expect(seen == count && summary.events == count)
            #expect(summary.segments.allSatisfy(\.isIntact) && summary.segments.first?.count == count)
            // Whoever stops early leaves nothing behind that reads on.
            struct Enough: Error {}
            #expect(throws: Enough.self) { _ = try source.forEachBlock { _ in throw Enough() } }
        }
    }
}

extension AuditLogPageContents {
    /// The events' JSON texts, each on one line, without line feeds.
    fileprivate var lines: [[UInt8]] { withLines { $0.split(separator: 10).map(Array.init) } }
}
