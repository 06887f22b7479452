import Foundation
import Publishing
import TestSupport
import Testing

@testable import Analysis
@testable import Auditing
@testable import Evidence

/// A review that was filled in for one report and is given to another.
@Suite struct SeenReviewTests {
    private func deletion(_ id: String, _ at: Instant, by mail: String, of name: String) -> String {
        #"{"id":"\#(id)","action":"database.deleted","actor":{"id":"u1","email":"\#(mail)"},"resource":{"type":"database","id":"d","name":"\#(name)"},"ip_address":"203.0.113.1","created_at":"\#(at.rfc3339)"}"#
    }

    private func bundle(_ report: ReportOutcome) throws -> String { try #require(report.bundle).path }

    /// The review of a report, answered.
    private func answered(_ report: ReportOutcome, on day: String) throws -> [Review.Row] {
        let text = try String(contentsOfFile: try bundle(report) + "/review.csv", encoding: .utf8)
        let filled = text.replacing(",,,,,\r\n", with: ",,,bea,\(day),ok\r\n")
        return try Review.read(Array(filled.utf8), named: "review.csv").rows
    }

    private func found(_ report: ReportOutcome) throws -> Finding {
        try #require(report.findings.first { $0.control == "DB-DELETE" })
    }

    @Test("One organization's answers are none about another's event of the same id, and are named")
    func otherOrganization() async throws {
        try await withTestAudit { acme in
            acme.service.change { $0.events = [deletion("evt-1", TestAudit.begin, by: "a@x.com", of: "test-db")] }
            acme.wait(seconds: 600)
            try await acme.pull()
            let rows = try answered(acme.report(), on: "2026-03-20")
            let own = try acme.report { $0.policy.review = rows }
            #expect(try found(own).status == .reviewed && acme.warnings.allSatisfy { !$0.contains("another event") })
            // What it became is what it stays when the next table comes back.
            let again = try answered(own, on: "2026-03-20")
            #expect(try acme.report { $0.policy.review = again }.bundle?.reused == true)
            try await withTestAudit { beta in
                let other = deletion("evt-1", TestAudit.begin, by: "x@evil.example", of: "PRODUCTION")
                beta.service.change { $0.events = [other] }
                beta.wait(seconds: 600)
                try await beta.pull()
                let report = try beta.report { $0.policy.review = rows }
                #expect(try found(report).status == .manual)
                #expect(try found(report).detail.contains("is about something else"))
                #expect(
                    beta.warnings.contains {
                        $0.hasPrefix("review.csv:") && $0.contains("is about another event: actor, resource differ")
                    }
                )
                // Its next table does not hand the answer on, beside what it was not about.
                let next = try String(contentsOfFile: try bundle(report) + "/review.csv", encoding: .utf8)
                #expect(next.split(separator: "\r\n").allSatisfy { !$0.contains("evt-1") || $0.hasSuffix(",,,,,") })
            }
        }
    }

    @Test("Two events of ids that are shown alike share one row, and no answer in it counts")
    func shownAlike() async throws {
        try await withTestAudit { audit in
            let later = TestAudit.begin.adding(seconds: 60)
            audit.service.change {
                $0.events = [
                    deletion("1", later, by: "b@x.com", of: "two").replacing(#""id":"1""#, with: #""id":1"#),
                    deletion("1", TestAudit.begin, by: "a@x.com", of: "one"),
                ]
            }
            audit.wait(seconds: 600)
            try await audit.pull()
            let rows = try answered(audit.report(), on: "2026-03-20")
            _ = audit.warnings
            let report = try audit.report { $0.policy.review = rows }
            #expect(try found(report).status == .manual && found(report).detail.contains("2 of 2 have no result"))
            #expect(audit.warnings.contains { $0.contains("whose id is written alike") })
        }
    }

    @Test(
        "Of several reports of one entry the next one is compared with that which was made last",
        arguments: [false, true]
    )
    func comparedWithTheLast(isReversed: Bool) async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let regions = isReversed ? ["ash", "fsn1"] : ["fsn1", "ash"]
            var last = ""
            for region in regions {
                last = try #require(try audit.report { $0.policy.approvedRegions = [region] }.bundle).name
            }
            audit.wait(seconds: 600)
            try await audit.pull()
            let report = try audit.report()
            let manifest = BundlePublisher(output: audit.folder + "/output")
                .latest(
                    organizationFolder: URL(fileURLWithPath: try bundle(report)).deletingLastPathComponent()
                        .lastPathComponent
                )
            #expect(try #require(manifest).inputs.parts["compared_with"] == last)
        }
    }
}
