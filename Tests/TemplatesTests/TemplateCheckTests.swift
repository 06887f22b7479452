import ReportSupport
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// The refusals of docs/templates.md, each with file, line and column.
@Suite struct TemplateCheckTests {
    private static let head =
        "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}\">\n"

    private func problems(_ name: String, _ text: String, _ pieces: [String: String] = [:]) -> [TemplateProblem] {
        TemplateLibrary(texts: [name: text].merging(pieces) { one, _ in one }).check()
    }

    @Test(arguments: [
        "{{{id}}}", "{{&id}}", "{{& id }}", "{{{ id }}}", "{{% CONTENT_TYPE:TEXT}}", "{{=<% %>=}}",
        "{{<parent}}{{/parent}}",
        "{{$block}}{{/block}}", "{{>*name}}", "{{>nowhere}}", "{{", "{{id", "{{id}", "{{#a}}", "{{/a}}", "{{#a}}{{/b}}",
        "{{a b}}", "{{a(}}", "{{\nid}}", "{{!open", "x{",
    ])
    func refusesInEveryFormat(_ text: String) throws {
        for format in OutputFormat.allCases where format.escaping != .json {
            let start = format == .html ? Self.head : "a\n"
            let found = problems("x.\(format.rawValue)", start + "b" + text)
            let first = try #require(found.first, "\(format): \(text)")
            #expect(first.file == "x.\(format.rawValue)" && first.line == 2)
            #expect(first.description.hasPrefix("x.\(format.rawValue):2:"))
        }
    }

    @Test(arguments: [
        "<script>var a = '{{id}}'</script>", "<style>p{color:{{id}}}</style>", "<!-- {{id}} -->", "<{{id}}>",
        "<p{{id}}>",
        "<p {{id}}>", "<p {{id}}=\"x\">", "<p class={{id}}>", "<p class=a{{id}}>", "<p onclick=\"{{id}}\">",
        "<p ONclick='{{id}}'>",
        "<p style=\"{{id}}\">", "<a href=\"{{id}}\">", "<a href='x{{id}}'>", "<img src=\"{{id}}\">",
        "<a href=\"{{#x}}#{{/x}}{{id}}\">",
        "</{{id}}>", "<script>{{#x}}a(){{/x}}</script>", "<script {{#x}}src=\"a\"{{/x}}>{{id}}</script>",
        "{{#x}}<script>{{/x}}{{id}}</script>", "<!doctype {{id}}>", "<?x {{id}} ?>", "<p class=\"a\"{{id}}>",
        "<iframe>{{id}}</iframe>",
        "<iframe srcdoc=\"{{id}}\">", "<form action=\"{{id}}\">", "<use xlink:href=\"{{id}}\"/>",
        "<a href=\"{{content_security_policy}}\">",
        "{{content_security_policy}}", "<p class=\"{{#x}}\"{{/x}}>", "<SCRIPT>{{id}}</SCRIPT>",
        "<script>a</script x>{{id}}</script>{{{y}}}",
        "<set attributeName=\"href\" to=\"{{id}}\"/>", "<meta http-equiv=\"refresh\" content=\"{{id}}\">",
        "<p class=\"x\"", "<noscript>{{id}}",
        "<a href=\"data:{{id}}\">", "<svg><a xlink:href=\"{{id}}\"/></svg>", "<p\n{{id}}>",
        "<textarea {{id}}></textarea>",
    ])
    func refusesInHTML(_ text: String) {
        #expect(!problems("x.html", Self.head + text).isEmpty)
        #expect(!problems("x.html", Self.head + "{{>piece}}", ["partials/piece.html": text]).isEmpty)
    }

    @Test(arguments: [
        "<p>{{id}}</p>", "<p class=\"{{id}}\">", "<p class='a {{id}} b'>", "<a href=\"#{{id}}\">x</a>",
        "<a href='#a-{{id}}'>x</a>",
        "<title>{{id}}</title>", "<p{{#x}} class=\"y\"{{/x}}>{{id}}</p>", "<p {{#x}}hidden{{/x}}>{{id}}</p>",
        "<script>a<b</script>{{id}}",
        "<style>a>b{}</style><p>{{id}}</p>", "<!-- note --><p>{{id}}</p>", "{{#x}}<b>{{id}}</b>{{/x}}", "a < b {{id}}",
        "<br/>{{id}}",
        "<rect x=\"{{x}}\" class=\"{{#y}}a{{/y}}{{^y}}b{{/y}}\"/>", "<p class=\"a\">{{! note }}{{id}}</p>",
        "<textarea>{{id}}</textarea>",
        "<a href=\"actors.csv\">{{id}}</a>", "<p title=\"a > b\">{{id}}</p>",
        "<meta name=\"d\" content=\"{{id}}\">{{id}}",
        "<p class=\"a\"\n   id=\"{{id}}\">{{id}}", "<td{{#a}} class=\"x\"{{/a}}{{#b}} id=\"y\"{{/b}}>{{id}}</td>",
    ])
    func acceptsInHTML(_ text: String) {
        #expect(problems("x.html", Self.head + text).isEmpty)
    }

    @Test func asksForThePolicy() {
        #expect(problems("x.html", "<p>x</p>").first?.message.contains("content_security_policy") == true)
        #expect(!problems("x.html", "<script>a</script>" + Self.head).isEmpty)
        #expect(!problems("x.html", "{{#x}}" + Self.head + "{{/x}}").isEmpty)
        #expect(!problems("x.html", "<!-- \(Self.head) -->").isEmpty)
        #expect(!problems("x.html", "<meta name=\"x\" content=\"{{content_security_policy}}\">").isEmpty)
    }

    @Test(arguments: [
        "<a {{id}}/>", "<{{id}}/>", "<a b={{id}}/>", "<!-- {{id}} --><a/>", "<![CDATA[{{id}}]]>", "<?p {{id}}?>",
        "<!DOCTYPE {{id}}>",
        "<a {{id}}=\"\"/>", "<a b=c/>", "<a b=\"x\"c=\"y\"/>", "<a{{#x}} b=\"{{/x}}\"/>",
    ])
    func refusesInXML(_ text: String) {
        #expect(!problems("x.xml", "<r>" + text + "</r>").isEmpty)
    }

    @Test(arguments: [
        "<a>{{id}}</a>", "<a b=\"{{id}}\" c='{{id}}'/>", "<a{{#id}} b=\"{{id}}\"{{/id}}{{#x}} c=\"{{x}}\"{{/x}}/>",
        "<!-- x -->{{id}}",
        "<?xml version=\"1.0\"?><a>{{id}}</a>", "<a b=\"x\">{{#x}}<c/>{{/x}}</a>",
    ])
    func acceptsInXML(_ text: String) {
        #expect(problems("x.xml", text) == [])
    }

    @Test(arguments: [
        "a\"b\n", "\"a\"b\n", "\"{{id}}\"{{id}}\n", "\"a\n", "a,b\n\nc,d\n", "{{#x}}\"{{/x}}a\n",
        "a,{{#events}}{{id}}\n{{/events}}",
        "{{#events}}{{id}}{{/events}}\n", "{{#events}}\n  {{>piece}}\n{{/events}}\n",
    ])
    func refusesInCSV(_ text: String) {
        #expect(!problems("x.csv", text, ["partials/piece": "{{id}}"]).isEmpty)
    }

    @Test(arguments: [
        "{{#events}}{{uppercased(id)}}{{/events}}", "{{#events}}{{.}}{{/events}}",
        "{{#events}}{{#actors}}{{/actors}}{{/events}}",
        "{{#events}}{{#reversed(x)}}{{/reversed(x)}}{{/events}}", "{{#events}}{{even(index())}}{{/events}}",
        "{{#actors}}{{#events}}{{id}}{{/events}}{{/actors}}", "{{#events}}{{content_security_policy}}{{/events}}",
        "{{#events}}{{#index()}}x{{/index()}}{{/events}}", "a\n  {{>piece}}\n",
    ])
    func refusesWhatCanNotBeStreamed(_ text: String) throws {
        let found = problems("x.txt", "a\n" + text, ["partials/piece": "{{#events}}{{id}}{{/events}}"])
        let problem = try #require(found.first)
        #expect(problem.line >= 1 && problem.file.hasSuffix("piece") || problem.line >= 2)
    }

    @Test func refusesPiecesThatIncludeThemselves() {
        #expect(!problems("x.txt", "{{>a}}", ["partials/a": "{{>b}}", "partials/b": "{{>a}}"]).isEmpty)
    }

    @Test(arguments: ["{\"a\":\"{{id}}\",\"b\":{{count}}}", "[{{#events}}{{^first()}},{{/first()}}{{id}}{{/events}}]"])
    func acceptsInJSON(_ text: String) {
        #expect(problems("x.json", text) == [])
    }

    @Test(arguments: ["{\"a\":\"{{id}}", "{{#x}}\"{{/x}}", "{\"a\":\"x{{#x}}\"{{/x}}\"}"])
    func refusesInJSON(_ text: String) {
        #expect(!problems("x.json", text).isEmpty)
    }

    @Test func listsEveryProblem() {
        let found = problems("x.txt", "{{{a}}}\n{{&b}}\n{{% CONTENT_TYPE:TEXT}}\n")
        #expect(found.map(\.line) == [1, 2, 3])
    }

    /// A list's own `events` are not the report's, also where the list is empty.
    @Test(
        arguments: [
            [], [["events": [["id": "e1"]]]], [["events": []], ["events": [["id": "e1"]]]],
        ] as [[TemplateValue]]
    )
    func takesTheListOfTheSurroundings(_ findings: [TemplateValue]) throws {
        let library = TemplateLibrary(texts: [
            "x.txt":
                "{{#findings}}{{#events}}{{id}};{{/events}}{{#more}}{{#events}}{{id}}{{/events}}{{/more}}{{/findings}}."
        ])
        let values = TemplateValues(scalars: ["findings": .list(findings)], eventCount: 3)
        let document = try library.documents([])[0]
        #expect(library.check() == [])
        #expect(try engineRendering(document, values: values).hasSuffix("."))
    }

    @Test func refusesALongListInsideAnother() throws {
        let library = TemplateLibrary(texts: ["x.txt": "{{#findings}}\n{{#events}}{{id}}{{/events}}{{/findings}}"])
        let values = TemplateValues(scalars: ["findings": [["id": "f"]]], eventCount: 3)
        let document = try library.documents([])[0]
        let error = #expect(throws: ReportingError.self) { try DocumentProgram(document, values: values) }
        #expect(error?.code == .template && error?.summary.hasPrefix("x.txt:2:1") == true)
    }
}
