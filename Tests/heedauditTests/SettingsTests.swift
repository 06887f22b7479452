import Analysis
import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// Where settings come from, and what is said of those that make no sense.
@Suite struct SettingsTests {
    private func reader(
        _ text: String = "",
        flags: [ConfigurationKey: String] = [:],
        environment: [String: String] = [:]
    ) throws -> SettingReader {
        SettingReader(flags: flags, environment: environment, file: try ConfigurationFile(path: "c.yaml", text: text))
    }

    @Test func aFlagComesBeforeTheEnvironmentAndThatBeforeTheFile() throws {
        let file = "archive: f\n"
        let environment = ["HEEDAUDIT_ARCHIVE": "e"]
        #expect(try reader(file, flags: [.archive: "x"], environment: environment).path(.archive) == "x")
        #expect(try reader(file, environment: environment).path(.archive) == "e")
        #expect(try reader(file, environment: ["HEEDAUDIT_ARCHIVE": ""]).path(.archive) == "f")
        #expect(try reader().path(.archive) == nil)
        #expect(try reader("archive: ~/a", environment: ["HOME": "/home/me"]).path(.archive) == "/home/me/a")
    }

    /// A period's name, and its begin and end, are one setting: what the file says of it does not stand beside what is typed.
    @Test func whatIsTypedOfThePeriodReplacesWhatFileAndEnvironmentSay() throws {
        func found(_ reader: SettingReader) throws -> [String?] {
            try ConfigurationKey.ofPeriod.map { key in
                let text = try reader.text(key)
                #expect((reader.origin(key) == nil) == (text == nil))
                return text
            }
        }
        let named = "period: last-month\n"
        #expect(try found(reader(named, flags: [.from: "2026-03-01"])) == [nil, "2026-03-01", nil])
        #expect(try found(reader("from: 2026-03-01\n", flags: [.to: "2026-04-01"])) == [nil, nil, "2026-04-01"])
        #expect(try found(reader("from: 2026-03-01\n", flags: [.period: "all"])) == ["all", nil, nil])
        #expect(try found(reader(named, environment: ["HEEDAUDIT_FROM": "2026-03-01"])) == [nil, "2026-03-01", nil])
        let both = try reader(named, flags: [.period: "all"], environment: ["HEEDAUDIT_FROM": "2026-03-01"])
        #expect(try found(both) == ["all", nil, nil])
        #expect(try found(reader(named, environment: ["HEEDAUDIT_FROM": ""])) == ["last-month", nil, nil])
        // What one place says twice is a contradiction still.
        #expect(try found(reader("period: all\nto: 2026-04-01\n")) == ["all", nil, "2026-04-01"])
    }

    @Test func aNumberWithoutUnitIsSecondsAndTheHintSaysSo() throws {
        for key in ConfigurationKey.allCases where key.setting?.kind == .span {
            #expect(try reader("\(key.rawValue): 90").duration(key, default: .zero) == .seconds(90), "\(key)")
            let wrong = #expect(throws: Problem.self) {
                try reader("\(key.rawValue): 5 m").duration(key, default: .zero)
            }
            #expect(wrong?.hint?.contains("a number alone is seconds") == true, "\(key)")
        }
        #expect(try SettingReader.maxAge("90") == 90)
        let age = #expect(throws: Problem.self) { try SettingReader.maxAge("soon") }
        #expect(age?.hint?.contains("a number alone is seconds") == true)
    }

    @Test func aValueThatMakesNoSenseIsToldWithItsPlace() throws {
        let read = { (reader: SettingReader) in
            try reader.read(.connections, default: 4, accepts: "a number") { Int($0) }
        }
        #expect(try read(reader()) == 4)
        let inFile = #expect(throws: Problem.self) { try read(reader("\nconnections: many\n")) }
        #expect(inFile?.status == .configuration)
        #expect(inFile?.summary == "c.yaml:2: 'many' is not a value for connections")
        let typed = #expect(throws: Problem.self) { try read(reader(flags: [.connections: "many"])) }
        #expect(typed?.status == .usage)
        #expect(throws: Problem.self) { try reader("archive: [a, b]").find(.archive) }
        #expect(throws: Problem.self) { try reader("archive: {a: b}").find(.archive) }
        #expect(try reader("approved_regions: [a, b]").find(.approvedRegions)?.text == "a,b")
        #expect(try reader("archive: ~").find(.archive) == nil)
    }

    @Test func keysThatNobodyKnowsAreToldWithTheNearest() throws {
        let file = try ConfigurationFile(path: "c.yaml", text: "archiv: a\ntoken: t0psecret\n")
        #expect(file.mistakes.count == 2)
        #expect(file.mistakes[0].hint == "did you mean 'archive'? (the archive's folder)")
        #expect(file.mistakes[1].summary.contains("a token does not belong into this file"))
        #expect(TerminalText.clean("is t0psecret here") == "is ******** here")
    }

    @Test func misspeltVariablesStopEveryCommandAndNameTheNearest() throws {
        func problem(_ variables: [String: String]) throws -> Problem? {
            var environment = variables
            let file = temporaryPath()
            try "".write(toFile: file, atomically: true, encoding: .utf8)
            environment["HEEDAUDIT_CONFIG"] = file
            return ToolConfiguration.examine([], environment: environment).mistakes.asOne
        }
        for (name, nearest) in [
            ("HEEDAUDIT_FAILON", "HEEDAUDIT_FAIL_ON"), ("HEEDAUDIT_PERIDO", "HEEDAUDIT_PERIOD"),
            ("CLOUDHEED_TOKENN", "CLOUDHEED_TOKEN"), ("HEEDAUDIT_T", "HEEDAUDIT_TO"),
        ] {
            let problem = try problem([name: "high"])
            #expect(problem?.status == .configuration && problem?.hint == "did you mean \(nearest)?", "\(name)")
        }
        #expect(try problem(["HEEDAUDIT_WAIVERS": "w"])?.summary.contains("only the configuration file") == true)
        // The build's own name, what is empty, and what is far from all names or shares little with a short one.
        for name in ["HEEDAUDIT_COMMIT", "HEEDAUDIT_KILLS", "HEEDAUDIT_SEED", "HEEDAUDIT_ID", "HEEDAUDIT_OF_OTHERS"] {
            #expect(try problem([name: "1"]) == nil, "\(name)")
        }
        #expect(try problem(["HEEDAUDIT_PERIDO": ""]) == nil)
    }

    @Test(arguments: ["- a", "a: [", "archive: a\narchive: b", "a: &x [*x]"])
    func aFileThatIsNoMappingIsRefusedWithoutShowingIt(text: String) {
        let problem = #expect(throws: Problem.self) { try ConfigurationFile(path: "c.yaml", text: text) }
        #expect(problem?.status == .configuration && problem?.summary.hasPrefix("c.yaml") == true)
    }
}

/// What the operator decides about the controls, as the file writes it.
@Suite struct PolicyReaderTests {
    private func policy(_ text: String) throws -> (policy: ControlPolicy, mistakes: ConfigurationMistakes) {
        let file = try ConfigurationFile(path: "c.yaml", text: text)
        var mistakes = ConfigurationMistakes()
        let reader = PolicyReader(
            SettingReader(flags: [:], environment: [:], file: file),
            GivenBackTables.Files(),
            &mistakes
        )
        return (reader.policy, mistakes)
    }

    @Test func regionsHoursAndThresholdsAreRead() throws {
        let text = """
            approved_regions: [fsn1, nbg1]
            working_hours: {days: mon-fri, from: "08:00", to: "18:00", time_zone: Europe/Berlin}
            thresholds: {KEY-AGE: 60}
            """
        let (policy, mistakes) = try policy(text)
        #expect(mistakes.all.isEmpty && mistakes.warnings.isEmpty)
        #expect(policy.approvedRegions == ["fsn1", "nbg1"] && policy.thresholds == ["KEY-AGE": 60])
        #expect(policy.workingHours != nil)
    }

    @Test func everyMistakeIsToldWithItsPlace() throws {
        let text = """
            working_hours:
              from: "25:00"
              to: "18:00"
              until: x
            thresholds:
              KEY-AGE: many
              NOTHING: 1
            """
        let (policy, mistakes) = try policy(text)
        #expect(policy.workingHours == nil && policy.thresholds.isEmpty)
        #expect(mistakes.all.map { $0.summary.prefix(8) } == ["c.yaml:4", "c.yaml:2", "c.yaml:6", "c.yaml:7"])
        #expect(mistakes.doubtful == [.workingHours, .thresholds])
    }

    @Test func whatWorksAndHardlyAsItWasMeantIsWarnedOf() throws {
        let (policy, mistakes) = try policy("approved_regions: fsn1 nbg1\nthresholds: {KEY-AGE: 100000}\n")
        #expect(policy.approvedRegions == ["fsn1 nbg1"] && mistakes.all.isEmpty)
        #expect(mistakes.warnings.count == 2)
    }

    /// What no address can be of would accuse every member; an empty list is none.
    @Test func approvedDomainsAreDomains() throws {
        let (policy, mistakes) = try policy("approved_domains: [example.com, '@sub.example.org', münchen.example]\n")
        #expect(policy.approvedDomains?.count == 3 && mistakes.all.isEmpty && mistakes.warnings.isEmpty)
        for wrong in ["http://x.com", "*.x.com", "a@x.com", "x.com.", "x..com", "x com", "@"] {
            let told = try self.policy("approved_domains: ['\(wrong)', x.com]\n").mistakes.all.map(\.summary)
            #expect(told.count == 1 && told[0].contains("'\(wrong)' is no domain"), "\(wrong): \(told)")
        }
        let none = try self.policy("approved_domains: []\n")
        #expect(none.policy.approvedDomains == nil && none.mistakes.warnings.count == 1)
    }

    @Test func waiversStandInTheFileOrInOneOfTheirOwn() async throws {
        let waiver = "control: ORG-MFA, subject: '*', reason: r, approver: a, expires: 2099-01-01"
        let (policy, mistakes) = try policy("waivers:\n- {\(waiver)}\n- {control: ORG-MFA}\n")
        #expect(policy.waivers.count == 1 && !mistakes.all.isEmpty)
        #expect(mistakes.all.allSatisfy { $0.summary.hasPrefix("c.yaml:3") })
        try withTemporaryFolder { folder in
            try "- {\(waiver)}\n".write(toFile: folder + "/w.yaml", atomically: true, encoding: .utf8)
            #expect(try self.policy("waivers: \(folder)/w.yaml").policy.waivers.count == 1)
            #expect(try !self.policy("waivers: \(folder)/none.yaml").mistakes.all.isEmpty)
        }
    }
}
