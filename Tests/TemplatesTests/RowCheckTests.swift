import Evidence
import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Rows of report.xml that libxml2 does not see: what the check lets pass, libxml2 lets pass, too.
@Suite("Rows are checked as the schema says")
struct RowCheckTests {
    private let schema: [UInt8]
    private let check: RowCheck

    init() throws {
        schema = try #require(try TemplateLibrary(overlay: nil).schema(of: "report.xml")).text
        check = try #require(RowSchema(ofChildOf: "events", in: schema).flatMap { RowCheck($0) })
    }

    private enum Verdict {
        case valid, doubtful, foreign
    }

    /// What a text is as a whole.
    private func verdict(_ text: String) -> Verdict { verdict(Array(text.utf8), check) }

    private func verdict(_ text: [UInt8], _ check: RowCheck) -> Verdict {
        text.withUnsafeBufferPointer { text in
            var lines = 0
            let begin = RowCheck.skipSpace(text, from: 0, lines: &lines)
            switch check.verdict(text, from: begin) {
            case .valid(text.count, _): return .valid
            case .doubtful(text.count): return .doubtful
            case .valid, .doubtful, .foreign: return .foreign
            }
        }
    }

    @Test("The table says what the schema says")
    func tableIsThatOfTheSchema() throws {
        for (parent, row) in RowSchema.ofReport {
            #expect(RowSchema(ofChildOf: parent, in: schema) == row, "\(parent)")
        }
    }

    @Test("The schema tells which element repeats, and its attributes")
    func readsSchema() throws {
        let events = try #require(RowSchema(ofChildOf: "events", in: schema))
        #expect(String(decoding: events.element, as: UTF8.self) == "event")
        #expect(events.attributes.count == EventField.count)
        #expect(events.attributes.filter(\.isRequired).map { String(decoding: $0.name, as: UTF8.self) } == ["id"])
        let findings = try #require(RowSchema(ofChildOf: "findings", in: schema))
        guard case .sequence(let parts) = findings.content else {
            Issue.record("findings have content")
            return
        }
        #expect(
            parts.map { String(decoding: $0.element.element, as: UTF8.self) }
                == ["title", "subject", "detail", "remediation", "framework", "event", "waiver"]
        )
        #expect(parts.map(\.repeats) == [false, false, false, false, true, true, true])
        // Segments are compared with one another, and nothing has the last name.
        for parent in ["evidence", "report", "nothing"] {
            #expect(RowSchema(ofChildOf: parent, in: schema) == nil, "\(parent)")
        }
    }

    private static let attribute = "<xs:attribute name=\"ip_address\" type=\"present\"/>"
    private static let changes = [
        (from: "<xs:sequence>\n", to: "<xs:sequence maxOccurs=\"2\">\n"),
        (from: "xpath=\"a:segment\"", to: "xpath=\"a:event\""),
        (from: "<xs:minLength value=\"1\"/>", to: "<xs:minLength value=\"1\"/><xs:maxLength value=\"9\"/>"),
        (from: "memberTypes=\"xs:dateTime year_zero\"", to: "memberTypes=\"year_zero\""),
        (from: attribute, to: attribute.dropLast(2) + " fixed=\"1\"/>"),
        (from: attribute, to: "<xs:anyAttribute/>"),
    ]

    @Test("A schema that could mean more than it seems to is left to libxml2", arguments: changes)
    func refusesUnknown(_ change: (from: String, to: String)) {
        let text = String(decoding: schema, as: UTF8.self)
        let begin = text.range(of: "complexType name=\"events\"")?.lowerBound ?? text.startIndex
        let isOfEvents = change.from.hasPrefix("<xs:seq") || change.from == Self.attribute
        let range = isOfEvents ? begin..<text.endIndex : nil
        let changed = text.replacingOccurrences(of: change.from, with: change.to, range: range)
        #expect(changed != text)
        #expect(RowSchema(ofChildOf: "events", in: Array(changed.utf8)) == nil)
    }

    @Test("What is a row, and what is not")
    func verdicts() {
        #expect(verdict("    <event id=\"e\"/>") == .valid)
        #expect(verdict("<event id=\"e\" created_at=\"2026-03-17T10:00:00.123456789Z\" action=\"a&amp;b\"/>") == .valid)
        #expect(verdict("<event action=\"é€😀\" id=\"'>\"/>") == .valid)
        for line in [
            "<event/>", "<event id=\"\"/>", "<event id=\"e\" id=\"e\"/>", "<event id=\"e\" action=\"\"/>",
            "<event id=\"&nbsp;\"/>", "<event id=\"&\"/>", "<event id=\"a<b\"/>", "<event id=\"\u{1}\"/>",
            "<event id=\"\u{FFFF}\"/>", "<event id=\"e\" created_at=\"2026-02-29T10:00:00Z\"/>",
            "<event id=\"e\" created_at=\"0000-01-01T10:00:00Z\"/>",
            "<event id=\"e\" created_at=\"2026-01-01T10:00:00+01:00\"/>",
            "<event id=\"e\" created_at=\"2026-01-01T10:00:00.Z\"/>",
        ] { #expect(verdict(line) == .doubtful, "\(line)") }
        for line in [
            "", "event", "<events/>", "<event id=\"e\">", "<event id=\"e\"></event>", "<event id='e'/>",
            "<event other=\"e\"/>", "<event id=\"e\"/> ", "<event id=\"e\"/><event id=\"f\"/>", "<event  id=\"e\"/>",
            "<!-- <event id=\"e\"/>", "<event id=\"e", "<event id=\"e\" /",
        ] { #expect(verdict(line) == .foreign, "\(line)") }
    }

    private static let seeds = [
        "events": [
            "<event id=\"evt-1\" created_at=\"2026-03-17T10:00:00Z\" action=\"database.created\" actor_id=\"u\"/>",
            "<event id=\"é\u{1F600}\" actor_email=\"a&amp;b&#10;\" ip_address=\"::1\" resource_name=\"x y\"/>",
            "<event id=\"1\" created_at=\"2024-02-29T23:59:59.999999999Z\" resource_type=\"t\" resource_id=\"i\"/>",
        ],
        "resources": [
            "<resource type=\"t\" id=\"i\" name=\"n\" count=\"3\" actions=\"2\" actors=\"1\" first_at=\"2026-03-17T10:00:00Z\">"
                + "<action name=\"a\" count=\"1\"/><action count=\"2\"/></resource>",
            "<resource count=\"3\" actions=\"2\" actors=\"1\"></resource>",
            "<resource count=\"3\" actions=\"2\" actors=\"1\"/>",
        ],
        "findings": [
            "<finding control=\"C\" severity=\"low\" status=\"fail\">\n <title>t</title>\n <subject>s &amp; é</subject>"
                + "<detail></detail><remediation>r</remediation>\n  <framework name=\"SOC 2\" id=\"CC6.1\"/>"
                + "<event id=\"e\"/><event id=\"f\"/></finding>",
            "<finding control=\"C\" severity=\"info\" status=\"pass\"><title>t</title><subject>s</subject>"
                + "<detail>]] &gt;</detail><remediation>r</remediation></finding>",
        ],
    ]

    /// Rows that were changed at random: every one that the check vouches for is valid for libxml2.
    @Test(
        "The check vouches for nothing that libxml2 refuses",
        arguments: ["events", "resources", "findings"],
        testSeeds(1...4)
    )
    func agreesWithLibXML2(_ list: String, _ seed: UInt64) throws {
        let check = try #require(RowSchema(ofChildOf: list, in: schema).flatMap { RowCheck($0) })
        var random = SplitMix(state: seed)
        let texts = [
            "<", ">", "&", "\"", "/", "&lt;", "&#0;", " ", "id=\"x\"", "\u{FFFE}", "9", "-", "\t", "]]>", "\n",
            "<event id=\"x\"/>", "<action count=\"1\"/>", "</", "<title>t</title>", "<!---->", "low",
        ]
        let pieces = texts.map { Array($0.utf8) } + [[0xC0], [0xED, 0xA0, 0x80], [0x7F], [0xFF], [1]]
        var vouched = 0
        for _ in 0..<400 {
            var row = Array(try #require(Self.seeds[list]?.randomElement(using: &random)).utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<row.count, using: &random)
                let end = Int.random(in: place...min(row.count, place + 2), using: &random)
                row.replaceSubrange(place..<end, with: pieces.randomElement(using: &random) ?? [])
            }
            guard verdict(row, check) == .valid else { continue }
            vouched += 1
            #expect(throws: Never.self, "\(String(decoding: row, as: UTF8.self))") {
                try Self.validate(row, of: list, schema)
            }
        }
        #expect(vouched > 50)
    }

    /// Validates a list of this one row by libxml2 alone.
    private static func validate(_ row: [UInt8], of list: String, _ schema: [UInt8]) throws {
        let element = "<xs:element name=\"\(list)\" type=\"\(list)\"/>"
        let text = String(decoding: schema, as: UTF8.self)
            .replacingOccurrences(of: "</xs:schema>", with: element + "</xs:schema>")
            .replacingOccurrences(of: element + "\n        ", with: "")
        let validation = try SchemaValidation(
            fileName: "x.xml",
            schema: DocumentSchema(text: Array(text.utf8), rows: [:])
        )
        let begin = Array("<\(list) xmlns=\"urn:heedaudit:report:1\">".utf8)
        try validation.append(OutputSlice(begin + row + Array("</\(list)>".utf8)))
        try validation.finish()
    }

    @Test("An invalid row is refused wherever it stands, and its line is told", arguments: [0, 1, 2, 700])
    func refusesInvalidRows(_ place: Int) throws {
        let validation = try SchemaValidation(fileName: "x.xml", schema: Self.smallSchema)
        let error = #expect(throws: ReportingError.self) {
            try send("<list>\n", validation)
            validation.beginRows()
            for number in 0...700 {
                try send(number == place ? "<row/>\n" : "<row id=\"\(number)\"/>\n", validation)
            }
            validation.endRows()
            try send("</list>\n", validation)
            try validation.finish()
        }
        #expect(error?.description.contains("x.xml:\(place + 2): ") == true, "\(String(describing: error))")
    }

    @Test("Rows between other markup are refused where they may not stand")
    func refusesRowsElsewhere() throws {
        let validation = try SchemaValidation(fileName: "x.xml", schema: Self.smallSchema)
        try send("<list>\n", validation)
        validation.beginRows()
        try send("<row id=\"1\"/>\n<row id=\"2\"/>\n</list>\n<row id=\"3\"/>\n", validation)
        validation.endRows()
        #expect(throws: ReportingError.self) { try validation.finish() }
    }

    private func send(_ text: String, _ validation: SchemaValidation) throws {
        try validation.append(OutputSlice(Array(text.utf8)))
    }

    private static let smallSchema = DocumentSchema(
        text: Array(
            """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
              <xs:simpleType name="present"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction>
              </xs:simpleType>
              <xs:element name="list" type="list"/>
              <xs:complexType name="list"><xs:sequence>
                <xs:element name="row" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
                  <xs:attribute name="id" type="present" use="required"/>
                </xs:complexType></xs:element>
              </xs:sequence></xs:complexType>
            </xs:schema>
            """.utf8
        ),
        rows: ["list": RowSchema("row", [.init(name: Array("id".utf8), value: .presentText, isRequired: true)])]
    )
}
