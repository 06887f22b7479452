import ReportSupport
import Analysis
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Whole documents against swift-mustache, an independent engine with our escaping: the same bytes.
@Suite struct DocumentProgramTests {
    private static let builtIn: [String: String] = TemplateLibrary.builtIn().files.mapValues(\.text)

    private func sample() throws -> SampleReport {
        var sample = try SampleReport(
            events: (0..<400).map { number in
                SampleReport.event(
                    "evt-\(number)" + nastyValues[number % nastyValues.count],
                    at: "2026-03-\(String(format: "%02d", number % 28 + 1))T10:00:00Z",
                    action: "a\(number % 5)",
                    actor: number % 9 == 0 ? "" : "user-\(number % 7)",
                    resource: "db-\(number % 30)" + nastyValues[number % nastyValues.count]
                )
            },
            completeness: ReportCompleteness(state: .incomplete, reasons: ["a <reason>"]),
            findings: (0..<300).map { number in
                let statuses: [Status] = [.fail, .notProven, .manual, .pass, .waived]
                return SampleReport.finding(
                    "C\(number % 3)",
                    .high,
                    statuses[number % 5],
                    subject: nastyValues[number % nastyValues.count] + "\(number)",
                    events: (0..<number % 14).map { "evt-\($0)" }
                )
            }
        )
        sample.document.eventRows = ["evt-3": 4]
        sample.document.changes = nastyValues.map {
            ReportChange(kind: "setting", subject: $0, before: $0, after: "x", at: nil, actor: $0, eventID: "evt-3")
        }
        return sample
    }

    private func check(_ bundle: PublishedBundle, _ name: String, _ texts: [String: String], _ values: TemplateValues)
        throws
    {
        let ours = try String(contentsOfFile: bundle.path + "/" + name, encoding: .utf8)
        var theirs = try MustacheOracle.render(texts, document: name, values: values)
        if name.hasSuffix(".html") {
            let policy = try #require(ours.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
            theirs = theirs.replacing(
                "Content-Security-Policy\" content=\"policy\"",
                with: "Content-Security-Policy\" content=\"\(policy)\""
            )
        }
        #expect(Array(ours.utf8) == Array(theirs.utf8), "\(name)")
    }

    @Test func everyBuiltInDocumentIsTheSame() throws {
        let sample = try sample()
        let bundle = try sample.publish(formats: ReportFormat.standard + [.oscal])
        let values = sample.document.templateValues()
        // The other engine has no values outside of quotes, as JSON needs them: those documents are compared with the tables.
        for name in TemplateLibrary.builtIn().reportNames
        where Escaping(format: OutputFormat(fileName: name) ?? .txt).rule != .json {
            try check(bundle, name, Self.builtIn, values)
        }
    }

    private static let bodies = [
        "{{number}},{{subject}},{{missing}}\n",
        "{{#subject}}{{.}}{{/subject}}{{^subject}}none{{/subject}},{{#frameworks}}{{id}} {{/frameworks}},{{tool}}\n",
        "{{first()}},{{last()}},{{#even()}}e{{/even()}},{{#has_events}}yes{{/has_events}}{{^owner}}nobody{{/owner}}\n",
        "{{>partial}},{{period.name}},{{#period}}{{name}}{{subject}}{{/period}},{{index()}}\n",
        "{{findings_counts}},{{.subject}},{{#as_of}}{{.}}{{/as_of}}\n",
    ]
    private static let bodiesOfFindings = [
        "{{#events}}{{index()}}{{id}} {{/events}}{{^events}}no event{{/events}},{{.subject}}\n",
        "{{#shown_events}}{{id}}{{#last()}}!{{/last()}}{{/shown_events}},{{evidence}},{{judged_to}}\n",
    ]

    /// Lists of values, told as tables where a template asks for nothing else, and element by element where it does.
    @Test(arguments: ["x.md", "x.txt", "x.csv", "x.xml"])
    func listsOfValuesAreTheSame(_ name: String) throws {
        let sample = try sample()
        let values = sample.document.templateValues()
        for list in ["findings", "action_plan", "findings_attention", "changes"] {
            for body in Self.bodies + (list.hasPrefix("findings") ? Self.bodiesOfFindings : []) {
                let text = """
                    head
                    {{#\(list)}}
                    \(body){{/\(list)}}
                    {{^\(list)}}
                    none
                    {{/\(list)}}
                    {{#period}}
                    {{#\(list)}}
                    \(body){{/\(list)}}
                    {{/period}}
                    tail
                    """
                let texts = [name: name == "x.xml" ? "<r>\(text)</r>\n" : text, "partials/partial": "[{{subject}}]"]
                let bundle = try sample.publish(TemplateLibrary(texts: texts))
                try check(bundle, name, texts, values)
            }
        }
    }

    @Test func tablesAreRenderedInsideConditionsAndObjects() throws {
        let sample = try sample()
        let texts = [
            "x.txt": """
            {{#period}}{{#has_findings}}
            {{#actors}}
            {{name}} {{actor_id}}{{#actions}} {{name}}{{/actions}}
            {{/actors}}
            {{/has_findings}}{{/period}}
            {{^events}}no events{{/events}}{{events}}
            {{#.}}{{tool}}{{/.}}
            """
        ]
        let values = sample.document.templateValues()
        try check(sample.publish(TemplateLibrary(texts: texts)), "x.txt", texts, values)
    }

    /// A value that has members and no text of its own is an empty text, where JSON needs a value.
    @Test func valuesWithMembersAreEmptyTextsInJSON() throws {
        let text = #"{"a":{{organization}},"b":"{{organization}}","c":[{{#findings}}{{.}},{{/findings}}{{period}}]}"#
        let bundle = try sample().publish(TemplateLibrary(texts: ["x.json": text]))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bundle.path + "/x.json"))
        let values = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(values["a"] as? String == "" && values["b"] as? String == "")
        #expect(values["c"] as? [String] == Array(repeating: "", count: 301))
    }
}
