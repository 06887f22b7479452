import ReportSupport
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct EscapingTests {
    private func escaped(_ text: String, _ format: OutputFormat) -> String {
        var counts = EscapingCounts()
        return Escaping(format: format).escaped(text, counts: &counts)
    }

    @Test(arguments: nastyValues)
    func keepsMarkupFromEnding(_ value: String) throws {
        for format in [OutputFormat.html, .xml] {
            let text = escaped(value, format)
            #expect(!text.contains { "<>\"'".contains($0) })
            #expect(!text.utf8.contains { $0 < 0x20 && $0 != 0x09 })
        }
        let validation = try SchemaValidation(fileName: "x.xml", schema: nil)
        let document = Array(
            "<a b=\"\(escaped(value, .xml))\" c='\(escaped(value, .xml))'>\(escaped(value, .xml))</a>".utf8
        )
        try validation.append(OutputSlice(document))
        try validation.finish()
    }

    @Test(arguments: nastyValues)
    func keepsJSONStringsWhole(_ value: String) throws {
        let expected = value.replacingOccurrences(of: "\0", with: "\u{FFFD}")
        let inside = try JSONSerialization.jsonObject(
            with: Data("{\"a\":\"\(escaped(value, .json))\"}".utf8)
        )
        // Foundation drops a byte order mark at the start of a string.
        let read = value.hasPrefix("\u{FEFF}") ? String(expected.dropFirst()) : expected
        #expect((inside as? [String: String])?["a"] == read)
        var counts = EscapingCounts()
        let bare = Escaping(.jsonBare).escaped(value, counts: &counts)
        _ = try JSONSerialization.jsonObject(with: Data(bare.utf8), options: .fragmentsAllowed)
    }

    @Test(arguments: nastyValues)
    func keepsJSONOnItsLine(_ value: String) {
        for format in [OutputFormat.jsonl, .ndjson] {
            #expect(escaped(value, format) == escaped(value, .json))
            #expect(!escaped(value, format).utf8.contains(10) && !escaped(value, format).utf8.contains(13))
        }
    }

    @Test(arguments: nastyValues)
    func keepsPlainTextOnOneLine(_ value: String) {
        let text = escaped(value, .txt)
        let hidden: [ClosedRange<UInt32>] = [
            0...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
        ]
        #expect(!text.unicodeScalars.contains { scalar in hidden.contains { $0.contains(scalar.value) } })
        let markdown = escaped(value, .md)
        #expect(!markdown.contains { $0.isNewline || $0 == "<" })
    }

    @Test func cutsLongValuesVisibly() {
        var counts = EscapingCounts()
        let long = String(repeating: "é", count: 700_000)
        let text = Escaping(.html).escaped(long, counts: &counts)
        #expect(counts.cut == 1)
        #expect(text.utf8.count < 1 << 20 + 100)
        #expect(text.hasSuffix("… (cut: 1048576 of 1400000 bytes)"))
    }

    @Test func countsReplacedCharacters() {
        var counts = EscapingCounts()
        #expect(Escaping(.xml).escaped("a\u{0}b\u{1}\u{FFFF}", counts: &counts) == "a\u{FFFD}b\u{FFFD}\u{FFFD}")
        #expect(counts.replaced == 3)
    }
}
