import Analysis
import Foundation
import Testing
import TestSupport

@testable import heedaudit

@Suite struct OrganizationEntryTests {
    /// The settings of the organizations that a file lists, and what is wrong with it.
    private func read(_ text: String, _ environment: [String: String] = [:])
        throws -> (members: [ToolConfiguration], mistakes: [String])
    {
        try withTemporaryFolder { folder in
            let path = folder + "/c.yaml"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            var mistakes = ConfigurationMistakes()
            let variables = environment.merging(["HEEDAUDIT_CONFIG": path]) { first, _ in first }
            let reader = ToolConfiguration.reader([], variables, &mistakes)
            for mistake in reader.file.mistakes where mistakes.all.isEmpty { mistakes.add(mistake) }
            let (_, members) = ToolConfiguration.examineAll(reader, &mistakes)
            return (members, mistakes.all.map { $0.summary.replacing(path, with: "c.yaml") })
        }
    }

    @Test func whatAnEntrySetsHoldsInThePlaceOfWhatIsForAll() throws {
        let (members, mistakes) = try read(
            """
            fail_on: high
            connections: 3
            metrics_file: /m/all.prom
            working_hours: {from: "08:00", to: "18:00"}
            organizations:
              - id: a
              - id: b
                fail_on: low
                metrics_file: /m/b.prom
                working_hours: {days: mon-sat, from: "07:00", to: "20:00", time_zone: Europe/Berlin}
                waivers:
                  - {control: ORG-SSO, subject: sso_enabled, reason: r, approver: p, expires: 2099-01-01}
                organization_header: true
            """
        )
        #expect(mistakes.isEmpty)
        #expect(members.map(\.organization) == ["a", "b"])
        #expect(members.map(\.failOn) == [.high, .low])
        #expect(members.map(\.connections) == [3, 3])
        #expect(members.map(\.telling.metricsFile) == [nil, "/m/b.prom"])
        #expect(members.map(\.policy.waivers.count) == [0, 1])
        #expect(members.map(\.organizationHeader) == [false, true])
        #expect(members[0].policy.workingHours != nil && members[1].policy.workingHours != nil)
    }

    @Test func anEntrysPeriodReplacesTheOneForAll() throws {
        let (members, mistakes) = try read(
            "period: last-month\norganizations: [{id: a, from: 2026-03-01}, {id: b}]"
        )
        #expect(mistakes.isEmpty)
        #expect(members.map(\.period) == [nil, "last-month"] && members.map(\.from) == ["2026-03-01", nil])
    }

    @Test func variablesComeFirstAndAnIdIsItsEntrys() throws {
        let text = "organizations: [{id: a, rate_share: 0.5}, {id: b}]"
        let (members, _) = try read(text, ["HEEDAUDIT_RATE_SHARE": "0.25", "HEEDAUDIT_ORGANIZATION": "b"])
        #expect(members.map(\.rateShare) == [0.25, 0.25])
        #expect(members.map(\.organization) == ["a", "b"])
    }

    @Test func foldersOfOneAreNoPlaceForAnother() throws {
        let (_, mistakes) = try read(
            """
            archive: /srv/archive
            organizations:
              - {id: a, output: /srv/archive/b/reports}
              - {id: b}
              - {id: c, archive: /srv/archive/../archive/a}
              - {id: d, metrics_file: /m/x.prom}
              - {id: e, metrics_file: /m/./x.prom}
            """
        )
        #expect(
            mistakes == [
                "organization 'e' (c.yaml:7): its metrics_file /m/./x.prom is that of 'd', too",
                "organization 'a' (c.yaml:3): its output /srv/archive/b/reports lies in the archive of 'b'",
                "organization 'c' (c.yaml:5): its archive /srv/archive/../archive/a lies in the archive of 'a'",
            ]
        )
    }

    @Test func anOutputInAnothersIsAMistakeAndASharedOneIsNot() throws {
        let (_, mistakes) = try read(
            """
            output: /srv/reports
            organizations:
              - {id: a}
              - {id: b, output: /srv/reports/../reports/acme}
              - {id: c, output: /srv/reports/}
              - {id: d, output: /srv/reports-d}
              - {id: e, output: /srv/reports-d/x/y}
              - {id: f, output: /srv/reports-e/f}
              - {id: g, output: /srv/reports-e/g}
            """
        )
        #expect(
            mistakes == [
                "organization 'b' (c.yaml:4): its output /srv/reports/../reports/acme lies in the output of 'a'",
                "organization 'e' (c.yaml:7): its output /srv/reports-d/x/y lies in the output of 'd'",
            ]
        )
    }

    @Test func whatIsWrongForAllIsToldOnce() throws {
        let (_, mistakes) = try read("max_wait: soon\norganizations: [{id: a}, {id: b, max_wait: later}]")
        #expect(mistakes.count == 2)
        #expect(mistakes.last?.hasPrefix("organization 'b' (c.yaml:2): c.yaml:2: 'later'") == true, "\(mistakes)")
    }

    @Test func aTokenInAnEntryIsNotShown() throws {
        let (_, mistakes) = try read("organizations: [{id: a, token: ch_live_secret_of_a}]")
        #expect(mistakes.count == 1 && !mistakes[0].contains("secret"), "\(mistakes)")
    }

    @Test func ofTwoWithOneNameTheFirstOfTheFileHasTheFolder() async throws {
        let claims = FolderClaims(outputs: ["/o", "/o", "/p"])
        for place in 0..<3 { claims.begin(place) }
        claims.describe(2, "acme")
        // The second one waits until the first one's name is known.
        let second = Task.detached { try await aside { claims.isTaken("acme", for: 1) } }
        try await Task.sleep(for: .milliseconds(100))
        claims.describe(0, "acme")
        #expect(try await second.value)
        #expect(try await aside { !claims.isTaken("acme", for: 0) })
        #expect(try await aside { !claims.isTaken("acme", for: 2) })
        #expect(try await aside { !claims.isTaken("acme-b", for: 1) })
    }

    @Test func theMostSeriousStatusIsThatOfAll() {
        #expect(ExitStatus.bySeriousness.map(\.rawValue) == [78, 77, 65, 73, 74, 69, 64, 75, 1, 0])
        #expect(Set(ExitStatus.bySeriousness) == Set(ExitStatus.allCases))
    }
}
