import Foundation
import Sandbox
import TestSupport
import Testing

/// The sandbox's lists: what its log led to, on both paths, whole and faulty.
@Suite struct SandboxListsTests {
    private typealias Element = [String: Any]

    private func ask(
        _ paths: [String],
        faults: [String] = [],
        _ change: (inout SandboxConfiguration) -> Void = { _ in }
    ) async throws -> [[String: Any]] {
        var configuration = SandboxConfiguration(until: 1_780_000_000)
        configuration.faults = try FaultPlan(parsing: faults)
        change(&configuration)
        let server = SandboxServer(configuration)
        let port = try server.start()
        var answers: [[String: Any]] = []
        for path in paths {
            let parts = path.split(separator: " ", maxSplits: 1)
            let arguments =
                ["-s", "http://127.0.0.1:\(port)\(parts[0])", "-H", "Authorization: Bearer ch_live_sandbox"]
                + (parts.count == 2 ? ["-d", String(parts[1])] : [])
            let text = try await runCommandAside("curl", arguments).output
            let json = try? JSONSerialization.jsonObject(with: Data(text.utf8))
            answers.append(json as? [String: Any] ?? ["array": json ?? text])
        }
        await server.stop()
        return answers
    }

    @Test func theListsAreWhatTheLogLedTo() async throws {
        var log: [Element] = []
        let pages = (1...12).map { "/v1/organization/audit-log?per_page=100&page=\($0)" }
        for page in try await ask(pages) { log += page["events"] as? [Element] ?? [] }
        log.reverse()
        let lists = try await ask([
            "/v1/organization/members?per_page=100", "/v1/auth/api-keys?per_page=100",
            "/v1/organization/invitations?per_page=100",
        ])
        let members = try #require(lists[0]["members"] as? [Element])
        let keys = try #require(lists[1]["api_keys"] as? [Element])
        #expect(lists[2]["invitations"] as? [Element] != nil)
        func subject(_ event: Element) -> String? { (event["resource"] as? Element)?["id"] as? String }
        func subjects(_ action: String) -> [String] {
            log.filter { $0["action"] as? String == action }.compactMap(subject)
        }
        let made = subjects("api_key.created")
        let revoked = Set(subjects("api_key.revoked"))
        #expect(keys.compactMap { $0["id"] as? String } == made.filter { !revoked.contains($0) })
        let ids = Set(members.compactMap { ($0["user"] as? Element)?["id"] as? String })
        let removed = Set(subjects("member.removed"))
        #expect(ids.isDisjoint(with: removed))
        #expect(Set(subjects("member.invited")).subtracting(removed).isSubset(of: ids))
        let actors = Set(log.compactMap { ($0["actor"] as? Element)?["id"] as? String })
        #expect(actors.subtracting(removed).isSubset(of: ids))
        #expect(Set(members.compactMap { $0["role"] as? String }).isSubset(of: ["owner", "admin", "developer"]))
        #expect(members.count { $0["role"] as? String == "owner" } == 1)
    }

    @Test func bothPathsAreServedAndPagesAreCut() async throws {
        let answers = try await ask([
            "/v1/organization/members?per_page=5", "/v1/organizations/org-123/members?per_page=5&page=2",
            "/v1/organizations/org-123/invites", "/v1/organizations/org-999/members", "/v1/organization/members",
        ]) { $0.largestPerPage = 100 }
        let meta = try #require(answers[0]["meta"] as? [String: Int])
        #expect((answers[0]["members"] as? [Element])?.count == 5 && meta["per_page"] == 5)
        #expect(meta["total_pages"] == ((meta["total"] ?? 0) + 4) / 5)
        #expect((answers[1]["members"] as? [Element])?.first?["user_id"] is String)
        #expect((answers[2]["invites"] as? [Element])?.first?["status"] == nil)
        #expect((answers[3]["error"] as? Element)?["code"] as? String == "not_found")
        #expect((answers[4]["meta"] as? [String: Int])?["per_page"] == 20)
    }

    @Test func faultsAreThoseOfOneList() async throws {
        let answers = try await ask(
            ["/v1/organization/members", "/v1/organization/invitations", "/v1/auth/api-keys", "/v1/organization"],
            faults: ["members=forbidden", "invitations=array", "api_keys=other", "500@1"]
        )
        #expect((answers[0]["error"] as? Element)?["code"] as? String == "insufficient_permissions")
        #expect((answers[1]["array"] as? [Element])?.count == 1)
        let key = try #require((answers[2]["api_keys"] as? [Element])?.first)
        #expect(key["key_prefix"] is String && key["prefix"] == nil)
        // Faults of single answers are numbered without the lists.
        #expect((answers[3]["error"] as? Element)?["code"] as? String == "internal_error")
        #expect(throws: FaultPlan.Unknown.self) { try FaultPlan(parsing: ["members=odd"]) }
    }

    @Test func listsAreReplacedPastTheLogAndAForeignLogHasNone() async throws {
        let answers = try await ask(
            [
                "/v1/organization/members", #"/sandbox/access {"members":[{"id":"m"}],"api_keys":null}"#,
                "/v1/organization/members", "/v1/auth/api-keys",
            ]
        ) { $0.events = .lines([]) }
        #expect((answers[0]["error"] as? Element)?["code"] as? String == "not_found")
        #expect((answers[2]["members"] as? [Element])?.count == 1)
        #expect((answers[3]["error"] as? Element)?["code"] as? String == "not_found")
    }
}
