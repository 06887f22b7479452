import Foundation
import TestSupport
import Testing

/// No report stands in for another, and none is silent where somebody has to hear it.
@Suite struct HonestReportTests {
    private static func manifest(in output: String) throws -> [String: Any] {
        let bytes = try BundleFiles.read(BundleFiles.latest(in: output) + "/manifest.json")
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    private static func importEvents(in folder: String, count: Int = 40) throws {
        let lines = (0..<count).map { number in
            #"{"id":"evt-\#(number)","action":"database.created","actor":{"id":"u"},"created_at":"2026-03-17T10:00:\#(10 + number)Z"}"#
        }
        let input = Data((lines.joined(separator: "\n") + "\n").utf8)
        let result = try Tool.run(["import", "-"], in: folder, input: input)
        try #require(result.status == 0, "\(result.error)")
    }

    private static func replace(_ old: String, by new: String, inSegmentsOf folder: String) throws {
        let events = folder + "/archive/local/events"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: events).sorted().first)
        let text = try String(contentsOfFile: events + "/" + name, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacing(old, with: new).write(toFile: events + "/" + name, atomically: false, encoding: .utf8)
    }

    @Test func theReportOfADamagedArchiveIsAnotherAndTakesLatest() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                func report(_ status: Int32) throws -> (state: String, bundle: String) {
                    let result = try Tool.run(["report", "--format", "csv"], in: folder)
                    #expect(result.status == status, "\(result.error)")
                    let manifest = try Self.manifest(in: folder + "/output")
                    return (manifest["evidence_state"] as? String ?? "", manifest["bundle"] as? String ?? "")
                }
                try Self.importEvents(in: folder)
                let sound = try report(0)
                #expect(sound.state == "sound")
                try Self.replace(
                    #""evt-7","action":"database.created""#,
                    by: #""evt-7","action":"database.deleted""#,
                    inSegmentsOf: folder
                )
                let damaged = try report(65)
                #expect(damaged.state == "damaged" && damaged.bundle != sound.bundle)
                let findings = try String(
                    decoding: BundleFiles.read(BundleFiles.latest(in: folder + "/output") + "/findings.csv"),
                    as: UTF8.self
                )
                #expect(findings.contains("LOG-INTACT"))
                // Another damage of the same archive is another report.
                try Self.replace(
                    #""evt-8","action":"database.created""#,
                    by: #""evt-8","action":"database.deleted""#,
                    inSegmentsOf: folder
                )
                #expect(try report(65).bundle != damaged.bundle)
                try Self.replace("database.deleted", by: "database.created", inSegmentsOf: folder)
                let again = try report(0)
                #expect(again.bundle == sound.bundle && again.state == "sound")
            }
        }
    }

    @Test func quietSaysWarningsAndWhatReachesTheThresholdAndNothingElse() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300", "--unlimited"], in: folder)
                let sound = try sandbox.run(["run", "--quiet"], in: folder)
                #expect(
                    sound.status == 0 && sound.output.isEmpty && sound.error.isEmpty,
                    "\(sound.output)\(sound.error)"
                )
                let reached = try sandbox.run(["run", "--quiet", "--fail-on", "critical"], in: folder)
                #expect(reached.status == 1 && reached.error.contains("KEY-ORPHAN"), "\(reached.error)")
                #expect(reached.error.split(separator: "\n").count < 100)
                try sandbox.post("remove", "evt-0000150")
                let vanished = try sandbox.run(["pull", "--full", "--quiet"], in: folder)
                #expect(vanished.status == 0 && vanished.error.contains("vanished"), "\(vanished.error)")
                let lying = try SandboxProcess(["--generate", "300", "--unlimited", "--fault", "total=5"], in: folder)
                let incomplete = try lying.run(["run", "--quiet"], in: folder)
                #expect(incomplete.status == 0 && incomplete.error.contains("not complete"), "\(incomplete.error)")
            }
        }
    }

    @Test func whatAFindingSaysCannotSpeakToTheTerminal() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let line =
                    #"{"id":"e","action":"x\u001b[2J\u202e","created_at":"2026-03-17T10:00:00Z"}"# + "\n"
                try #require(try Tool.run(["import", "-"], in: folder, input: Data(line.utf8)).status == 0)
                let report = try Tool.run(["report", "--format", "csv", "--fail-on", "info"], in: folder)
                #expect(report.status == 1)
                #expect(!report.error.contains("\u{1B}") && !report.error.contains("\u{202E}"), "\(report.error)")
            }
        }
    }

    @Test(arguments: ["2999-01", "9999-12", "2999"]) func aPeriodThatHasNotBegunIsRefused(_ period: String) async throws
    {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.importEvents(in: folder)
                let result = try Tool.run(["report", "--period", period], in: folder)
                #expect(result.status == 64 && result.error.contains(period), "\(result.error)")
                #expect(!FileManager.default.fileExists(atPath: folder + "/output"))
            }
        }
    }

    @Test func aLookBackLeavesLatestAndARunMovesIt() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.importEvents(in: folder)
                func latest(_ arguments: [String], _ file: String = "") throws -> String {
                    try file.write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
                    let result = try Tool.run(["report", "--format", "csv"] + arguments, in: folder)
                    try #require(result.status == 0, "\(result.error)")
                    let period = try Self.manifest(in: folder + "/output")["period"] as? [String: Any]
                    return period?["name"] as? String ?? ""
                }
                #expect(try latest(["--period", "2026-03"]) == "2026-03")
                #expect(try latest(["--period", "2026-02"]) == "2026-03")
                #expect(try latest([], "period: 2026-01\n") == "2026-01")
                #expect(try latest(["--period", "2026-Q1"]) == "2026-Q1")
            }
        }
    }
}
