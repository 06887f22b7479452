import Foundation
import TestSupport
import Testing

/// What the tool makes of answers of every shape, and of pages that it is refused.
@Suite struct AnswerShapesTests {
    @Test func aLogThatIsRefusedFromAPageOnIsArchivedUpToThereAgainAndAgain() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "450", "--unlimited", "--fault", "refuse=422@4"],
                    in: folder
                )
                let first = try sandbox.run(["pull"], in: folder)
                #expect(first.status == 0 && first.error.contains("refuses page 4"), "\(first.error)")
                try Self.append(3, "a", to: sandbox)
                let second = try sandbox.run(["pull"], in: folder)
                let entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(second.status == 0 && entry["new"] as? Int == 3 && entry["complete"] as? Bool == false)
                #expect((entry["anomalies"] as? [Any])?.isEmpty == true)
                #expect(try Archived.lines(in: folder + "/archive").count == 303)
                let run = try sandbox.run(["run"], in: folder)
                #expect(run.status == 0, "\(run.error)")
                let told = try runCommand("grep", ["-rl", "refuses page 4", "output"], in: folder)
                #expect(told.output.contains("report.html") && told.output.contains("findings.csv"), "\(told.output)")
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }

    @Test func incrementalPullsGoOnBehindAFullOneThatWasRefused() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sound = try SandboxProcess(["--generate", "450", "--unlimited"], in: folder)
                try #require(try sound.run(["pull"], in: folder).status == 0)
                let limited = try SandboxProcess(
                    ["--generate", "450", "--unlimited", "--fault", "refuse=403@3"],
                    in: folder
                )
                try Self.append(5, "a", to: limited)
                let full = try limited.run(["pull", "--full"], in: folder)
                let refused = try Archived.lastEntry(in: folder + "/archive")
                #expect(full.status == 0 && refused["refused_page"] as? Int == 3, "\(full.error)")
                #expect(refused["new"] as? Int == 5 && (refused["anomalies"] as? [Any])?.isEmpty == true)
                try Self.append(3, "b", to: limited)
                let pull = try limited.run(["pull"], in: folder)
                let entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(pull.status == 0 && entry["mode"] as? String == "incremental", "\(pull.error)")
                #expect(entry["new"] as? Int == 3 && entry["complete"] as? Bool == true, "\(entry)")
                // More than the service shows stays a gap that is told.
                try Self.append(250, "c", to: limited)
                try #require(try limited.run(["pull"], in: folder).status == 0)
                let gap = try Archived.lastEntry(in: folder + "/archive")
                #expect(gap["complete"] as? Bool == false && gap["new"] as? Int == 200, "\(gap)")
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }

    @Test func aFullPullThatFailedDoesNotKeepNewEventsOut() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try "full_every: 1s\n".write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
                let sound = try SandboxProcess(["--generate", "450", "--unlimited"], in: folder)
                try #require(try sound.run(["pull"], in: folder).status == 0)
                Thread.sleep(forTimeInterval: 1.5)
                // A redirect is no refusal: the pull fails.
                let bad = try SandboxProcess(
                    ["--generate", "450", "--unlimited", "--fault", "refuse=302@2"],
                    in: folder
                )
                #expect(try bad.run(["pull"], in: folder).status == 65)
                try Self.append(3, "a", to: bad)
                let pull = try bad.run(["pull"], in: folder)
                let entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(pull.status == 0 && entry["mode"] as? String == "incremental", "\(pull.error)")
                #expect(entry["new"] as? Int == 3 && entry["complete"] as? Bool == true, "\(entry)")
            }
        }
    }

    private static func append(_ count: Int, _ name: String, to sandbox: SandboxProcess) throws {
        let at = ISO8601DateFormatter().string(from: Date())
        let lines = (0..<count).map { #"{"id":"evt-\#(name)-\#($0)","action":"member.invited","created_at":"\#(at)"}"# }
        try sandbox.post("append", lines.joined(separator: "\n"))
    }

    /// What an answer says beside its events, and what the pull makes of it: its status, whether it is complete, and words.
    @Test(arguments: [
        ("200", "{}", "", 0, true, "1 new event, complete"),
        ("200", "{}", #","errors":[ ],"error":{ },"next":{ }"#, 0, true, "1 new event, complete"),
        ("200", "{}", #","has_more":true"#, 0, false, "more follow page"),
        ("200", #"{"Link":"</x?page=2>; rel=next"}"#, "", 0, false, "more follow page"),
        ("200", "{}", #","pagination":{"total_pages":2}"#, 0, false, "more follow page"),
        ("200", "{}", #","error":{"code":"partial","message":"a shard failed"}"#, 65, nil, "partial: a shard failed"),
        ("206", #"{"Content-Range":"items 0-0/9"}"#, "", 65, nil, "a part (206)"),
    ])
    func whatSaysThatItIsNotWholeIsNotTakenForIt(
        status: String,
        headers: String,
        beside: String,
        expected: Int32,
        complete: Bool?,
        words: String
    ) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let event = #"{"id":"e-1","action":"a.b","created_at":"2026-03-01T00:00:00Z"}"#
                let body =
                    #"{"id":"org-1","created_at":"2026-01-01T00:00:00Z","require_2fa":true,"#
                    + #""events":[\#(event)],"meta":{"total":1}\#(beside)}"#
                let hex = body.utf8.map { String(format: "%02x", $0) }.joined()
                let server = try NetworkServer(["answer", status, headers, hex], in: folder)
                let pull = try Tool.run(
                    ["pull", "--base-url", "http://127.0.0.1:\(server.port)"],
                    in: folder,
                    environment: ["CLOUDHEED_TOKEN": "ch_live_test"]
                )
                #expect(pull.status == expected && (pull.output + pull.error).contains(words), "\(pull.error)")
                guard let complete else { return }
                let entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(entry["complete"] as? Bool == complete && (entry["proven"] != nil) == complete, "\(entry)")
            }
        }
    }

    @Test(arguments: ["documented", "wrapped", "named"])
    func everyEnvelopeGivesTheSameReport(envelope: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "150", "--envelope", envelope], in: folder)
                let first = try sandbox.run(["pull"], in: folder)
                try #require(first.status == 0, "\(first.error)")
                let before = try Archived.lastEntry(in: folder + "/archive")["snapshots"] as? [String: Any]
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                let after = try Archived.lastEntry(in: folder + "/archive")["snapshots"] as? [String: Any]
                // A request id is none of the organization's.
                #expect(before?["organization"] as? String == after?["organization"] as? String)
                #expect(before?["settings"] as? String == after?["settings"] as? String)
                let report = try Tool.run(["report", "--format", "csv"], in: folder)
                #expect(report.status == 0, "\(report.error)")
                // The folder is named for the organization's slug.
                #expect(FileManager.default.fileExists(atPath: folder + "/output/acme-corp"))
                let change = try sandbox.run(["settings", "update", "--sso-enabled", "true", "--yes"], in: folder)
                #expect(change.status == 0 && change.output.contains("default_tier"), "\(change.output)")
                #expect(change.error.contains("sso_enabled: false → true"), "\(change.error)")
            }
        }
    }

    @Test(arguments: [
        #"{"id":"org-1","name":"Acme","x":1e400}"#, #"{"id":"org-1","name":"Acme","x":"\ud800"}"#,
        #"{"id":"org-1","name":"Acme","x":"# + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
            + "}",
    ]) func whateverIsJSONIsShown(_ body: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let script = Tool.repository + "/Tests/AcceptanceTests/Servers/network.py"
                let hex = body.utf8.map { String(format: "%02x", $0) }.joined()
                let server = try RunningCommand("python3", [script, "answer", "200", "{}", hex], in: folder)
                defer { server.send(SIGKILL) }
                let url = "http://127.0.0.1:\(try server.firstLine())"
                let token = ["CLOUDHEED_TOKEN": Optional("ch_live_test")]
                let shown = try Tool.run(["organization", "show", "--base-url", url], in: folder, environment: token)
                #expect(shown.status == 0 && shown.output.contains("Acme"), "\(shown.error)")
                // The change is answered by 204: the organization is asked for again.
                let renamed = try Tool.run(
                    ["organization", "update", "--name", "x", "--yes", "--base-url", url],
                    in: folder,
                    environment: token
                )
                #expect(renamed.status == 65 && renamed.output.contains("Acme"), "\(renamed.error)")
                #expect(renamed.error.contains("name is Acme, not x"), "\(renamed.error)")
            }
        }
    }

    /// What the service answers to a change, what it shows behind it, and what the tool makes of it.
    @Test(arguments: [
        ("obey", "", 0, ""), (#"{"require_2fa":true,"x":1}"#, "", 0, ""), ("", #"{"require_2fa":true}"#, 0, ""),
        (#"{"ok":true}"#, #"{"require_2fa":true}"#, 0, ""),
        (#"{"require_2fa":false}"#, #"{"require_2fa":true}"#, 0, ""),
        (#"{"require_2fa":false}"#, "", 65, "require_2fa is false, not true"),
        (#"{"require_2fa":null}"#, #"{"require_2fa":null}"#, 65, "require_2fa is without a value, not true"),
        (#"{"require_2fa":"true"}"#, #"{"require_2fa":"true"}"#, 65, "require_2fa is true, not true"),
        ("", "", 65, "require_2fa is false, not true"), (#"{"ok":true}"#, "", 65, "require_2fa is false, not true"),
        (#"{"ok":true}"#, #"{"ok":true}"#, 0, "does not say whether require_2fa is true"),
    ])
    func aChangeOfSettingsIsWhatTheServiceShows(_ answer: String, _ behind: String, _ status: Int32, _ said: String)
        async throws
    {
        try await Self.change(answer, behind, ["settings", "update", "--require-2fa", "true", "--yes"], status, said)
    }

    @Test(arguments: [
        (#"{"id":"org-1","name":"New"}"#, "", 0, ""),
        (#"{"id":"org-1","name":"Acme"}"#, "", 65, "name is Acme, not New"),
        (#"{"ok":true}"#, #"{"id":"org-1","name":"New"}"#, 0, ""), (#"{"ok":true}"#, "", 65, "name is Acme, not New"),
        (#"{"id":"org-evil","name":"New"}"#, "", 65, "answered for organization 'org-evil', and 'org-1' was to be"),
        ("", #"{"id":"org-evil","name":"New"}"#, 65, "answered for organization 'org-evil'"),
        (#"{"id":"org-1"}"#, #"{"id":"org-1"}"#, 0, "does not say whether name is New"),
    ])
    func anotherNameIsWhatTheServiceShows(_ answer: String, _ behind: String, _ status: Int32, _ said: String)
        async throws
    {
        try await Self.change(answer, behind, ["organization", "update", "--name", "New", "--yes"], status, said)
    }

    @Test func nothingIsChangedOfAnotherOrganizationThanTheOneThatIsNamed() async throws {
        for command in [["settings", "update", "--require-2fa", "true"], ["organization", "update", "--name", "New"]] {
            let said = "the token belongs to organization 'org-1', not to 'org-9'"
            try await Self.change("obey", "", command + ["--yes"], 77, said, organization: "org-9")
            try await Self.change("obey", "", command + ["--yes"], 0, "", organization: "org-1")
        }
        try await Self.change("obey", "", ["settings", "show"], 77, "not to 'org-9'", organization: "org-9")
    }

    private static func change(
        _ answer: String,
        _ behind: String,
        _ command: [String],
        _ status: Int32,
        _ said: String,
        organization: String? = nil
    ) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let script = Tool.repository + "/Tests/AcceptanceTests/Servers/network.py"
                let server = try RunningCommand("python3", [script, "change", answer, behind], in: folder)
                defer { server.send(SIGKILL) }
                let result = try Tool.run(
                    command + ["--base-url", "http://127.0.0.1:\(try server.firstLine())"],
                    in: folder,
                    environment: ["CLOUDHEED_TOKEN": "ch_live_test", "HEEDAUDIT_ORGANIZATION": organization]
                )
                #expect(
                    result.status == status && (said.isEmpty || result.error.contains(said)),
                    "\(answer): \(result.error)"
                )
                // With 77 nothing was sent: what would be changed is not even shown.
                #expect(status != 77 || !result.error.contains("→"), "\(result.error)")
            }
        }
    }
}
