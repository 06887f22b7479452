import Auditing
import Evidence
import Foundation
import Publishing
import Reporting
import Templates
import Testing

@testable import Analysis

/// Reports of evidence that is dated in the future: all clocks were ahead once, and nobody has pulled since.
@Suite struct AheadReportTests {
    private static let twoYears: Int64 = 2 * 365 * 86_400

    /// A day of sound pulls, one with both clocks two years ahead, and the clocks put right again a day later.
    private func withPullAhead(_ body: (TestAudit) async throws -> Void) async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            audit.wait(seconds: 86_400)
            try await audit.pull()
            audit.wait(seconds: 86_400 + Self.twoYears)
            try await audit.pull()
            _ = audit.warnings
            audit.wait(seconds: 3_600 - Self.twoYears)
            try await body(audit)
        }
    }

    private func finding(_ control: String, _ outcome: ReportOutcome) -> Finding? {
        outcome.findings.first { $0.control == control }
    }

    private func parts(_ outcome: ReportOutcome) throws -> [String: String] {
        let bundle = try #require(outcome.bundle)
        let data = try Data(contentsOf: URL(fileURLWithPath: bundle.path + "/manifest.json"))
        return try JSONDecoder().decode(Manifest.self, from: data).inputs.parts
    }

    @Test(arguments: [nil, "2026-03"]) func aProofThatLiesAheadProvesNothing(_ period: String?) async throws {
        try await withPullAhead { audit in
            let outcome = try audit.report { $0.period = period }
            #expect(outcome.completeness.state == .incomplete && outcome.completeness.to == nil)
            #expect(outcome.completeness.reasons == ["the newest pull is dated at a time that clocks contradict"])
            let complete = try #require(finding("LOG-COMPLETE", outcome))
            #expect(
                complete.status == .notProven && complete.detail.contains("is dated 2028-03-21"),
                "\(complete.detail)"
            )
            #expect(complete.remediation.contains("Check the clocks"), "\(complete.remediation)")
            let log = ["DB-DELETE", "KEY-ORPHAN", "LOG-FRESH", "LOG-RETENTION"]
            #expect(log.allSatisfy { finding($0, outcome)?.status == .notProven }, "\(outcome.findings)")
            let warnings = audit.warnings
            #expect(
                warnings.count == 1 && warnings[0].contains("entry 3 of the ledger is dated 2028-03"),
                "\(warnings)"
            )
            #expect(outcome.findings.allSatisfy { $0.judgedTo?.hasPrefix("2028") != true })
        }
    }

    /// Which entries lie ahead is an input like whether the period is over: it names the bundle, and the time itself does not.
    @Test func theClockDecidesWhichEntriesLieAheadAndNothingElse() async throws {
        try await withPullAhead { audit in
            let first = try audit.report()
            audit.wait(seconds: 7 * 86_400)
            let second = try audit.report()
            #expect(first.bundle?.name == second.bundle?.name && second.bundle?.reused == true)
            #expect(try parts(first)["entries_ahead"] == "1")
            // The time has come: now nothing tells that a clock was wrong.
            audit.wait(seconds: Self.twoYears)
            let then = try audit.report()
            #expect(then.completeness.state == .complete && then.bundle?.name != first.bundle?.name)
            #expect(try parts(then)["entries_ahead"] == nil)
        }
    }

    /// The next pull by a right clock tells up to when the log is proven.
    @Test func theNextPullEndsIt() async throws {
        try await withPullAhead { audit in
            try await audit.pull()
            let outcome = try audit.report()
            #expect(outcome.completeness.state == .complete && outcome.completeness.to?.hasPrefix("2026-03-2") == true)
        }
    }

    @Test func aRunOfATimeAheadMayHaveComeWhereOneIsMissing() async throws {
        try await withPullAhead { audit in
            func runs(_ from: String, _ to: String) throws -> Finding? {
                let outcome = try audit.report {
                    ($0.from, $0.to) = (from, to)
                    $0.policy.schedule = RunSchedule(every: 12 * 3_600)
                }
                return finding("LOG-RUNS", outcome)
            }
            // Between the two sound runs one is missing, whatever came later.
            #expect(try runs("2026-03-20", "2026-03-21")?.status == .fail)
            let doubted = try #require(try runs("2026-03-21T10:30:00Z", "2026-03-22"))
            #expect(doubted.status == .notProven && doubted.detail.contains("may have come"), "\(doubted.detail)")
        }
    }

    /// With nothing but such a pull, ages are reckoned up to the newest event that has come, and not to the time ahead.
    @Test func nothingIsAsOldAsAClockThatWasAheadSays() async throws {
        try await withTestAudit(events: 20) { audit in
            audit.wait(seconds: Self.twoYears)
            try await audit.pull()
            audit.wait(seconds: -Self.twoYears)
            let outcome = try audit.report { $0.policy.schedule = RunSchedule(every: 86_400) }
            #expect(try parts(outcome)["judged_as_of"]?.hasPrefix("2026-03-19") == true)
            #expect(finding("LOG-RUNS", outcome)?.status == .notProven)
        }
    }

    /// A pull that takes longer than clocks may differ is not ahead of the report that was prepared before it.
    @Test func aLongPullIsNotAhead() async throws {
        try await withTestAudit(events: 20) { audit in
            let job = try ReportJob.prepared(
                {
                    var settings = ReportSettings(archive: audit.folder + "/archive", output: audit.folder + "/output")
                    settings.formats = [.csv]
                    return settings
                }(),
                audit.context
            )
            audit.wait(seconds: 3_600)
            let outcome = try job.run(afterPull: try await audit.pull())
            #expect(outcome.completeness.state == .complete && audit.warnings.isEmpty)
        }
    }

    /// Waivers and due days go by one time: that which clocks do not contradict.
    @Test func daysAreJudgedByOneTime() async throws {
        try await withPullAhead { audit in
            let open = try #require(audit.report().findings.first { $0.status == .notProven })
            func overdue(_ due: String) throws -> (plan: Int?, note: Bool) {
                let waiver = ["control": "DB-BURST", "subject": "*", "reason": "r", "approver": "b", "expires": due]
                let outcome = try audit.report {
                    var row = ActionPlan.Row(finding: open.id, control: open.control, subject: open.subject)
                    (row.owner, row.due) = ("b", due)
                    $0.policy.plan = [row]
                    $0.policy.waivers = [(try? Waiver(waiver, source: "c"))].compactMap(\.self)
                }
                let path = try #require(outcome.bundle).path
                let table = try String(contentsOfFile: path + "/findings.csv", encoding: .utf8)
                #expect(table.contains(due))
                let data = try Data(contentsOf: URL(fileURLWithPath: path + "/manifest.json"))
                let isExpired = finding("WAIVER-EXPIRED", outcome)?.status == .fail
                return (try JSONDecoder().decode(Manifest.self, from: data).summary?.overdue, isExpired)
            }
            // The last time that is believed is a day behind the first pull, 20 March 2026.
            #expect(try overdue("2027-01-01") == (0, false))
            #expect(try overdue("2026-03-10") == (1, true))
        }
    }

    /// What is new since a report whose clocks were ahead is new, though their time has not come.
    @Test func whatCameSinceAReportThatIsDatedAheadIsNew() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            audit.wait(seconds: Self.twoYears)
            try await audit.pull()
            try audit.report()
            audit.wait(seconds: 3_600 - Self.twoYears)
            audit.service.change {
                $0.events.insert(TestAudit.event(1_441).replacing("\"u1\"", with: "\"u2\""), at: 0)
            }
            try await audit.pull()
            let path = try #require(audit.report().bundle).path
            let changes = try String(contentsOfFile: path + "/changes.csv", encoding: .utf8)
            #expect(changes.contains("first seen,"), "\(changes)")
        }
    }
}
