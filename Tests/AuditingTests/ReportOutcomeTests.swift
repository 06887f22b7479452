import Evidence
@testable import Reporting
import Testing

@testable import Analysis
@testable import Auditing

/// What a report says to whoever asked to be told of findings from a severity on.
@Suite struct ReportOutcomeTests {
    private func outcome(_ findings: [Finding]) -> ReportOutcome {
        ReportOutcome(
            organization: "org-1",
            organizationName: "Acme",
            period: "2026-10",
            events: 3,
            completeness: ReportCompleteness(state: .complete),
            head: .empty,
            findings: findings,
            damage: []
        )
    }

    private func findings(_ id: String, _ status: Status, _ count: Int) throws -> [Finding] {
        let control = try #require(ControlCatalogue.control(id))
        return (0..<count).map { control.finding(status, subject: "s\($0)", "what") }
    }

    @Test func onlyWhatFailsOrIsNotProvenReachesASeverity() throws {
        for status in [Status.pass, .manual, .waived] {
            #expect(try !outcome(findings("ORG-MFA", status, 1)).reaches(.info))
        }
        #expect(try outcome(findings("ORG-MFA", .fail, 1)).reaches(.high))
        #expect(try !outcome(findings("ORG-MFA", .fail, 1)).reaches(.critical))
        #expect(
            try outcome(findings("ORG-SSO", .notProven, 1)).lines(reaching: .medium) == [
                "medium ORG-SSO not proven: s0: what"
            ]
        )
    }

    @Test func ofManyFindingsOfAControlTheFirstOnesAreNamed() throws {
        let lines = try outcome(findings("ORG-MFA", .fail, 12) + findings("ORG-SSO", .fail, 1)).lines(reaching: .low)
        #expect(lines.count == 12)
        #expect(lines[10] == "ORG-MFA: 2 findings more, in findings.csv")
        #expect(lines[11].hasPrefix("medium ORG-SSO failed"))
    }

    @Test func controlsAreGroupedBySeverity() throws {
        let findings =
            try findings("ORG-SSO", .fail, 2) + findings("ORG-MFA", .notProven, 3) + findings("KEY-AGE", .pass, 1)
        let groups = outcome(findings).controls([.fail, .notProven])
        #expect(groups.map(\.severity) == [.high, .medium])
        #expect(groups.map(\.controls) == [["ORG-MFA"], ["ORG-SSO"]])
    }
}
