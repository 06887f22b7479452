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

    private func write(_ files: [String: String]) throws -> String {
        let folder = temporaryPath()
        for (name, text) in files {
            let file = URL(fileURLWithPath: "\(folder)/\(name)")
            let parent = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return folder
    }

    @Test func allFiveRender() throws {
        let examples = try examples()
        let names = ["partials/brand.css", "ticket.md", "who-and-when.csv", "who-and-when.jsonl", "words/de.yaml"]
        #expect(examples.keys.sorted() == names)
        let folder = try write(examples)
        let library = try TemplateLibrary(overlay: folder)
        #expect(library.check().isEmpty && library.unknownNames().isEmpty)
        let bundle = try sample().publish(library)
        func read(_ name: String) throws -> String {
            try String(contentsOfFile: bundle.path + "/" + name, encoding: .utf8)
        }
        #expect(try read("report.html").contains("--accent: #7a1f5c;"))
        let lines = try read("who-and-when.jsonl").split(separator: "\n")
        let rows = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
        }
        #expect(rows.map { $0["when"] } == (1...4).map { "2026-03-0\($0)T10:00:00Z" })
        #expect(rows.allSatisfy { Set($0.keys) == ["when", "who", "what", "from", "on"] })
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

    @Test func aGermanReportSaysTheReadersOwnWords() throws {
        let library = try TemplateLibrary(overlay: write(examples()))
        var sample = try sample()
        sample.document.words = try library.words("de")
        #expect(sample.document.words("verdict.fail") == "Beanstandet")
        #expect(sample.document.words("verdict.pass") == "Bestanden" && sample.document.words.missing.isEmpty)
        let bundle = try sample.publish(library)
        let ticket = try String(contentsOfFile: bundle.path + "/ticket.md", encoding: .utf8)
        #expect(ticket.hasPrefix("An die Geschäftsleitung\n\n## "), "\(ticket)")
        let page = try String(contentsOfFile: bundle.path + "/report.html", encoding: .utf8)
        #expect(page.contains("<html lang=\"de\""))
    }

    @Test func everyPartialIsOnTheMap() throws {
        let text = try String(contentsOfFile: Self.documentation, encoding: .utf8)
        let told = Set(text.matches(of: /\n\| `([a-z-]+\.(?:html|css|js|csv))` \|/).map { String($0.1) })
        let partials = TemplateLibrary.builtIn().files.keys.filter { $0.hasPrefix("partials/") }
        let there = Set(partials.map { String($0.dropFirst("partials/".count)) })
        #expect(there == told, "differing: \(there.symmetricDifference(told).sorted())")
    }

    /// The list of refusals: what is said, and files that it is said of.
    private func refusals() throws -> [(words: String, files: [String: String])] {
        let text = try String(contentsOfFile: Self.documentation, encoding: .utf8)
        let begin = try #require(text.range(of: "## Everything that is refused"))
        let rest = text[begin.upperBound...]
        let part = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        return part.matches(of: /\n\| `([^`\n]+)` \| ([^\n]*) \|/).map { row in
            let codes = row.2.matches(of: /`([^`]*)`/).map { $0.1.replacingOccurrences(of: "⏎", with: "\n") }
            let pairs = stride(from: 0, to: codes.count - 1, by: 2).map { (codes[$0], codes[$0 + 1]) }
            return (String(row.1), Dictionary(pairs) { first, _ in first })
        }
    }

    @Test func theDocumentationListsEveryRefusal() throws {
        #expect(try refusals().map(\.words) == TemplateRule.allCases.map(\.rawValue))
    }

    @Test func everyExampleOfARefusalIsRefusedSo() throws {
        // Too large for a table, or of a version that there is not yet.
        let untried: Set<TemplateRule> = [
            .notUTF8, .nul, .tooDeep, .tooManyPartials, .olderVersion, .listAsValue, .tooLarge,
        ]
        let names: Set<TemplateRule> = [.schemaName, .reservedName, .strangeName, .strangeFolder, .strangeExtension]
        let head = "<meta http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}\">\n"
        for (words, files) in try refusals() {
            let rule = try #require(TemplateRule(rawValue: words), "\(words)")
            guard !untried.contains(rule) else {
                #expect(files.isEmpty)
                continue
            }
            try #require(!files.isEmpty, "\(words) has no example")
            let texts = files.mapValues { $0 }.reduce(into: [String: String]()) { texts, file in
                let needsHead = file.key.hasSuffix(".html") && !"\(rule)".hasPrefix("policy")
                texts[file.key] = (needsHead ? head : "") + file.value
            }
            let library =
                try names.contains(rule) ? TemplateLibrary(overlay: write(texts)) : TemplateLibrary(texts: texts)
            let found = (library.check() + library.unknownNames()).filter { files[$0.file] != nil }
            let pattern = words.split(separator: "…", omittingEmptySubsequences: false)
                .map { NSRegularExpression.escapedPattern(for: String($0)) }.joined(separator: ".+")
            let isSaid = found.contains { $0.message.range(of: "^\(pattern)$", options: .regularExpression) != nil }
            #expect(isSaid, "\(words): \(found)")
        }
    }

    /// Lists and objects of the vocabulary are those of a report.
    @Test func theVocabularyKnowsListsFromObjects() throws {
        func differing(_ value: TemplateValue, _ known: TemplateVocabulary.Value, _ path: String) -> [String] {
            switch (value, known) {
            case (.object(let members), .members(let inner, isList: false)):
                return members.flatMap { name, value in
                    inner[name].map { differing(value, $0, "\(path).\(name)") } ?? []
                }
            case (.list(let elements), .members(let inner, isList: true)):
                return elements.prefix(1).flatMap { differing($0, .members(inner, isList: false), path) }
            case (.made(let count, let maker), .members(let inner, isList: true)):
                return count == 0 ? [] : differing(maker.make(0), .members(inner, isList: false), path)
            case (.texts, .members(_, isList: true)), (.missing, _), (.list([]), .plain): return []
            case (.text, .members(let inner, isList: false)): return inner.isEmpty ? [] : [path]
            case (.object, _), (.list, _), (.made, _), (.texts, _), (_, .members): return [path]
            default: return []
            }
        }
        let values = try sample().document.templateValues().scalars
        let found = values.flatMap { name, value in
            TemplateVocabulary.report.root[name].map { differing(value, $0, name) } ?? []
        }
        #expect(found.isEmpty, "\(found.sorted())")
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
            if case .members(let inner, _) = member.value { paths.formUnion(known(inner, name)) }
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
        real.formUnion(["events", TemplateValues.policyName, TemplateValues.spreadsheetName])
        let columns = TemplateValues.eventColumns + TemplateValues.workedOutColumns + TemplateValues.classColumns
        real.formUnion(columns.map { "events.\($0)" })
        let known = known(TemplateVocabulary.report.root, "")
        #expect(real.subtracting(known).isEmpty, "not in the vocabulary: \(real.subtracting(known).sorted())")
        // Lists that are empty in the sample.
        let empty = [
            "completeness.gaps", "timeline.unproven", "timeline.legend", "small_timeline.unproven",
            "small_timeline.legend", "action_plan", "matrix.rows.other",
            "findings_settled.shown_events", "findings_attention.rest.", "findings_settled.rest.", "controls.worst.",
            "accepted_blocks.", "settled_blocks.", "conclusion.pieces.", "attention_blocks.rows.",
            "findings_attention.waivers.", "members.", "members_by_role.", "shown_members.", "api_keys.", "shown_keys.",
            "invitations.",
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
