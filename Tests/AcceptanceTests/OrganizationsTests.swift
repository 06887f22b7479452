import Foundation
import TestSupport
import Testing

/// Several organizations in one configuration: selection, failures that stop no other, and the sum.
@Suite struct OrganizationsTests {
    @Test func eachIsWorkedThroughAndOneThatFailsStopsNoOther() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "7", "--generate", "200"], in: folder)
            let fleet = try Fleet(7, sandbox, in: folder)
            let first = try fleet.run(["run"])
            #expect(first.status == 0, "\(first.error)")
            #expect(first.lines.count { $0.hasPrefix("report  ") } == 7)
            #expect(try names(in: folder + "/archive") == (1...7).map { "org-\($0)" })

            // A wrong token, a damaged ledger, a service that is down, an archive that can't be read, and one that is locked.
            try fleet.token("wrong-token", of: 2)
            try damage(folder + "/archive/org-3/ledger.ndjson")
            try fleet.write(own: [4: "base_url: http://127.0.0.1:1"])
            #expect(chmod(folder + "/archive/org-5", geteuid() == 0 ? 0o700 : 0) == 0)
            let lock = open(folder + "/archive/org-6/lock", O_RDWR)
            #expect(flock(lock, LOCK_EX) == 0)
            defer {
                close(lock)
                chmod(folder + "/archive/org-5", 0o700)
            }
            let second = try fleet.run(["run"])
            #expect(second.status == 77)
            for (number, status) in [(2, 77), (3, 65), (4, 69), (6, 75)] {
                #expect(
                    second.error.contains("heedaudit: org-\(number): error: not done (\(status)): "),
                    "\(second.error)"
                )
            }
            for number in [1, 7] {
                #expect(second.error.contains("heedaudit: org-\(number): 0 new events, complete; "), "\(second.error)")
            }
            #expect(second.error.contains("of 7 organizations in "))
        }
    }

    /// Reports of an archive that is gone say that it was there: the overview and `verify` both miss it.
    @Test func anArchiveThatIsGoneIsMissed() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "50"], in: folder)
            let fleet = try Fleet(3, sandbox, in: folder)
            try #require(try fleet.run(["run", "--quiet"]).status == 0)
            #expect(try fleet.run(["verify", "--quiet"]).status == 0)
            try FileManager.default.removeItem(atPath: folder + "/archive/org-2")
            let verified = try fleet.run(["verify"])
            #expect(verified.status == 65, "\(verified.error)")
            let told = verified.output + verified.error
            #expect(told.contains("organization 'org-2', whose archive is not there"), "\(told)")
            try #require(try fleet.run(["fleet"]).status == 0)
            let table = try String(contentsOfFile: folder + "/output/fleet.csv", encoding: .utf8)
            let rows = table.split(separator: "\r\n").filter { $0.contains("no_archive") }
            #expect(rows.count == 1 && rows.first?.contains("org-2,") == true, "\(table)")
        }
    }

    @Test func theAnswerAsJSONHoldsEachOnesAnswer() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "50"], in: folder)
            let fleet = try Fleet(3, sandbox, in: folder)
            try fleet.token("wrong-token", of: 2)
            let result = try fleet.run(["pull", "--json"])
            #expect(result.status == 77)
            try follows(result.output, "Several organizations")
            let answer = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(answer["status"] as? Int == 77 && answer["done"] as? Int == 2 && answer["not_done"] as? Int == 1)
            let each = try #require(answer["organizations"] as? [[String: Any]])
            #expect(each.map { $0["organization"] as? String } == ["org-1", "org-2", "org-3"])
            #expect(each.map { $0["status"] as? Int } == [0, 77, 0])
            #expect((each[0]["answer"] as? [String: Any])?["new"] as? Int == 50)
            #expect((each[1]["error"] as? [String: Any])?["status"] as? Int == 77)

            let chosen = try fleet.run(["pull", "--json", "--organization", "org-3"])
            #expect(chosen.status == 0, "\(chosen.error)")
            #expect(chosen.output.contains(#""new":0,"organization":"org-3""#), "\(chosen.output)")
            let two = try fleet.run(["pull", "--json", "--organization", "org-3,org-1"])
            #expect(two.status == 0 && two.output.contains(#""done":2"#), "\(two.output)")
            let unknown = try fleet.run(["pull", "--organization", "org-33"])
            #expect(unknown.status == 64 && unknown.error.contains("did you mean 'org-3'?"), "\(unknown.error)")
        }
    }

    @Test func aListOfOneIsAConfigurationOfOne() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "50"], in: folder)
            let fleet = try Fleet(1, sandbox, in: folder, common: "metrics_file: \(folder)/m.prom")
            let run = try fleet.run(["run", "--json"])
            #expect(run.status == 0, "\(run.error)")
            #expect(run.output.hasPrefix(#"{"attention":"#), "\(run.output)")
            let metrics = try String(contentsOfFile: folder + "/m.prom", encoding: .utf8)
            #expect(metrics.contains(#"heedaudit_run_status{command="run"} 0"#), "\(metrics)")
        }
    }

    @Test func allMistakesOfAllEntriesAreToldAtOnce() throws {
        try withTemporaryFolder { folder in
            try """
            archive: \(folder)/archive
            organizations:
              - id: a
                perod: all
                period: 20x
              - id: a
              - token_file: x
              - id: b
                archive: \(folder)/archive/a
              - id: c
                fail_on: everything
                jobs: 3
            """.write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
            let result = try Tool.run(["run", "--config", "c.yaml"], in: folder)
            #expect(result.status == 78)
            let told = [
                "c.yaml:4: organization 'a': unknown key 'perod'", "organization 'a' (c.yaml:3): c.yaml:5: ",
                "c.yaml:6: organization 'a' stands twice, first on line 3",
                "c.yaml:7: organizations: an entry has no id",
                "organization 'b' (c.yaml:8): its archive", "organization 'c' (c.yaml:10): c.yaml:11: 'everything'",
                "c.yaml:12: organization 'c': jobs can't be set for one organization", "7 mistakes in the settings",
            ]
            for text in told { #expect(result.error.contains(text), "\(text) in \(result.error)") }
            #expect(!FileManager.default.fileExists(atPath: folder + "/archive"))
        }
    }

    @Test func whatTheTokenSeesIsReadyForTheConfiguration() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "20"], in: folder)
            let list = try sandbox.run(["organization", "list"], in: folder)
            #expect(list.status == 0, "\(list.error)")
            #expect(list.lines.filter { $0.hasPrefix("  - id: org-") }.count == 3)
            try follows(try sandbox.run(["organization", "list", "--json"], in: folder).output, "`organization list`")
            let text = list.output + "base_url: \(sandbox.baseURL)\n"
            try text.write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
            let run = try Tool.run(["pull", "--config", "c.yaml"], in: folder, environment: sandbox.environment)
            #expect(run.status == 0, "\(run.error)")
            #expect(try names(in: folder + "/archive") == ["org-1", "org-2", "org-3"])
            let doctor = try Tool.run(["doctor", "--config", "c.yaml"], in: folder, environment: sandbox.environment)
            #expect(doctor.status == 0, "\(doctor.error)\(doctor.output)")
            #expect(doctor.lines.filter { $0.hasPrefix("organization org-") }.count == 3)
        }
    }

    /// Holds an answer against a schema of docs/json.md.
    private func follows(_ output: String, _ heading: String) throws {
        let (oracle, document) = ("/Tests/AcceptanceTests/Oracle/schemas.py", "/docs/json.md")
        let arguments = [Tool.repository + oracle, Tool.repository + document, heading]
        let found = try runCommand("python3", arguments, input: Data(output.utf8))
        #expect(found.status == 0, "\(heading): \(found.output) \(found.error)\n\(output)")
    }

    @Test func reportsBelongToTheGroupAndHooksAndMetricsNameTheOrganization() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "50"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            let own = try #require(runCommand("id", ["-G"]).output.split(whereSeparator: \.isWhitespace).last)
            try """
            #!/bin/sh
            cat >> \(folder)/told
            """.write(toFile: folder + "/hook", atomically: true, encoding: .utf8)
            chmod(folder + "/hook", 0o755)
            try fleet.token("wrong-token", of: 1)
            try fleet.write(
                common: "metrics_file: \(folder)/m.prom\non_success: [\(folder)/hook]\non_error: [\(folder)/hook]",
                own: [2: "output_group: \(own)"]
            )
            #expect(try fleet.run(["run"]).status == 77)
            let told = try String(contentsOfFile: folder + "/told", encoding: .utf8).split(separator: "\n")
            #expect(told.count == 2)
            #expect(told.contains { $0.contains(#""hook":"on_error""#) && $0.contains(#""organization":"org-1""#) })
            #expect(told.contains { $0.contains(#""hook":"on_success""#) && $0.contains(#""organization":"org-2""#) })
            let metrics = try String(contentsOfFile: folder + "/m.prom", encoding: .utf8)
            #expect(metrics.contains(#"heedaudit_run_status{command="run",organization="org-1"} 77"#))
            #expect(metrics.contains(#"heedaudit_run_status{command="run",organization="org-2"} 0"#))
            #expect(metrics.components(separatedBy: "# TYPE heedaudit_run_status").count == 2)
            let found = try runCommand(
                "find",
                [folder + "/output/acme-corp-2", "!", "-type", "l", "!", "-gid", String(own)]
            )
            #expect(found.status == 0 && found.output.isEmpty, "\(found.output)")
            #expect(try fleet.run(["verify", "--organization", "org-2"]).status == 0)
        }
    }

    @Test func theOverviewIsVerifiedWithThem() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "20"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            try #require(try fleet.run(["run"]).status == 0)
            #expect(try fleet.run(["verify"]).status == 0)
            let table = folder + "/output/fleet.csv"
            let text = try String(contentsOfFile: table, encoding: .utf8)
            try (text + "x").write(toFile: table, atomically: true, encoding: .utf8)
            let found = try fleet.run(["verify"])
            #expect(found.status == 65)
            #expect(
                found.lines.filter { $0.hasPrefix("changed: ") } == [
                    "changed: ./output/fleet.csv: it is not what fleet.SHA256SUMS says"
                ]
            )
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func reportsThatCannotBeReadAreNotPassedOver() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "20"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            try #require(try fleet.run(["run"]).status == 0)
            let given = "chown -R 65534 . && chmod 755 . && chown 0 output/acme-corp-1 && chmod 700 output/acme-corp-1"
            try #require(try runCommand("sh", ["-c", given], in: folder).status == 0)
            let found = try runCommand(
                "setpriv",
                ["--reuid", "65534", "--regid", "65534", "--clear-groups", Tool.path, "verify", "--config", "c.yaml"],
                environment: Tool.cleanEnvironment,
                in: folder
            )
            #expect(
                found.status == 65 && found.error.contains("org-1: error: not done (65): can't read"),
                "\(found.error)"
            )
            #expect(found.output.contains("org-2: sound"), "\(found.output)")
        }
    }

    private func damage(_ ledger: String) throws {
        let text = try String(contentsOfFile: ledger, encoding: .utf8)
        try text.replacing(#""entry":1,"#, with: #""entry":5,"#).write(
            toFile: ledger,
            atomically: false,
            encoding: .utf8
        )
    }
}

/// A configuration of several organizations of one sandbox, each with a token of its own.
struct Fleet {
    let folder: String
    private let count: Int
    private let sandbox: SandboxProcess

    init(_ count: Int, _ sandbox: SandboxProcess, in folder: String, common: String = "") throws {
        (self.folder, self.count, self.sandbox) = (folder, count, sandbox)
        try FileManager.default.createDirectory(atPath: folder + "/tokens", withIntermediateDirectories: true)
        for number in 1...count { try token("ch_live_sandbox_org-\(number)", of: number) }
        try write(common: common)
    }

    func token(_ text: String, of number: Int) throws {
        let path = "\(folder)/tokens/\(number)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o600)
    }

    /// Writes the configuration; `own` are lines of single organizations' entries, by their numbers.
    func write(common: String = "", own: [Int: String] = [:], token: String? = nil) throws {
        var lines = ["base_url: \(sandbox.baseURL)", common, "organizations:"]
        for number in 1...count {
            lines += ["  - id: org-\(number)", "    token_file: \(folder)/tokens/\(token ?? String(number))"]
            if let line = own[number] { lines.append("    \(line)") }
        }
        let text = lines.joined(separator: "\n") + "\n"
        try text.write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
    }

    func run(_ arguments: [String]) throws -> CommandResult {
        try Tool.run(arguments + ["--config", "c.yaml"], in: folder)
    }
}

/// Names in a folder but for hidden ones, sorted; none where there is no folder.
func names(in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
}
