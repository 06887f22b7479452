import ReportSupport
import Analysis
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct CSVTests {
    /// Reads RFC 4180 text strictly; independent of the code under test.
    static func parse(_ text: String) throws -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        let bytes = Array(text.utf8)
        var index = 0
        func end() {
            record.append(String(decoding: field, as: UTF8.self))
            field = []
            wasQuoted = false
        }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isQuoted {
                if byte == 0x22 {
                    if index < bytes.count, bytes[index] == 0x22 {
                        field.append(0x22)
                        index += 1
                    } else {
                        isQuoted = false
                        wasQuoted = true
                    }
                } else {
                    field.append(byte)
                }
            } else if byte == 0x22, field.isEmpty, !wasQuoted {
                isQuoted = true
            } else if byte == 0x2C {
                end()
            } else if byte == 0x0D {
                try #require(index < bytes.count && bytes[index] == 0x0A)
                index += 1
                end()
                records.append(record)
                record = []
            } else {
                try #require(byte != 0x22 && byte != 0x0A && !wasQuoted)
                field.append(byte)
            }
        }
        try #require(!isQuoted && record.isEmpty && field.isEmpty)
        return records
    }

    private static let formula = Result {
        try NSRegularExpression(
            pattern: "(?<![^,;|\\t\\r\\n])(?='*[ \\u00A0]*[=+\\-@\\t\\r\\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}])"
        )
    }

    /// What docs/report-format.md says a field becomes.
    static func expected(_ value: String) throws -> String {
        let text = value.replacingOccurrences(of: "\0", with: "\u{FFFD}")
        let range = NSRange(location: 0, length: text.utf16.count)
        return try formula.get().stringByReplacingMatches(in: text, range: range, withTemplate: "'")
    }

    /// Whether every formula of a field, as any program may take the field apart, has its apostrophe.
    static func isGuarded(_ field: String) throws -> Bool {
        let range = NSRange(location: 0, length: field.utf16.count)
        return try formula.get().matches(in: field, range: range).allSatisfy { match in
            (field as NSString).substring(from: match.range.location).hasPrefix("'")
        }
    }

    /// A field without the apostrophes that the tool put in front of formulas (docs/report-format.md).
    static func original(_ field: String) throws -> String {
        let pattern = try formula.get().pattern.replacing("(?='*", with: "'(?='*")
        return field.replacingOccurrences(of: pattern, with: "", options: .regularExpression)
    }

    @Test(arguments: [
        ("=1", "'=1"), ("a;=1", "a;'=1"), ("a, -b", "a,' -b"), ("a|'@b", "a|''@b"), ("a\t+b", "a\t'+b"),
        ("x;y|z,w", "x;y|z,w"), ("a-b=c", "a-b=c"), ("'=1;'=2", "''=1;''=2"), ("a\r\nb", "a\r'\nb"), (";;=", ";;'="),
    ]) func formulasAreGuardedWhereverACellMayBegin(_ value: String, _ field: String) throws {
        #expect(try Self.expected(value) == field)
        #expect(try Self.original(field) == value)
        let bytes = Array(value.utf8).withUnsafeBufferPointer { SpreadsheetText.guarded($0) } ?? Array(value.utf8)
        #expect(String(decoding: bytes, as: UTF8.self) == field)
    }

    @Test func writesEveryValueAsOneField() throws {
        let table = SampleTable(
            columns: [.init(name: "id", kind: .text), .init(name: "count", kind: .number)],
            rows: nastyValues.enumerated().map { [SampleCell($1), SampleCell(Int64($0) - 30)] }
        )
        let library = TemplateLibrary(texts: [
            "a.csv": "id,count,both\n{{#actors}}\n{{id}},{{count}},\"{{id}}, {{count}}\"\n{{/actors}}\n"
        ])
        let values = TemplateValues(tables: ["actors": table])
        let document = try library.documents([.csv])[0]
        let records = try Self.parse(engineRendering(document, values: values))
        #expect(records[0] == ["id", "count", "both"])
        for (index, value) in nastyValues.enumerated() {
            let record = records[index + 1]
            #expect(try Array(record[0].utf8) == Array(Self.expected(value).utf8))
            #expect(record[1] == String(index - 30))
            #expect(try Array(record[2].utf8) == Array(Self.expected("\(value), \(index - 30)").utf8))
        }
    }

    @Test func writesScalarsAsOneField() throws {
        for value in nastyValues {
            let library = TemplateLibrary(texts: ["a.csv": "a,{{x}},\"{{n}}\",{{m}}{{x}}\n"])
            let values = TemplateValues(scalars: ["x": .text(value), "n": .number(-5), "m": .number(-5)])
            let document = try library.documents([.csv])[0]
            let record = try Self.parse(engineRendering(document, values: values))[0]
            #expect(try Array(record[1].utf8) == Array(Self.expected(value).utf8))
            #expect(record[2] == "-5")
        }
    }

    @Test func writesOneEmptyFieldAsQuotes() throws {
        let table = SampleTable(columns: [.init(name: "id", kind: .text)], rows: [[SampleCell("")], [SampleCell("b")]])
        let library = TemplateLibrary(texts: ["a.csv": "{{#actors}}\n{{id}}\n{{/actors}}\n"])
        let values = TemplateValues(tables: ["actors": table])
        let document = try library.documents([.csv])[0]
        #expect(try engineRendering(document, values: values) == "\"\"\r\nb\r\n")
    }
}
