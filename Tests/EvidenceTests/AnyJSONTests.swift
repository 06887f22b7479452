import CSimdJSON
import Evidence
import Foundation
import TestSupport
import Testing

/// Whatever is valid JSON is evidence: archived as received, by pull and import alike.
@Suite struct AnyJSONTests {
    private static let deep = 100_000

    /// A member that an event has beside its own, as bytes.
    private static let members: [(name: String, member: [UInt8])] = [
        ("a number beyond 64 bits", Array(#""n":123456789012345678901234567890"#.utf8)),
        ("a number beyond doubles", Array(#""n":[1e400,-1E+999999999,0.1e-5000]"#.utf8)),
        ("a long number", Array(#""n":"#.utf8) + [UInt8](repeating: 0x37, count: 5000)),
        (
            "deep arrays",
            Array((#""x":"# + String(repeating: "[", count: deep) + String(repeating: "]", count: deep)).utf8)
        ),
        (
            "deep objects",
            Array(
                (#""x":"# + String(repeating: #"{"a":"#, count: deep) + "1" + String(repeating: "}", count: deep)).utf8
            )
        ),
        ("duplicate keys", Array(#""x":1,"x":2,"action":3,"id":"other""#.utf8)),
        ("an unpaired surrogate", Array(#""x":"\ud800","y\udfff":["\uDBFF\u0041"]"#.utf8)),
        (
            "broken UTF-8",
            Array(#""x":""#.utf8) + [0xFF, 0xC3, 0x41, 0xED, 0xA0, 0x80, 0xF4, 0x90] + Array(#"","y":[]"#.utf8)
        ),
        ("broken UTF-8 in a key", Array(#""x"#.utf8) + [0xFE] + Array(#"":null"#.utf8)),
    ]

    private static func line(_ id: String, _ member: [UInt8]) -> [UInt8] {
        Array(#"{"id":"\#(id)","action":"a","created_at":"2026-03-17T10:00:00Z","actor":{"id":"u"},"#.utf8) + member
            + Array("}".utf8)
    }

    @Test("Pull and import archive the bytes received", arguments: members.indices)
    func isArchivedAsReceived(_ index: Int) throws {
        let (name, member) = Self.members[index]
        let odd = Self.line("e-2", member)
        let lines = [Self.line("e-1", Array(#""x":0"#.utf8)), odd, Self.line("e-3", Array(#""x":0"#.utf8))]
        let file = lines.reduce([]) { $0 + $1 + [10] }
        try withTestArchive { pulled in
            try pulled.pull(body: Self.answer(lines))
            try withTestArchive { imported in
                try imported.importBytes(file)
                let archives = try [pulled.open(), imported.open()]
                for archive in archives {
                    #expect(try Files.bytes(archive.path + "/events/00000001.ndjson") == file, "\(name)")
                }
                #expect(archives[0].segments == archives[1].segments, "\(name)")
                #expect(try pulled.ids() == ["e-1", "e-2", "e-3"])
                #expect(try imported.discrepancies().isEmpty)
                // Nothing new, and nothing changed, the other way round, too.
                #expect(try pulled.importBytes(file).anomalies.isEmpty)
                #expect(try imported.pull(body: Self.answer(lines)).anomalies.isEmpty)
                #expect(try pulled.open().segments.count == 1)
            }
        }
    }

    private static func answer(_ elements: [[UInt8]]) -> [UInt8] {
        Array(#"{"events":["#.utf8) + elements.joined(separator: [44]) + Array(#"],"meta":{"total":3}}"#.utf8)
    }

    @Test("A million levels are read, and refused where one is missing")
    func aMillionLevels() throws {
        let levels = 1_000_000
        let deep = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let page = try AuditLogPageContents(body: Self.answer([Self.line("e", Array((#""x":"# + deep).utf8))]))
        #expect(page.events.count == 1)
        #expect(throws: AuditLogPageContents.Refusal.notJSON) {
            try AuditLogPageContents(body: Self.answer([Self.line("e", Array((#""x":["# + deep).utf8))]))
        }
    }

    @Test("Only the field that can't be read is unknown")
    func otherFieldsStay() throws {
        try withTestArchive { archive in
            try archive.importBytes(
                Array(#"{"id":[],"action":"a","action":1,"actor":{"id":{"x":1e999},"email":"m"},"resource":"r","#.utf8)
                    + Array(#""ip_address":null,"created_at":"2026-03-17T10:00:00Z","n":1e999}"#.utf8) + [10]
            )
            _ = try archive.open().events(in: nil).forEachBlock { block in
                let event = block[0]
                #expect(event.id.string.hasPrefix("sha256:") && event.action.string == "a")
                #expect(event.actorID.isEmpty && event.actorEmail.string == "m" && event.resourceID.isEmpty)
                #expect(event.createdAt.string == "2026-03-17T10:00:00Z")
            }
        }
    }

    @Test(
        "What is not JSON is none, for pull and import",
        arguments: [
            #"{"id":"e","action":"a","x":01}"#, #"{"id":"e","action":"a","x":1e999,}"#,
            #"{"id":"e","action":"a","x":+1}"#,
            #"{"id":"e","action":"a","x":"\x"}"#, #"{"id":"e","action":"a","x":"\ud8"}"#,
            #"{"id":"e","action":"a","x":nul}"#,
            #"{"id":"e","action":"a","x":[1e999}"#, #"{"id":"e","action":"a","x":1e999} {}"#,
            #"{"id":"e","action":"a",1:2}"#,
            "{\"id\":\"e\",\"action\":\"a\",\"x\":\"\u{1}\\ud800\"}", #"{"id":"e","action":"a","x":1e}"#,
            "{\"id\":\"e\u{0}\"}",
        ]
    )
    func notJSON(_ line: String) throws {
        try withTestArchive { archive in
            let error = #expect(throws: EvidenceError.self) { try archive.importLines([line]) }
            #expect(error?.summary == "lines.ndjson:1 is not JSON")
            #expect(throws: AuditLogPageContents.Refusal.notJSON) {
                try AuditLogPageContents(body: Self.answer([Array(line.utf8)]))
            }
        }
    }

    @Test func brokenUTF8BetweenTokensIsNotJSON() throws {
        let line = Array(#"{"id":"e","action":"a","x":1"#.utf8) + [0xFF] + Array("}".utf8)
        #expect(throws: AuditLogPageContents.Refusal.notJSON) { try AuditLogPageContents(body: Self.answer([line])) }
        try withTestArchive { archive in
            #expect(throws: EvidenceError.self) { try archive.importBytes(line + [10]) }
        }
    }

    @Test(
        "An event is an object with an action that is a text",
        arguments: [
            (#"{"id":"e","foo":1}"#, "has no action"), (#"{"action":null}"#, "has no action"),
            (#"{"action":7}"#, "has no action"),
            (#"{"action":["a"],"action":"a"}"#, "has no action"), (#"{"event":{"action":"a"}}"#, "has no action"),
            (#"{"n":1e999}"#, "has no action"), ("[]", "no object"), (#""action""#, "no object"),
            ("1e999", "no object"),
            (#"{"action":""}"#, nil), (#"{"action":"\ud800"}"#, nil), (#"{"\u0061ction":"a"}"#, nil),
        ]
    )
    func whatAnEventIs(line: String, refusal: String?) throws {
        try withTestArchive { archive in
            // A line before that has the same shape but for the action.
            let before = #"{"id":"0","action":"a","foo":1}"#
            let page = try AuditLogPageContents(body: Self.answer([Array(before.utf8), Array(line.utf8)]))
            #expect(page.events.count == (refusal == nil ? 2 : 1))
            #expect(page.unreadable == (refusal == nil ? [] : [Array(line.utf8)]))
            guard let refusal else {
                try archive.importLines([before, line])
                return
            }
            let error = #expect(throws: EvidenceError.self) { try archive.importLines([before, before, line]) }
            #expect(error?.summary.hasPrefix("lines.ndjson:3 ") == true && error?.summary.contains(refusal) == true)
            #expect(throws: EvidenceError.self) { try archive.open() }
        }
    }

    @Test func archivedObjectsWithoutActionStayShown() throws {
        try withTestArchive { archive in
            try archive.importLines([#"{"id":"a","action":"x"}"#])
            let segment = try #require(try archive.open().segments.first)
            let lines = #"{"id":"b"}"# + "\n" + #"{"id":"c","action":12}"# + "\n" + #"{"id":"d","n":1e999}"# + "\n"
            try Data(lines.utf8).write(to: URL(fileURLWithPath: archive.open().path + "/" + segment.file))
            #expect(try archive.ids() == ["b", "c", "d"])
        }
    }

    @Test("An answer beyond the bounds is refused as such")
    func bounds() throws {
        let most = AuditLogPageContents.mostEvents
        let event = #"{"action":"a"}"#
        let full = "[" + Array(repeating: event, count: most).joined(separator: ",") + "]"
        #expect(try AuditLogPageContents(body: Array(full.utf8)).events.count == most)
        let more = full.dropLast() + ",{}]"
        #expect(throws: AuditLogPageContents.Refusal.tooLarge) { try AuditLogPageContents(body: Array(more.utf8)) }
        let long = "[{\"x\":\"" + String(repeating: "x", count: AuditLogPageContents.mostBytes) + "\"}]"
        #expect(throws: AuditLogPageContents.Refusal.tooLarge) { try AuditLogPageContents(body: Array(long.utf8)) }
        // Counted no further, however many there are.
        let empty = "{\"events\":[" + String(repeating: "{},", count: 5_000_000) + "{}]}"
        #expect(throws: AuditLogPageContents.Refusal.tooLarge) { try AuditLogPageContents(body: Array(empty.utf8)) }
    }

    @Test(
        "Numbers of a page are read where they are whole, however they are written; others are absent",
        arguments: [
            ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("1e3", 1_000), ("1e400", nil),
            ("-1", nil), ("12.0", 12), ("\"7\"", 7), ("null", nil), ("[1]", nil), ("0", 0),
            ("123456789012345678901234567890", nil), ("2.5e2", 250), ("2500E-1", 250), ("250.000", 250),
            ("0.0025e+5", 250), ("250.5", nil), ("2.55e1", nil), ("1e-400", nil), ("0e400", 0), ("-0", 0), ("-0.0", 0),
            ("-2.5e2", nil), ("9223372036854775807.0", Int.max), ("9.223372036854775808e18", nil),
            ("0.1e99999999999999999999", nil), ("\"250\"", 250), ("\"0250\"", 250),
            ("\"9223372036854775808\"", nil), ("\"-1\"", nil), ("\"250.0\"", nil), ("\"2e2\"", nil),
            ("\"\"", nil), ("\" 7\"", nil), ("\"NaN\"", nil), ("\"0x10\"", nil), ("\"٣\"", nil), ("true", nil),
            ("{\"a\":1}", nil),
        ]
    )
    func pageNumbers(text: String, expected: Int?) throws {
        let meta = ["per_page", "total", "total_pages"].map { "\"\($0)\":\(text),\"\($0)\":5" }
        let page = try AuditLogPageContents(
            body: Array("{\"meta\":{\(meta.joined(separator: ","))},\"events\":[]}".utf8)
        )
        #expect([page.perPage, page.total, page.totalPages] == [expected, expected, expected])
    }

    @Test(
        "Lists of events in every envelope",
        arguments: [
            (#"[{"action":"a"}]"#, 1), (#"{"data":[{"action":"a"}]}"#, 1),
            (#"{"data":{"events":[{"action":"a"}],"meta":{}}}"#, 1),
            (#"{"data":[],"events":[{"action":"a"}]}"#, 1), (#"{"events":null}"#, 0), (#"{"data":{"events":null}}"#, 0),
            (#"{"\u0065vents":[{"action":"a"}]}"#, 1), (#"{"events":7,"data":[{"action":"a"}]}"#, 1),
            (#"{"x":[1]}"#, nil), (#"{"events":{}}"#, nil), ("7", nil), (#"{"data":{"x":[]}}"#, nil),
        ]
    )
    func envelopes(body: String, count: Int?) throws {
        if let count {
            #expect(try AuditLogPageContents(body: Array(body.utf8)).events.count == count)
        } else {
            #expect(throws: AuditLogPageContents.Refusal.withoutEvents) {
                try AuditLogPageContents(body: Array(body.utf8))
            }
        }
    }

    @Test("Of two totals the larger counts, of two other numbers the first")
    func twoMetas() throws {
        for (outer, inner) in [(50, 250), (250, 50)] {
            let data = #"{"events":[],"meta":{"total":\#(inner),"per_page":1}}"#
            let text = #"{"data":\#(data),"meta":{"total":\#(outer),"per_page":2}}"#
            let page = try AuditLogPageContents(body: Array(text.utf8))
            #expect(page.total == 250 && page.perPage == 1)
        }
    }

    @Test(
        "What an answer says beside its events: that more follow, and that something went wrong",
        arguments: [
            (#""has_more":true"#, true), (#""meta":{"next":"/v1/x"}"#, true), (#""data":{"next_cursor":"a"}"#, true),
            (#""pagination":{"has_more":true}"#, true), (#""meta":{"pagination":{"next":2}}"#, true),
            (#""h\u0061s_more":true"#, true), (#""has_more":false,"next":null,"next_cursor":"","x":{"next":1}"#, false),
            (#""error":null,"errors":[],"meta":{"next":{}}"#, false), (#""error":{"code":"partial"}"#, nil),
            ("\"error\":{ },\"errors\":[\t\r\n],\"next\":{\n}", false),
            (#""next":{ "a":1}"#, true), (#""errors":[ 0 ]"#, nil),
            (#""errors":[{"message":"m"}]"#, nil), (#""data":{"error":"m"}"#, nil), (#""meta":{"error":"m"}"#, nil),
        ]
    )
    func remarks(beside: String, hasMore: Bool?) throws {
        for events in ["[]", "null", #"[{"action":"a","error":"of its own","has_more":true}]"#] {
            let body = Array("{\"events\":\(events),\(beside)}".utf8)
            guard let hasMore else {
                #expect(throws: AuditLogPageContents.Refusal.withError) { try AuditLogPageContents(body: body) }
                continue
            }
            #expect(try AuditLogPageContents(body: body).hasMore == hasMore, "\(beside)")
        }
        // Members of its own may be nested without bound.
        let deep = (String(repeating: #"{"pagination":"#, count: 99_999), String(repeating: "}", count: 99_999))
        let body = Array("{\"events\":[],\"pagination\":\(deep.0)1\(deep.1)}".utf8)
        #expect(try AuditLogPageContents(body: body).hasMore == false)
    }

    @Test("A line beyond 64 MiB is refused with its file and line")
    func longLines() throws {
        try withTestArchive { archive in
            let long = Array(#"{"action":"a","x":""#.utf8) + [UInt8](repeating: 0x78, count: 64 << 20)
            for end in [[], Array("\"}\n".utf8)] {
                let error = #expect(throws: EvidenceError.self) {
                    try archive.importBytes(Array(#"{"action":"a"}"#.utf8) + [10] + long + end)
                }
                #expect(error?.summary == "lines.ndjson:2 is longer than 64 MiB")
            }
        }
    }

    /// What simdjson refuses is left to our reader, so both agree unless ours refuses what simdjson takes, or reads it otherwise.
    @Test("Our own reader reads what simdjson reads", arguments: testSeeds(1...6))
    func readsAlike(_ seed: UInt64) throws {
        print("AnyJSONTests.readsAlike: seed \(seed)")
        var random = SplitMix(state: seed)
        let parsers = try (0..<2).map { _ in try #require(heed_parser_create()) }
        defer { for parser in parsers { heed_parser_free(parser) } }
        let pieces = [
            "\"", "\\", "\\u0041", "\\ud83d", "{", "}", "[", "]", ",", ":", " ", "null", "17", "-0.5e-3",
            "1773741600123", "é",
            "\"action\":", "+01", String(repeating: "[", count: 40), "\u{FFFD}", "true",
        ]
        let layouts = [
            #"{"id":"e-1","action":"a.b","actor":{"id":"u","email":"u@x"},"created_at":"2026-03-17T10:00:00Z"}"#,
            #"{"created_at":1773741600.25,"id":17,"note":{"a":["b",1,{}]},"action":"a","resource":{"id":true,"type":"t"}}"#,
        ]
        var accepted = 0
        for number in 0..<3000 {
            var text = layouts[number % layouts.count]
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = text.unicodeScalars.indices.randomElement(using: &random) ?? text.startIndex
                text.unicodeScalars.insert(
                    contentsOf: (pieces.randomElement(using: &random) ?? "").unicodeScalars,
                    at: place
                )
            }
            text = text.trimmingCharacters(in: .whitespaces)
            let line = Array(text.utf8) + [UInt8](repeating: 0x78, count: EventScanner.padding)
            line.withUnsafeBufferPointer { bytes in
                var (one, other) = (heed_event(), heed_event())
                let count = bytes.count - EventScanner.padding
                let status = heed_parse_line(parsers[0], bytes.baseAddress, count, 1, &one)
                #expect(heed_parse_line_plainly(parsers[1], bytes.baseAddress, count, &other) == status, "\(text)")
                #expect(Self.texts(one) == Self.texts(other), "\(text)")
                accepted += status == 0 ? 1 : 0
            }
            for parser in parsers { heed_parser_reset(parser) }
        }
        #expect(accepted > 500)
    }

    private static func texts(_ event: heed_event) -> [[UInt8]] {
        withUnsafePointer(to: event) { event in
            [event.pointee.raw] + EventField.all.map { heed_event_text(event, $0.number).pointee }
        }
        .map { Array(UnsafeBufferPointer(start: $0.bytes, count: Int($0.count + $0.suffix))) }
            + [Array("\(event.seconds) \(event.nanoseconds) \(event.undated)".utf8)]
    }
}

private enum Files {
    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}

extension TestArchive {
    /// Imports a file of these bytes.
    @discardableResult
    func importBytes(_ bytes: [UInt8]) throws -> LedgerEntry {
        let path = root + ".bytes"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let session = try writer().beginImport()
        let handle = try #require(FileHandle(forReadingAtPath: path))
        try session.add(contentsOf: handle.fileDescriptor, named: "lines.ndjson")
        return try session.commit(now: Self.now)
    }

    /// Pulls one answer, the whole log.
    @discardableResult
    func pull(body: [UInt8]) throws -> LedgerEntry {
        let session = try writer().beginPull()
        let page = try AuditLogPageContents(body: body)
        session.stageSnapshots(
            [.organization: Array(#"{"id":"org-1"}"#.utf8), .settings: Array("{}".utf8)],
            servedAt: Self.now
        )
        _ = try session.stage(page, number: 1)
        try session.note(checkpoint: "page 1", pass: 1, isResumed: false, requests: 1, retries: 0)
        return try session.commit(account(page.events.count), now: Self.now)
    }
}
