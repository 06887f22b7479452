import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Long lists of values against swift-mustache: the same bytes, in every format.
@Suite struct LongListsTests {
    private static let bodies = [
        "{{name}},{{count}},{{note}}\n",
        "{{#name}}{{.}}{{/name}}{{^name}}none{{/name}},{{#inner}}{{id}} {{/inner}}{{^inner}}-{{/inner}},{{outer}}\n",
        "{{first()}},{{last()}},{{#even()}}e{{/even()}},{{#flag}}yes{{/flag}}{{^flag}}no{{/flag}}\n",
        "{{#texts}}{{id}}{{#name}} {{name}}{{/name}} {{/texts}}{{^texts}}no text{{/texts}},{{missing}},{{.name}}\n",
        "{{>piece}},{{object.a}},{{#object}}{{a}}{{name}}{{/object}}\n",
    ]

    private func values(_ count: Int) -> TemplateValues {
        let elements = (0..<count).map { number -> TemplateValue in
            let text = nastyValues[number % nastyValues.count]
            return [
                "name": .text(text), "count": .number(number - 20), "flag": .flag(number % 3 == 0),
                "note": number % 2 == 0 ? .missing : .time("2026-03-17T10:00:00Z"),
                "inner": .list((0..<number % 4).map { ["id": .number($0)] }),
                "texts": .texts((0..<number % 3).map { "\(text)\($0)" }, member: "id"),
                "object": ["a": .text("=\(text)")],
            ]
        }
        return TemplateValues(scalars: ["items": .list(elements), "outer": "out<er", "empty": []])
    }

    /// Renders a document into a file, as bundles are, and reads it back.
    private func rendered(_ document: LinkedTemplate, _ values: TemplateValues) throws -> Data {
        let folder = temporaryPath()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let job = DocumentRenderer.Job(template: document, folder: folder, mode: .group, profile: .rfc4180)
        let renderer = try DocumentRenderer(job, values: values)
        try renderer.proceed()
        _ = try renderer.finish()
        return try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(document.name)"))
    }

    @Test(arguments: ["x.md", "x.txt", "x.csv", "x.xml"])
    func renderTheSame(_ name: String) throws {
        for body in Self.bodies {
            let text = "head\n{{#items}}\n\(body){{/items}}\n{{^items}}\nnone\n{{/items}}\ntail\n"
            let library = TemplateLibrary(texts: [
                name: name == "x.xml" ? "<r>\(text)</r>\n" : text, "partials/piece": "[{{name}}]",
            ])
            let values = values(300)
            let long = try #require(try library.documents([.csv, .xml], values: values).first)
            #expect(long.streams.count == 1, "\(body)")
            let format = try #require(OutputFormat(fileName: name))
            let file = TemplateLibrary.File(name: name, bytes: library.bytes(named: name) ?? [], isUsers: true)
            let plain = TemplateLinker.link(file, format: format, library: library) { _, _ in .plain }
            #expect(plain.streams.isEmpty)
            let pair = (try rendered(long, values), try rendered(plain, values))
            #expect(pair.0 == pair.1, "\(name): \(body)")
        }
    }

    @Test func whatIsNotCertainStaysWithMustache() throws {
        for body in ["{{uppercased(name)}}", "{{index()}}", "{{#events}}x{{/events}}", "{{count(inner)}}"] {
            let library = TemplateLibrary(texts: ["x.md": "{{#items}}\n\(body)\n{{/items}}\n"])
            let document = try? library.documents([], values: values(300)).first
            #expect(document?.streams.isEmpty != false, "\(body)")
        }
        let library = TemplateLibrary(texts: ["x.md": "{{#items}}\n{{name}}\n{{/items}}\n"])
        #expect(try library.documents([], values: values(100)).first?.streams.isEmpty == true)
    }
}
