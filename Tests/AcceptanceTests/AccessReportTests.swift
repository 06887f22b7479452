import Foundation
import TestSupport
import Testing

/// What a report says of the lists of members, invitations and API keys that pulls kept.
@Suite struct AccessReportTests {
    private static let controls: Set = [
        "MEM-ADMINS", "MEM-DOMAIN", "MEM-DRIFT", "MEM-UNKNOWN", "KEY-DRIFT", "KEY-EXPIRY", "KEY-SCOPES", "KEY-UNUSED",
        "INV-STALE", "MEM-INACTIVE", "ROLE-BREACH",
    ]

    private static let member = #"{"id":"member-1","user":{"id":"user-1","email":"ann@acme.example"},"role":"owner"}"#
    private static let other = #"{"id":"member-2","user":{"id":"user-2","email":"bob@other.example"},"role":"viewer"}"#

    /// An event of a day long ago, so that what follows is no matter of seconds.
    private static func event(_ id: String, _ actor: String) -> String {
        #"{"id":"\#(id)","action":"database.created","actor":{"id":"\#(actor)"},"resource":{"type":"database","id":"db-\#(id)"},"created_at":"2026-03-01T00:00:00Z"}"#
    }

    private static func findings(_ output: String) throws -> [[String: String]] {
        try BundleFiles.rows(of: "findings.csv", in: output)
    }

    private static func statuses(_ findings: [[String: String]]) -> [String: Set<String>] {
        Dictionary(grouping: findings) { $0["control"] ?? "" }.mapValues { Set($0.compactMap { $0["status"] }) }
    }

    @Test func listsAreJudgedWithTheLogAndDriftBetweenPullsIsFound() async throws {
        let (first, second, changes, pages) = try await aside {
            try withTemporaryFolder { folder in
                func page() throws -> String {
                    let bundle = try BundleFiles.latest(in: folder + "/output")
                    return try String(contentsOfFile: bundle + "/report.html", encoding: .utf8)
                }
                try (Self.event("evt-1", "user-1") + "\n").write(
                    toFile: folder + "/events.ndjson",
                    atomically: true,
                    encoding: .utf8
                )
                let sandbox = try SandboxProcess(["--events", "events.ndjson"], in: folder)
                try "approved_domains: [acme.example]\n".write(
                    toFile: folder + "/heedaudit.yaml",
                    atomically: true,
                    encoding: .utf8
                )
                try sandbox.post("access", #"{"members":[\#(Self.member)],"invitations":[],"api_keys":[]}"#)
                let run = try sandbox.run(["run", "--format", "csv,html"], in: folder)
                try #require(run.status == 0, "\(run.error)")
                let (first, page1) = (try Self.findings(folder + "/output"), try page())
                try sandbox.post("access", #"{"members":[\#(Self.member),\#(Self.other)],"invitations":null}"#)
                try sandbox.post("append", Self.event("evt-2", "user-9"))
                // Lists are told apart by the server's `Date`: whole seconds.
                Thread.sleep(forTimeInterval: 2.2)
                try #require(try sandbox.run(["pull", "--full"], in: folder).status == 0)
                let again = try Tool.run(["report", "--format", "csv,html"], in: folder)
                try #require(again.status == 0, "\(again.error)")
                let changes = try BundleFiles.rows(of: "changes.csv", in: folder + "/output")
                return (first, try Self.findings(folder + "/output"), changes, [page1, try page()])
            }
        }
        let came = changes.filter { $0["kind"] == "member" }
        #expect(came.map { [$0["subject"], $0["before"], $0["after"]] } == [["bob@other.example", "", "viewer"]])
        #expect(pages[0].contains("There is no earlier report of this kind, so nothing is said here of what changed."))
        #expect(pages[1].contains(": 1 member came (bob@other.example). All of it stands"))
        #expect(pages[1].contains("No list of invitations is there of both times, so of these events alone tell."))
        let (before, after) = (Self.statuses(first), Self.statuses(second))
        for control in ["MEM-ADMINS", "MEM-DOMAIN", "MEM-UNKNOWN", "INV-STALE", "KEY-EXPIRY"] {
            #expect(before[control] == ["pass"], "\(control)")
        }
        #expect(before["MEM-DRIFT"] == ["not_proven"])
        #expect(after["MEM-DOMAIN"] == ["fail", "not_proven"] && after["MEM-UNKNOWN"] == ["fail"])
        #expect(after["MEM-DRIFT"] == ["fail"] && after["INV-STALE"] == ["not_proven"])
        #expect(second.first { $0["control"] == "MEM-DRIFT" }?["subject"] == "bob@other.example")
    }

    @Test func anArchiveOfBeforeTheListsSaysThatAndWhyTheControlsOverThemDoNotApply() throws {
        try withFirstVersion { folder in
            let places = ["--archive", "archive", "--output", "new", "--format", "csv", "--quiet"]
            let result = try Tool.run(["report"] + places, in: folder)
            #expect(result.status == 0, "\(result.error)")
            let told = try Self.findings(folder + "/new").filter { Self.controls.contains($0["control"] ?? "") }
            #expect(Set(told.compactMap { $0["control"] }) == Self.controls)
            #expect(told.allSatisfy { $0["status"] == "not_applicable" && $0["detail"]?.isEmpty == false }, "\(told)")
            for table in ["members.csv", "api_keys.csv", "invitations.csv"] {
                #expect(try BundleFiles.rows(of: table, in: folder + "/new").isEmpty, "\(table)")
            }
        }
    }

    @Test func withoutListsReportsSayWhatTheySaidAndWhyTheControlsOverListsDoNotApply() async throws {
        let (with, without) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                func run(_ name: String, _ arguments: [String]) throws -> [[String: String]] {
                    let places = ["--archive", name, "--output", "out-" + name, "--format", "csv"]
                    let result = try sandbox.run(["run"] + places + arguments, in: folder)
                    try #require(result.status == 0, "\(result.error)")
                    return try Self.findings(folder + "/out-" + name)
                }
                return (try run("with", []), try run("without", ["--access", "off"]))
            }
        }
        let left = without.filter { Self.controls.contains($0["control"] ?? "") }
        #expect(Set(left.compactMap { $0["control"] }) == Self.controls)
        #expect(left.allSatisfy { $0["status"] == "not_applicable" && $0["detail"]?.isEmpty == false })
        func others(_ findings: [[String: String]]) -> [[String?]] {
            findings.filter { !Self.controls.contains($0["control"] ?? "") }.map {
                [$0["control"], $0["status"], $0["subject"]]
            }
        }
        #expect(others(with) == others(without))
        #expect(Self.statuses(with)["MEM-ADMINS"] == ["fail"])
    }

    @Test func aListThatTheServiceRefusesNeverLooksLikeAnEmptyOne() async throws {
        let pages = try await aside {
            try withTemporaryFolder { folder in
                try (Self.event("evt-1", "user-1") + "\n").write(
                    toFile: folder + "/events.ndjson",
                    atomically: true,
                    encoding: .utf8
                )
                let sandbox = try SandboxProcess(["--events", "events.ndjson"], in: folder)
                func page(_ name: String, _ access: String, _ arguments: [String] = []) throws -> String {
                    try sandbox.post("access", access)
                    let places = ["--archive", name, "--output", "out-" + name, "--format", "html"]
                    let run = try sandbox.run(["run"] + places + arguments, in: folder)
                    try #require(run.status == 0, "\(run.error)")
                    let bundle = try BundleFiles.latest(in: folder + "/out-" + name)
                    let text = try String(contentsOfFile: bundle + "/report.html", encoding: .utf8)
                    return try #require(
                        text.components(separatedBy: "<section id=\"access\"").last?
                            .components(separatedBy: "</section>").first
                    )
                }
                let all = #"{"members":[\#(Self.member)],"invitations":[],"api_keys":null}"#
                return [
                    try page("empty", #"{"members":[],"invitations":[],"api_keys":[]}"#),
                    try page("refused", #"{"members":null,"invitations":null,"api_keys":null}"#),
                    try page("keys", all), try page("off", all, ["--access", "off"]),
                ]
            }
        }
        let (nobody, noKey) = ("The list of members names nobody.", "Neither list nor log knows an open API key.")
        let refused = [
            "The service did not give the list of members: ", "The service did not give the list of API keys: ",
        ]
        let none = "The archive holds no lists of members and API keys"
        let said = pages.map { page in ([nobody, noKey, none] + refused).filter(page.contains) }
        // An organization has an owner: a list of nobody is none that is whole.
        #expect(said[0] == [noKey] && pages[0].contains("it names nobody, and an organization has an owner"))
        #expect(said[1] == refused)
        #expect(said[2] == [refused[1]])
        #expect(said[3] == [none] && pages[3].contains("nobody asked the service for it"))
    }
}
