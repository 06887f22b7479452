import Foundation
import TestSupport
import Testing

/// Little of everything: descriptors, addresses; and input that is made to cost.
@Suite struct SmallMachineTests {
    private func limited(_ limit: String, _ arguments: [String], in folder: String) throws -> CommandResult {
        try runCommand(
            "sh",
            ["-c", "ulimit \(limit); exec \"$@\"", "sh", Tool.path] + arguments,
            environment: Tool.cleanEnvironment,
            in: folder,
            killAfter: 120
        )
    }

    @Test func fewDescriptorsAreToldWithWhatIsNeeded() throws {
        try withTemporaryFolder { folder in
            let result = try limited("-n 10", ["verify"], in: folder)
            #expect(result.status == 78)
            #expect(result.error.contains("heedaudit needs 64") && result.error.contains("ulimit -n"))
        }
    }

    @Test func fewAddressesAreToldWithWhatIsNeeded() throws {
        try withTemporaryFolder { folder in
            let result = try limited("-v 400000", ["verify"], in: folder)
            #expect(result.status == 78)
            #expect(result.error.contains("ulimit -v"))
            #expect(result.error.split(separator: "\n").count == 2)
        }
    }

    @Test func theLeastThatIsAskedForIsEnough() throws {
        try withTemporaryFolder { folder in
            let result = try limited("-n 64 -v 655360", ["demo"], in: folder)
            #expect(result.status == 0, "\(result.error)")
        }
    }

    /// Starts the tool within bounds, and takes away what it has not used yet once `isUnderWay` says so.
    private static func starved(
        _ arguments: [String],
        environment: [String: String?] = [:],
        in folder: String,
        once isUnderWay: () -> Bool
    ) throws -> CommandResult {
        let running = try RunningCommand(
            "prlimit",
            ["--as=4000000000", Tool.path] + arguments,
            environment: Tool.cleanEnvironment.merging(environment) { $1 },
            in: folder
        )
        let deadline = Date().addingTimeInterval(30)
        while !isUnderWay(), Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
        let id = running.processID
        let used = "$(awk '/VmSize/ {print $2 * 1024}' /proc/\(id)/status)"
        let limited = try runCommand("sh", ["-c", "prlimit --pid \(id) --as=\(used)"])
        try #require(limited.status == 0, "\(limited.error)")
        return running.wait(killAfter: 60)
    }

    private static func requireShortMemory(_ result: CommandResult) {
        #expect(result.status == 75, "\(result)")
        #expect(result.error.contains("heedaudit: error: memory is short"), "\(result)")
        #expect(result.error.contains("ulimit -v") && result.error.contains("nothing half-written counts"), "\(result)")
        #expect(!result.error.contains("Backtrace") && !result.error.contains("Thread 0"), "\(result)")
    }

    @Test(.disabled("a report waits for ever for a thread that the system had no memory to make"))
    func aReportThatMeetsAFailedAllocationSaysSoAndLosesNothing() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let program = """
                    BEGIN { for (i = 0; i < 600000; i++) printf "{\\"id\\":\\"evt-%08d\\",\\"action\\":\\"database.created\\",\
                    \\"actor_id\\":\\"actor-with-a-long-name-%d\\",\\"resource_type\\":\\"database\\",\\"resource_id\\":\\"db-%d-%d\\",\
                    \\"created_at\\":\\"2026-03-17T10:00:00Z\\"}\\n", i, i, i, i }
                    """
                let made = try runCommand("sh", ["-c", "awk '\(program)' > events.ndjson"], in: folder)
                try #require(made.status == 0, "\(made.error)")
                try #require(try Tool.run(["import", "events.ndjson"], in: folder).status == 0)
                let result = try Self.starved(["report"], in: folder) {
                    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/output/local")) ?? []
                    return names.contains { $0.hasPrefix(".partial-") }
                }
                Self.requireShortMemory(result)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/output/local")
                #expect(names.allSatisfy { $0.hasPrefix(".partial-") }, "\(names)")
                #expect(try Tool.run(["report"], in: folder).status == 0)
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }

    @Test func aPullThatMeetsAFailedAllocationSaysSoAndIsContinued() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "60000", "--unlimited", "--fault", "slow@8=2"],
                    in: folder
                )
                let journal = folder + "/archive/org-123/staging/pull-pages.ndjson"
                let result = try Self.starved(
                    ["pull"] + sandbox.flags,
                    environment: sandbox.environment,
                    in: folder
                ) { FileManager.default.contents(atPath: journal)?.isEmpty == false }
                Self.requireShortMemory(result)
                let again = try sandbox.run(["pull"], in: folder)
                let entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(again.status == 0 && entry["complete"] as? Bool == true, "\(again.error)")
                #expect(entry["attempts"] as? Int == 2 && entry["new"] as? Int == 60_000, "\(entry)")
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }

    @Test func aliasesThatMultiplyAreRefused() throws {
        try withTemporaryFolder { folder in
            var text = "thresholds:\n  a: &a [x, x, x, x, x, x, x, x, x]\n"
            for (name, before) in zip("bcdefghi", "abcdefgh") {
                text +=
                    "  \(name): &\(name) [" + Array(repeating: "*\(before)", count: 9).joined(separator: ",") + "]\n"
            }
            text += "  ? *i\n  : x\n"
            try text.write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            let result = try Tool.run(["verify"], in: folder, killAfter: 30)
            #expect(result.status == 78)
            #expect(result.error.contains("aliases"))
        }
    }

    @Test func endlessZerosAreALineThatIsTooLong() throws {
        try withTemporaryFolder { folder in
            let packed = try runCommand(
                "sh",
                ["-c", "head -c 200000000 /dev/zero | gzip -1 > zeros.gz"],
                in: folder
            )
            try #require(packed.status == 0)
            for source in ["zeros.gz", "/dev/zero"] {
                let result = try Tool.run(["import", source], in: folder, killAfter: 60)
                #expect(result.status == 65)
                #expect(result.error.contains("\(source):1 is longer than 64 MiB"), "\(result.error)")
            }
        }
    }

    @Test(arguments: ["import -", "import /dev/stdin"]) func endlessBlankLinesAreNotReadForEver(command: String) throws
    {
        try withTemporaryFolder { folder in
            for line in ["", "\r", "   "] {
                let result = try runCommand(
                    "bash",
                    ["-c", "yes \"$1\" | \"$0\" \(command)", Tool.path, line],
                    environment: Tool.cleanEnvironment,
                    in: folder,
                    killAfter: 60
                )
                #expect(result.status == 65, "\(result.status)")
                #expect(result.error.contains("is blank, and so are 64 MiB before it"), "\(result.error)")
            }
        }
    }

    /// A device, a pipe that nobody writes to, a pipe that never ends: whatever is named, nothing waits or reads for ever.
    @Test func nothingThatIsNamedIsReadWithoutEnd() throws {
        try withTemporaryFolder { folder in
            try #require(try runCommand("mkfifo", ["pipe"], in: folder).status == 0)
            try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/mine/report.md",
                withDestinationPath: "/dev/zero"
            )
            for source in ["/dev/zero", "pipe", "/dev/stdin"] {
                try "waivers: \(source)\n".write(toFile: folder + "/waivers.yaml", atomically: true, encoding: .utf8)
                for arguments in [
                    ["verify", "--config", source], ["pull", "--token-file", source],
                    ["report", "--action-plan", source],
                    ["report", "--config", "waivers.yaml"], ["pull", "--ca-file", source, "--token-file", source],
                    ["templates", "check", source], ["report", "--templates", source], ["templates", "check", "mine"],
                    ["sandbox", "--events", source], ["verify", source], ["doctor", "--config", source],
                ] {
                    let result = try runCommand(
                        "bash",
                        ["-c", "yes | \"$0\" \"$@\"", Tool.path] + arguments,
                        environment: Tool.cleanEnvironment,
                        in: folder,
                        killAfter: 20
                    )
                    #expect((64...78).contains(result.status), "\(arguments): \(result.status) \(result.error)")
                }
            }
        }
    }

    @Test func templatesOfManyTagsAndMistakesAreCheckedInTime() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
            let tags = String(repeating: "{{id}},", count: 25_000)
            try ("{{#events}}" + tags + "x\n{{/events}}").write(
                toFile: folder + "/mine/wide.csv",
                atomically: true,
                encoding: .utf8
            )
            for (name, tag) in [("unknown", "{{nope}}\n"), ("refused", "{{{nope}}}\n")] {
                let text = String(repeating: tag, count: 25_000)
                try text.write(toFile: folder + "/mine/\(name).md", atomically: true, encoding: .utf8)
            }
            let result = try Tool.run(["templates", "check", "mine"], in: folder, killAfter: 40)
            #expect(result.status == 78, "\(result.status)")
        }
    }
}
