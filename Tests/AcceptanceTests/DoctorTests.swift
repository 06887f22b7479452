import Foundation
import TestSupport
import Testing

/// `doctor` finds what can be seen in advance, all of it, and calls nothing ok that was not looked at.
@Suite struct DoctorTests {
    /// A folder with an archive of `local`, and what the tool is run with in it.
    private struct Place: Sendable {
        let folder: String

        func write(_ text: String, to file: String) throws {
            try text.write(toFile: folder + "/" + file, atomically: true, encoding: .utf8)
        }

        func shell(_ command: String) throws {
            let result = try runCommand("sh", ["-c", command], in: folder)
            try #require(result.status == 0, "\(command): \(result.error)")
        }

        func tool(_ arguments: [String], environment: [String: String?] = [:]) throws -> CommandResult {
            try Tool.run(arguments, in: folder, environment: environment)
        }

        /// Without a service: a port that nobody listens on.
        func doctor(_ arguments: [String] = [], environment: [String: String?] = [:]) throws -> CommandResult {
            let given: [String: String?] = ["CLOUDHEED_TOKEN": "ch_live_x", "HEEDAUDIT_BASE_URL": "http://127.0.0.1:9"]
            return try tool(["doctor"] + arguments, environment: given.merging(environment) { _, new in new })
        }

        func archive() throws {
            try write(
                #"{"id":"e1","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"# + "\n",
                to: "events.ndjson"
            )
            try #require(try tool(["import", "events.ndjson"]).status == 0)
        }
    }

    private static func inPlace(_ body: @escaping @Sendable (Place) throws -> Void) async throws {
        try await aside { try withTemporaryFolder { try body(Place(folder: $0)) } }
    }

    private static func lines(_ result: CommandResult, _ word: String) -> [String] {
        result.lines.filter { $0.hasPrefix(word + " ") }
    }

    @Test func everyMistakeOfTheConfigurationIsToldWithItsLine() async throws {
        try await Self.inPlace { place in
            try place.write(
                """
                peroid: all
                period: lastmonth
                request_timeout: 0
                rate_share: 7
                time_zone: Mars/Base
                format: pdf
                archive: [a, b]
                output: ""
                base_url: http://example.com
                thresholds:
                  NO-SUCH: 3
                  KEY-AGE: soon
                working_hours:
                  days: someday
                  from: 8
                waivers:
                  - control: ORG-NONE
                    subject: x
                    expires: never
                  - {control: ORG-MFA, subject: "*", reason: r, approver: a, expires: 2020-01-01}
                approved_regions: a b c
                """,
                to: "heedaudit.yaml"
            )
            let result = try place.doctor(environment: ["HEEDAUDIT_BASE_URL": nil])
            let problems = Self.lines(result, "problem").joined(separator: "\n")
            for line in [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 17] {
                #expect(problems.contains("heedaudit.yaml:\(line): "), "line \(line) of \(problems)")
            }
            for word in [
                "'period'", "'lastmonth' is no period", "at least 1s", "Mars/Base", "'reason'", "'approver'", "never",
            ] {
                #expect(problems.contains(word), "\(word) in \(problems)")
            }
            let warnings = Self.lines(result, "warning").joined(separator: "\n")
            #expect(
                warnings.contains("heedaudit.yaml:21: approved_regions: 'a b c' is taken for one region"),
                "\(warnings)"
            )
            #expect(
                warnings.contains("heedaudit.yaml:20: the waiver of ORG-MFA (*) ended on 2020-01-01"),
                "\(warnings)"
            )
            #expect(result.status == 78 && result.error.contains("problems, first"), "\(result.error)")
            // What rests on what is not known is not ok.
            for name in ["archive", "output", "period", "service", "clock"] {
                #expect(!result.lines.contains { $0.hasPrefix("ok ") && $0.contains(" \(name):") }, "\(name)")
                #expect(result.lines.contains { $0.hasPrefix("unknown ") && $0.contains(" \(name):") }, "\(name)")
            }
            let other = try place.tool(["report"])
            #expect(other.status == 78 && other.error.contains("more mistakes"), "\(other.error)")
            #expect(other.error.contains("heedaudit doctor"))
            #expect(other.error.split(separator: "\n").count == 2)
        }
    }

    @Test func aFileThatCannotBeReadLeavesEverythingOpen() async throws {
        try await Self.inPlace { place in
            for text in ["archive: [", "archive: a\narchive: b\n"] {
                try place.write(text, to: "heedaudit.yaml")
                let result = try place.doctor()
                #expect(result.status == 78)
                #expect(Self.lines(result, "problem").first?.contains("heedaudit.yaml is not YAML") == true)
                #expect(
                    !result.lines.contains { $0.hasPrefix("ok ") && ($0.contains("archive") || $0.contains("output")) }
                )
            }
            try place.write("archive: a\n", to: "heedaudit.yaml")
            try place.shell("chmod 666 heedaudit.yaml")
            let result = try place.doctor()
            #expect(result.status == 78 && result.output.contains("is not obeyed"))
            #expect(!FileManager.default.fileExists(atPath: place.folder + "/a"))
        }
    }

    @Test func waiversThatLieThereAreObeyedOnlyWhereNobodyElseCouldHaveWrittenThem() async throws {
        try await Self.inPlace { place in
            try place.write("- {control: ORG-MFA}\n", to: "waivers.yaml")
            try place.shell("chmod 666 waivers.yaml")
            let result = try place.tool(["report"])
            #expect(result.status == 78 && result.error.contains("./waivers.yaml is not obeyed"), "\(result)")
            #expect(!result.error.contains("approver"), "not a word of it is read: \(result)")
            try place.write("waivers: waivers.yaml\n", to: "heedaudit.yaml")
            #expect(try place.tool(["report"]).error.contains("approver"))
        }
    }

    @Test func aTokenInTheFileIsNeverShown() async throws {
        let secret = "ch_live_3141592653"
        try await Self.inPlace { place in
            for (text, word) in [
                ("token: \(secret)\n", "token_file"), ("api_key: \(secret)\n", "token_file"),
                ("CLOUDHEED-TOKEN: \(secret)\n", "token_file"), ("token_file: \(secret)\n", "names a file"),
            ] {
                try place.write(text, to: "heedaudit.yaml")
                for command in ["doctor", "report"] {
                    let result = try place.tool([command])
                    #expect(result.status == 78, "\(text)\(result)")
                    #expect((result.output + result.error).contains(word))
                    #expect(!(result.output + result.error).contains(secret), "\(text)\(result)")
                    #expect(!(result.output + result.error).contains("did you mean 'to'"))
                }
            }
            try place.write("", to: "heedaudit.yaml")
            let result = try place.doctor(environment: ["HEEDAUDIT_TOKEN": secret])
            #expect(result.status == 78 && result.output.contains("HEEDAUDIT_TOKEN is no setting"))
            #expect(!(result.output + result.error).contains(secret))
        }
    }

    @Test func misspeltVariablesAreNamedWithTheNearest() async throws {
        try await Self.inPlace { place in
            let result = try place.doctor(environment: [
                "HEEDAUDIT_ARCHIV": "elsewhere", "HEEDAUDIT_WAIVERS": "w.yaml", "CLOUDHEED_TOKN": "x",
                "HEEDAUDIT_SOMEBODY_ELSES_OWN": "1",
            ])
            let problems = Self.lines(result, "problem").joined(separator: "\n")
            #expect(
                problems.contains("HEEDAUDIT_ARCHIV is no setting and is not obeyed; did you mean HEEDAUDIT_ARCHIVE?")
            )
            #expect(problems.contains("HEEDAUDIT_WAIVERS is not obeyed: only the configuration file"))
            #expect(problems.contains("did you mean CLOUDHEED_TOKEN?"))
            #expect(Self.lines(result, "warning").contains { $0.contains("HEEDAUDIT_SOMEBODY_ELSES_OWN") })
            #expect(result.status == 78)
            for command in ["run", "report", "status", "verify"] {
                let other = try place.tool([command], environment: ["HEEDAUDIT_FAILON": "high"])
                #expect(other.status == 78 && other.error.contains("did you mean HEEDAUDIT_FAIL_ON?"), "\(other)")
                let theirs = try place.tool([command], environment: ["HEEDAUDIT_SOMEBODY_ELSES_OWN": "1"])
                #expect(theirs.status != 78, "\(theirs)")
            }
        }
    }

    @Test func foldersThatCannotBeMadeAreNotOK() async throws {
        try await Self.inPlace { place in
            try place.write("", to: "file")
            try place.shell("ln -s nowhere/at/all dangling; mkdir there")
            for path in ["file", "file/a", "dangling", "/proc/a/b", "/sys/a", String(repeating: "x", count: 300)] {
                for flag in ["archive", "output"] {
                    let result = try place.doctor(["--\(flag)", path])
                    #expect(Self.lines(result, "problem").contains { $0.contains("  \(flag): ") }, "\(path) \(result)")
                    #expect(!Self.lines(result, "ok").contains { $0.contains(" \(flag):") }, "\(path) \(result)")
                }
            }
            let result = try place.doctor(["--archive", "a/b/c", "--output", "there"])
            #expect(Self.lines(result, "ok").contains { $0.contains("archive: a/b/c, will be made") }, "\(result)")
            #expect(Self.lines(result, "ok").contains { $0.hasSuffix("output: there") })
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: place.folder).sorted() == [
                    "dangling", "file", "there",
                ]
            )
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder + "/there").isEmpty)
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func whatRootMadeIsNotOKForTheUser() async throws {
        try await Self.inPlace { place in
            try place.archive()
            try #require(try place.tool(["report"]).status == 0)
            try place.shell("chmod 777 . archive output; chmod 700 output/local")
            func asNobody() throws -> CommandResult {
                try runCommand(
                    "setpriv",
                    ["--reuid", "65534", "--regid", "65534", "--clear-groups", Tool.path, "doctor"],
                    environment: Tool.cleanEnvironment.merging(["CLOUDHEED_TOKEN": "ch_live_x"]) { _, new in new }
                        .merging(["HEEDAUDIT_BASE_URL": "http://127.0.0.1:9"]) { _, new in new },
                    in: place.folder
                )
            }
            let problems = Self.lines(try asNobody(), "problem")
            #expect(problems.contains { $0.contains("./archive/local belongs to root") && $0.contains("chown -R") })
            #expect(problems.contains { $0.contains("./output/local belongs to root") }, "\(problems)")
            try place.shell("chmod 755 archive output")
            let result = try asNobody()
            for name in ["archive", "output"] {
                #expect(
                    Self.lines(result, "problem").contains { $0.contains(" \(name): ./\(name) can't be written to") }
                )
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func readOnlyAndFullFileSystemsAreNotOK() async throws {
        try await Self.inPlace { place in
            try place.shell("mkdir m")
            for (options, word) in [("-o ro", "Read-only"), ("-o size=4k", "No space left")] {
                let script =
                    "mount -t tmpfs \(options) tmpfs m && { head -c 4096 /dev/zero > m/z; } 2>/dev/null; "
                    + "'\(Tool.path)' doctor --archive m/x/y --output m"
                let result = try runCommand(
                    "unshare",
                    ["-m", "bash", "-c", script],
                    environment: Tool.cleanEnvironment,
                    in: place.folder
                )
                for name in ["archive", "output"] {
                    #expect(
                        Self.lines(result, "problem").contains { $0.contains(" \(name): m") && $0.contains(word) },
                        "\(result)"
                    )
                }
            }
        }
    }

    @Test func aFolderThatIsGoneIsAnErrorAndNoCrash() async throws {
        try await Self.inPlace { place in
            try place.write("", to: "events.ndjson")
            let command = "mkdir gone; cd gone; rmdir ../gone; '\(Tool.path)'"
            for arguments in [
                "doctor --archive a --output b --base-url http://127.0.0.1:9", "import ../events.ndjson --archive a",
            ] {
                let result = try runCommand(
                    "sh",
                    ["-c", "\(command) \(arguments)"],
                    environment: Tool.cleanEnvironment.merging(["CLOUDHEED_TOKEN": "ch_live_x"]) { _, new in new },
                    in: place.folder
                )
                #expect((64...78).contains(result.status), "\(arguments): \(result)")
            }
        }
    }

    @Test func oneProblemIsNotCalledProblems() async throws {
        try await Self.inPlace { place in
            let result = try place.tool(["doctor"])
            #expect(Self.lines(result, "problem").count == 1, "\(result)")
            #expect(result.error.contains("doctor found a problem: no token"), "\(result.error)")
            #expect(result.status == 77)
            #expect(Self.lines(result, "unknown").contains { $0.contains("clock: not compared") })
        }
    }

    @Test func asJSONEachCheckHasNameStateTextAndWhatToDo() async throws {
        try await Self.inPlace { place in
            try place.write("peroid: all\n", to: "heedaudit.yaml")
            for arguments in [["--json"], ["--json", "--quiet"]] {
                let result = try place.doctor(arguments)
                #expect(result.status == 78 && result.lines.count == 1, "\(result)")
                let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                let object = try #require(parsed as? [String: Any])
                let checks = try #require(object["checks"] as? [[String: Any]])
                #expect(object["status"] as? Int == 78)
                #expect(object["problems"] as? Int == checks.count { $0["state"] as? String == "problem" })
                #expect(checks.allSatisfy { Set($0.keys) == ["name", "state", "text", "what_to_do"] })
                #expect(checks.contains { $0["name"] as? String == "libraries" && $0["state"] as? String == "ok" })
                let mistake = try #require(checks.first { $0["name"] as? String == "configuration" })
                #expect("\(mistake["text"] ?? "")".contains("peroid"), "\(mistake)")
                #expect("\(mistake["what_to_do"] ?? "")".contains("period"), "\(mistake)")
            }
        }
    }

    @Test func damageOthersArchivesAndLostPinsAreFound() async throws {
        try await Self.inPlace { place in
            try place.archive()
            try #require(try place.tool(["report"]).status == 0)
            let sound = try place.doctor(["--organization", "another"])
            #expect(
                Self.lines(sound, "ok").contains { $0.contains("evidence: ./archive/local: 1 entry, the chain holds") }
            )
            #expect(Self.lines(sound, "ok").contains { $0.contains("bundles: ./output/local: what 1 of them pins") })
            #expect(Self.lines(sound, "warning").contains { $0.contains("nothing of 'another'") })

            try place.shell("cp -a archive kept; cp -a output made; rm output/local/latest; mkdir output/local/latest")
            #expect(Self.lines(try place.doctor(), "problem").contains { $0.contains("latest is no link") })
            try place.shell("rmdir output/local/latest; ln -s ../elsewhere output/local/latest")
            #expect(Self.lines(try place.doctor(), "problem").contains { $0.contains("which is no bundle beside it") })

            try place.shell("rm -r archive output; cp -a made output")
            #expect(Self.lines(try place.doctor(), "problem").contains { $0.contains("rest on an archive of 'local'") })

            try place.shell("cp -a kept archive; rm archive/local/events/00000001.ndjson")
            let lacking = try place.doctor()
            #expect(Self.lines(lacking, "problem").contains { $0.contains("00000001.ndjson is missing") }, "\(lacking)")

            try place.shell(
                "rm -r archive; cp -a kept archive; sed -i 's/\"tool\"/\"tule\"/' archive/local/ledger.ndjson"
            )
            let other = try place.doctor()
            #expect(
                Self.lines(other, "problem").contains { $0.contains("pins entry 1") || $0.contains("damaged") },
                "\(other)"
            )
        }
    }

    @Test func reportsAmongEvidenceAreAProblem() async throws {
        try await Self.inPlace { place in
            for (archive, output) in [("a", "a"), ("a", "./b/../a"), ("a", "a/local"), ("a", "a/out"), ("o/a", "o")] {
                try place.shell("mkdir -p b a/local; touch a/local/ledger.ndjson")
                let result = try place.doctor(["--archive", archive, "--output", output])
                let isProblem = !["a/out", "o"].contains(output)
                let words = isProblem ? "take it for tampering" : "stand in each other"
                let lines = Self.lines(result, isProblem ? "problem" : "warning").filter {
                    $0.hasPrefix("\(isProblem ? "problem" : "warning")  output")
                }
                #expect(lines.contains { $0.contains(words) }, "\(archive) \(output): \(result)")
            }
            let result = try place.doctor(["--archive", "a", "--output", "ab"])
            #expect(!result.output.contains("stand in each other"))
            // What 'verify' would take for tampering is not begun.
            try place.archive()
            try place.shell("rm -rf a b; mv archive o")
            for (archive, output) in [("o", "o"), ("o", "o/local"), ("o", "a/../o/local/reports")] {
                let report = try place.tool(["report", "--archive", archive, "--output", output, "--format", "csv"])
                #expect(report.status == 78 && report.error.contains("name two folders beside"), "\(report)")
            }
            try #require(try place.tool(["report", "--archive", "o", "--output", "r", "--format", "csv"]).status == 0)
            try place.shell("mv o r/local/archive")
            let inside = try place.tool(["report", "--archive", "r/local/archive", "--output", "r", "--format", "csv"])
            #expect(inside.status == 78 && inside.error.contains("lies among the reports"), "\(inside)")
        }
    }

    @Test func templatesAreAFolderAndAllThatIsWrongWithThemIsTold() async throws {
        try await Self.inPlace { place in
            try place.shell("mkdir mine; touch file; mkfifo pipe")
            try place.write("{{{x}}}\n", to: "mine/a.md")
            try place.write("{{#a}}\n", to: "mine/b.md")
            let unspoken = Self.lines(try place.doctor(["--language", "xx"]), "problem")
            #expect(unspoken.contains { $0.contains(" language: ") }, "\(unspoken)")
            let problems = Self.lines(try place.doctor(["--templates", "mine"]), "problem").joined(separator: "\n")
            #expect(problems.contains("a.md:1") && problems.contains("b.md:1"), "\(problems)")
            for path in ["file", "pipe", "nowhere"] {
                let result = try place.doctor(["--templates", path])
                #expect(Self.lines(result, "problem").contains { $0.contains(" templates: ") }, "\(result)")
                #expect(try place.tool(["report", "--templates", path]).status == 78)
            }
        }
    }

    @Test func theHomeFolderIsMeantByATilde() async throws {
        try await Self.inPlace { place in
            try place.shell("mkdir home")
            try place.write(
                "archive: ~/archive\noutput: ~/out\ntoken_file: ~/token\nwaivers: ~/w.yaml\n",
                to: "heedaudit.yaml"
            )
            let home = place.folder + "/home"
            let result = try place.doctor(environment: ["HOME": home])
            for text in [
                "archive: \(home)/archive, will be made", "output: \(home)/out, will be made",
                "can't read token file \(home)/token",
                "can't read \(home)/w.yaml",
            ] { #expect(result.output.contains(text), "\(text) in \(result)") }
            #expect(!FileManager.default.fileExists(atPath: place.folder + "/~"))
        }
    }

    @Test func tooLooseThresholdsAndPeriodsToComeAreTold() async throws {
        try await Self.inPlace { place in
            try place.write("thresholds:\n  KEY-AGE: 100000\nperiod: 2999-01\n", to: "heedaudit.yaml")
            let result = try place.doctor()
            #expect(Self.lines(result, "warning").contains { $0.contains("heedaudit.yaml:2: thresholds: KEY-AGE") })
            #expect(Self.lines(result, "problem").contains { $0.contains("has not begun") })
            try place.write("from: 2026-02-01\nto: 2026-01-01\n", to: "heedaudit.yaml")
            #expect(
                Self.lines(try place.doctor(), "problem").contains { $0.contains("heedaudit.yaml:2: the period ends") }
            )
        }
    }

    @Test func whatReachesTheServiceIsCheckedBeforeItIsAsked() async throws {
        try await Self.inPlace { place in
            try place.write("ch_live_x\n", to: "token")
            try place.shell("chmod 644 token")
            try place.write("no certificate", to: "ca.pem")
            let result = try place.doctor(
                ["--token-file", "token", "--ca-file", "ca.pem"],
                environment: ["https_proxy": "gopher://user:geheim123@proxy:1"]
            )
            let problems = Self.lines(result, "problem").joined(separator: "\n")
            #expect(
                problems.contains("chmod 600 token") && problems.contains("ca.pem") && problems.contains("gopher://")
            )
            #expect(!(result.output + result.error).contains("geheim123"))
            #expect(Self.lines(result, "unknown").contains { $0.contains("service: not asked") })
        }
    }

    @Test func aSoundSetUpIsOKAndTellsTheLibraries() async throws {
        let (result, far) = try await aside { () -> (CommandResult, CommandResult) in
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "20"], in: folder)
                let first = try sandbox.run(["doctor", "--period", "last-month"], in: folder)
                return (first, try sandbox.run(["doctor", "--organization", "org-other"], in: folder))
            }
        }
        #expect(result.status == 0, "\(result)")
        #expect(result.lines.dropLast().allSatisfy { $0.hasPrefix("ok ") }, "\(result.output)")
        let count = result.lines.count - 1
        #expect(result.lines.last == "\(count) checks: \(count) fine")
        for word in [
            "libcurl ", "libxml2 2.", "libxlsxwriter 1.", "simdjson ", "zlib 1.", "period: last-month, which is 20",
            "clock: within",
        ] {
            #expect(result.output.contains(word), "\(word)")
        }
        #expect(far.status == 77 && far.output.contains("not to 'org-other'"))
    }

    @Test(arguments: ["date=none", "date=garbled"]) func aClockThatIsNotComparedIsNotOK(fault: String) async throws {
        let result = try await aside {
            try withTemporaryFolder { folder in
                try SandboxProcess(["--generate", "20", "--fault", fault], in: folder).run(["doctor"], in: folder)
            }
        }
        #expect(
            Self.lines(result, "unknown") == [
                "unknown  clock: not compared: the service sends no Date that can be read"
            ]
        )
        #expect(result.status == 0)
    }
}
