import Auditing
import CloudHeed
import Evidence
import Foundation
import Testing

/// Pulls against a service that is scripted: what is read, what is kept, and what is said of it.
@Suite struct PullJobTests {
    @Test func whateverIsAskedForIsArchived() {
        #expect(JSONObject.Subject.allCases.map(\.rawValue) == SnapshotResource.allCases.map(\.rawValue))
    }

    @Test func theFirstPullReadsEverythingAndTheNextWhatIsNew() async throws {
        try await withTestAudit(events: 250) { audit in
            let first = try await audit.pull()
            #expect(first.entry.mode == .full && first.entry.complete == true && first.entry.new == 250)
            #expect(first.entry.snapshots?.digests.count == SnapshotResource.allCases.count && !first.broughtNothing)
            audit.wait(seconds: 3600)
            audit.service.change { $0.events.insert(contentsOf: [TestAudit.event(251), TestAudit.event(250)], at: 0) }
            let second = try await audit.pull()
            #expect(second.entry.mode == .incremental && second.entry.complete == true && second.entry.new == 2)
            #expect(!second.snapshotsChanged && !second.completenessChanged)
            audit.wait(seconds: 3600)
            #expect(try await audit.pull().broughtNothing)
            #expect(audit.warnings == [])
        }
    }

    @Test func newEventsWithoutATimeAreWarnedOfOnce() async throws {
        try await withTestAudit(events: 3) { audit in
            let odd = #"{"id":"odd","action":"member.removed","created_at":"soon"}"#
            audit.service.change { $0.events.insert(odd, at: 1) }
            try await audit.pull()
            #expect(
                audit.warnings == ["1 event without a time that can be read: controls that it may concern prove less"]
            )
            audit.wait(seconds: 60)
            try await audit.pull()
            #expect(audit.warnings == [])
        }
    }

    @Test(arguments: ["%.0", "%e0", "%00e-2", "\"%\""])
    func aTotalIsReadHoweverItIsWritten(_ form: String) async throws {
        try await withTestAudit(events: 250) { audit in
            audit.service.change { $0.writesTotal = { form.replacing("%", with: String($0)) } }
            #expect(try await audit.pull().entry.complete == true)
            audit.wait(seconds: 3600)
            audit.service.change { $0.events.insert(TestAudit.event(250), at: 0) }
            let second = try await audit.pull().entry
            #expect(second.mode == .incremental && second.complete == true && second.new == 1)
        }
    }

    @Test(arguments: ["%.5", "-%", "1e400", "9223372036854775808", "\"% events\"", "[%]", "true"])
    func aPullWhoseTotalIsNoWholeNumberIsNotCalledComplete(_ form: String) async throws {
        try await withTestAudit(events: 250) { audit in
            audit.service.change { $0.writesTotal = { form.replacing("%", with: String($0)) } }
            let entry = try await audit.pull().entry
            #expect(entry.complete == false && entry.new == 250)
            #expect(entry.incompleteBecause == ["the service sends no total to reckon with"])
        }
    }

    @Test func theWholeLogIsReadAgainWhenItIsTimeOrAskedFor() async throws {
        try await withTestAudit(events: 30) { audit in
            try await audit.pull()
            audit.wait(seconds: 8 * 86_400)
            #expect(try await audit.pull().entry.mode == .full)
            audit.wait(seconds: 60)
            #expect(try await audit.pull().entry.mode == .incremental)
            #expect(try await audit.pull { $0.full = true }.entry.mode == .full)
            #expect(try await audit.pull { $0.fullEvery = .seconds(0) }.entry.mode == .full)
        }
    }

    @Test func anotherOrganizationThanTheOneNamedIsRefused() async throws {
        try await withTestAudit(events: 3) { audit in
            let error = await #expect(throws: AuditError.self) { try await audit.pull { $0.organization = "org-2" } }
            #expect(error?.code == .otherOrganization)
            #expect(!FileManager.default.fileExists(atPath: audit.folder + "/archive"))
        }
    }

    @Test func anIDThatIsNoWholeTextIsRefused() async throws {
        try await withTestAudit(events: 30) { audit in
            for id in [#"org-\ud800"#, "org-\u{FFFD}"] {
                audit.service.change { $0.organizations = [ScriptedService.Script.organization(id, members: 3)] }
                let error = await #expect(throws: ServiceError.self) { try await audit.pull() }
                #expect(error?.code == .notUnderstood, "\(id)")
            }
        }
    }

    @Test func settingsOfAnotherOrganizationAreRefused() async throws {
        try await withTestAudit(events: 30) { audit in
            audit.service.change {
                $0.settings = #"{"organization":{"id":"org-2","settings":{"require_2fa":true}}}"#
            }
            let error = await #expect(throws: AuditError.self) { try await audit.pull() }
            #expect(error?.code == .mixedOrganizations && error?.summary.contains("'org-2'") == true)
            audit.service.change {
                $0.settings = #"{"organization":{"id":"org-1","settings":{"require_2fa":true}}}"#
            }
            let entry = try await audit.pull().entry
            #expect(entry.complete == true)
        }
    }

    @Test func nothingIsKeptOfAServiceThatAnswersForTwoOrganizations() async throws {
        try await withTestAudit(events: 3) { audit in
            audit.service.change { $0.organizations.append(ScriptedService.Script.organization("org-2", members: 3)) }
            let error = await #expect(throws: AuditError.self) { try await audit.pull() }
            #expect(error?.code == .mixedOrganizations)
            #expect(throws: EvidenceError.self) { try audit.archive }
            audit.service.change { $0.organizations = [ScriptedService.Script.organization(members: 3)] }
            let again = try await audit.pull()
            #expect(again.entry.attempts == 1)
        }
    }

    @Test func aPullThatIsBrokenOffIsGoneOnWith() async throws {
        try await withTestAudit(events: 1_550) { audit in
            audit.service.change { $0.failures[12] = ServiceError(.tryAgainLater, "spent") }
            await #expect(throws: ServiceError.self) { try await audit.pull { $0.connections = 1 } }
            let before = audit.service.change { script in
                script.failures = [:]
                defer { script.asked = [] }
                return script.asked
            }
            #expect(before == Array(1...12))
            let entry = try await audit.pull { $0.connections = 1 }.entry
            #expect(entry.attempts == 2 && entry.complete == true && entry.new == 1_550)
            #expect(audit.service.change { $0.asked.count } < 12)
        }
    }

    @Test func aFailureThatOvertakesPagesUnderWayDoesNotLoseThem() async throws {
        try await withTestAudit(events: 450) { audit in
            audit.service.change {
                $0.failures = [4: ServiceError(.unavailable, "down")]
                $0.slow = [2, 3, 5]
            }
            await #expect(throws: ServiceError.self) { try await audit.pull { $0.connections = 4 } }
            audit.service.change { ($0.failures, $0.slow, $0.asked) = ([:], [], []) }
            let again = try await audit.pull()
            #expect(again.entry.complete == true && again.entry.attempts == 2 && again.entry.new == 450)
            let asked = audit.service.change { $0.asked }
            #expect(!asked.contains(2), "\(asked)")
        }
    }

    @Test func whatIsReadBeforeARefusedPageIsKeptWithTheReasonMadeHarmless() async throws {
        try await withTestAudit(events: 250) { audit in
            audit.service.change { $0.failures[3] = ServiceError(.rejected, "no secret page", status: 404) }
            let outcome = try await audit.pull()
            #expect(outcome.entry.complete == false && outcome.entry.refusedPage == 3 && outcome.entry.new == 200)
            let because = outcome.entry.incompleteBecause.joined()
            #expect(because.contains("no *** page") && !because.contains("secret"))
            #expect(audit.warnings.contains { $0.hasPrefix("the pull is not complete: ") })
        }
    }

    @Test(arguments: [false, true], [1, 4])
    func aReadingThatIsGivenUpNamesTheFirstPageThatNobodyRead(isOldestFirst: Bool, connections: Int) async throws {
        try await withTestAudit(events: 950) { audit in
            if isOldestFirst { audit.service.change { $0.events.reverse() } }
            try await audit.pull()
            audit.service.change { $0.failures[4] = ServiceError(.tryAgainLater, "spent") }
            await #expect(throws: ServiceError.self) {
                try await audit.pull {
                    $0.full = true
                    $0.connections = connections
                }
            }
            audit.service.change { $0.failures = [:] }
            let outcome = try await audit.pull()
            let givenUp = try #require(outcome.givenUp)
            // Of pages that were under way together, those behind the one that failed may have been read or not.
            let isNamed = connections == 1 ? givenUp.refusedPage == 4 : (2...9).contains(givenUp.refusedPage ?? 0)
            #expect(isNamed && givenUp.complete == false, "\(givenUp)")
            #expect(givenUp.incompleteBecause.joined().contains("given up at page \(givenUp.refusedPage ?? 0) "))
            #expect(outcome.entry.mode == .incremental && outcome.entry.complete == true && outcome.entry.new == 0)
        }
    }

    /// Sums that no incremental reading closes, and an allowance that is too small for the whole log at a time.
    @Test func aLogThatHasToBeReadWholeIsReadWholeInTheEnd() async throws {
        try await withTestAudit(events: 950) { audit in
            try await audit.pull()
            audit.service.change { _ = $0.events.remove(at: 500) }
            for page in [6, 6, 9] {
                audit.service.change { $0.failures = [page: ServiceError(.tryAgainLater, "spent")] }
                await #expect(throws: ServiceError.self) { try await audit.pull { $0.connections = 1 } }
            }
            audit.service.change { script in
                script.failures = [:]
                script.asked = []
            }
            let entry = try await audit.pull { $0.connections = 1 }.entry
            #expect(entry.complete == true && entry.mode == .full && entry.attempts == 3, "\(entry)")
            #expect(audit.service.change { $0.asked.count } < 9)
            #expect(try audit.archive.entries.count == 3)
        }
    }

    @Test func clocksThatDifferAreTold() async throws {
        try await withTestAudit(events: 3) { audit in
            audit.service.change { $0.time += 1000 }
            try await audit.pull()
            #expect(audit.warnings.contains { $0.hasPrefix("the clocks differ: ") })
        }
    }

    @Test func snapshotsThatDifferAreNews() async throws {
        try await withTestAudit(events: 3) { audit in
            try await audit.pull()
            audit.service.change { $0.settings = #"{"require_2fa":false}"# }
            let outcome = try await audit.pull()
            #expect(outcome.snapshotsChanged && !outcome.broughtNothing)
        }
    }
}
