import Evidence
import Foundation
import TestSupport

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// A report in which every text that comes from outside is a value that has broken reports.
package struct HostileReport {
    package static let fields = [
        "id", "action", "actor_id", "actor_email", "resource_type", "resource_id", "resource_name", "ip_address",
    ]
    /// Texts that spreadsheets like to convert.
    package static let lookAlikes = [
        "12345678901234567890", "0012", "06E2", "0503E000", "1e10", "MAR1", "2-3", "1/2", "10:30", "2026-03-17",
        "2026-03-17 10:00:00", "2026-03-17T10:00:00Z", "TRUE", "#N/A", "1,234.5", "$5", "5%", "(5)", "203.100.113.150",
        "3 May", "Sept 4", "1.2.3", "5 pm", "'0012", "100", "4.20", "1E-3", "5\u{A0}€", "\u{661}\u{662}",
    ]

    package let values: [String]
    package let lines: [String]
    package let root = temporaryPath()

    /// One event for each value and field, with the value there; one value has `long` characters.
    package init(long: Int) throws {
        let values = nastyValues + Self.lookAlikes + [String(repeating: "A", count: long)]
        self.values = values
        lines = try values.enumerated().flatMap { number, value in
            try Self.fields.enumerated().map { place, field in
                func text(_ name: String, _ other: String) -> String { name == field ? value : other }
                let seconds = number * Self.fields.count + place
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

    /// Publishes the report with the built-in templates.
    package func publish(_ profile: CSVProfile = .rfc4180, formats: [ReportFormat] = ReportFormat.standard) throws
        -> PublishedBundle
    {
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
        let head = String(repeating: "ab", count: 32)
        let facts = BundleFacts(
            organization: .init(id: "o", name: nastyValues[4]),
            folder: nastyValues[4],
            period: .init(name: "all", kind: "all"),
            timeZone: "UTC",
            asOf: "2026-04-01T00:00:00Z",
            generatedAt: "2026-04-01T00:00:00Z",
            tool: "heedaudit test",
            evidence: .init(head: head, entry: 1),
            formats: Set(formats),
            csvProfile: profile,
            inputs: [:],
            findings: []
        )
        return try BundlePublisher(output: root + "/output").publish(
            facts: facts,
            values: document(source, segment, head).templateValues(),
            library: .builtIn()
        )
    }

    /// The organization's fields and the settings: every value once as a name and once as a value.
    private func snapshot() throws -> [UInt8] {
        var members: [String: Any] = [:]
        for name in ["name", "slug", "plan", "owner_id", "created_at"] { members[name] = values.last }
        for (number, value) in values.enumerated() {
            members[value] = values[values.count - 1 - number]
            members["field \(number)"] = [value, value]
        }
        return [UInt8](try JSONSerialization.data(withJSONObject: members))
    }

    private func document(
        _ source: EventSource,
        _ segment: SegmentReference,
        _ head: String
    ) throws -> ReportDocument {
        let analysis = LogAnalysis(zone: .utc)
        var recent = RecentEvents()
        _ = try source.forEachBlock { block in
            analysis.add(block)
            recent.add(block)
        }
        let counted = analysis.finish().aggregates
        let texts = values.filter { !$0.isEmpty }
        // Sentences of ours, which may quote what came from outside, but never at length.
        let words = texts.filter { $0.utf8.count < 1000 }
        var document = ReportDocument(
            tool: "heedaudit test",
            asOf: "2026-04-01T00:00:00Z",
            organization: ReportOrganization(id: nastyValues[4], snapshot: try snapshot()),
            settings: ReportSetting.settings(of: try snapshot(), findings: []),
            period: WrittenPeriod(name: "all", from: nil, to: nil),
            completeness: ReportCompleteness(state: .incomplete, reasons: words, damage: words),
            activity: counted,
            findings: texts.map { value in
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
            evidence: ReportEvidence(
                head: head,
                entry: 1,
                at: "2026-04-01T00:00:00Z",
                segments: [segment],
                others: 0,
                works: [],
                hasPulls: false,
                hasImports: false,
                archivedEvents: segment.count
            ),
            recentEvents: recent,
            events: source
        )
        document.changes = texts.map {
            ReportChange(kind: "setting", subject: $0, before: $0, after: $0, at: nil, actor: $0, eventID: $0)
        }
        document.actionPlan = texts.map {
            ActionPlan.Row(
                control: "X-1",
                subject: $0,
                owner: $0,
                due: $0,
                decision: "fix",
                reason: $0,
                approver: $0
            )
        }
        document.eventRows = EventRows(Dictionary(texts.enumerated().map { ($1, $0 + 1) }) { first, _ in first })
        document.notableEvents = recent
        try addAnswers(texts, to: &document, of: source)
        return document
    }

    /// What people answered, who may have been lied to.
    private func addAnswers(_ texts: [String], to document: inout ReportDocument, of source: EventSource) throws {
        for place in document.findings.indices {
            let text = document.findings[place].subject
            document.findings[place].acceptance = Acceptance(approver: text, reason: text, until: text)
        }
        for text in texts {
            let asking = Finding(
                control: "X-2",
                title: "A title",
                severity: .low,
                status: .manual,
                subject: text,
                detail: text,
                eventIDs: [text],
                frameworks: [],
                remediation: text
            )
            document.findings.append(asking)
            document.review.append(
                Review.Row(
                    finding: asking.id,
                    event: text,
                    ticket: text,
                    approvedBy: text,
                    reviewedBy: text,
                    reviewedOn: text,
                    result: .ok
                )
            )
        }
        document.reviewEvents = try ReviewEvents.of(document.findings, source)
    }
}
