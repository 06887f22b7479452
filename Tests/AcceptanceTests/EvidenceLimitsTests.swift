import Foundation
import TestSupport
import Testing

/// What a report says where the evidence does not reach: events without a time, settings of another time, periods that go on.
@Suite struct EvidenceLimitsTests {
    private static func event(_ number: Int, _ action: String, at time: String?, resource: String? = nil) -> String {
        let created = time.map { #","created_at":"\#($0)""# } ?? ""
        return #"{"id":"evt-\#(number)","action":"\#(action)","actor":{"id":"user-1","email":"ann@example.com"},"#
            + #""resource":{"type":"database","id":"\#(resource ?? "db-\(number)")"},"ip_address":"192.0.2.1"\#(created)}"#
    }

    /// Serves a log and pulls it once.
    private static func pulled(_ lines: [String], in folder: String) throws -> SandboxProcess {
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: folder + "/log.ndjson",
            atomically: true,
            encoding: .utf8
        )
        let sandbox = try SandboxProcess(["--events", "log.ndjson"], in: folder)
        try #require(try sandbox.run(["pull"], in: folder).status == 0)
        return sandbox
    }

    private static func findings(_ arguments: [String], in folder: String) throws -> [[String: String]] {
        let report = try Tool.run(["report", "--format", "csv,xml"] + arguments, in: folder)
        try #require(report.status == 0, "\(report.error)")
        return try rows("findings.csv", in: folder)
    }

    private static func rows(_ name: String, in folder: String) throws -> [[String: String]] {
        try BundleFiles.rows(of: name, in: folder + "/output")
    }

    @Test func eventsWithoutATimeMayBelongToAnyMonthBeforeTheirPull() async throws {
        let (findings, xml, html) = try await aside {
            try withTemporaryFolder { folder in
                let dated = (0..<5).map { Self.event($0, "database.created", at: "2026-03-0\($0 + 1)T10:00:00Z") }
                let undated = (10..<50).map { Self.event($0, "database.deleted", at: "not a time") }
                _ = try Self.pulled(dated + undated, in: folder)
                let found = try Self.findings(["--period", "2026-03"], in: folder)
                let xml = try BundleFiles.read(try BundleFiles.latest(in: folder + "/output") + "/report.xml")
                try #require(
                    try Tool.run(["report", "--format", "html", "--period", "2026-04"], in: folder).status == 0
                )
                let page = try BundleFiles.latest(in: folder + "/output") + "/report.html"
                return (
                    found, String(decoding: xml, as: UTF8.self),
                    String(decoding: try BundleFiles.read(page), as: UTF8.self)
                )
            }
        }
        func status(_ control: String) -> [String?] {
            findings.filter { $0["control"] == control }.map { $0["status"] }
        }
        for control in ["DB-BURST", "DB-DELETE", "KEY-ORPHAN", "MEM-GHOST", "NEW-IP", "ACT-ANON"] {
            #expect(status(control) == ["not_proven"], "\(control)")
        }
        let dated = findings.first { $0["control"] == "LOG-DATED" }
        #expect(dated?["status"] == "fail" && dated?["detail"]?.contains("40 events") == true)
        #expect(dated?["evidence"]?.contains("evt-10; evt-11") == true)
        #expect(xml.contains(#"undated="40""#))
        #expect(html.contains("40 events without a usable time may belong to this period, too."))
    }

    @Test func whatIsReadTodayProvesNoPeriodOfBefore() async throws {
        let (past, all) = try await aside {
            try withTemporaryFolder { folder in
                _ = try Self.pulled([Self.event(1, "database.created", at: "2026-03-01T10:00:00Z")], in: folder)
                let all = try Self.findings(["--output", "output"], in: folder)
                try FileManager.default.removeItem(atPath: folder + "/output")
                return (try Self.findings(["--period", "2026-03"], in: folder), all)
            }
        }
        func statuses(_ findings: [[String: String]]) -> [String?] {
            findings.filter { ["ORG-MFA", "ORG-SSO"].contains($0["control"]) }.map { $0["status"] }
        }
        #expect(statuses(past) == ["not_proven", "not_proven"])
        #expect(!statuses(all).contains("not_proven"))
        let passed = all.filter { $0["status"] == "pass" }
        #expect(!passed.isEmpty && passed.allSatisfy { $0["judged_to"]?.hasSuffix("Z") == true })
        #expect(past.filter { $0["status"] == "pass" }.allSatisfy { $0["judged_to"] == "" })
        for finding in all + past {
            #expect(finding["id"]?.hasPrefix("f-") == true && finding["id"]?.count == 14)
            if finding["status"] == "not_proven" { #expect(finding["remediation"]?.isEmpty == false) }
        }
    }

    @Test func databasesAreReckonedAndTheReturnedPlanIsKnownByItsIDs() async throws {
        let (changes, plan, xml) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                Thread.sleep(forTimeInterval: 1.1)
                let now = ISO8601DateFormatter().string(from: Date())
                try sandbox.post("append", Self.event(9_001, "database.created", at: now))
                Thread.sleep(forTimeInterval: 1.1)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                _ = try Self.findings([], in: folder)
                let changes = try Self.rows("changes.csv", in: folder)
                let first = try #require(try Self.rows("action-plan.csv", in: folder).first)
                let id = try #require(first["finding_id"])
                try "finding_id,control,subject,owner,due\n\(id),\(first["control"] ?? ""),renamed,Ann,2099-01-31\n"
                    .write(toFile: folder + "/plan.csv", atomically: true, encoding: .utf8)
                let planned = try Self.findings(["--action-plan", "plan.csv"], in: folder)
                let bundle = try BundleFiles.latest(in: folder + "/output")
                let xml = String(decoding: try BundleFiles.read(bundle + "/report.xml"), as: UTF8.self)
                return (changes, planned.first { $0["id"] == id }, xml)
            }
        }
        let count = changes.first { $0["kind"] == "count" && $0["subject"] == "database_count" }
        #expect(count?["after"]?.contains("1 created and 0 deleted") == true, "\(changes)")
        #expect(plan?["owner"] == "Ann" && plan?["due"] == "2099-01-31")
        #expect(xml.contains(#"owner="Ann" due="2099-01-31""#))
    }
}
