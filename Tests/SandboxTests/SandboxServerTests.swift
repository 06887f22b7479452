import Foundation
import Sandbox
import TestSupport
import Testing

/// The sandbox over its port, asked by a plain HTTP client.
@Suite struct SandboxServerTests {
    /// An instant that makes made-up logs the same in every run.
    private static let until: Int64 = 1_780_000_000

    private func withSandbox(
        _ change: (inout SandboxConfiguration) -> Void = { _ in },
        _ body: (String) async throws -> Void
    ) async throws {
        var configuration = SandboxConfiguration(until: Self.until)
        change(&configuration)
        let server = SandboxServer(configuration)
        let port = try server.start()
        do {
            try await body("http://127.0.0.1:\(port)")
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Status, headers and body of a request.
    private func ask(_ url: String, method: String = "GET", token: String? = "ch_live_sandbox", body: String? = nil)
        async throws -> (
            status: Int, headers: String, json: [String: Any]
        )
    {
        var arguments = ["-s", "-i", "-X", method, url]
        if let token { arguments += ["-H", "Authorization: Bearer \(token)"] }
        if let body { arguments += ["-d", body] }
        let text = try await runCommandAside("curl", arguments).output
        let parts = text.components(separatedBy: "\r\n\r\n")
        let status = try #require(parts[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }, "\(text)")
        let object = try? JSONSerialization.jsonObject(with: Data((parts.dropFirst().first ?? "").utf8))
        return (status, parts[0].lowercased(), object as? [String: Any] ?? [:])
    }

    @Test func knowsTokensAndScopes() async throws {
        try await withSandbox { url in
            #expect(try await ask(url + "/v1/organization").status == 200)
            #expect(try await ask(url + "/v1/organization", token: nil).status == 401)
            let wrong = try await ask(url + "/v1/organization", token: "wrong")
            #expect(wrong.status == 401)
            #expect((wrong.json["error"] as? [String: Any])?["code"] as? String == "invalid_token")
            #expect(((wrong.json["meta"] as? [String: Any])?["request_id"] as? String)?.hasPrefix("req-") == true)
            #expect(try await ask(url + "/v1/organization", token: "ch_live_sandbox_noscope").status == 403)
            let readOnly = try await ask(
                url + "/v1/organization",
                method: "PATCH",
                token: "ch_live_sandbox_readonly",
                body: #"{"name":"x"}"#
            )
            #expect(readOnly.status == 403)
        }
    }

    @Test func validatesChangesAndRecordsThemInTheLog() async throws {
        try await withSandbox { url in
            let bad = try await ask(
                url + "/v1/organization/settings",
                method: "PATCH",
                body: #"{"require_2fa":"yes","colour":1}"#
            )
            #expect(bad.status == 422)
            let details = (bad.json["error"] as? [String: Any])?["details"] as? [[String: Any]]
            #expect(details?.compactMap { $0["field"] as? String } == ["colour", "require_2fa"])

            let before = try #require(try await total(url))
            let good = try await ask(url + "/v1/organization/settings", method: "PATCH", body: #"{"sso_enabled":true}"#)
            #expect(good.status == 200)
            #expect(good.json["sso_enabled"] as? Bool == true)
            #expect(try await ask(url + "/v1/organization/settings").json["sso_enabled"] as? Bool == true)
            #expect(try await total(url) == before + 1)
            let newest = try await events(url + "/v1/organization/audit-log?per_page=1").first
            #expect(newest?["action"] as? String == "settings.updated")
        }
    }

    @Test func pagesAsDocumented() async throws {
        try await withSandbox({ $0.events = .generated(count: 250, seed: 3) }) { url in
            #expect(try await events(url + "/v1/organization/audit-log").count == 20)
            #expect(try await events(url + "/v1/organization/audit-log?per_page=500").count == 100)
            #expect(try await events(url + "/v1/organization/audit-log?page=3&per_page=100").count == 50)
            #expect(try await events(url + "/v1/organization/audit-log?page=4&per_page=100").isEmpty)
            #expect(try await ask(url + "/v1/organization/audit-log?page=0").status == 422)
            var ids: Set<String> = []
            for page in 1...3 {
                ids.formUnion(
                    try await events(url + "/v1/organization/audit-log?per_page=100&page=\(page)").compactMap {
                        $0["id"] as? String
                    }
                )
            }
            #expect(ids.count == 250)
        }
    }

    @Test func limitsRequestsAndSaysSo() async throws {
        try await withSandbox({
            // Windows begin at fixed times: no hour, nor year, may begin between the requests.
            $0.limitPerWindow = 3; $0.windowSeconds = 10_000_000_000
        }) { url in
            let first = try await ask(url + "/v1/organization")
            #expect(first.headers.contains("x-ratelimit-limit: 3"))
            #expect(first.headers.contains("x-ratelimit-remaining: 2"))
            #expect(first.headers.contains("x-ratelimit-reset: "))
            for _ in 0..<2 { #expect(try await ask(url + "/v1/organization").status == 200) }
            let refused = try await ask(url + "/v1/organization")
            #expect(refused.status == 429)
            #expect(refused.headers.contains("retry-after: "))
        }
    }

    @Test func servesGivenEventsByteForByteOrderedByTime() async throws {
        let odd = #"{ "created_at":"2026-03-17T12:00:00+02:00", "id" : "b","x":1.50 }"#
        let lines = [#"{"id":"a","created_at":"2026-03-17T10:00:01Z"}"#, odd].map { Array($0.utf8) }
        try await withSandbox({
            $0.events = .lines(lines); $0.order = .oldest
        }) { url in
            let answer = try await runCommandAside(
                "curl",
                ["-s", "-H", "Authorization: Bearer ch_live_sandbox", url + "/v1/organization/audit-log"]
            )
            #expect(answer.output.hasPrefix(#"{"events":["# + odd + ","), "\(answer.output)")
        }
    }

    @Test func theSameSeedGivesTheSameLog() async throws {
        var bodies: Set<String> = []
        for _ in 0..<2 {
            try await withSandbox({ $0.events = .generated(count: 300, seed: 5) }) { url in
                bodies.insert(
                    try await runCommandAside(
                        "curl",
                        [
                            "-s", "-H", "Authorization: Bearer ch_live_sandbox",
                            url + "/v1/organization/audit-log?per_page=100",
                        ]
                    ).output
                )
            }
        }
        #expect(bodies.count == 1)
    }

    private func events(_ url: String) async throws -> [[String: Any]] {
        try await ask(url).json["events"] as? [[String: Any]] ?? []
    }

    private func total(_ url: String) async throws -> Int? {
        (try await ask(url + "/v1/organization/audit-log").json["meta"] as? [String: Any])?["total"] as? Int
    }
}
