import Evidence
import Foundation
import ReportSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Files of JSON: values are what they are, and what is no JSON is never published.
@Suite struct JSONTests {
    private func isJSON(_ bytes: some Sequence<UInt8>, _ format: OutputFormat = .json) -> Bool {
        var check = JSONCheck(fileName: "x", format: format)
        do {
            try Array(bytes).withUnsafeBufferPointer { try check.append($0) }
            try check.finish()
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: [
        "0", "-0", "1.5e+10", "-12E-3", "true", " null ", "\"\"", "[]", "{}", "[[],{}]",
        "{\"a\":{\"b\":[1,2,{}]},\"a\":0}",
        "\"\\u00e9\\n\\/\\ud83d\\ude00é😀\u{7F}\"", "\r\n\t[1\n,2]\n", "123456789012345678901234567890.0",
    ])
    func acceptsJSON(_ text: String) { #expect(isJSON(text.utf8)) }

    @Test(arguments: [
        "", " ", "01", "-", "1.", ".5", "1e", "1e+", "+1", "tru", "truex", "nul", "NaN", "[1,]", "[,1]", "[1 2]", "{,}",
        "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{'a':1}", "[1}", "{\"a\":1]", "[", "{", "\"", "\"\\", "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "\"\t\"",
        "1 2", "{}{}",
        "]", "/* */1", "[1]]", "\u{FEFF}1", "\"a\"\"b\"", "1-2", "0x1", "--1",
    ])
    func refusesWhatIsNone(_ text: String) { #expect(!isJSON(text.utf8)) }

    @Test(
        arguments: [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xFF], [0xC3],
        ] as [[UInt8]]
    )
    func refusesBrokenUTF8(_ bytes: [UInt8]) { #expect(!isJSON([0x22] + bytes + [0x22])) }

    @Test func refusesWhatReadersCanNotFollow() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(isJSON(nested(JSONReader.deepest).utf8) && !isJSON(nested(JSONReader.deepest + 1).utf8))
    }

    /// Changed at random places, documents are JSON to this exactly where they are to Foundation's parser, which lets a comma
    /// stand before a bracket.
    @Test func agreesWithFoundation() {
        var random = SystemSeed(state: 11)
        let seeds = [
            #"{"a":[1,-2.5e3,true,null],"b":{"c":"x\u00e9\n","d":[]},"e":false}"#, #"["\ud83d\ude00",0,{"":""}]"#,
        ]
        let bytes = Array("{}[],:\"\\0123456789eE+-.tfnulrsa \n\u{01}".utf8)
        var differing: [String] = []
        for round in 0..<20_000 {
            var text = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text.remove(at: place)
                case 1: text.insert(bytes.randomElement(using: &random) ?? 0, at: place)
                default: text[place] = bytes.randomElement(using: &random) ?? 0
                }
            }
            let isReadable = (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
            let isLenient = String(decoding: text, as: UTF8.self).contains(/,\s*[\]}]/)
            if isReadable != isJSON(text), !(isLenient && isReadable) {
                differing.append(String(decoding: text, as: UTF8.self))
            }
        }
        #expect(differing.isEmpty, "\(differing.count), first \(differing.prefix(10))")
    }

    private struct SystemSeed: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test func linesAreTextsOfTheirOwn() {
        #expect(isJSON("".utf8, .ndjson) && isJSON("{}\n[1]\n".utf8, .jsonl) && isJSON("1\r\n2".utf8, .jsonl))
        #expect(!isJSON("{\n}\n".utf8, .ndjson) && !isJSON("1\n\n2\n".utf8, .ndjson) && !isJSON("1 2\n".utf8, .jsonl))
    }

    // MARK: Values

    private func sample() throws -> SampleReport {
        let actors = ["true", "12", "null", "", "007", "1e5", "\"", "\\", "a\nb", "{}"]
        return try SampleReport(
            events: actors.enumerated().map { number, actor in
                SampleReport.event("evt-\(number)", at: "2026-03-0\(number % 9 + 1)T10:00:00Z", actor: actor)
            }
        )
    }

    private func rendered(_ name: String, _ text: String) throws -> Data {
        let bundle = try sample().publish(TemplateLibrary(texts: [name: text]))
        return try Data(contentsOf: URL(fileURLWithPath: bundle.path + "/" + name))
    }

    @Test func valuesAreWhatTheyAre() throws {
        let text = """
            {"version":{{version}},"events":{{summary.events}},"has":{{summary.has_events}},"none":{{organization.plan}},
            "nothing":{{no_such_value}},"object":{{period}},"list":{{findings}},"as_of":{{as_of}},"inside":"{{no_such}}{{version}}",
            "rows":[{{#events}}{{^first()}},{{/first()}}
            {"actor":{{actor_id}},"quoted":"{{actor_id}}","last":{{last()}},"index":{{index()}}}{{/events}}],
            "actors":[{{#actors}}{{^first()}},{{/first()}}{"id":{{actor_id}},"count":{{count}},"text":"{{count}}"}{{/actors}}]}
            """
        let object = try #require(
            try JSONSerialization.jsonObject(with: rendered("x.json", text)) as? [String: Any]
        )
        #expect(object["version"] as? String == "1" && object["events"] as? Int == 10)
        #expect(object["has"] as? Bool == true && object["none"] is NSNull && object["nothing"] is NSNull)
        #expect(object["object"] as? String == "" && object["list"] as? Int == 0 && object["inside"] as? String == "1")
        let rows = try #require(object["rows"] as? [[String: Any]])
        let actors = Set(rows.map { $0["actor"] as? String ?? "missing" })
        #expect(actors == ["true", "12", "null", "missing", "007", "1e5", "\"", "\\", "a\nb", "{}"])
        #expect(rows.allSatisfy { ($0["quoted"] as? String ?? "") == ($0["actor"] as? String ?? "") })
        #expect(rows.map { $0["index"] as? Int } == (0..<10).map { $0 })
        #expect(rows.map { $0["last"] as? Bool } == (0..<10).map { $0 == 9 })
        let counted = try #require(object["actors"] as? [[String: Any]])
        #expect(counted.allSatisfy { $0["count"] as? Int == 1 && $0["text"] as? String == "1" })
    }

    @Test(arguments: [
        ("x.json", "{{#events}}{{id}},\n{{/events}}", 1), ("x.json", "[\n{{#events}}\n{{id}}\n{{/events}}\n]\n", 3),
        ("x.json", "{\n\"a\":\n{{version}}{{version}}}", 3),
        ("x.jsonl", "{{#events}}\n{\"id\":{{id}},}\n{{/events}}\n", 1),
        ("x.ndjson", "{{#events}}{{id}}\n\n{{/events}}", 2), ("x.json", "{{! nothing }}\n", 1),
        ("x.json", "{\"a\":tru}", 1), ("x.json", "{\"a\":\"{{version}}\",}", 1),
        ("x.ndjson", "{{#events}}{{id}} {{/events}}", 1),
    ])
    func noBundleWithoutJSON(_ name: String, _ text: String, _ line: Int) throws {
        let library = TemplateLibrary(texts: [name: text])
        #expect(library.check() == [])
        let error = #expect(throws: ReportingError.self) { try sample().publish(library) }
        #expect(error?.code == .invalidReport)
        let start = "the template \(name) renders no JSON: line \(line), "
        #expect(error?.summary.hasPrefix(start) == true, "\(error?.summary ?? "")")
    }
}
