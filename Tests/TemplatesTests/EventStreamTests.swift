import ReportSupport
import Evidence
import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// The events of an archive on their way through several documents in one pass.
@Suite struct EventStreamTests {
    private let texts = [
        "events.csv": """
        id,created_at,action,actor_email
        {{#events}}
        {{id}},{{created_at}},{{action}},{{actor_email}}
        {{/events}}

        """,
        "twice.txt":
            "{{#events}}{{id}};{{/events}}|{{#events}}{{id}}{{^last()}},{{/last()}}{{/events}}|{{^events}}none{{/events}}\n",
        "report.xml": """
        <report>{{#events}}
        <event id="{{id}}"{{#actor_email}} email="{{actor_email}}"{{/actor_email}}/>{{/events}}</report>

        """,
        "audit-report.xsd": """
        <?xml version="1.0"?>
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="report"><xs:complexType><xs:sequence>
        <xs:element name="event" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:attribute name="id" use="required"><xs:simpleType><xs:restriction base="xs:string">
        <xs:pattern value="e[0-9]+"/></xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="email" type="xs:string"/></xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """,
    ]

    private func source(_ lines: [String]) throws -> EventSource {
        let root = temporaryPath()
        try FileManager.default.createDirectory(atPath: root + "/events", withIntermediateDirectories: true)
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: root + "/events/00000001.ndjson"))
        let segment = SegmentReference(
            file: "events/00000001.ndjson",
            sha256: "",
            count: lines.count,
            firstAt: "2026-01-01T00:00:00Z",
            lastAt: "2026-12-31T00:00:00Z"
        )
        return EventSource(root: root, segments: lines.isEmpty ? [] : [segment], range: nil)
    }

    private func line(_ number: Int, id: String? = nil, email: String = "") -> String {
        let seconds = String(format: "%02d:%02d:%02d", number / 3600, number / 60 % 60, number % 60)
        return """
            {"id":"\(id ?? "e\(number)")","action":"database.created","actor":{"id":"u","email":"\(email)"},\
            "created_at":"2026-03-17T\(seconds)Z"}
            """
    }

    private func publish(_ lines: [String]) throws -> (folder: String, bundle: PublishedBundle) {
        let output = temporaryPath()
        let values = TemplateValues(events: try source(lines), eventCount: lines.count)
        let facts = BundleFacts(
            organization: .init(id: "o", name: ""),
            folder: "o",
            period: .init(name: "all", kind: "all"),
            timeZone: "UTC",
            asOf: "2026-04-01T00:00:00Z",
            generatedAt: "2026-04-01T00:00:00Z",
            tool: "t",
            evidence: .init(head: "0123456789", entry: 1),
            inputs: [:],
            findings: []
        )
        let bundle = try BundlePublisher(output: output).publish(
            facts: facts,
            values: values,
            library: TemplateLibrary(texts: texts)
        )
        return (bundle.path, bundle)
    }

    @Test func streamsEventsIntoEveryDocument() throws {
        let count = 20_000
        let lines = (0..<count).map { line($0, email: $0 % 2 == 0 ? "a@b<\($0)" : "") }
        let (folder, bundle) = try publish(lines)
        let records = try CSVTests.parse(String(contentsOfFile: folder + "/events.csv", encoding: .utf8))
        #expect(records.count == count + 1)
        #expect(records[3] == ["e2", "2026-03-17T00:00:02Z", "database.created", "a@b<2"])
        let ids = (0..<count).map { "e\($0)" }
        let twice = try String(contentsOfFile: folder + "/twice.txt", encoding: .utf8)
        #expect(twice == ids.map { $0 + ";" }.joined() + "|" + ids.joined(separator: ",") + "|\n")
        let xml = try String(contentsOfFile: folder + "/report.xml", encoding: .utf8)
        #expect(xml.contains("<event id=\"e4\" email=\"a@b&lt;4\"/>\n<event id=\"e5\"/>"))
        #expect(bundle.files.first { $0.name == "events.csv" }?.rows == count)
        #expect(bundle.files.first { $0.name == "twice.txt" }?.rows == 2 * count)
    }

    @Test func rendersNoEvents() throws {
        let (folder, _) = try publish([])
        #expect(try String(contentsOfFile: folder + "/twice.txt", encoding: .utf8) == "||none\n")
        #expect(
            try String(contentsOfFile: folder + "/events.csv", encoding: .utf8)
                == "id,created_at,action,actor_email\r\n"
        )
    }

    @Test func namesTheLineThatTheSchemaRefuses() throws {
        let lines = (0..<5000).map { line($0, id: $0 == 4000 ? "wrong" : nil) }
        do {
            _ = try publish(lines)
            Issue.record("published")
        } catch let error as ReportingError {
            #expect(error.code == .invalidReport)
            #expect(error.summary.hasPrefix("report.xml:4002: "), "\(error.summary)")
        }
    }

    @Test func givesTheSameBytesAgain() throws {
        let lines = (0..<3000).map { line($0, email: nastyJSON($0)) }
        let one = try publish(lines).bundle
        let other = try publish(lines).bundle
        #expect(one.name == other.name && one.files == other.files)
    }

    private func nastyJSON(_ number: Int) -> String {
        let data = try? JSONSerialization.data(
            withJSONObject: nastyValues[number % nastyValues.count],
            options: .fragmentsAllowed
        )
        return String(String(decoding: data ?? Data(), as: UTF8.self).dropFirst().dropLast())
    }
}
