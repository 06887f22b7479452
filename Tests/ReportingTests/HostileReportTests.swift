import Evidence
import Foundation
import Testing

@testable import Analysis
@testable import Reporting

/// The built-in templates against values that have broken reports, in every field of the log.
@Suite struct HostileReportTests {
    private static let fields = [
        "id", "action", "actor_id", "actor_email", "resource_type", "resource_id", "resource_name", "ip_address",
    ]

    /// One event for each value and field, with the value there.
    private static func lines() throws -> [String] {
        let values = nastyValues + [String(repeating: "A", count: 3 << 20)]
        return try values.enumerated().flatMap { number, value in
            try fields.enumerated().map { place, field in
                func text(_ name: String, _ other: String) -> String { name == field ? value : other }
                let seconds = number * fields.count + place
                let event: [String: Any] = [
                    "id": text("id", "evt-\(seconds)"), "action": text("action", "database.created"),
                    "actor": ["id": text("actor_id", "user-1"), "email": text("actor_email", "a@example.com")],
                    "resource": [
                        "type": text("resource_type", "database"), "id": text("resource_id", "db-1"),
                        "name": text("resource_name", "production"),
                    ],
                    "ip_address": text("ip_address", "203.0.113.1"),
                    "created_at": "2026-03-17T10:\(String(format: "%02d:%02d", seconds / 60, seconds % 60))Z",
                ]
                let line = try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys])
                return String(decoding: line, as: UTF8.self)
            }
        }
    }

    private func publish(_ lines: [String]) throws -> PublishedBundle {
        let root = NSTemporaryDirectory() + "heedaudit-hostile-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root + "/events", withIntermediateDirectories: true)
        let bytes = Data((lines.joined(separator: "\n") + "\n").utf8)
        try bytes.write(to: URL(fileURLWithPath: root + "/events/00000001.ndjson"))
        let segment = SegmentReference(
            file: "events/00000001.ndjson",
            sha256: String(repeating: "0", count: 64),
            count: lines.count,
            firstAt: "2026-03-17T10:00:00Z",
            lastAt: "2026-03-17T10:59:59Z"
        )
        let source = EventSource(root: root, segments: [segment], range: nil)
        let tally = EventTally(zone: .utc)
        var recent = RecentEvents()
        _ = try source.forEachBlock { block in
            tally.add(block)
            recent.add(block)
        }
        let counted = tally.finish()
        let head = String(repeating: "ab", count: 32)
        let document = ReportDocument(
            tool: "heedaudit test",
            asOf: "2026-04-01T00:00:00Z",
            organization: ReportOrganization(id: nastyValues[4], snapshot: nil),
            settings: nil,
            period: ReportPeriod(name: "all", from: nil, to: nil),
            completeness: ReportCompleteness(state: .incomplete, reasons: nastyValues.filter { !$0.isEmpty }),
            activity: ReportActivity(
                eventCount: counted.eventCount,
                actorCount: counted.actors.rowCount,
                resourceCount: counted.resources.rowCount,
                actionCount: counted.actions.rowCount,
                firstAt: counted.firstAt,
                lastAt: counted.lastAt,
                tables: [
                    "actions": counted.actions, "actors": counted.actors, "resources": counted.resources,
                    "actor_actions": counted.actorActions, "resource_actions": counted.resourceActions,
                    "actor_resource_actions": counted.actorResourceActions,
                ],
                days: [],
                heat: counted.heat
            ),
            findings: nastyValues.filter { !$0.isEmpty }.map { value in
                Finding(
                    control: "X-1",
                    title: "A title",
                    severity: .high,
                    status: .fail,
                    subject: value,
                    detail: value,
                    eventIDs: [value],
                    frameworks: [],
                    remediation: value
                )
            },
            evidence: ReportEvidence(head: head, entry: 1, at: "2026-04-01T00:00:00Z", segments: [segment]),
            recentEvents: recent,
            events: source
        )
        let facts = BundleFacts(
            organizationID: "o",
            organizationFolder: nastyValues[4],
            organizationName: nastyValues[4],
            periodName: "all",
            periodKind: "all",
            periodFrom: nil,
            periodTo: nil,
            timeZone: "UTC",
            asOf: "2026-04-01T00:00:00Z",
            generatedAt: "2026-04-01T00:00:00Z",
            tool: "heedaudit test",
            evidenceHead: head,
            evidenceEntry: 1,
            inputs: [:],
            findings: []
        )
        return try BundlePublisher(output: root + "/output").publish(
            facts: facts,
            values: document.templateValues(),
            library: .builtIn()
        )
    }

    @Test func noneBreaksTheReport() throws {
        let lines = try Self.lines()
        let bundle = try publish(lines)
        #expect(Checksums.verified(bundle: bundle.path) != nil)
        #expect(bundle.files.contains { $0.name == "report.xml" })
        for file in bundle.files where file.name.hasSuffix(".csv") {
            let text = try String(contentsOfFile: "\(bundle.path)/\(file.name)", encoding: .utf8)
            let records = try CSVTests.parse(text)
            #expect(Set(records.map(\.count)).count == 1, "\(file.name)")
            for field in records.dropFirst().joined() {
                let bare = field.hasPrefix("'") ? String(field.dropFirst()) : field
                let isFormula = try CSVTests.expected(bare) != bare
                #expect(!isFormula || field.hasPrefix("'"), "\(file.name): \(field)")
            }
            if file.name == "events.csv" { #expect(records.count == lines.count + 1) }
        }
        try checkPage(String(contentsOfFile: bundle.path + "/report.html", encoding: .utf8))
    }

    private func checkPage(_ page: String) throws {
        for value in nastyValues where value.contains("<") || value.contains("'") && value.contains("on") {
            let isLiteral = ["<!--", "-->", "<!DOCTYPE x>", "&lt"].contains(value)
            #expect(isLiteral || !page.contains(value), "\(value)")
        }
        #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        // A mark left in the page would be a streamed section that was never filled.
        #expect(!page.contains("HEED") || page.contains("HEEDn0z"))
        #expect(page.hasSuffix("</html>\n"))
    }
}
