import ReportSupport
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// The language, case by case: cases of our own always, and those of the public specification where the environment
/// variable `MUSTACHE_SPEC` names the folder of its JSON files.
@Suite struct MustacheSpecTests {
    private struct Case: CustomTestStringConvertible {
        var name: String
        var template: String
        var data: [String: TemplateValue]
        var partials: [String: String] = [:]
        var expected: String

        var testDescription: String { name }
    }

    private static let own = [
        Case(name: "a value", template: "a {{ x }}b\n", data: ["x": "<&>"], expected: "a &lt;&amp;&gt;b\n"),
        Case(name: "a number", template: "{{x}}", data: ["x": -85], expected: "-85"),
        Case(name: "a missing value", template: "({{x}}{{y.z}})", data: ["y": [:]], expected: "()"),
        Case(
            name: "dotted names",
            template: "{{a.b.c}}{{#a.b}}{{c}}{{/a.b}}{{^a.x.c}}none{{/a.x.c}}",
            data: ["a": ["b": ["c": "1"]], "x": ["c": "2"]],
            expected: "11none"
        ),
        Case(
            name: "a broken chain ends the search",
            template: "{{#a}}{{b.c}}{{/a}}",
            data: ["a": ["b": [:]], "b": ["c": "wrong"]],
            expected: ""
        ),
        Case(
            name: "sections and their surroundings",
            template: "{{#a}}{{x}}{{y}}{{/a}}{{#no}}x{{/no}}{{^no}}y{{/no}}",
            data: ["a": [["x": "1"], ["x": "2"]], "x": "0", "y": "!", "no": false],
            expected: "1!2!y"
        ),
        Case(
            name: "implicit iterators",
            template: "{{#a}}({{.}}){{/a}}{{#b}}[{{#.}}{{.}}{{/.}}]{{/b}}{{#c}}{{.}}{{/c}}",
            data: ["a": ["x", "y", 3], "b": [[1, 2], ["z"]], "c": "text"],
            expected: "(x)(y)(3)[12][z]text"
        ),
        Case(
            name: "an empty list",
            template: "{{#a}}x{{/a}}{{^a}}none{{/a}}",
            data: ["a": []],
            expected: "none"
        ),
        Case(
            name: "functions of the place",
            template: "{{#a}}{{index()}}{{#first()}}f{{/first()}}{{^last()}},{{/last()}}{{#odd()}}o{{/odd()}}{{/a}}",
            data: ["a": ["x", "y", "z"]],
            expected: "0f,1,o2"
        ),
        Case(name: "comments", template: "a{{! no }}b\n  {{!\n two lines\n}}\nc", data: [:], expected: "ab\nc"),
        Case(
            name: "tags that stand alone on a line",
            template: "| a\n  {{#x}}\n|\n  {{/x}}\r\n| b\n{{^x}}\nno\n{{/x}}",
            data: ["x": true],
            expected: "| a\n|\n| b\n"
        ),
        Case(name: "a value that stands alone", template: "  {{x}}\n", data: ["x": "-"], expected: "  -\n"),
        Case(
            name: "partials",
            template: "\"{{>p}}\" {{#a}}{{> p }}{{/a}}",
            data: ["a": ["x": "2"], "x": "1"],
            partials: ["p": "*{{x}}*"],
            expected: "\"*1*\" *2*"
        ),
        Case(
            name: "an indented partial",
            template: "a\n  {{>p}}\nb {{>q}}\n",
            data: ["x": true],
            partials: ["p": "1\n{{#x}}\n2\n{{/x}}\n {{>q}}\n", "q": "3\n4\n"],
            expected: "a\n  1\n  2\n   3\n   4\nb 3\n4\n\n"
        ),
    ]

    @Test(arguments: own)
    private func ownCasesPass(_ example: Case) throws {
        #expect(try rendered(example) == example.expected)
    }

    /// Cases that show what the language here leaves out, and docs/templates.md says so: values that are not escaped, partials
    /// that are missing or hold themselves, and a root that is no object.
    private static let leftOut: Set<String> = [
        "Failed Lookup", "Recursion", "Implicit Iterator - Root-level", "Implicit Iterators - Basic Interpolation",
        "Implicit Iterators - HTML Escaping", "Implicit Iterators - Basic Integer Interpolation",
    ]

    @Test(.enabled(if: ProcessInfo.processInfo.environment["MUSTACHE_SPEC"] != nil))
    func publicCasesPass() throws {
        let folder = ProcessInfo.processInfo.environment["MUSTACHE_SPEC"] ?? ""
        var (passed, left) = (0, 0)
        for file in ["comments", "interpolation", "inverted", "partials", "sections"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file).json"))
            let spec = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            for test in try #require(spec["tests"] as? [[String: Any]]) {
                let name = try #require(test["name"] as? String)
                let partials = test["partials"] as? [String: String] ?? [:]
                let template = try #require(test["template"] as? String)
                let isEscaped = !([template] + partials.values).contains { $0.contains("{{{") || $0.contains("{{&") }
                guard isEscaped, !Self.leftOut.contains(name), case .object(let data) = value(test["data"]) else {
                    left += 1
                    continue
                }
                let example = Case(
                    name: name,
                    template: template,
                    data: data,
                    partials: partials,
                    expected: try #require(test["expected"] as? String)
                )
                #expect(try rendered(example) == example.expected, "\(file): \(name)")
                passed += 1
            }
        }
        #expect(passed >= 90, "\(passed) passed, \(left) left out")
    }

    private func rendered(_ example: Case) throws -> String {
        var texts = ["x.html": example.template]
        for (name, text) in example.partials { texts["partials/\(name)"] = text }
        let library = TemplateLibrary(texts: texts)
        let file = try #require(library.files["x.html"])
        let document = TemplateLinker.link(file, format: .html, library: library)
        #expect(document.problems == [])
        return try engineRendering(document, values: TemplateValues(scalars: example.data))
    }

    /// JSON as a value of ours, which has no decimals.
    private func value(_ json: Any?) -> TemplateValue {
        switch json {
        case let text as String: .text(text)
        case let number as NSNumber where CFGetTypeIDIsBoolean(number): .flag(number.boolValue)
        case let number as NSNumber where number.doubleValue == number.doubleValue.rounded(): .number(number.intValue)
        case let number as NSNumber: .text("\(number)")
        case let list as [Any]: .list(list.map { value($0) })
        case let object as [String: Any]: .object(object.mapValues { value($0) })
        default: .missing
        }
    }

    private func CFGetTypeIDIsBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
