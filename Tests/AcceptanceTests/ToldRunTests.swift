import Foundation
import TestSupport
import Testing

/// What the tool tells machines: JSON by the schemas of docs/json.md, metrics that promtool accepts, hooks.
@Suite struct ToldRunTests {
    /// Holds each line of an output against a schema.
    private func expect(_ output: String, follows heading: String, _ what: String = "") throws {
        let oracle = Tool.repository + "/Tests/AcceptanceTests/Oracle/schemas.py"
        let document = Tool.repository + "/docs/json.md"
        let found = try runCommand("python3", [oracle, document, heading], input: Data(output.utf8))
        #expect(found.status == 0, "\(heading) \(what): \(found.output) \(found.error)\n\(output)")
        #expect(output.split(separator: "\n").count == 1, "\(heading) \(what): one object\n\(output)")
    }

    private func write(_ text: String, _ path: String, mode: Int = 0o600) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func everyAnswerFollowsItsSchema() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "300", "--unlimited"], in: folder)
            let pulled = try sandbox.run(["pull", "--json"], in: folder)
            #expect(pulled.status == 0)
            try expect(pulled.output, follows: "`pull`")
            let run = try sandbox.run(["run", "--json", "--format", "csv"], in: folder)
            try expect(run.output, follows: "`run` and `report`")
            try expect(
                try Tool.run(["report", "--json", "--format", "csv"], in: folder).output,
                follows: "`run` and `report`"
            )
            try expect(try sandbox.run(["doctor", "--json"], in: folder).output, follows: "`doctor`")
            let status = try Tool.run(["status", "--json", "--max-age", "1h"], in: folder)
            #expect(status.status == 0, "\(status)")
            try expect(status.output, follows: "`status`")
            let pruned = try Tool.run(["prune", "--json", "--keep-last", "1", "--dry-run"], in: folder)
            #expect(pruned.status == 0, "\(pruned)")
            try expect(pruned.output, follows: "`prune`")
            try expect(try Tool.run(["prune", "--json"], in: folder).output, follows: "An error")
            let fleet = try Tool.run(["fleet", "--json"], in: folder)
            #expect(fleet.status == 0, "\(fleet)")
            try expect(fleet.output, follows: "`fleet`")
            let verified = try Tool.run(["verify", "--json", "--quiet"], in: folder)
            #expect(verified.status == 0)
            try expect(verified.output, follows: "`verify`")
            try write("x", folder + "/archive/org-123/events/strange")
            let damaged = try Tool.run(["verify", "--json"], in: folder)
            #expect(
                damaged.status == 65 && damaged.output.contains(#""sound":false"#) && damaged.error.contains("strange")
            )
            try expect(damaged.output, follows: "`verify`", "of a damaged archive")
            let alarmed = try Tool.run(["status", "--json"], in: folder)
            #expect(alarmed.status == 1 && alarmed.output.contains(#""kind":"damaged""#), "\(alarmed)")
            try expect(alarmed.output, follows: "`status`", "of a damaged archive")
            let reported = try Tool.run(["report", "--json", "--format", "csv"], in: folder)
            #expect(reported.status == 65)
            try expect(reported.output, follows: "`run` and `report`", "of a damaged archive")
        }
    }

    @Test func errorsAreObjectsToo() throws {
        try withTemporaryFolder { folder in
            for (arguments, status) in [
                (["status", "--json"], 64), (["status", "--json", "--max-age", "soon"], 64),
                (["verify", "--json"], 64),
                (["pull", "--json", "--base-url", "http://127.0.0.1:9"], 77), (["report", "--json", "--bogus"], 64),
                (["report", "--json", "--config", "none.yaml"], 78),
            ] {
                let result = try Tool.run(arguments, in: folder)
                #expect(result.status == Int32(status) && result.error.contains("error: "), "\(arguments): \(result)")
                try expect(result.output, follows: "An error", "\(arguments)")
            }
            try write("json: true\n", folder + "/heedaudit.yaml")
            try expect(try Tool.run(["report"], in: folder).output, follows: "An error", "by the configuration")
            let plain = try Tool.run(["report"], in: folder, environment: ["HEEDAUDIT_JSON": "no"])
            #expect(plain.output.isEmpty && plain.status == 64)
        }
    }

    @Test func statusIsLinesThatATerminalIsSafeWith() throws {
        try withTemporaryFolder { folder in
            let line = #"{"id":"e1","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"#
            try write(line + "\n", folder + "/events.ndjson")
            for organization in ["o\u{1B}[31m-1", "org-2"] {
                _ = try Tool.run(["import", "events.ndjson", "--organization", organization], in: folder)
            }
            let both = try Tool.run(["status"], in: folder)
            #expect(both.status == 0 && !both.output.contains("\u{1B}"), "\(both)")
            #expect(
                both.lines.count { $0.hasPrefix("organization  ") } == 2 && both.output.contains("\n\norganization")
            )
            #expect(both.output.contains("alarm         none by ledger, names and sizes; "), "\(both)")
            let column = both.lines.map { $0.dropFirst(13).first }
            #expect(column.allSatisfy { $0 == " " }, "\(both.output)")
            let one = try Tool.run(["status", "--organization", "org-2", "--max-age", "1h"], in: folder)
            #expect(one.status == 1 && one.output.contains("alarm         stale: no pull was ever complete"), "\(one)")
            let quiet = try Tool.run(["status", "--quiet"], in: folder)
            #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.error.isEmpty)
        }
    }

    @Test func metricsAreReplacedWholeWhetherOrNotARunFails() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "300", "--unlimited"], in: folder)
            try write("metrics_file: m/heed.prom\nexpect_every: 1d\nformat: csv\n", folder + "/heedaudit.yaml")
            let missing = try sandbox.run(["run"], in: folder)
            #expect(missing.status == 0 && missing.error.contains("warning: metrics_file: "), "\(missing)")
            try FileManager.default.createDirectory(atPath: folder + "/m", withIntermediateDirectories: true)
            func metrics() throws -> String { try String(contentsOfFile: folder + "/m/heed.prom", encoding: .utf8) }
            func check() throws {
                let found = try runCommand("promtool", ["check", "metrics"], input: Data(try metrics().utf8))
                #expect(found.status == 0 && found.output.isEmpty && found.error.isEmpty, "\(found)")
            }
            let shell = "umask 077; exec \"$0\" \"$@\""
            let run = try runCommand(
                "sh",
                ["-c", shell, Tool.path, "run"] + sandbox.flags,
                environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
                in: folder
            )
            #expect(run.status == 0, "\(run)")
            try check()
            #expect(try metrics().contains(#"heedaudit_run_status{command="run"} 0"#))
            #expect(try metrics().contains(#"heedaudit_events{organization="org-123"} 300"#))
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/m/heed.prom")
            #expect(attributes[.posixPermissions] as? Int == 0o644)
            let failed = try Tool.run(
                ["pull", "--base-url", "http://127.0.0.1:9"],
                in: folder,
                environment: ["CLOUDHEED_TOKEN": "ch_live_x", "HEEDAUDIT_MAX_WAIT": "0s"]
            )
            #expect(failed.status != 0)
            try check()
            #expect(try metrics().contains(#"heedaudit_run_status{command="pull"} \#(failed.status)"#))
            #expect(try metrics().contains(#"heedaudit_events{organization="org-123"} 300"#))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/m") == ["heed.prom"])
        }
    }

    @Test func hooksAreToldAndChangeNothing() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "300", "--unlimited"], in: folder)
            try write("#!/bin/sh\ncat > \"$1\"\nenv > env\nexit 3\n", folder + "/hook", mode: 0o755)
            let text =
                "format: csv\non_success: [./hook, success]\non_finding: ./hook  finding\non_error: [./hook, error]\n"
            try write(text, folder + "/heedaudit.yaml")
            func told(_ name: String) throws -> String {
                let path = "\(folder)/\(name)"
                defer { try? FileManager.default.removeItem(atPath: path) }
                return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            }
            let first = try sandbox.run(["run"], in: folder)
            #expect(first.status == 0 && first.error.contains("warning: on_success: ./hook ended with 3"), "\(first)")
            try expect(try told("success"), follows: "Hooks")
            let finding = try told("finding")
            try expect(finding, follows: "Hooks")
            #expect(finding.contains(#""severity":"critical""#) && !finding.contains(#""severity":"medium""#))
            let environment = try told("env")
            #expect(environment.contains("PATH=") && !environment.contains("CLOUDHEED_TOKEN"))
            #expect(!environment.contains(SandboxProcess.token))
            // The same findings again are not news, nor is a run that publishes nothing.
            for _ in 0..<2 {
                #expect(try sandbox.run(["run"], in: folder).status == 0)
                #expect(try told("success") != "" && told("finding") == "")
            }
            #expect(try sandbox.run(["run", "--fail-on", "critical"], in: folder).status == 1)
            #expect(try told("success").contains(#""status":1"#) && told("error") == "")
            let failed = try Tool.run(["run", "--base-url", "http://127.0.0.1:9"], in: folder)
            #expect(failed.status == 77)
            let error = try told("error")
            try expect(error, follows: "Hooks")
            #expect(error.contains(#""status":77"#))
            #expect(try told("success") == "")
        }
    }

    /// Starts a pull that takes its time, and ends it by signals.
    private func interrupted(_ sandbox: SandboxProcess, signals: Int, in folder: String) throws -> CommandResult {
        let running = try RunningCommand(
            Tool.path,
            ["pull", "--json"] + sandbox.flags,
            environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
            in: folder
        )
        Thread.sleep(forTimeInterval: 1.5)
        for _ in 0..<signals {
            running.send(SIGTERM)
            Thread.sleep(forTimeInterval: 0.5)
        }
        return running.wait(killAfter: 30)
    }

    @Test func aRunThatASignalEndsTellsToo() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "6000", "--unlimited", "--latency", "200ms"], in: folder)
            try write(
                "connections: 1\nmetrics_file: m.prom\non_error: [sh, -c, 'cat > told']\n",
                folder + "/heedaudit.yaml"
            )
            let ended = try interrupted(sandbox, signals: 1, in: folder)
            #expect(ended.status == 75 && ended.error.contains("interrupted by SIGTERM"), "\(ended)")
            try expect(ended.output, follows: "An error")
            let metrics = try String(contentsOfFile: folder + "/m.prom", encoding: .utf8)
            let checked = try runCommand("promtool", ["check", "metrics"], input: Data(metrics.utf8))
            #expect(checked.status == 0 && checked.output.isEmpty && checked.error.isEmpty, "\(checked)")
            #expect(metrics.contains(#"heedaudit_run_status{command="pull"} 75"#), "\(metrics)")
            #expect(metrics.firstMatch(of: /heedaudit_run_requests\{command="pull"\} [1-9]/) != nil, "\(metrics)")
            let told = try String(contentsOfFile: folder + "/told", encoding: .utf8)
            try expect(told, follows: "Hooks")
            #expect(told.contains(#""status":75"#) && told.contains("interrupted by SIGTERM"), "\(told)")
        }
    }

    @Test func whoIsToldOfASignalHoldsNothingUp() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "6000", "--unlimited", "--latency", "500ms"], in: folder)
            try write("connections: 1\non_error: [sleep, '60']\n", folder + "/heedaudit.yaml")
            for (signals, most) in [(1, 15.0), (2, 5.0)] {
                let began = Date()
                let ended = try interrupted(sandbox, signals: signals, in: folder)
                #expect(ended.status == 75, "\(ended)")
                #expect(Date().timeIntervalSince(began) < most, "\(signals)")
                #expect(ended.error.contains("took longer than 5 s") == (signals == 1), "\(ended)")
            }
        }
    }

    @Test func hooksThatMisbehaveAreWarnedOf() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "100", "--unlimited"], in: folder)
            _ = try sandbox.run(["pull"], in: folder)
            let misdeeds = [
                ("[sleep, '60']", "took longer than 1 s and was ended"), ("no-such-program", "can't be started"),
                ("[sh, -c, 'yes x | head -c 1000000; exit 1']", "ended with 1"), ("[sh, -c, 'kill -9 $$']", "signal 9"),
                ("[sh, -c, 'sleep 60 & exit 4']", "ended with 4"),
            ]
            try write(
                "metrics_file: none/m.prom\non_success: sh -c\non_error: no-such-program\n",
                folder + "/heedaudit.yaml"
            )
            let doctor = try sandbox.run(["doctor"], in: folder)
            #expect(doctor.status == 0 && doctor.output.contains("ok       on_success: sh"), "\(doctor)")
            #expect(doctor.output.contains("warning  on_error: no-such-program is no program"), "\(doctor)")
            #expect(doctor.output.contains("warning  metrics_file: no file can be put into none"), "\(doctor)")
            for (command, words) in misdeeds {
                try write("hook_timeout: 1s\non_success: \(command)\n", folder + "/heedaudit.yaml")
                let result = try sandbox.run(["pull", "--quiet"], in: folder, killAfter: 30)
                #expect(result.status == 0 && result.error.contains(words), "\(command): \(result)")
                #expect(result.error.split(separator: "\n").count <= 6, "\(command): \(result.error)")
            }
        }
    }
}
