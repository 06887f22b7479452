import Foundation
import TestSupport
import Testing

/// Organizations that share a token's allowance, and what keeps them apart.
@Suite struct FairSharesTests {
    /// Whose requests a sandbox answered, one after the other.
    private func order(_ sandbox: SandboxProcess) throws -> [String] {
        let answer = try runCommand("curl", ["-sf", "\(sandbox.baseURL)/sandbox/order"])
        return answer.output.split(separator: "\n").map(String.init)
    }

    private func shared(_ count: Int, _ sandbox: SandboxProcess, in folder: String, common: String = "") throws -> Fleet
    {
        let fleet = try Fleet(count, sandbox, in: folder)
        try fleet.token(SandboxProcess.token, of: 1)
        let header = Dictionary(uniqueKeysWithValues: (1...count).map { ($0, "organization_header: true") })
        try fleet.write(common: common, own: header, token: "1")
        return fleet
    }

    @Test func aLongLogGoesOnWhenTheOthersHadTheirTurn() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(
                ["--organizations", "3", "--generate", "12000", "--unlimited"],
                in: folder
            )
            let fleet = try shared(3, sandbox, in: folder, common: "jobs: 1")
            let run = try fleet.run(["pull"])
            #expect(run.status == 0, "\(run.error)")
            var turns: [String] = []
            for name in try order(sandbox) where turns.last != name { turns.append(name) }
            #expect(turns == ["org-1", "org-2", "org-3", "org-1", "org-2", "org-3"])
            #expect(run.lines.filter { $0.contains(": 12,000 new events, complete") }.count == 3, "\(run.output)")
            let verify = try fleet.run(["verify"])
            #expect(verify.status == 0, "\(verify.error)")
        }
    }

    @Test func theAllowanceOfAMinuteIsSharedWithoutBeingExceeded() throws {
        try withTemporaryFolder { folder in
            let limit = ["--per-minute", "60", "--window", "2s"]
            let sandbox = try SandboxProcess(["--organizations", "12", "--generate", "600"] + limit, in: folder)
            let fleet = try shared(12, sandbox, in: folder, common: "jobs: 4")
            let run = try fleet.run(["run"])
            #expect(run.status == 0, "\(run.error)")
            let answers = try (1...12).map { number in
                try runCommand(
                    "curl",
                    ["-sf", "-H", "X-Organization-Id: org-\(number)", "\(sandbox.baseURL)/sandbox/served"]
                ).output
            }
            let refused = answers.filter { !$0.contains(#""rate_limited":0"#) }
            #expect(refused.count <= 1, "\(refused)")
        }
    }

    @Test func theDayIsReckonedBeforeItIsBegun() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "4", "--generate", "3000", "--unlimited"], in: folder)
            let fleet = try shared(4, sandbox, in: folder, common: "daily_limit: 80\njobs: 1")
            let run = try fleet.run(["pull"])
            #expect(run.status == 75, "\(run.error)")
            let asked = try order(sandbox)
            #expect(asked.count <= 80)
            #expect(Set(asked) == ["org-1", "org-2", "org-3", "org-4"])
            #expect(run.error.contains(" of 3,000 events of the log are read"), "\(run.error)")
            // What was read is gone on with.
            try fleet.write(
                common: "jobs: 1",
                own: Dictionary(uniqueKeysWithValues: (1...4).map { ($0, "organization_header: true") }),
                token: "1"
            )
            let again = try fleet.run(["pull"])
            #expect(again.status == 0, "\(again.error)")
            #expect(again.lines.filter { $0.contains(": 3,000 new events, complete") }.count == 4, "\(again.output)")
            #expect(try order(sandbox).count < 80 + 4 * 37)
        }
    }

    @Test func anotherOrganizationsDataReachNoFolder() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(
                ["--organizations", "3", "--generate", "300", "--ignore-organization-header"],
                in: folder
            )
            let fleet = try shared(3, sandbox, in: folder)
            let run = try fleet.run(["run"])
            #expect(run.status == 77)
            #expect(run.error.contains("org-2: error: the service answers for organization 'org-1'"), "\(run.error)")
            #expect(try names(in: folder + "/archive") == ["org-1"])
            #expect(try names(in: folder + "/output").filter { !$0.contains(".") } == ["acme-corp-1"])

            // The second one's server answers with the first one's data from the second question on.
            let honest = try SandboxProcess(["--organizations", "2", "--generate", "300"], in: folder)
            let poisoned = try SandboxProcess(
                ["--generate", "300", "--seed", "99", "--fault", "other-organization=2"],
                in: folder
            )
            let two = folder + "/two"
            try FileManager.default.createDirectory(atPath: two, withIntermediateDirectories: true)
            let mixed = try Fleet(2, honest, in: two)
            try mixed.token(SandboxProcess.token, of: 2)
            try """
            organizations:
              - id: org-1
                base_url: \(honest.baseURL)
                token_file: \(two)/tokens/1
              - id: org-123
                base_url: \(poisoned.baseURL)
                token_file: \(two)/tokens/2
            """.write(toFile: two + "/c.yaml", atomically: true, encoding: .utf8)
            let second = try mixed.run(["run"])
            #expect(second.status == 65, "\(second.error)")
            #expect(second.error.contains("org-1: 300 new events, complete"), "\(second.error)")
            #expect(
                try names(in: two + "/output")
                    == ["acme-corp-1", "fleet.SHA256SUMS", "fleet.csv", "fleet.xml", "fleet.xsd", "index.html"]
            )
            let overview = try String(contentsOfFile: two + "/output/fleet.csv", encoding: .utf8)
            #expect(overview.contains("org-123") && overview.contains("65"), "\(overview)")
            let foreign = Set(try poisoned.lines("log")).subtracting(try honest.lines("log"))
            #expect(foreign.count > 100)
            let list = two + "/foreign"
            try foreign.joined(separator: "\n").write(toFile: list, atomically: true, encoding: .utf8)
            let found = try runCommand("grep", ["-rlFf", list, two + "/archive", two + "/output"])
            #expect(found.output.isEmpty, "\(found.output)")
            let named = try runCommand("grep", ["-rlE", "org-999|Another Corp", two + "/archive", two + "/output"])
            #expect(named.output.isEmpty, "\(named.output)")
            #expect(try names(in: two + "/archive/org-123/events").isEmpty)
            #expect(try names(in: two + "/archive/org-123/staging").isEmpty)
        }
    }

    @Test func aRunThatIsKilledIsContinued() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(
                ["--organizations", "6", "--generate", "2000", "--unlimited", "--latency", "10ms"],
                in: folder
            )
            let fleet = try shared(6, sandbox, in: folder, common: "connections: 1")
            let running = try RunningCommand(
                Tool.path,
                ["pull", "--config", "c.yaml"],
                environment: Tool.cleanEnvironment,
                in: folder
            )
            let deadline = Date().addingTimeInterval(60)
            while try order(sandbox).count < 60, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
            running.send(SIGKILL)
            _ = running.wait()
            let run = try fleet.run(["pull"])
            #expect(run.status == 0, "\(run.error)")
            let verify = try fleet.run(["verify"])
            #expect(verify.status == 0, "\(verify.error)")
            for number in 1...6 {
                let ledger = try String(
                    contentsOfFile: "\(folder)/archive/org-\(number)/ledger.ndjson",
                    encoding: .utf8
                )
                #expect(ledger.contains(#""complete":true"#))
            }
        }
    }
}
