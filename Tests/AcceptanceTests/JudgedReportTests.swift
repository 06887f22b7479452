import Foundation
import TestSupport
import Testing

/// What the controls, waivers, the action plan and the comparison with an earlier report come to in a bundle.
@Suite struct JudgedReportTests {
    @Test func demoFindsWhatIsPlantedAndNothingElse() async throws {
        let findings = try await aside {
            try withTemporaryFolder { folder in
                let run = try Tool.run(["demo", "--archive", "a", "--output", "o"], in: folder)
                try #require(run.status == 0, "\(run.error)")
                return try Self.findings(in: folder + "/o")
            }
        }
        func controls(_ status: String) -> [String] {
            findings.filter { $0["status"] == status }.map { $0["control"] ?? "" }
        }
        #expect(
            controls("fail") == [
                "DB-BURST", "KEY-ORPHAN", "MEM-GHOST", "MEM-SELF", "KEY-DRIFT", "MEM-DRIFT", "MEM-UNKNOWN",
                "ROLE-BREACH", "ACT-ANON", "KEY-AGE", "KEY-EXPIRY", "KEY-UNUSED", "MEM-ADMINS", "MEM-DOMAIN", "NEW-IP",
                "INV-STALE",
            ]
        )
        #expect(Set(controls("manual")).isSuperset(of: ["MEM-INACTIVE", "KEY-SCOPES"]))
        // What its organization has accepted.
        #expect(controls("waived") == ["ORG-IPALLOW", "ORG-SSO"])
    }

    /// What no archive made in a test can be, too old or too short, is judged in LogControlTests.
    @Test func aTroubledOrganizationFailsEveryControl() async throws {
        let findings = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "400"], in: folder)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                try sandbox.post(
                    "settings",
                    #"{"require_2fa":false,"allowed_regions":["fsn1","us-east"],"sso_enabled":false}"#
                )
                try sandbox.post("remove", "evt-0000150")
                Thread.sleep(forTimeInterval: 1.1)
                try #require(try sandbox.run(["pull", "--full"], in: folder).status == 0)
                // The same organization, now with a total that lies.
                let lying = try SandboxProcess(["--generate", "400", "--fault", "total=1"], in: folder)
                try lying.post("settings", #"{"require_2fa":false,"allowed_regions":["us-east"],"sso_enabled":false}"#)
                try #require(try lying.run(["pull", "--full"], in: folder).status == 0)
                try """
                approved_regions: [fsn1]
                working_hours: { days: mon-fri, from: "08:00", to: "16:00", time_zone: UTC }
                waivers:
                  - { control: ORG-SSO, subject: nothing, reason: old, approver: Ann, expires: 2020-01-01 }

                """.write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
                let report = try Tool.run(["report", "--format", "csv", "--fail-on", "critical"], in: folder)
                try #require(report.status == 1, "\(report.error)")
                return try Self.findings(in: folder + "/output")
            }
        }
        let failing = Set(findings.filter { $0["status"] == "fail" }.compactMap { $0["control"] })
        #expect(
            failing == [
                "ORG-MFA", "ORG-SSO", "ORG-IPALLOW", "ORG-REGIONS", "KEY-ORPHAN", "KEY-AGE", "MEM-SELF", "DB-BURST",
                "OFF-HOURS", "NEW-IP", "ACT-ANON", "LOG-COMPLETE", "LOG-INTACT", "SET-DRIFT", "WAIVER-EXPIRED",
                "MEM-ADMINS", "KEY-EXPIRY", "KEY-UNUSED", "INV-STALE",
            ]
        )
        let toReview = Set(findings.filter { $0["status"] == "manual" }.compactMap { $0["control"] })
        #expect(toReview == ["DB-DELETE", "MEM-ROLE", "ACT-UNKNOWN", "MEM-DOMAIN", "KEY-SCOPES"])
    }

    @Test func changedSettingsAreJoinedToTheirEvents() async throws {
        let (explained, silent) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                for arguments in [["pull"], ["settings", "update", "--sso-enabled", "true", "--yes"]] {
                    let result = try sandbox.run(arguments, in: folder)
                    try #require(result.status == 0, "\(result.error)")
                }
                // Snapshots are told apart by the server's `Date`: whole seconds, and up to one second old.
                Thread.sleep(forTimeInterval: 2.2)
                try #require(try sandbox.run(["run", "--output", "o"], in: folder).status == 0)
                let explained = try BundleFiles.rows(of: "changes.csv", in: folder + "/o")
                let first = try Self.findings(in: folder + "/o")
                try sandbox.post("settings", #"{"require_2fa":false}"#)
                Thread.sleep(forTimeInterval: 2.2)
                try #require(try sandbox.run(["run", "--output", "p"], in: folder).status == 0)
                return ((explained, first), try Self.findings(in: folder + "/p"))
            }
        }
        let change = explained.0.first { $0["kind"] == "setting" }
        #expect(change?["subject"] == "sso_enabled")
        #expect(change?["before"] == "false" && change?["after"] == "true")
        #expect(change?["actor"]?.contains("ada.lindqvist") == true)
        #expect(change?["event"]?.isEmpty == false)
        #expect(explained.1.filter { $0["control"] == "SET-DRIFT" }.map { $0["status"] } == ["pass"])
        let drift = silent.filter { $0["control"] == "SET-DRIFT" }
        #expect(drift.map { $0["status"] } == ["fail"])
        #expect(drift.map { $0["subject"] } == ["require_2fa"])
    }

    @Test func vanishedAndAlteredEventsAreNamed() async throws {
        let findings = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                try sandbox.post("remove", "evt-0000150")
                let line = try #require(try sandbox.lines("log").first { $0.contains("evt-0000200") })
                try sandbox.post(
                    "replace",
                    line.replacingOccurrences(of: "\"ip_address\":\"", with: "\"ip_address\":\"9")
                )
                try #require(try sandbox.run(["pull", "--full"], in: folder).status == 0)
                try #require(try Tool.run(["report", "--format", "csv"], in: folder).status == 0)
                return try Self.findings(in: folder + "/output").filter { $0["control"] == "LOG-INTACT" }
            }
        }
        #expect(findings.map { $0["status"] } == ["fail", "fail"])
        #expect(findings.map { $0["evidence"] } == ["evt-0000200", "evt-0000150"])
    }

    @Test func waiversAndTheReturnedActionPlanShowInTheNextReport() async throws {
        let result = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["run", "--format", "csv"], in: folder).status == 0)
                let plan = try BundleFiles.rows(of: "action-plan.csv", in: folder + "/output")
                try #require(plan.contains { $0["control"] == "ORG-SSO" })
                let filled = """
                    control,subject,owner,due,decision,reason,approver
                    ORG-SSO,sso_enabled,Ann,2099-01-31,accept,No identity provider yet,Bea
                    ORG-IPALLOW,ip_allowlist_required,Cem,2099-02-01,fix,,

                    """
                try filled.write(toFile: folder + "/plan.csv", atomically: true, encoding: .utf8)
                try """
                - control: MEM-SELF
                  subject: "*"
                  reason: Break-glass drill
                  approver: Dan
                  expires: 2020-01-01

                """.write(toFile: folder + "/waivers.yaml", atomically: true, encoding: .utf8)
                let report = try Tool.run(
                    ["report", "--format", "csv,html,xml", "--action-plan", "plan.csv"],
                    in: folder
                )
                try #require(report.status == 0, "\(report.error)")
                return (
                    try Self.findings(in: folder + "/output"),
                    try BundleFiles.rows(of: "action-plan.csv", in: folder + "/output")
                )
            }
        }
        let sso = result.0.first { $0["control"] == "ORG-SSO" }
        #expect(sso?["status"] == "waived")
        #expect(sso?["detail"]?.contains("Bea") == true && sso?["detail"]?.contains("2099-01-31") == true)
        #expect(result.0.filter { $0["control"] == "WAIVER-EXPIRED" }.map { $0["subject"] } == ["MEM-SELF: *"])
        let next = result.1.first { $0["control"] == "ORG-IPALLOW" }
        #expect(next?["owner"] == "Cem" && next?["due"] == "2099-02-01" && next?["decision"] == "fix")
    }

    @Test func aReportIsComparedWithTheOneBefore() async throws {
        let result = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["run", "--format", "csv"], in: folder).status == 0)
                // The second pull compares settings for the first time: a verdict changes. The third brings nothing.
                try #require(try sandbox.run(["run", "--format", "csv"], in: folder).status == 0)
                let nothing = try sandbox.run(["run", "--format", "csv"], in: folder)
                try #require(
                    try sandbox.run(["settings", "update", "--sso-enabled", "true", "--yes"], in: folder).status == 0
                )
                Thread.sleep(forTimeInterval: 1.1)
                let second = try sandbox.run(["run", "--format", "csv"], in: folder)
                try #require(second.status == 0, "\(second.error)")
                let changes = try BundleFiles.rows(of: "changes.csv", in: folder + "/output")
                let again = try Tool.run(["report", "--format", "csv"], in: folder)
                let unknown = try Tool.run(["report", "--format", "csv", "--compare", "no-such"], in: folder)
                return (nothing.output, changes, second.output == again.output, unknown.status)
            }
        }
        #expect(result.0.contains("nothing new"))
        let closed = result.1.first { $0["kind"] == "finding" && $0["subject"] == "ORG-SSO: sso_enabled" }
        #expect(closed?["before"] == "fail" && closed?["after"] == "pass")
        #expect(result.1.contains { $0["subject"] == "address 127.0.0.1" })
        #expect(result.2, "the same report a second time is the same bundle")
        #expect(result.3 == 64)
    }

    @Test(arguments: [
        ("thresholds:\n  KEY-AGE: soon\n", "KEY-AGE"), ("thresholds:\n  NO-SUCH: 3\n", "NO-SUCH"),
        ("working_hours:\n  days: mon-fri\n  from: 8\n  to: 18:00\n", "8"),
        ("waivers:\n  - control: ORG-MFA\n    subject: x\n", "reason"), ("waivers: nowhere.yaml\n", "nowhere.yaml"),
        ("action_plan: nowhere.csv\n", "nowhere.csv"),
    ]) func wrongPolicyIsAConfigurationError(text: String, named: String) throws {
        try withTemporaryFolder { folder in
            try text.write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            let result = try Tool.run(["report"], in: folder)
            #expect(result.status == 78, "\(result.error)")
            #expect(result.error.contains(named))
        }
    }

    private static func findings(in output: String) throws -> [[String: String]] {
        try BundleFiles.rows(of: "findings.csv", in: output)
    }
}
