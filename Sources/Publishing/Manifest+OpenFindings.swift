import Templates
import Analysis
import Foundation

/// The manifest's longest list, written and passed over as text: a report may have thousands of open findings, and whoever
/// lists hundreds of bundles wants none of them.
extension Manifest {
    private static let begin = Array("\n  \"open_findings\" : [".utf8)
    private static let end = Array("\n  ],".utf8)
    /// What follows the list in the order of keys.
    private static let next = Array("\n  \"organization\" : {".utf8)

    /// The open findings as `JSONEncoder` would write them.
    static func text(of findings: [FindingComparison.Key]) throws -> [UInt8] {
        var text = begin
        for (index, finding) in findings.enumerated() {
            text.append(index == 0 ? "\n    {" : ",\n    {")
            try append("control", finding.control, to: &text)
            if let id = finding.id { try append("id", id, to: &text) }
            try append("severity", finding.severity, to: &text)
            try append("status", finding.status, to: &text)
            try append("subject", finding.subject, to: &text, isLast: true)
            text.append("\n    }")
        }
        if findings.isEmpty { text.append(UInt8(ascii: "\n")) }
        text += end
        return text
    }

    /// Puts the text of the open findings into a manifest that was encoded without them.
    static func insert(_ findings: [UInt8], into json: [UInt8]) -> [UInt8] {
        // A line break in a value is escaped, so this is the key and nothing else.
        guard let place = json.place(of: next, from: 0) else { return json }
        return json[..<place] + findings + json[place...]
    }

    private static func append(_ name: String, _ value: String, to text: inout [UInt8], isLast: Bool = false) throws {
        text.append("\n      \"")
        text.append(name)
        text.append("\" : ")
        var plain = value
        let isPlain = plain.withUTF8 { bytes in
            bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
        if isPlain {
            text.append(UInt8(ascii: "\""))
            text.append(plain)
            text.append(UInt8(ascii: "\""))
        } else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            text += try encoder.encode(value)
        }
        if !isLast { text.append(UInt8(ascii: ",")) }
    }

    /// A manifest's text without its open findings; the same text where they are not written as above.
    static func withoutOpenFindings(_ json: [UInt8]) -> [UInt8] {
        guard let first = json.place(of: begin, from: 0),
            let last = json.place(of: end, from: first + begin.count)
        else { return json }
        return Array(json[..<first]) + json[(last + end.count)...]
    }
}

extension [UInt8] {
    /// Where bytes that begin with a line break stand first, from a place on.
    fileprivate func place(of bytes: [UInt8], from start: Int) -> Int? {
        withUnsafeBytes { text in
            guard let base = text.baseAddress else { return nil }
            var place = start
            while place + bytes.count <= text.count, let found = memchr(base + place, 10, text.count - place) {
                place = UnsafeRawPointer(found) - base
                guard place + bytes.count <= text.count else { return nil }
                if memcmp(base + place, bytes, bytes.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }
}
