import Analysis
import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Bundles that are begun while the events are read.
@Suite struct BundleDraftTests {
    private func sample() throws -> SampleReport {
        try SampleReport(
            events: (0..<3000).map { number in
                SampleReport.event(
                    "evt-\(number)" + nastyValues[number % nastyValues.count],
                    at: "2026-03-\(String(format: "%02d", number % 28 + 1))T10:00:00Z",
                    action: "a\(number % 5)",
                    actor: "user-\(number % 7)",
                    resource: "db-\(number % 300)" + nastyValues[number % nastyValues.count]
                )
            },
            findings: (0..<400).map { SampleReport.finding("C\($0 % 3)", .high, .fail, subject: "\($0)") }
        )
    }

    @Test func haveTheBytesOfOthers() throws {
        let sample = try sample()
        let (begun, whole) = (try sample.publish(isBegun: true), try sample.publish())
        #expect(begun.files.map { $0.name } == whole.files.map { $0.name })
        for (one, other) in zip(begun.files, whole.files) { #expect(one == other, "\(one.name)") }
        #expect(begun.files.first { $0.name == "events.csv" }?.rows == 3000)
    }

    @Test func beginWithDocumentsThatNeedNothingElse() throws {
        let all = TemplateLibrary.builtIn().documentsOfTables([.html, .csv, .xml])
        #expect(
            Set(all.map(\.name)) == [
                "events.csv", "actions.csv", "actors.csv", "resources.csv", "actor_actions.csv", "resource_actions.csv",
                "actor_resource_actions.csv",
            ]
        )
        #expect(TemplateLibrary.builtIn().documentsOfTables([.html, .xml]).isEmpty)
        let library = TemplateLibrary(texts: [
            "plain.csv": "id\n{{#events}}\n{{id}}\n{{/events}}\n",
            "both.csv": "{{#actors}}\n{{actor_id}}\n{{/actors}}\n{{#actions}}\n{{action}}\n{{/actions}}\n",
            "scalar.csv": "{{tool}}\n{{#events}}\n{{id}}\n{{/events}}\n",
            "scalar-in-row.csv": "{{#events}}\n{{id}},{{tool}}\n{{/events}}\n",
            "inner.csv": "{{#events}}\n{{#actor_id}}{{id}}{{/actor_id}}\n{{/events}}\n",
            "number.csv": "{{#events}}\n{{id}},{{index()}}\n{{/events}}\n",
            "condition.csv": "{{#events}}\n{{id}}\n{{/events}}\n{{^events}}\nnone\n{{/events}}\n",
            "inside.csv": "{{#has_findings}}\n{{#events}}\n{{id}}\n{{/events}}\n{{/has_findings}}\n",
            "list.csv": "{{#findings}}\n{{subject}}\n{{/findings}}\n",
            "piece.csv": "{{>head}}{{#events}}\n{{id}}\n{{/events}}\n", "partials/head.csv": "{{tool}}\n",
            "text.txt": "{{#events}}{{id}}{{/events}}\n",
        ])
        #expect(Set(library.documentsOfTables([.csv]).map(\.name)) == ["plain.csv", "both.csv"])
    }

    @Test func ofTablesAndEventsTogetherHaveTheBytesOfOthers() throws {
        let library = TemplateLibrary(texts: [
            "mixed.csv": """
            {{#actors}}
            {{actor_id}},{{count}}
            {{/actors}}
            {{#events}}
            {{id}},{{action}}
            {{/events}}

            """,
            "text.txt": "{{#events}}{{id}}{{/events}}\n",
        ])
        let sample = try sample()
        #expect(try sample.publish(library, isBegun: true).files == sample.publish(library).files)
    }

    @Test func leaveNothingBehindWhenTheyAreNotPublished() throws {
        let output = temporaryPath()
        let publisher = BundlePublisher(output: output)
        let sample = try sample()
        do { _ = try sample.begin(publisher, .builtIn()) }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: output) == ["org-1"])
    }

    @Test func leaveABundleThatStandsAsItIs() throws {
        let output = temporaryPath()
        let publisher = BundlePublisher(output: output)
        let sample = try sample()
        let draft = try sample.begin(publisher, .builtIn())
        let values = sample.document.templateValues()
        let bundle = try publisher.publish(facts: sample.facts, values: values, library: .builtIn(), draft: draft)
        #expect(!bundle.reused)
        let again = try publisher.publish(
            facts: sample.facts,
            values: values,
            library: .builtIn(),
            draft: sample.begin(publisher, .builtIn())
        )
        #expect(again.reused && again.files.map(\.sha256) == bundle.files.map(\.sha256))
        let beside = try FileManager.default.contentsOfDirectory(atPath: output + "/org-1").sorted()
        #expect(beside == ["SHA256SUMS", bundle.name, "index.html", "latest"].sorted())
    }

    @Test func leaveValuesOutThatTablesDoNotName() throws {
        let document = try sample().document
        let library = TemplateLibrary.builtIn()
        #expect(library.names(in: [.csv, .html]) == nil)
        let names = try #require(library.names(in: [.csv]))
        #expect(names.isSuperset(of: ["events", "actor_id", "findings", "frameworks_text", "action_plan", "settings"]))
        let (all, some) = (document.templateValues(), document.templateValues(named: names))
        #expect(Set(all.scalars.keys).subtracting(some.scalars.keys) == ActivityValues.names)
        #expect(Set(some.scalars.keys).isSubset(of: all.scalars.keys))
    }
}
