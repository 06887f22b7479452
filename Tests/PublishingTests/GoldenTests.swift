import ReportSupport
import Foundation
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// What people see, byte for byte: a small report in every format, beside files that were read before they were committed.
///
/// `make record-goldens` writes them anew; that run fails on purpose.
@Suite struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden"

    private func sample() throws -> SampleReport {
        let actions = [
            "database.created", "database.resized", "api_key.created", "member.role_changed", "backup.restored",
        ]
        var events = (0..<24).map { index in
            SampleReport.event(
                "evt-\(index)",
                at: "2026-03-\(index < 9 ? "0" : "")\(index + 1)T\(index % 2 == 0 ? "09" : "21"):15:00Z",
                action: actions[index % actions.count],
                actor: "user-\(index % 3)",
                resource: "db-\(index % 4)"
            )
        }
        events[3]["actor"] = NSNull()
        events[5]["resource"] = ["type": "database", "id": "db-9", "name": "=HYPERLINK(\"//x\")<b>"]
        var sample = try SampleReport(
            events: events,
            completeness: ReportCompleteness(state: .complete),
            findings: [
                SampleReport.finding("MEM-SELF", .critical, .fail, events: ["evt-3", "evt-8"]),
                SampleReport.finding("LOG-COMPLETE", .high, .pass, subject: "audit log"),
                SampleReport.accepted("ORG-SSO", .medium, subject: "sso_enabled"),
                SampleReport.finding("OFF-HOURS", .low, .manual, subject: "working hours"),
            ]
        )
        sample.document.eventRows = ["evt-3": 4]
        sample.document.changes = [
            ReportChange(
                kind: "setting",
                subject: "sso_enabled",
                before: "false",
                after: "true",
                at: "2026-03-05T10:00:00Z",
                actor: "ann@example.com",
                eventID: "evt-4"
            )
        ]
        sample.document.actionPlan = [
            ActionPlan.Row(control: "MEM-SELF", subject: "subject", owner: "Ann", due: "2026-12-31", decision: "fix")
        ]
        return sample
    }

    @Test func reportIsAsRecorded() throws {
        let bundle = try sample().publish(formats: ReportFormat.allCases)
        let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil
        // The schemas are the templates; digests and names follow from the other files. The bytes of the workbook are also those
        // of the versions of libxlsxwriter and zlib; what it says is compared with the tables elsewhere.
        let others = [
            "audit-report.xsd", "oscal-assessment-results.xsd", "report.schema.json", "SHA256SUMS", "manifest.json",
            "report.xlsx",
        ]
        for file in bundle.files where !others.contains(file.name) {
            let made = try #require(FileManager.default.contents(atPath: bundle.path + "/" + file.name))
            let golden = Self.folder + "/" + file.name
            if isRecording {
                try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
                try made.write(to: URL(fileURLWithPath: golden))
            } else {
                let recorded = FileManager.default.contents(atPath: golden) ?? Data()
                #expect(made == recorded, "\(file.name) differs: \(Self.firstDifference(made, recorded))")
            }
        }
        #expect(!isRecording, "recorded; run the tests again without RECORD_GOLDEN")
    }

    private static func firstDifference(_ made: Data, _ recorded: Data) -> String {
        let new = String(decoding: made, as: UTF8.self).components(separatedBy: "\n")
        let old = String(decoding: recorded, as: UTF8.self).components(separatedBy: "\n")
        let line =
            zip(new, old).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(new.count, old.count)
        return "line \(line + 1): \(line < new.count ? String(new[line].prefix(200)) : "missing")"
    }
}
