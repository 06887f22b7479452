import Evidence
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

    private func problems(_ name: String, _ text: String, _ partials: [String: String] = [:]) -> [TemplateProblem] {
        TemplateLibrary(texts: [name: text].merging(partials) { one, _ in one }).check()
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
        #expect(!problems("x.html", Self.head + "{{>partial}}", ["partials/partial.html": text]).isEmpty)
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

    /// Where a browser would not take a value for text, or a file for what the checks take it for.
    @Test(arguments: [
        "<a href = \"{{id}}\">", "<a href\n=\"{{id}}\">", "<p class =\"x\">",
        "<meta http-equiv=\"{{id}}\" content=\"x\">", "<META HTTP-EQUIV='{{id}}'>", "<meta http-equiv={{id}}>",
        "<meta name=\"d\" http-equiv=\"refresh\" content=\"{{id}}\">",
        "<meta http-equiv=refresh name=d content=\"{{id}}\">",
        "<meta name=\"d\" content=\"0;url={{id}}\" HTTP-Equiv=Refresh>", "<meta content=\"{{id}}\" name=\"d\">",
        "<meta name=\"d\" {{#x}}http-equiv=\"refresh\"{{/x}} content=\"{{id}}\">",
        "<meta {{#x}}name=\"d\"{{/x}} content=\"{{id}}\">", "<meta name=\"{{id}}\" content=\"x\">",
        "<meta charset=\"{{id}}\">", "<meta charset=\"utf-7\">", "<meta charset=utf-16>",
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-2022-jp\">",
        "<img srcset=\"{{id}}\">", "<img srcset=\"#a, {{id}}\">", "<source SrcSet='#{{id}}'>",
        "<link rel=\"preload\" imagesrcset=\"#{{id}}\">", "<a ping=\"#{{id}}\">", "<applet archive=\"#{{id}}\">",
        "<iframe srcdoc=\"<p>{{id}}</p>\">", "<iframe sandbox=\"{{id}}\">", "<iframe name=\"{{id}}\">",
        "<base href=\"#{{id}}\">", "<base target=\"{{id}}\">", "<script type=\"{{id}}\">a</script>",
        "<link rel=\"{{id}}\">", "<object type=\"{{id}}\">", "<embed type=\"{{id}}\">", "<template class=\"{{id}}\">",
        "<noscript><p>{{id}}</p></noscript>", "<noembed>{{id}}</noembed>", "<xmp>{{id}}</xmp>", "<plaintext>{{id}}",
        "<!-- --!><script> --> {{id}} </script>", "<!--><script> --> {{id}}", "<!---><b>--> {{id}}",
        "<svg><title><a href=\"{{id}}\">x</a></title></svg>", "<svg><style><a title=\"</style>{{id}}\"></style></svg>",
        "<title><b>{{id}}</b></title>", "<textarea><script>{{id}}</script></textarea>",
        "<svg><foreignObject><title>{{id}}</title></foreignObject></svg>",
        "<MATH><annotation-xml>{{id}}</annotation-xml>",
        "<svg><animateColor to=\"{{id}}\"/></svg>", "<body background=\"{{id}}\">", "<a xml:base=\"{{id}}\">",
    ])
    func refusesWhatBrowsersReadInAnotherWay(_ text: String) {
        #expect(!problems("x.html", Self.head + text).isEmpty)
        #expect(!problems("x.html", Self.head + "{{>partial}}", ["partials/partial.html": text]).isEmpty)
    }

    @Test(arguments: [
        "<svg><title>{{id}}</title><rect/></svg><title>{{id}}</title>", "<svg/><style>a>b{}</style>{{id}}",
        "<svg></svg><script>a<b</script>{{id}}", "<!-- -- > --><p>{{id}}</p>", "<meta charset=\"UTF-8\">{{id}}",
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">{{id}}",
        "<meta http-equiv=\"x-ua-compatible\" content=\"IE=edge\">{{id}}", "<a href=\"#{{id}}\" download>x</a>",
    ])
    func acceptsTheSameWhereItIsHarmless(_ text: String) {
        #expect(problems("x.html", Self.head + text) == [])
    }

    private static let policy =
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}\">"

    /// Browsers obey a policy in the real head alone; what stands before it is not held back by it.
    @Test(
        arguments: [
            "<template>\(policy)</template>", "<body>\(policy)", "<BODY>\(policy)", "<svg>\(policy)</svg>",
            "<head></head>\(policy)", "<head><title>x</title></head>\(policy)", "text\(policy)", "{{id}}\(policy)",
            "<p>\(policy)", "<noscript>\(policy)</noscript>", "<head><noscript>\(policy)</noscript>",
            "<!-- \(policy) -->", "<!--> \(policy) -->", "<textarea>\(policy)</textarea>", "<title>\(policy)</title>",
            "<script>\(policy)</script>", "<script>a</script>\(policy)", "<style>a</style>\(policy)",
            "<link rel=\"stylesheet\" href=\"https://example.com/x.css\">\(policy)",
            "<base href=\"https://x\">\(policy)",
            "<iframe></iframe>\(policy)", "<img src=\"https://x\">\(policy)", "</p>\(policy)", "<frameset>\(policy)",
            "{{#x}}\(policy)\(policy){{/x}}", "{{^x}}\(policy){{/x}}", "a < b\(policy)",
            "<meta {{#x}}http-equiv=\"Content-Security-Policy\"{{/x}} content=\"{{content_security_policy}}\">",
            "<meta http-equiv=\"x\" http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}\">",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"\" content=\"{{content_security_policy}}\">",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}; script-src-elem *\">",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"img-src *; {{content_security_policy}}\">",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}{{id}}\">",
            "<meta http-equiv=\"Content-Security-Policy-Report-Only\" content=\"{{content_security_policy}}\">",
            "<meta http-equiv = \"Content-Security-Policy\" content=\"{{content_security_policy}}\">",
            "<meta content=\"{{content_security_policy}}\" http-equiv=\"Content-Security-Policy\">",
            "<meta http-equiv=\"Content-Security-Policy\" data-content=\"{{content_security_policy}}\">",
        ] as [String]
    )
    func refusesAPolicyThatBrowsersIgnore(_ text: String) {
        let start = "<!doctype html>\n<html lang=\"en\">\n"
        #expect(!problems("x.html", start + text + "<p>{{id}}</p>").isEmpty)
        #expect(!problems("x.html", start + "{{>partial}}<p>{{id}}</p>", ["partials/partial.html": text]).isEmpty)
    }

    @Test(
        arguments: [
            policy, "<!doctype html><html lang=\"{{language}}\"><head><meta charset=\"utf-8\">\(policy)",
            "<!-- note --><HEAD>\n<title>x</title>\(policy)",
            "<META HTTP-EQUIV=content-security-policy content='{{content_security_policy}}'>",
        ] as [String]
    )
    func acceptsAPolicyThatHolds(_ text: String) {
        #expect(problems("x.html", text + "<p>{{id}}</p>") == [])
    }

    @Test func aMistakeIsToldOnce() {
        let texts = [
            "a.md": "{{>partial}}", "b.md": "{{#findings}}{{>partial}}{{/findings}}", "c.txt": "{{>partial}}",
            "partials/partial": "{{titel}}{{#organization}}{{>other}}{{/organization}}", "partials/other": "{{naem}}",
        ]
        let library = TemplateLibrary(texts: texts)
        let found = library.check() + library.unknownNames()
        #expect(found.map { "\($0.file):\($0.line):\($0.column)" } == ["partials/other:1:1", "partials/partial:1:1"])
        for text in ["<meta http-equiv=\"refresh\" content=\"{{id}}\">", "<a href = \"{{id}}\" class = \"{{id}}\">"] {
            #expect(problems("x.html", Self.head + text).count <= 2)
        }
    }

    @Test func hintsNeverNameWhatTheyRefuse() {
        let names = [
            "name", "control", "severity_word", "weekday", "by", "titel", "organization.name.name", "events.id",
        ]
        let library = TemplateLibrary(texts: [
            "x.md": names.map { "{{\($0)}}\n" }.joined() + "{{#findings}}{{organization.control}}{{/findings}}\n"
        ])
        for problem in library.unknownNames() {
            let refused = problem.message.split(separator: "'")[1]
            #expect(problem.hint?.contains("'\(refused)'") == false, "\(problem) \(problem.hint ?? "")")
        }
        let hints = library.unknownNames().map { $0.hint ?? "" }
        #expect(hints.contains { $0.hasPrefix("it is a value of ") && $0.contains("findings") })
    }

    @Test(arguments: [
        "{{#findings}}{{#actor_actions}}{{count}}{{/actor_actions}}{{/findings}}",
        "{{#settings}}\n{{#actors}}{{count}}{{/actors}}\n{{/settings}}",
        "{{#findings_attention}}{{#frameworks}}{{#events}}{{id}}{{/events}}{{/frameworks}}{{/findings_attention}}",
        "{{#summary}}{{#sentences}}{{#resource_actions}}{{count}}{{/resource_actions}}{{/sentences}}{{/summary}}",
        "{{#evidence.segments}}{{>partial}}{{/evidence.segments}}",
    ])
    func refusesALongListInsideAShortOneBeforeItIsRendered(_ text: String) {
        let found = problems("x.txt", text, ["partials/partial": "{{#actor_actions}}{{count}}{{/actor_actions}}"])
        let isFindingsEvents = text.contains("{{#events}}")
        #expect(found.count == (isFindingsEvents ? 0 : 1), "\(found)")
        #expect(found.allSatisfy { $0.message.contains("can't be repeated inside") })
    }

    @Test func acceptsALongListInsideAnObject() {
        for text in [
            "{{#organization}}{{#actor_actions}}{{count}}{{/actor_actions}}{{/organization}}",
            "{{#has_findings}}{{#events}}{{id}}{{/events}}{{/has_findings}}{{^findings}}{{#actors}}{{count}}{{/actors}}{{/findings}}",
            "{{#findings}}{{#events}}{{id}}{{/events}}{{/findings}}",
        ] { #expect(problems("x.txt", text) == [], "\(text)") }
    }

    @Test func refusesTheSameRowsTwiceInATable() {
        let twice = "id\n{{#events}}\n{{id}}\n{{/events}}\n{{#events}}\n{{id}}\n{{/events}}\n"
        #expect(problems("x.csv", twice).map(\.line) == [5])
        #expect(
            problems("x.csv", twice.replacing("{{#events}}\n{{id}}\n{{/events}}\n{{#events}}", with: "{{#events}}"))
                == []
        )
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
        "{{#events}}{{id}}{{/events}}\n", "{{#events}}\n  {{>partial}}\n{{/events}}\n",
    ])
    func refusesInCSV(_ text: String) {
        #expect(!problems("x.csv", text, ["partials/partial": "{{id}}"]).isEmpty)
    }

    @Test(arguments: [
        "{{#events}}{{uppercased(id)}}{{/events}}", "{{#events}}{{.}}{{/events}}",
        "{{#events}}{{#actors}}{{/actors}}{{/events}}",
        "{{#events}}{{#reversed(x)}}{{/reversed(x)}}{{/events}}", "{{#events}}{{even(index())}}{{/events}}",
        "{{#actors}}{{#events}}{{id}}{{/events}}{{/actors}}", "{{#events}}{{content_security_policy}}{{/events}}",
        "{{#events}}{{#index()}}x{{/index()}}{{/events}}", "a\n  {{>partial}}\n",
    ])
    func refusesWhatCanNotBeStreamed(_ text: String) throws {
        let found = problems("x.txt", "a\n" + text, ["partials/partial": "{{#events}}{{id}}{{/events}}"])
        let problem = try #require(found.first)
        #expect(problem.line >= 1 && problem.file.hasSuffix("partial") || problem.line >= 2)
    }

    @Test func refusesPartialsThatIncludeThemselves() {
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
