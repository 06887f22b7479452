import ReportSupport
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The examples of docs/templates.md, taken out of it as a reader would, and the names that templates can use.
@Suite struct TemplateExamplesTests {
    private static let documentation =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/docs/templates.md"

    /// The examples by file name.
    private func examples() throws -> [String: String] {
        let text = try String(contentsOfFile: Self.documentation, encoding: .utf8)
        let found = text.matches(of: /\n`([^`\n]+)`:\n\n```\n((?s).*?)```\n/)
        return Dictionary(found.map { (String($0.1), String($0.2)) }) { first, _ in first }
    }

    private func sample() throws -> SampleReport {
        var sample = try SampleReport(
            events: (1...4).map { SampleReport.event("evt-\($0)", at: "2026-03-0\($0)T10:00:00Z") },
            completeness: ReportCompleteness(state: .complete),
            findings: [
                SampleReport.finding("MEM-SELF", .critical, .fail, events: ["evt-3"]),
                SampleReport.finding("LOG-COMPLETE", .high, .pass),
                SampleReport.accepted("ORG-SSO", .medium),
                SampleReport.finding("OFF-HOURS", .low, .manual, events: ["evt-2"]),
            ]
        )
        sample.document.actionPlan = [
            ActionPlan.Row(control: "MEM-SELF", subject: "subject", owner: "Ann", due: "2026-03-20")
        ]
        sample.document.eventRows = ["evt-3": 3]
        sample.document.notableEvents = sample.document.recentEvents
        sample.document.settings = [ReportSetting(name: "sso_enabled", value: "false")]
        sample.document.changes = [ReportChange(kind: "setting", subject: "x", before: "1", after: "2")]
        sample.document.organization = ReportOrganization(
            id: "org-1",
            snapshot: Array(#"{"name":"Acme <b>"}"#.utf8),
            readAt: "2026-03-05T00:00:00Z"
        )
        return sample
    }

    @Test func allFourRender() throws {
        let examples = try examples()
        #expect(
            examples.keys.sorted() == ["partials/brand.css", "ticket.md", "who-and-when.csv", "who-and-when.ndjson"]
        )
        let folder = temporaryPath()
        try FileManager.default.createDirectory(atPath: folder + "/partials", withIntermediateDirectories: true)
        for (name, text) in examples { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        let library = try TemplateLibrary(overlay: folder)
        #expect(library.check().isEmpty && library.unknownNames().isEmpty)
        let bundle = try sample().publish(library)
        func read(_ name: String) throws -> String {
            try String(contentsOfFile: bundle.path + "/" + name, encoding: .utf8)
        }
        #expect(try read("report.html").contains("--accent: #7a1f5c;"))
        let lines = try read("who-and-when.ndjson").split(separator: "\n")
        let rows = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
        }
        #expect(rows.map { $0["when"] } == (1...4).map { "2026-03-0\($0)T10:00:00Z" })
        #expect(rows.allSatisfy { Set($0.keys) == ["when", "who", "what", "from"] })
        let table = try read("who-and-when.csv")
        #expect(
            table.hasPrefix("when,who,what,where from\r\n2026-03-01T10:00:00Z,user-1@example.com,database.created,")
        )
        #expect(table.split(separator: "\r\n").count == 5)
        let ticket = try read("ticket.md")
        #expect(
            ticket.hasPrefix("## Acme \\<b\\>: All archived events\n") || ticket.contains("Acme &lt;b&gt;"),
            "\(ticket)"
        )
        #expect(ticket.contains("- **Failed** (Critical) Title of MEM"), "\(ticket)")
    }

    /// The names of a value's members, paths parted by points; lists by their first element.
    private func paths(_ value: TemplateValue, _ path: String) -> Set<String> {
        switch value {
        case .object(let members):
            members.reduce(into: []) { paths, member in
                let name = path.isEmpty ? member.key : "\(path).\(member.key)"
                paths.insert(name)
                paths.formUnion(self.paths(member.value, name))
            }
        case .list(let elements): elements.prefix(3).reduce(into: []) { $0.formUnion(paths($1, path)) }
        case .made(let count, let maker): paths(.list((0..<count).map(maker.make)), path)
        case .texts(_, let member): ["\(path).\(member)"]
        default: []
        }
    }

    private func known(_ members: [String: TemplateVocabulary.Value], _ path: String) -> Set<String> {
        members.reduce(into: []) { paths, member in
            let name = path.isEmpty ? member.key : "\(path).\(member.key)"
            paths.insert(name)
            if case .members(let inner) = member.value { paths.formUnion(known(inner, name)) }
        }
    }

    @Test func namesAreThoseOfAReportAndOfItsDocumentation() throws {
        let values = try sample().document.templateValues()
        var real = paths(.object(values.scalars), "")
        for (name, table) in values.tables {
            real.insert(name)
            real.formUnion(table.columns.map { "\(name).\($0.name)" })
            for list in table.lists { real.formUnion(list.columns.map { "\(name).\(list.name).\($0.name)" }) }
        }
        real.formUnion(["events", TemplateValues.policyName] + TemplateValues.eventColumns.map { "events.\($0)" })
        let known = known(TemplateVocabulary.report.root, "")
        #expect(real.subtracting(known).isEmpty, "not in the vocabulary: \(real.subtracting(known).sorted())")
        // Lists that are empty in the sample.
        let empty = [
            "completeness.gaps", "timeline.unproven", "timeline.legend", "small_timeline.unproven",
            "small_timeline.legend", "action_plan", "matrix.rows.other",
            "findings_settled.shown_events", "findings_attention.rest.", "findings_settled.rest.", "controls.worst.",
            "accepted_blocks.", "settled_blocks.", "conclusion.pieces.", "attention_blocks.rows.",
            "findings_attention.waivers.",
        ]
        let missing = known.subtracting(real).filter { name in !empty.contains { name.hasPrefix($0) } }
        #expect(missing.isEmpty, "not in a report: \(missing.sorted())")
        let text = try String(contentsOfFile: Self.documentation, encoding: .utf8)
        let told = Set(text.matches(of: /`([a-z_0-9]+)\.?`/).map { String($0.1) })
        let silent = Set(known.filter { !$0.hasPrefix("words.") }.flatMap { $0.split(separator: ".").map(String.init) })
            .subtracting(told)
        #expect(silent.isEmpty, "not in docs/templates.md: \(silent.sorted())")
    }

    @Test func unknownNamesAreToldWithTheNearest() throws {
        let library = TemplateLibrary(texts: [
            "x.md": "a\n{{organisation.name}}{{#findings}}{{titel}}{{control}}{{/findings}}{{organization.nam}}\n"
        ])
        let problems = library.unknownNames().map { "\($0.description) \($0.hint ?? "")" }
        #expect(problems.count == 3)
        #expect(problems[0].hasPrefix("x.md:2:1:") && problems[0].hasSuffix("'organization'"))
        #expect(problems[1].hasSuffix("'title'") && problems[2].hasSuffix("'name'"))
    }

    @Test func theVersionOfTheValuesIsCompared() {
        func problem(_ declared: String) -> String? {
            let syntax = TemplateSyntax(file: "x.md", text: "text\n{{! heedaudit-values: \(declared) }}\n")
            return ValuesDeclaration.problem(in: syntax, current: 3, changes: [2: "a became b"])?.description
        }
        #expect(problem("3") == nil && problem("2") == nil)
        #expect(problem("1")?.hasPrefix("x.md:2:1: written for version 1") == true)
        #expect(problem("1")?.contains("a became b") == true)
        #expect(problem("4")?.contains("this heedaudit has version 3") == true)
        #expect(problem("new")?.contains("no version") == true && problem("0")?.contains("no version") == true)
    }
}
