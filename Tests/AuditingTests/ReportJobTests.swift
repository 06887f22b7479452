@testable import Analysis
import Auditing
import Evidence
import Foundation
import Publishing
import Templates
import TestSupport
import Testing

/// Reports of archives that were pulled from a scripted service: what is published, and when nothing is.
@Suite struct ReportJobTests {
    private func manifest(_ outcome: ReportOutcome) throws -> Manifest {
        let bundle = try #require(outcome.bundle)
        return try #require(Manifest.read(bundle: bundle.path))
    }

    @Test func sayWhatTheArchiveHolds() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let outcome = try audit.report()
            #expect(outcome.damage == [] && outcome.organization == "org-1")
            #expect(outcome.findings.first { $0.control == "ORG-SSO" }?.status == .fail)
            #expect(outcome.lines(reaching: .medium).contains { $0.contains("ORG-SSO failed") })
            let events = try String(contentsOfFile: #require(outcome.bundle).path + "/events.csv", encoding: .utf8)
            #expect(events.split(whereSeparator: \.isNewline).count == 21)
            #expect(try manifest(outcome).evidence.head == outcome.head.sha256)
            #expect(try audit.report().bundle?.reused == true)
        }
    }

    @Test func theXMLOfAMonthNamesTheFilesOfThatMonthAlone() async throws {
        try await withTestAudit(events: 20) { audit in
            let early = TestAudit.event(99).replacing(/"created_at":"2026-../, with: #""created_at":"2025-07"#)
            audit.service.change { $0.events.append(early) }
            try await audit.pull()
            let files = try audit.archive.segments
            let of2025 = try #require(files.first { $0.firstAt?.hasPrefix("2025") == true })
            let of2026 = try #require(files.first { $0.firstAt?.hasPrefix("2026") == true })
            let evidence = { (outcome: ReportOutcome) in
                let xml = try String(contentsOfFile: #require(outcome.bundle).path + "/report.xml", encoding: .utf8)
                return try #require(xml.firstMatch(of: /(?s)<evidence .*<\/evidence>/)?.output)
            }
            let month = try evidence(audit.report { ($0.period, $0.formats) = ("2026-03", [.xml]) })
            #expect(month.contains(of2026.file) && !month.contains(of2025.file))
            let list = "\(of2025.sha256)  \(of2025.file)\n"
            #expect(month.contains(#"others="1" others_sha256="\#(Digest.sha256(list.utf8))""#))
            let whole = try evidence(audit.report { $0.formats = [.xml] })
            #expect(files.allSatisfy { whole.contains($0.file) } && !whole.contains("others"))
        }
    }

    /// The scripted service's organization was made with the year 2026.
    @Test func aPeriodInWhichTheOrganizationWasMadeIsWhole() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            func complete(_ from: String, _ to: String) throws -> (status: Status?, isSaid: Bool) {
                let outcome = try audit.report { ($0.from, $0.to, $0.formats) = (from, to, [.html]) }
                let page = try String(contentsOfFile: #require(outcome.bundle).path + "/report.html", encoding: .utf8)
                let finding = outcome.findings.first { $0.control == "LOG-COMPLETE" }
                return (finding?.status, page.contains("before that there was nothing to log"))
            }
            #expect(try complete("2025-12-01", "2026-02-01") == (.pass, true))
            #expect(try complete("2025-11-01", "2025-12-01") == (.notProven, false))
            // The oldest events are gone: how far the log reached nobody knows.
            audit.service.change { $0.events.removeLast(5) }
            try await audit.pull { $0.full = true }
            #expect(try complete("2025-12-01", "2026-02-01") == (.notProven, false))
        }
    }

    @Test func missedRunsAreNamed() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            audit.wait(seconds: 3 * 86_400)
            try await audit.pull()
            let runs = { (outcome: ReportOutcome) in outcome.findings.first { $0.control == "LOG-RUNS" } }
            #expect(try runs(audit.report())?.status == .notApplicable)
            let daily = try audit.report { $0.policy.schedule = RunSchedule(every: 86_400) }
            #expect(runs(daily)?.status == .fail && runs(daily)?.detail.contains("2026-03-20 09:46 UTC") == true)
            #expect(try manifest(daily).inputs.parts["expect_every"] == "86400s")
            let weekly = try audit.report { $0.policy.schedule = RunSchedule(every: 7 * 86_400) }
            #expect(runs(weekly)?.status == .pass && weekly.bundle?.name != daily.bundle?.name)
        }
    }

    @Test func newFindingsAreThoseThatTheLatestReportDidNotHave() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let first = try audit.report { $0.namesNew = true }
            #expect(first.new.contains { $0.control == "ORG-SSO" && $0.severity == "medium" })
            audit.wait(seconds: 86_400)
            audit.service.change { $0.settings = #"{"require_2fa":false,"sso_enabled":false}"# }
            try await audit.pull()
            let second = try audit.report { $0.namesNew = true }
            #expect(second.new.contains { $0.control == "ORG-MFA" } && !second.new.contains { $0.control == "ORG-SSO" })
            #expect(try audit.report { $0.namesNew = true }.new.isEmpty)
        }
    }

    /// Two runs: the first report has none to be compared with, so that the second one says more.
    private func settle(_ audit: TestAudit) async throws {
        for _ in 0..<2 {
            #expect(try audit.report(after: await audit.pull()).bundle?.reused == false)
            audit.wait(seconds: 3600)
        }
    }

    @Test func aRunWithNothingNewPublishesNothing() async throws {
        try await withTestAudit(events: 20) { audit in
            try await settle(audit)
            let pulled = try await audit.pull()
            #expect(try audit.report(after: pulled).bundle == nil)
            #expect(try audit.report(after: pulled) { $0.reportEvery = .seconds(60) }.bundle != nil)
        }
    }

    @Test func otherInputsAreNews() async throws {
        try await withTestAudit(events: 20) { audit in
            try await settle(audit)
            let pulled = try await audit.pull()
            #expect(try audit.report(after: pulled).bundle == nil)
            let approved = try audit.report(after: pulled) { $0.policy.approvedRegions = ["fsn1"] }
            #expect(try manifest(approved).inputs.parts["approved_regions"] == "fsn1")
            #expect(try audit.report(after: pulled) { $0.timeZone = "Europe/Berlin" }.bundle != nil)
        }
    }

    @Test func aReviewIsAnInputOfItsOwn() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let asked = try audit.report()
            let asking = try #require(asked.findings.first { $0.control == "OFF-HOURS" })
            #expect(try asking.status == .manual && manifest(asked).inputs.parts["review"] == nil)
            var row = Review.Row(
                finding: asking.id,
                reviewedBy: "Ann",
                reviewedOn: "2026-11-02",
                result: .ok
            )
            let reviewed = try audit.report { $0.policy.review = [row] }
            #expect(reviewed.findings.first { $0.id == asking.id }?.status == .reviewed)
            #expect(reviewed.lines(reaching: .info).allSatisfy { !$0.contains("OFF-HOURS") })
            let counts = try manifest(reviewed).findings
            #expect(counts.contains { $0.status == "reviewed" && $0.count == 1 })
            #expect(try manifest(reviewed).bundle != manifest(asked).bundle)
            // Where a row stands says nothing; what it says does.
            row.source = "elsewhere.csv:7"
            #expect(try audit.report { $0.policy.review = [row] }.bundle?.reused == true)
            row.ticket = "OPS-1"
            #expect(try audit.report { $0.policy.review = [row] }.bundle?.reused == false)
        }
    }

    @Test func answersThatNobodyAsksForAreNamed() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            _ = audit.warnings
            var row = Review.Row(finding: "f-000000000000", event: "e1", result: .notOK)
            row.source = "review.csv:9"
            try audit.report {
                $0.policy.review = [row]
                $0.notes = ["review.csv: not read, for no such column is asked for: notes"]
            }
            let warnings = audit.warnings
            #expect(warnings.contains { $0.hasPrefix("review.csv:9: the report does not ask to look at e1") })
            #expect(warnings.contains { $0.hasPrefix("review.csv: not read") })
        }
    }

    @Test func otherVerdictsAreNews() async throws {
        try await withTestAudit(events: 20) { audit in
            try audit.report(after: await audit.pull())
            audit.service.change { $0.settings = #"{"require_2fa":false}"# }
            audit.wait(seconds: 60)
            let outcome = try audit.report(after: await audit.pull())
            #expect(outcome.bundle != nil)
            #expect(outcome.findings.first { $0.control == "ORG-MFA" }?.status == .fail)
            #expect(try manifest(outcome).inputs.parts["compared_with"] != nil)
        }
    }

    @Test func areComparedWithTheOneBefore() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let first = try audit.report()
            audit.wait(seconds: 60)
            try await audit.pull { $0.full = true }
            let name = try #require(first.bundle).name
            #expect(try manifest(audit.report()).inputs.parts["compared_with"] == name)
            #expect(try manifest(audit.report { $0.compare = name }).inputs.parts["compared_with"] == name)
            // A month is compared with months.
            #expect(try manifest(audit.report { $0.period = "2026-02" }).inputs.parts["compared_with"] == nil)
            let error = #expect(throws: AuditError.self) { try audit.report { $0.compare = "all-of-it" } }
            #expect(error?.code == .noSuchBundle)
        }
    }

    @Test func areRefusedBeforeAnythingIsDone() async throws {
        try await withTestAudit(events: 2) { audit in
            #expect(throws: AnalysisError.self) { try audit.report { $0.timeZone = "Mars/Olympus" } }
            #expect(throws: AnalysisError.self) { try audit.report { $0.period = "2027" } }
            #expect(throws: AnalysisError.self) { try audit.report { $0.from = "soon" } }
            try FileManager.default.createDirectory(atPath: audit.folder + "/t", withIntermediateDirectories: true)
            try "{{#open}}".write(toFile: audit.folder + "/t/a.csv", atomically: true, encoding: .utf8)
            #expect(throws: (any Error).self) { try audit.report { $0.templates = audit.folder + "/t" } }
            #expect(throws: EvidenceError.self) { try audit.report() }
            #expect(!FileManager.default.fileExists(atPath: audit.folder + "/output"))
        }
    }

    @Test func damagedEvidenceIsReportedAndPinsWhatIsSound() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let file = try audit.archive.path + "/events/00000001.ndjson"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let other = text.replacing("203.0.113.1", with: "203.0.113.2")
            try other.write(toFile: file, atomically: true, encoding: .utf8)
            let outcome = try audit.report()
            #expect(!outcome.damage.isEmpty)
            #expect(outcome.findings.first { $0.control == "LOG-INTACT" }?.status == .fail)
            #expect(try manifest(outcome).evidenceState == "damaged" && manifest(outcome).inputs.parts["damage"] != nil)
        }
    }
}
