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

    @Test func aReportThatMeetsAFailedAllocationSaysSoAndLosesNothing() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                // Names of four megabytes each: what is kept of them outgrows the least that is asked for.
                let program = """
                    BEGIN { s = "x"; while (length(s) < 4000000) s = s s; for (i = 0; i < 72; i++) printf \
                    "{\\"id\\":\\"evt-%d\\",\\"action\\":\\"database.created\\",\\"actor\\":{\\"id\\":\\"%s%d\\"},\
                    \\"created_at\\":\\"2026-03-17T10:00:00Z\\"}\\n", i, s, i }
                    """
                let made = try runCommand("sh", ["-c", "awk '\(program)' > events.ndjson"], in: folder)
                try #require(made.status == 0, "\(made.error)")
                try #require(try Tool.run(["import", "events.ndjson"], in: folder).status == 0)
                let result = try limited("-v 655360", ["report"], in: folder)
                #expect(result.status == 75, "\(result)")
                #expect(result.error.contains("heedaudit: error: memory is short"), "\(result)")
                #expect(result.error.contains("ulimit -v") && result.error.contains("nothing half-written counts"))
                #expect(!result.error.contains("Backtrace") && !result.error.contains("Thread 0"), "\(result)")
                let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/output/local")
                #expect((names ?? []).allSatisfy { $0.hasPrefix(".partial-") }, "\(names ?? [])")
                #expect(try Tool.run(["report", "--format", "csv"], in: folder).status == 0)
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
