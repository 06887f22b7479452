import ReportSupport
import Analysis
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// The engine against swift-mustache: the same bytes from random templates and hostile rows.
@Suite struct RowProgramTests {
    private static let names = [
        "id", "name", "count", "actions", "flag", "no", "empty", "text", "object.a", "object.none", "object", "list",
        "missing", ".name", ".text", "object.a.b", "number",
    ]

    private static let scalars: [String: TemplateValue] = [
        "flag": true, "no": false, "empty": "", "text": "T<&>|,\"'=\n", "number": -12,
        "object": ["a": "=A1", "name": "inner", "empty": ""], "list": ["x", "", ["name": "in list"], 7],
        "name": "outer",
        "nothing": [],
    ]

    /// A random part of a template, made of up to four parts.
    private static func body(_ random: inout SplitMix, depth: Int, csv: Bool, partials: Bool) -> String {
        (0..<Int.random(in: 1...4, using: &random))
            .map { _ in part(&random, depth: depth, csv: csv, partials: partials) }.joined()
    }

    private static func pick(_ texts: [String], _ random: inout SplitMix) -> String {
        texts.randomElement(using: &random) ?? ""
    }

    private static func part(_ random: inout SplitMix, depth: Int, csv: Bool, partials: Bool) -> String {
        let name = pick(names, &random)
        let sign = pick(["#", "^"], &random)
        switch Int.random(in: 0...(depth > 0 ? 11 : 6), using: &random) {
        case 0, 1:
            return "{{\(pick(["id", "name", "count", "actions", "text", "number", "object.a"], &random))}}"
        case 2:
            return csv ? "," : pick(["\n", " \n", "  ", "a\n\n", "\t{ b", "\r\n", "x \u{301}"], &random)
        case 3:
            return csv ? "x" : "{{! note }}"
        case 4:
            return "{{\(pick(["first()", "last()", "index()", "even()", "odd()"], &random))}}"
        case 5 where partials:
            return csv ? "{{>partial}}" : pick(["{{>partial}}", "\n  {{>partial}}\n", "\n{{> partial }}\n"], &random)
        case 5:
            return "y"
        case 6:
            return "{{\(name == "object" || name == "list" ? "id" : name)}}"
        case 7:
            let function = pick(["first()", "last()", "even()", "odd()"], &random)
            return "{{\(sign)\(function)}}o{{id}}{{/\(function)}}"
        case 8 where !csv:
            let inner = body(&random, depth: depth - 1, csv: csv, partials: partials)
            return "\n {{\(sign)\(name)}}\n\(inner)\n{{/\(name)}} \n"
        case 9:
            return "{{#actions}}[{{name}}{{count}}{{index()}}{{#last()}}!{{/last()}}]{{/actions}}"
        case 10:
            return "{{#name}}({{.}}{{index()}}){{/name}}"
        default:
            let inner = body(&random, depth: depth - 1, csv: csv, partials: partials)
            return "{{\(sign)\(name)}}\(inner){{/\(name)}}"
        }
    }

    private static func table(_ random: inout SplitMix) -> SampleTable {
        func nasty(_ random: inout SplitMix) -> SampleCell {
            SampleCell(nastyValues.randomElement(using: &random) ?? "")
        }
        let count = Int.random(in: 0...5, using: &random)
        var table = SampleTable(
            columns: [
                .init(name: "id", kind: .text), .init(name: "name", kind: .text), .init(name: "count", kind: .number),
                .init(name: "actions", kind: .number),
            ],
            childColumns: [.init(name: "name", kind: .text), .init(name: "count", kind: .number)],
            rows: []
        )
        for _ in 0..<count {
            let children = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                [nasty(&random), SampleCell(Int64.random(in: -3...3, using: &random))]
            }
            table.rows.append([
                nasty(&random), nasty(&random), SampleCell(Int64.random(in: -9...9, using: &random)),
                SampleCell(Int64(children.count)),
            ])
            table.children.append(children)
        }
        return table
    }

    @Test(arguments: OutputFormat.allCases)
    func rendersWhatMustacheRenders(_ format: OutputFormat) throws {
        var random = SplitMix(state: testSeed(42))
        var compared = 0
        var refused = 0
        for round in 0..<600 {
            let csv = format == .csv
            let partial = Self.body(&random, depth: 1, csv: csv, partials: false)
            let inner = Self.body(&random, depth: 3, csv: csv, partials: true)
            let start =
                ["{{#rows}}", csv ? "{{#rows}}" : " {{#rows}} \n", "{{#flag}}{{#rows}}"].randomElement(using: &random)
                ?? ""
            let end = start.contains("flag") ? "{{/rows}}{{/flag}}" : "{{/rows}}"
            let text = "h{{text}}\n\(start)\(inner)\n\(end)\ntail {{number}}\n"
            let texts = ["a.\(format.rawValue)": json(text, format), "partials/partial": partial]
            let table = Self.table(&random)
            let values = TemplateValues(scalars: Self.scalars, tables: ["rows": table])
            let library = TemplateLibrary(texts: texts)
            let file = try #require(library.files["a.\(format.rawValue)"])
            let document = TemplateLinker.link(file, format: format, library: library)
            guard document.problems.isEmpty,
                format != .csv || CSVTemplate.check(document).isEmpty
            else {
                refused += 1
                continue
            }
            let ours: String
            do { ours = try engineRendering(document, values: values) } catch {
                refused += 1
                continue
            }
            let theirs = try MustacheOracle.render(texts, document: "a.\(format.rawValue)", values: values)
            #expect(Array(ours.utf8) == Array(theirs.utf8), "round \(round): \(texts)")
            if Array(ours.utf8) != Array(theirs.utf8) { break }
            compared += 1
        }
        #expect(compared > 200, "compared \(compared), refused \(refused)")
    }

    /// Any text at all: what our reader accepts, swift-mustache accepts and renders the same.
    @Test(arguments: [OutputFormat.txt, .html, .csv, .json, .xml])
    func readsWhatMustacheReads(_ format: OutputFormat) throws {
        var random = SplitMix(state: testSeed(7))
        let soup = [
            "{", "{{", "}}", "}", "{{#rows}}", "{{/rows}}", "{{id}}", "{{ text }}", "{{^no}}", "{{/no}}", "{{!x}}", " ",
            "\t", "\n", "\r\n", "\r", "{{>partial}}", "{{#list}}", "{{/list}}", "{{.}}", "a", "\"", ",", "\u{301}",
            "\u{2028}", "{{#flag}}", "{{/flag}}", "{{first()}}", "{{uppercased(text)}}", "{{a.b}}", "{{}}", "<p>", "'",
        ]
        let name = "a.\(format.rawValue)"
        var compared = 0
        for round in 0..<4000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...9, using: &random) { text += Self.pick(soup, &random) }
            let partial = Self.pick(["p{{id}}\n", " q\n\n{{text}}r", "", "\n{{#list}}\n{{.}}\n{{/list}}\n"], &random)
            let texts = [name: text, "partials/partial": partial]
            let table = Self.table(&random)
            let values = TemplateValues(scalars: Self.scalars, tables: ["rows": table])
            let library = TemplateLibrary(texts: texts)
            let document = TemplateLinker.link(
                try #require(library.files[name]),
                format: format,
                library: library
            )
            let problems =
                document.problems + (format == .csv || format == .json ? [] : TemplateContexts.check(document))
            guard problems.filter({ !$0.message.contains("content_security_policy") }).isEmpty,
                format != .json || !document.hasBareValues, format != .csv || CSVTemplate.check(document).isEmpty,
                let ours = try? engineRendering(document, values: values)
            else { continue }
            let theirs = try MustacheOracle.render(texts, document: name, values: values)
            let isEqual = Array(ours.utf8) == Array(theirs.utf8)
            #expect(
                isEqual,
                "round \(round): \(texts.debugDescription)\n\(ours.debugDescription)\n\(theirs.debugDescription)"
            )
            if !isEqual { break }
            compared += 1
        }
        #expect(compared > 300, "compared \(compared)")
    }

    /// In JSON all stands in one string literal: outside, escaping differs from tag to tag.
    private func json(_ text: String, _ format: OutputFormat) -> String {
        format.escaping == .json ? "\"" + text + "\"" : text
    }
}

extension LinkedTemplate {
    /// Whether a value stands outside string literals, where the oracle knows no rule.
    fileprivate var hasBareValues: Bool {
        var found = false
        func visit(_ nodes: [LinkedNode]) {
            for node in nodes {
                switch node {
                case .text: break
                case .variable(_, let isBare, _): found = found || isBare
                case .section(let section): visit(section.nodes)
                case .partial(_, let nodes, _): visit(nodes)
                }
            }
        }
        visit(nodes)
        return found
    }
}
