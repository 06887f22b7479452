import Auditing
@testable import CloudHeed
import Evidence
import Foundation
import Logging
import Sandbox
import TestSupport
import Testing

/// Lists of members, invitations and keys in a pull: what is kept of them, and that none of them is in its way.
@Suite struct PullListsTests {
    @Test func everyListThatIsAskedForCanBeArchived() {
        #expect(ServiceList.all.map(\.name) == ListResource.allCases.map(\.rawValue))
    }

    @Test func listsAreKeptAsReceivedAndTheirPathIsRemembered() async throws {
        try await withTestAudit(events: 3) { audit in
            let pages = [#"{"members":[1],"meta":{}}"#, #"{"members":[2]}"#].map { Array($0.utf8) }
            audit.service.change {
                $0.lists["members"] = ListAnswer(
                    from: "GET /m",
                    pages: pages,
                    count: 2,
                    firstServed: TestAudit.begin.seconds - 2,
                    lastServed: TestAudit.begin.seconds - 1
                )
                $0.lists["api_keys"] = ListAnswer(unavailable: "GET /k: 403 \"secret\"\u{e9}")
            }
            let entry = try await audit.pull().entry
            let list = try #require(entry.snapshots?.lists[.members])
            #expect(list.from == "GET /m" && list.count == 2 && list.pages.map(\.bytes) == pages.map(\.count))
            #expect(list.servedAt == TestAudit.begin.adding(seconds: -2).rfc3339)
            #expect(list.lastServedAt == TestAudit.begin.adding(seconds: -1).rfc3339)
            #expect(try list.pages.map { try audit.archive.snapshot($0.sha256) } == pages)
            #expect(entry.snapshots?.unavailable[.apiKeys] == "GET /k: 403 '***'??")
            #expect(entry.snapshots?.unavailable[.invitations]?.contains("404") == true)
            #expect(entry.complete == true && audit.warnings == [])
            #expect(try Verifier.verify(archiveAt: audit.archive.path).discrepancies.isEmpty)
            #expect(audit.service.change { $0.earlier } == [:])
            audit.wait(seconds: 60)
            audit.service.change { $0.lists = [:] }
            let second = try await audit.pull()
            #expect(audit.service.change { $0.earlier } == ["members": "GET /m"])
            #expect(second.snapshotsChanged)
            audit.wait(seconds: 60)
            #expect(try await audit.pull().broughtNothing)
            #expect(audit.service.change { $0.earlier } == ["members": "GET /m"])
        }
    }

    @Test func whoDoesNotWantThemAsksForNone() async throws {
        try await withTestAudit(events: 3) { audit in
            audit.service.change { $0.lists["members"] = ListAnswer(from: "GET /m", pages: [[91, 93]]) }
            let entry = try await audit.pull { $0.readsAccess = false }.entry
            #expect(entry.snapshots?.lists == [:] && entry.snapshots?.unavailable == [:])
        }
    }

    @Test func aMissingListIsSaidWithWhatReportsCannotSay() async throws {
        try await withTestAudit(events: 3) { audit in
            audit.service.change {
                $0.lists["members"] = ListAnswer(unavailable: "GET /m: 403")
                $0.lists["invitations"] = ListAnswer(from: "GET /i", pages: [[91, 93]])
                $0.lists["api_keys"] = ListAnswer(
                    from: "GET /k",
                    pages: [[91, 93]],
                    unavailable: "GET /k: 5 of 9 came"
                )
            }
            try await audit.pull()
            #expect(
                audit.notes == [
                    "no list of members: GET /m: 403; so reports can't say as of now who is a member and with which role "
                        + "(MEM-ADMINS, MEM-DOMAIN, MEM-DRIFT, MEM-INACTIVE, MEM-UNKNOWN, ROLE-BREACH)",
                    "not all of the list of API keys: GET /k: 5 of 9 came; so reports can't say as of now which keys are "
                        + "valid, what they may do and when they were used (KEY-DRIFT, KEY-EXPIRY, KEY-SCOPES, KEY-UNUSED)",
                ]
            )
            #expect(audit.warnings == [])
            // What came the time before is missed with a warning, and once.
            audit.service.change { $0.lists["invitations"] = ListAnswer(unavailable: "GET /i: 404") }
            audit.wait(seconds: 60)
            try await audit.pull()
            #expect(audit.notes.count == 2)
            #expect(
                audit.warnings == [
                    "no list of invitations: GET /i: 404; so reports can't say as of now who is invited and since when "
                        + "(INV-STALE, MEM-DOMAIN); the pull before had it"
                ]
            )
            audit.wait(seconds: 60)
            try await audit.pull()
            #expect(audit.notes.count == 3 && audit.warnings == [])
        }
    }

    @Test(arguments: [
        (#"[]"#, 0, "it names nobody, and an organization has an owner"),
        (#"{"members":null}"#, 0, "it names nobody"),
        (#"[{"user":{"id":"u1"}},{"user_id":"u2"}]"#, 2, nil), ("[1,2,3]", 3, nil),
    ]) func aListOfMembersThatNamesNobodyIsNotWhole(_ page: String, _ count: Int, _ why: String?)
        async throws
    {
        try await withTestAudit(events: 3) { audit in
            audit.service.change {
                $0.organizations = [#"{"id":"org-1","name":"A","owner_id":"u9","member_count":3}"#]
                $0.lists["members"] = ListAnswer(from: "GET /m", pages: [Array(page.utf8)], count: count)
            }
            let snapshots = try await audit.pull().entry.snapshots
            #expect(snapshots?.lists[.members]?.count == count)
            let reason = snapshots?.unavailable[.members]
            #expect(why.map { reason?.contains("GET /m: \($0)") == true } ?? (reason == nil), "\(reason ?? "-")")
        }
    }

    // MARK: Against the sandbox

    private func pull(
        _ faults: [String],
        listTime: Duration = .seconds(120),
        _ change: (inout SandboxConfiguration) -> Void = { _ in }
    ) async throws -> PullOutcome {
        try await withTemporaryFolder { folder in
            var configuration = SandboxConfiguration(until: 1_780_000_000)
            configuration.faults = try FaultPlan(parsing: faults)
            change(&configuration)
            let server = SandboxServer(configuration)
            let port = try server.start()
            var service = try ServiceConfiguration(
                baseURL: "http://127.0.0.1:\(port)",
                token: AccessToken("ch_live_sandbox"),
                userAgent: "test"
            )
            service.listTime = listTime
            let client = try ServiceClient(service, logger: Logger(label: "test"))
            let context = AuditContext(tool: "heedaudit test", now: { Instant(seconds: 1_780_100_000) })
            let result: Result<PullOutcome, any Error>
            do {
                result = .success(try await PullJob(PullSettings(archive: folder + "/archive"), context).run(client))
            } catch { result = .failure(error) }
            await client.shutdown()
            await server.stop()
            let outcome = try result.get()
            #expect(try Verifier.verify(archiveAt: outcome.archive.path).discrepancies.isEmpty)
            return outcome
        }
    }

    @Test(arguments: ["", "other", "unpaged", "array", "silent"])
    func everyFormOfTheListsIsRead(_ form: String) async throws {
        let faults = form.isEmpty ? [] : ["members", "invitations", "api_keys"].map { "\($0)=\(form)" }
        let plain = try await pull([]).entry
        for envelope in SandboxConfiguration.Envelope.allCases {
            let entry = try await pull(faults) {
                $0.envelope = envelope
                $0.largestPerPage = 20
            }
            .entry
            let lists = try #require(entry.snapshots?.lists)
            #expect(entry.snapshots?.unavailable == [:] && lists.count == 3)
            #expect(lists.mapValues(\.count) == plain.snapshots?.lists.mapValues(\.count))
            if form == "other" {
                #expect(lists[.members]?.from == "GET /v1/organizations/org-123/members")
                #expect(lists[.invitations]?.from == "GET /v1/organizations/org-123/invites")
            }
        }
    }

    @Test(arguments: ["forbidden", "missing", "html", "shapeless", "500"])
    func noFaultOfAListIsOneOfThePull(_ fault: String) async throws {
        let entry = try await pull(["members=\(fault)", "invitations=\(fault)", "api_keys=\(fault)"]).entry
        #expect(entry.complete == true && entry.new == 1200)
        #expect(entry.snapshots?.lists == [:])
        let words = [
            "forbidden": "403 insufficient_permissions", "missing": "404", "html": "web page",
            "500": "500 internal_error",
        ]
        for list in ListResource.allCases {
            let reason = try #require(entry.snapshots?.unavailable[list])
            #expect(reason.contains(words[fault] ?? "another shape"), "\(reason)")
        }
        // Each is asked for at one or two places, and three times at most.
        #expect(entry.retries == (fault == "500" ? 6 : 0))
    }

    @Test func aListThatRepeatsItselfIsKeptAndNotCalledWhole() async throws {
        let entry = try await pull(["members=repeating"]) { $0.largestPerPage = 5 }.entry
        #expect(entry.snapshots?.lists[.members]?.pages.count == 1)
        #expect(entry.snapshots?.unavailable[.members]?.contains("page 2 repeats what came before, and 5 of") == true)
    }

    @Test func aListThatTakesTooLongIsCutAndSaysSo() async throws {
        let entry = try await pull([], listTime: .milliseconds(200)) {
            $0.events = .generated(count: 40, seed: 7)
            ($0.largestPerPage, $0.latencySeconds) = (2, 0.15)
        }
        .entry
        #expect(entry.complete == true && entry.new == 40)
        let reason = try #require(entry.snapshots?.unavailable[.members])
        #expect(reason.contains("not asked: the pages before took longer than"), "\(reason)")
        // However slow the machine is, the first page is asked for.
        let count = try #require(entry.snapshots?.lists[.members]?.count)
        #expect((1...5).contains(count), "\(count)")
    }

    @Test func aTokenThatIsRefusedEndsThePull() async throws {
        let error = await #expect(throws: ServiceError.self) { try await pull(["members=401"]) }
        #expect(error?.code == .tokenRefused)
    }
}
