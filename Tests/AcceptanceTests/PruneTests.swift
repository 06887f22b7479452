import Foundation
import TestSupport
import Testing

/// `prune`, and `keep` behind a `run`, by the tool as it is built.
@Suite struct PruneTests {
    private func add(_ number: Int, in folder: String) throws {
        let line = #"{"id":"e\#(number)","action":"x.y","created_at":"2026-01-05T00:00:00Z"}"# + "\n"
        let result = try Tool.run(["import", "-"], in: folder, input: Data(line.utf8))
        try #require(result.status == 0, "\(result.error)")
    }

    private func withReports(_ count: Int, _ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for number in 1...count {
                try add(number, in: folder)
                let result = try Tool.run(["report", "--format", "csv", "--quiet"], in: folder)
                try #require(result.status == 0, "\(result.error)")
            }
            try body(folder)
        }
    }

    private func bundles(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/output/local").filter { $0.hasPrefix("all-") }
    }

    private func object(_ result: CommandResult) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
            "\(result.error)"
        )
    }

    @Test func whatWasPinnedStaysKnown() throws {
        try withReports(5) { folder in
            let trial = try object(Tool.run(["prune", "--keep-last", "2", "--dry-run", "--json"], in: folder))
            #expect(trial["dry_run"] as? Bool == true && (trial["removed"] as? [String])?.count == 3)
            #expect(try bundles(folder).count == 5 && (trial["bytes"] as? Int ?? 0) > 0)
            let told = try Tool.run(["prune", "--keep-last", "2"], in: folder)
            #expect(
                told.status == 0 && told.lines.first?.hasPrefix("local: removed 3 reports (") == true,
                "\(told.output)"
            )
            #expect(told.lines.first?.hasSuffix("2 reports stay") == true, "\(told.output)")
            #expect(try bundles(folder).count == 2)
            #expect(try Tool.run(["verify"], in: folder).status == 0)
            let again = try Tool.run(["prune", "--keep-last", "2"], in: folder)
            #expect(again.output == "local: nothing to remove, 2 reports stay\n")

            // The newest two go as well, whatever held them: the pins that are kept still tell that the ledger was cut.
            _ = try runCommand(
                "sh",
                ["-c", "sed -i '4,$d' archive/local/ledger.ndjson; rm archive/local/events/0000000[45]*"],
                in: folder
            )
            _ = try runCommand("sh", ["-c", "cp output/local/latest/manifest.json kept.json"], in: folder)
            try add(9, in: folder)
            let report = try Tool.run(["report", "--format", "csv"], in: folder)
            #expect(report.error.contains("pins entry 5"), "\(report.error)")
            #expect(try Tool.run(["prune", "--keep-last", "1"], in: folder).status == 0)
            let cut = try Tool.run(["verify"], in: folder)
            #expect(cut.status == 65 && cut.output.contains("pins.ndjson"), "\(cut.output)\(cut.error)")
        }
    }

    @Test func whatIsAskedForMustMakeSense() throws {
        try withReports(1) { folder in
            for arguments in [
                [], ["--keep-last", "0"], ["--keep-last", "-1"], ["--keep-daily", "x"], ["--keep-yearly", "100001"],
            ] {
                let result = try Tool.run(["prune"] + arguments, in: folder)
                #expect(result.status == 64 && !result.error.isEmpty, "\(arguments): \(result.output)\(result.error)")
            }
            let elsewhere = try Tool.run(["prune", "--keep-last", "1", "--output", "nowhere"], in: folder)
            #expect(elsewhere.status == 64 && elsewhere.error.contains("--output"), "\(elsewhere.error)")
            for keep in ["3", "[1]", "{last: -1}", "{weekly: 3}", "{last: 0}", "{}", "{daily: [1]}", "{last: many}"] {
                try "keep: \(keep)\n".write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
                let result = try Tool.run(["prune"], in: folder)
                #expect(
                    result.status == 78 && result.error.contains("heedaudit.yaml:1: keep"),
                    "\(keep): \(result.error)"
                )
            }
            try "keep: {last: 7, daily: 30, monthly: 24, yearly: 10}\n"
                .write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            #expect(try Tool.run(["prune"], in: folder).status == 0)
            #expect(try bundles(folder).count == 1)
        }
    }

    @Test func aRunKeepsWhatTheConfigurationSays() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "50", "--unlimited"], in: folder)
            try "keep: {last: 2}\nformat: csv\n".write(
                toFile: folder + "/heedaudit.yaml",
                atomically: true,
                encoding: .utf8
            )
            for number in 1...5 {
                let time = Date().ISO8601Format()
                try sandbox.post(
                    "append",
                    #"{"id":"n\#(number)","action":"database.created","created_at":"\#(time)"}"# + "\n"
                )
                let result = try sandbox.run(["run"], in: folder)
                #expect(result.status == 0, "\(result.error)")
                #expect(result.error.contains("removed 1 report") == (number > 2), "\(number): \(result.error)")
            }
            let output = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/output").first)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/output/" + output)
            #expect(names.filter { $0.hasPrefix("all-") }.count == 2 && names.contains("pins.ndjson"), "\(names)")
            #expect(try Tool.run(["verify"], in: folder).status == 0)
        }
    }

    @Test func killedAtAnyInstantWhatIsLeftVerifies() throws {
        try withReports(8) { folder in
            _ = try runCommand("cp", ["-a", "output", "kept"], in: folder)
            var random = SplitMix(state: testSeed(11))
            for round in 0..<15 {
                _ = try runCommand("sh", ["-c", "rm -rf output; cp -a kept output"], in: folder)
                let process = try RunningCommand(
                    Tool.path,
                    ["prune", "--keep-last", "1"],
                    environment: Tool.cleanEnvironment,
                    in: folder
                )
                Thread.sleep(forTimeInterval: Double.random(in: 0...0.12, using: &random))
                process.send(SIGKILL)
                _ = try runCommand("sh", ["-c", "sleep 0.05"], in: folder)
                let verified = try Tool.run(["verify"], in: folder)
                #expect(verified.status == 0, "round \(round): \(verified.output)\(verified.error)")
                #expect(try Tool.run(["prune", "--keep-last", "1"], in: folder).status == 0)
                #expect(try bundles(folder).count == 1)
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }
}
