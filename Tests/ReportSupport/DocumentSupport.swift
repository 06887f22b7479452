import Evidence
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// An archive in a temporary folder, filled by an import, and a report about it.
package struct SampleReport {
    package let archive: Archive
    package var document: ReportDocument

    /// Imports events, each a JSON object, and tallies them.
    package init(
        events: [[String: Any]],
        period: WrittenPeriod = WrittenPeriod(name: "all", from: nil, to: nil),
        completeness: ReportCompleteness = ReportCompleteness(state: .unknown),
        findings: [Finding] = []
    ) throws {
        let root = temporaryPath()
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let lines = try events.map { event in
            // An event has an action; one that the test does not name is empty, which counts as missing.
            let event = ["action": ""].merging(event) { $1 }
            return try JSONSerialization.data(withJSONObject: event, options: .sortedKeys) + Data([10])
        }
        let file = root + "/events.ndjson"
        try lines.reduce(Data(), +).write(to: URL(fileURLWithPath: file))
        do {
            let writer = try ArchiveWriter(root: root + "/archive", organization: "org-1", tool: "heedaudit 0")
            let session = try writer.beginImport()
            let handle = try #require(FileHandle(forReadingAtPath: file))
            try session.add(contentsOf: handle.fileDescriptor, named: "events.ndjson")
            _ = try session.commit(now: Instant(seconds: 1_775_008_807))
        }
        archive = try ArchiveRoot(path: root + "/archive").open(organization: nil)
        let range = InstantRange(
            from: period.from.flatMap { Instant(rfc3339: $0) },
            to: period.to.flatMap { Instant(rfc3339: $0) }
        )
        let source = archive.events(in: range)
        let analysis = LogAnalysis(zone: .utc)
        var recent = RecentEvents()
        _ = try source.forEachBlock { block in
            analysis.add(block)
            recent.add(block)
        }
        let totals = analysis.finish().aggregates
        document = ReportDocument(
            tool: "heedaudit 0",
            asOf: archive.head.at,
            organization: ReportOrganization(id: "org-1", snapshot: nil),
            settings: nil,
            period: period,
            completeness: completeness,
            activity: totals,
            findings: findings,
            evidence: ReportEvidence(archive: archive, source: source),
            recentEvents: recent,
            events: source
        )
    }

    /// What names the bundle.
    package var facts: BundleFacts {
        BundleFacts(
            organization: .init(id: "org-1", name: "org-1"),
            folder: "org-1",
            period: .init(name: document.period.name, kind: "all", from: document.period.from, to: document.period.to),
            timeZone: "UTC",
            asOf: document.asOf,
            generatedAt: document.generatedAt,
            tool: document.tool,
            evidence: .init(head: archive.head.sha256, entry: archive.head.entry),
            inputs: [:],
            findings: []
        )
    }

    /// Renders templates, the built-in ones if none are named, into a temporary folder.
    package func publish(
        _ library: TemplateLibrary = .builtIn(),
        profile: CSVProfile = .rfc4180,
        formats: [ReportFormat] = ReportFormat.standard
    ) throws -> PublishedBundle {
        let output = temporaryPath()
        var facts = facts
        facts.formats = Set(formats)
        facts.csvProfile = profile
        return try BundlePublisher(output: output)
            .publish(facts: facts, values: document.templateValues(), library: library)
    }

    /// An event as the service sends it.
    package static func event(
        _ id: String,
        at: String,
        action: String = "database.created",
        actor: String = "user-1",
        resource: String = "db-1"
    ) -> [String: Any] {
        [
            "id": id, "action": action, "created_at": at, "ip_address": "203.0.113.5",
            "actor": ["id": actor, "email": "\(actor)@example.com"],
            "resource": ["type": "database", "id": resource, "name": "name of \(resource)"],
        ]
    }

    /// A finding that somebody accepts.
    package static func accepted(_ control: String, _ severity: Severity, subject: String = "subject") -> Finding {
        var finding = finding(control, severity, .waived, subject: subject)
        finding.acceptance = Acceptance(approver: "Bea", reason: "No <identity> provider yet", until: "2027-03-31")
        return finding
    }

    /// A finding as a control makes it.
    package static func finding(
        _ control: String,
        _ severity: Severity,
        _ status: Status,
        subject: String = "subject",
        events: [String] = [],
        frameworks: [FrameworkReference] = [FrameworkReference(name: "SOC 2", id: "CC6.1")]
    ) -> Finding {
        Finding(
            control: control,
            title: "Title of \(control)",
            severity: severity,
            status: status,
            subject: subject,
            detail: "Detail",
            eventIDs: events,
            frameworks: frameworks,
            remediation: "Do something."
        )
    }
}

extension Finding {
    /// A finding in words of its own.
    package init(
        control: String,
        title: String,
        severity: Severity,
        status: Status,
        subject: String,
        detail: String,
        eventIDs: [String],
        frameworks: [FrameworkReference],
        remediation: String
    ) {
        let words = Finding.Words(
            control: control,
            title: title,
            severity: severity,
            frameworks: frameworks,
            remediation: remediation
        )
        self.init(words, status, subject: subject, key: nil, telling: .text(detail), eventIDs: eventIDs)
    }
}
