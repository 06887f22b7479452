import Foundation
import TestSupport
import Testing

/// What stands, and what is allowed, where the archive and the reports are kept.
@Suite struct FolderRightsTests {
    private static let event =
        #"{"id":"evt-1","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"# + "\n"

    private func withEvents(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Self.event.write(toFile: folder + "/events.ndjson", atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    private func rights(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private func makeFolder(_ path: String, _ mode: mode_t) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try #require(chmod(path, mode) == 0)
    }

    @Test func archiveOpenToOthersIsClosedWithAWarning() throws {
        try withEvents { folder in
            try makeFolder(folder + "/archive", 0o777)
            let first = try Tool.run(["import", "events.ndjson"], in: folder)
            #expect(first.status == 0, "\(first.error)")
            #expect(first.error.contains("open to others (777)"))
            #expect(try rights(folder + "/archive") == 0o700)
            for name in ["archive", "archive/local", "archive/local/events"] { chmod(folder + "/" + name, 0o755) }
            let second = try Tool.run(["import", "events.ndjson"], in: folder)
            #expect(second.status == 0)
            for name in ["archive", "archive/local", "archive/local/events"] {
                #expect(try rights(folder + "/" + name) == 0o700, "\(name)")
            }
            #expect(try Tool.run(["import", "events.ndjson"], in: folder).error.isEmpty)
        }
    }

    @Test func folderOfOtherThingsThatOthersMayWriteIs73AndStays() throws {
        try withEvents { folder in
            try makeFolder(folder + "/shared", 0o777)
            try makeFolder(folder + "/shared/other", 0o755)
            try "x".write(toFile: folder + "/shared/other/x", atomically: true, encoding: .utf8)
            let result = try Tool.run(["import", "events.ndjson", "--archive", "shared"], in: folder)
            #expect(result.status == 73)
            #expect(result.error.contains("chmod go-w shared"))
            #expect(try rights(folder + "/shared") == 0o777)
        }
    }

    @Test(arguments: ["ledger.ndjson", "lock", "staging", "events", "staging/import-events.ndjson", "staging/sealed"])
    func nothingIsWrittenThroughLinks(_ name: String) throws {
        try withEvents { folder in
            try #require(try Tool.run(["import", "events.ndjson"], in: folder).status == 0)
            let path = folder + "/archive/local/" + name
            let elsewhere = folder + "/elsewhere"
            if FileManager.default.fileExists(atPath: path) {
                try FileManager.default.moveItem(atPath: path, toPath: elsewhere)
            } else {
                try "precious".write(toFile: elsewhere, atomically: true, encoding: .utf8)
            }
            let before = FileManager.default.contents(atPath: elsewhere)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: elsewhere)
            let result = try Tool.run(["import", "events.ndjson"], in: folder)
            #expect(result.status == 73, "\(name): \(result.error)")
            #expect(FileManager.default.contents(atPath: elsewhere) == before)
        }
    }

    @Test(arguments: [
        "archive/local/ledger.ndjson", "archive/local/lock", "heedaudit.yaml", "waivers.yaml", "in.ndjson",
    ])
    func pipeHangsNoCommand(_ name: String) throws {
        try withEvents { folder in
            try #require(try Tool.run(["import", "events.ndjson"], in: folder).status == 0)
            unlink(folder + "/" + name)
            try #require(mkfifo(folder + "/" + name, 0o600) == 0)
            let source = name == "in.ndjson" ? name : "events.ndjson"
            for command in [["import", source], ["verify"], ["report"]] {
                let result = try Tool.run(command, in: folder, killAfter: 60)
                #expect(result.status < 128, "\(command) with \(name): \(result.error)")
                if command[0] == "import" { #expect(result.status != 0, "\(name)") }
            }
        }
    }

    @Test func outputHandsItsGroupOn() throws {
        try withEvents { folder in
            try #require(try Tool.run(["import", "events.ndjson"], in: folder).status == 0)
            try makeFolder(folder + "/output", 0o2775)
            try #require(try Tool.run(["report"], in: folder).status == 0)
            #expect(try rights(folder + "/output") == 0o2775)
            #expect(try rights(folder + "/output/local") == 0o2750)
            let bundle = try BundleFiles.latest(in: folder + "/output")
            #expect(try rights(URL(fileURLWithPath: bundle).resolvingSymlinksInPath().path) == 0o2750)
        }
    }

    /// The tool run as a user without rights.
    private func runAsNobody(_ arguments: [String], in folder: String, umask: String = "022") throws -> CommandResult {
        try runCommand(
            "sh",
            [
                "-c", "umask \(umask); exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"", "sh", Tool.path,
            ] + arguments,
            environment: Tool.cleanEnvironment,
            in: folder
        )
    }

    @Test(.enabled(if: geteuid() == 0)) func whatRootMadeIsNotTakenForNothing() throws {
        try withEvents { folder in
            chmod(folder, 0o777)
            try #require(try Tool.run(["import", "events.ndjson"], in: folder).status == 0)
            for command in [["verify"], ["report"], ["import", "events.ndjson"]] {
                let result = try runAsNobody(command, in: folder)
                #expect(result.status == (command[0] == "import" ? 73 : 65), "\(result.error)")
                #expect(result.error.contains("Permission denied") && result.error.contains("chown -R nobody"))
                #expect(!result.error.contains("no archive"))
            }
            chmod(folder + "/archive", 0o755)
            #expect(try runAsNobody(["verify"], in: folder).error.contains("archive/local belongs to root"))
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func umaskThatForbidsEverythingIsNoHindrance() throws {
        try withEvents { folder in
            chmod(folder, 0o777)
            chmod(folder + "/events.ndjson", 0o644)
            for command in [["import", "events.ndjson"], ["report"], ["verify"]] {
                let result = try runAsNobody(command, in: folder, umask: "0777")
                #expect(result.status == 0, "\(command): \(result.error)")
            }
        }
    }

    @Test func fileSystemsThatRefuseGetWhatTheyCanDo() throws {
        try withEvents { folder in
            let source = Tool.repository + "/Tests/Fixtures/refusing-file-system.c"
            let library = folder + "/refuse.so"
            let built = try runCommand("clang", ["-shared", "-fPIC", source, "-o", library])
            try #require(built.status == 0, "\(built.error)")
            func run(_ command: [String], _ refused: String, _ more: [String: String?] = [:]) throws -> CommandResult {
                let refusing: [String: String?] = ["LD_PRELOAD": library, "REFUSE": refused]
                return try Tool.run(command, in: folder, environment: refusing.merging(more) { $1 })
            }
            let locked = try run(["import", "events.ndjson"], "lock")
            #expect(locked.status == 78)
            #expect(locked.error.contains("lock: none"))
            let all = "lock,link,rights,sync"
            #expect(try run(["import", "events.ndjson"], all, ["HEEDAUDIT_LOCK": "none"]).status == 0)
            let report = try run(["report"], all)
            #expect(report.status == 0, "\(report.error)")
            #expect(report.error.split(separator: "\n").count { $0.contains("warning") } == 1, "\(report.error)")
            #expect(try Tool.run(["verify"], in: folder).status == 0)
        }
    }
}
