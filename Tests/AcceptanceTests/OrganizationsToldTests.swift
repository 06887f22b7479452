import Foundation
import TestSupport
import Testing

/// What is told of several organizations: to whoever sends a signal, to whoever reads the overview, by `status`.
@Suite struct OrganizationsToldTests {
    @Test func aSignalInTheMidstOfSeveralIsToldOfEach() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(
                ["--organizations", "4", "--generate", "6000", "--unlimited", "--latency", "200ms"],
                in: folder
            )
            // Each waits for the others, so that it is seen whether all are called at once.
            try """
            #!/bin/sh
            echo >> \(folder)/begun
            while [ "$(wc -l < \(folder)/begun)" -lt 4 ]; do sleep 0.1; done
            cat >> \(folder)/told
            """.write(toFile: folder + "/hook", atomically: true, encoding: .utf8)
            chmod(folder + "/hook", 0o755)
            let hooks = "on_error: [\(folder)/hook]\non_success: [\(folder)/hook]"
            let common = "metrics_file: \(folder)/m.prom\nconnections: 1\njobs: 4\n\(hooks)"
            _ = try Fleet(4, sandbox, in: folder, common: common)
            let running = try RunningCommand(
                Tool.path,
                ["run", "--json", "--config", "c.yaml"],
                environment: Tool.cleanEnvironment,
                in: folder
            )
            let deadline = Date().addingTimeInterval(60)
            func haveAllStaged() throws -> Bool {
                try (1...4).allSatisfy { try !names(in: "\(folder)/archive/org-\($0)/staging").isEmpty }
            }
            while try !haveAllStaged(), Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
            running.send(SIGTERM)
            let ended = running.wait(killAfter: 30)
            #expect(ended.status == 75 && ended.error.contains("interrupted by SIGTERM"), "\(ended)")
            #expect(ended.error.contains("run of 4 organizations in "), "\(ended)")
            #expect(ended.error.contains(": 0 done, 4 not done: 4 with 75"), "\(ended)")
            #expect(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) is [String: Any])
            let told = try String(contentsOfFile: folder + "/told", encoding: .utf8).split(separator: "\n")
            #expect(told.count == 4 && told.allSatisfy { $0.contains(#""status":75"#) }, "\(told)")
            let metrics = try String(contentsOfFile: folder + "/m.prom", encoding: .utf8)
            let checked = try runCommand("promtool", ["check", "metrics"], input: Data(metrics.utf8))
            #expect(checked.status == 0 && checked.output.isEmpty && checked.error.isEmpty, "\(checked)")
            for number in 1...4 {
                let line = "heedaudit_run_status{command=\"run\",organization=\"org-\(number)\"} 75"
                #expect(metrics.contains(line), "\(metrics)")
            }
            let requests = /heedaudit_run_requests\{command="run",organization="org-1"\} [1-9]/
            #expect(metrics.firstMatch(of: requests) != nil, "\(metrics)")
            #expect(try haveAllStaged())
        }
    }

    @Test func theOverviewQuotesNoService() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "50"], in: folder)
            let broken = try SandboxProcess(["--generate", "50", "--fault", "503@1x100"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            try fleet.write(own: [2: "base_url: \(broken.baseURL)\n    max_wait: 0s"])
            let run = try fleet.run(["run"])
            #expect(run.status == 69, "\(run.error)")
            let reason = try #require(run.error.firstMatch(of: /org-2: error: not done \(69\): (.*)/)).1
            let said = try #require(reason.firstMatch(of: /503 ([^,]*)/)).1
            for file in ["fleet.csv", "fleet.xml", "index.html"] {
                let text = try String(contentsOfFile: folder + "/output/" + file, encoding: .utf8)
                #expect(text.contains("the service answered 503"), "\(file)")
                #expect(!text.contains(said), "\(said) in \(file)")
            }
        }
    }

    @Test func aFailureIsToldUntilTheOrganizationIsWorkedOnAgain() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "50"], in: folder)
            let fleet = try Fleet(3, sandbox, in: folder)
            func rows() throws -> [Substring] {
                try String(contentsOfFile: folder + "/output/fleet.csv", encoding: .utf8).split(separator: "\r\n")
            }
            func isToldOfThird() throws -> Bool {
                let row = try #require(rows().first { $0.contains(",org-3,") })
                #expect(row.contains("run_failed") == row.contains(",77,the service answered 401,"), "\(row)")
                return row.contains("run_failed")
            }
            #expect(try fleet.run(["run"]).status == 0)
            #expect(try !isToldOfThird())
            try fleet.token("wrong-token", of: 3)
            #expect(try fleet.run(["run"]).status == 77)
            #expect(try isToldOfThird())
            #expect(try fleet.run(["run", "--organization", "org-1,org-2"]).status == 0)
            #expect(try isToldOfThird())
            #expect(try fleet.run(["fleet"]).status == 0)
            #expect(try isToldOfThird())
            // Nobody's word is taken for what is not as it was sealed.
            let path = folder + "/output/fleet.csv"
            let forged = try String(contentsOfFile: path, encoding: .utf8).replacing("answered 401", with: "is fine")
            try forged.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try fleet.run(["fleet"]).status == 0)
            #expect(try rows().allSatisfy { !$0.contains("is fine") })
            try fleet.token("ch_live_sandbox_org-3", of: 3)
            #expect(try fleet.run(["run"]).status == 0)
            #expect(try !isToldOfThird())
        }
    }

    /// A report of what is archived anyway makes nothing of a run that failed, and is none that came when it was due.
    @Test func aReportMendsNoFailedRun() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "50"], in: folder)
            let (fleet, metrics) = (try Fleet(3, sandbox, in: folder), folder + "/m.prom")
            func row(_ number: Int) throws -> Substring {
                let table = try String(contentsOfFile: folder + "/output/fleet.csv", encoding: .utf8)
                return try #require(table.split(separator: "\r\n").first { $0.contains(",org-\(number),") })
            }
            func sample(_ number: Int, _ command: String) throws -> String? {
                let begin = #"heedaudit_run_status{command="\#(command)",organization="org-\#(number)"} "#
                let text = try String(contentsOfFile: metrics, encoding: .utf8)
                return text.split(separator: "\n").first { $0.hasPrefix(begin) }.map {
                    String($0.dropFirst(begin.count))
                }
            }
            try fleet.write(common: "metrics_file: \(metrics)")
            #expect(try fleet.run(["run"]).status == 0)
            try fleet.token("wrong-token", of: 3)
            #expect(try fleet.run(["run"]).status == 77)
            #expect(try row(3).contains("run_failed") && sample(3, "run") == "77")
            for arguments in [["report"], ["report", "--organization", "org-3,org-1"]] {
                #expect(try fleet.run(arguments).status == 0)
                #expect(try row(3).contains("run_failed") && row(3).contains(",77,the service answered 401,"))
                // Silence is counted from the last run, which the report is not.
                #expect(
                    try !row(1).contains("run_failed") && row(1).contains("0 new events, complete")
                )
                #expect(try sample(3, "run") == "77" && sample(3, "report") == "0" && sample(2, "run") == "0")
            }
            // Those that were not worked on keep their samples; who is no longer listed has none.
            try fleet.token("ch_live_sandbox_org-3", of: 3)
            #expect(try fleet.run(["run", "--organization", "org-3,org-1"]).status == 0)
            #expect(try !row(3).contains("run_failed"))
            #expect(try sample(3, "run") == "0" && sample(3, "report") == nil && sample(2, "run") == "0")
            let text = try String(contentsOfFile: metrics, encoding: .utf8)
            #expect(text.components(separatedBy: "# TYPE heedaudit_events ").count == 2)
            #expect(text.contains(#"heedaudit_events{organization="org-2"}"#))
            let checked = try runCommand(
                "sh",
                ["-c", "command -v promtool >/dev/null || exit 0; promtool check metrics < m.prom"],
                in: folder
            )
            #expect(checked.status == 0, "\(checked.output)\(checked.error)")
            let fewer = try Fleet(2, sandbox, in: folder, common: "metrics_file: \(metrics)")
            #expect(try fewer.run(["run"]).status == 0)
            #expect(try sample(3, "run") == nil && sample(2, "run") == "0")
        }
    }

    @Test func statusGoesByTheList() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "50"], in: folder)
            let fleet = try Fleet(3, sandbox, in: folder)
            try fleet.token("wrong-token", of: 3)
            let own = "output: \(folder)/other\n    archive: \(folder)/elsewhere"
            try fleet.write(own: [2: own])
            #expect(try fleet.run(["run"]).status == 77)
            let all = try fleet.run(["status"])
            #expect(all.status == 1, "\(all)")
            #expect(all.lines.filter { $0.hasPrefix("organization ") }.count == 3, "\(all.output)")
            #expect(all.lines.count { $0.hasPrefix("report ") && $0.contains("all time") } == 2, "\(all.output)")
            #expect(all.output.contains("no organization 'org-3' in archive"), "\(all.output)")
            let two = try fleet.run(["status", "--organization", "org-1,org-2", "--json"])
            #expect(two.status == 0, "\(two)")
            #expect(two.output.contains("org-1") && two.output.contains("org-2") && !two.output.contains("org-3"))
        }
    }

    @Test func oneThatIsNamedTwiceIsOne() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "50"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            let once = try fleet.run(["pull", "--organization", "org-2,org-2"])
            #expect(once.status == 0, "\(once)")
            let both = try fleet.run(["pull", "--json", "--organization", "org-2,org-1,org-2"])
            #expect(both.status == 0 && both.output.contains(#""done":2"#), "\(both)")
        }
    }
}
