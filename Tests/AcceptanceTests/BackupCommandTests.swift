import Foundation
import TestSupport
import Testing

/// `backup`: copies of an archive in use, and what they are good for.
@Suite struct BackupCommandTests {
    /// A pull after the other of a log that grows, until the folder holds a file `stop`.
    private func pulls(_ sandbox: SandboxProcess, in folder: String) throws -> RunningCommand {
        let busy = """
            i=0
            while [ ! -e stop ]; do
              i=$((i + 1))
              printf '{"id":"late-%s","action":"x.y","created_at":"%s"}\\n' $i "$(date -u +%Y-%m-%dT%H:%M:%SZ)" |
                curl -sf --data-binary @- "$1/sandbox/append" >/dev/null || exit 1
              "$0" pull --quiet --base-url "$1" || exit 1
            done
            """
        return try RunningCommand(
            "sh",
            ["-c", busy, Tool.path, sandbox.baseURL],
            environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
            in: folder
        )
    }

    /// A copy is an archive at every moment, however its backup ended; one that ended well is up to date.
    @Test func killedBackupsOfAnArchiveInUse() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "400", "--seed", "12", "--unlimited"], in: folder)
            try #require(try sandbox.run(["pull"], in: folder).status == 0)
            let running = try pulls(sandbox, in: folder)
            var (kills, random) = (0, SplitMix(state: testSeed(12)))
            let wanted = Int(ProcessInfo.processInfo.environment["HEEDAUDIT_KILLS"] ?? "") ?? 6
            var round = 0
            while kills < wanted, round < 20 * wanted {
                round += 1
                // Some go on with a copy, some begin one.
                let copy = "copies-\(round / 3)"
                let backup = try RunningCommand(
                    Tool.path,
                    ["backup", copy],
                    environment: Tool.cleanEnvironment,
                    in: folder
                )
                Thread.sleep(forTimeInterval: Double.random(in: 0.01...0.15, using: &random))
                backup.send(SIGKILL)
                let ended = backup.wait()
                if ended.status == 128 + SIGKILL { kills += 1 }
                #expect([0, 128 + SIGKILL].contains(ended.status), "\(ended.error)")
                guard FileManager.default.fileExists(atPath: "\(folder)/\(copy)") else { continue }
                let verified = try Tool.run(["verify", copy], in: folder)
                // Killed before its first entry there is no archive yet.
                #expect(
                    verified.status == 0 || verified.status == 64 && ended.status != 0,
                    "\(verified.output)\(verified.error)"
                )
            }
            #expect(kills == wanted)
            let last = try Tool.run(["backup", "copies", "--json"], in: folder)
            #expect(last.status == 0, "\(last.error)")
            try Data().write(to: URL(fileURLWithPath: folder + "/stop"))
            #expect(running.wait().status == 0)
            #expect(try Tool.run(["verify", "copies"], in: folder).status == 0)
            #expect(try Tool.run(["backup", "copies"], in: folder).status == 0)
            let same = try runCommand("diff", ["-r", "-x", "lock", "-x", "staging", "archive", "copies"], in: folder)
            #expect(same.status == 0, "\(same.output)")
        }
    }

    @Test func aRestoredCopyGoesOn() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "200", "--seed", "3", "--unlimited"], in: folder)
            let run = ["run", "--format", "csv"]
            #expect(try sandbox.run(run, in: folder).status == 0)
            let first = try Tool.run(["backup", "copies"], in: folder)
            #expect(first.status == 0 && first.output.contains("1 new entry, "), "\(first.output)\(first.error)")
            #expect(first.output.contains("read and sound"), "\(first.output)")
            let late = #"{"id":"late","action":"x.y","created_at":"2026-11-20T00:00:00Z"}"# + "\n"
            try sandbox.post("append", late)
            #expect(try sandbox.run(run, in: folder).status == 0)
            _ = try runCommand("sh", ["-c", "rm -r archive; cp -a copies archive"], in: folder)
            #expect(try Tool.run(["verify"], in: folder).status == 65)
            let noted = try Tool.run(["acknowledge", "--reason", "disk failed", "--by", "Ada"], in: folder)
            #expect(noted.status == 0, "\(noted.error)")
            #expect(try sandbox.run(run, in: folder).status == 0)
            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            // The old copy holds a part of what is there, and goes on with it.
            let again = try Tool.run(["backup", "copies", "--json"], in: folder)
            #expect(again.status == 0, "\(again.error)")
            let object = try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
            let copy = try #require((object?["copies"] as? [[String: Any]])?.first)
            #expect(copy["entries_added"] as? Int == 2 && copy["entry"] as? Int == 3, "\(copy)")
            #expect(copy["files_mended"] as? [String] == [])
        }
    }

    @Test func whatIsNoFolderForCopiesIsRefused() throws {
        try withFirstVersion { folder in
            let prepared =
                "mkdir there; ln -s ../archive there/link; cp -a imported other; cp -a archive several; "
                + "cp -a imported/local several/"
            #expect(try runCommand("sh", ["-c", prepared], in: folder).status == 0)
            for refused in [
                "archive", "archive/org-123", "archive/copies", ".", "there/link/copies", "new/../archive/copies",
                "imported/local", "other",
            ] {
                let result = try Tool.run(["backup", refused], in: folder)
                #expect(result.status == 64, "\(refused): \(result.status) \(result.error)")
            }
            let unharmed = try runCommand("diff", ["-r", "other", "imported"], in: folder)
            #expect(unharmed.status == 0, "\(unharmed.output)")
            let others = try Tool.run(["backup", "several"], in: folder)
            #expect(others.status == 0 && others.error.contains("warning") && others.error.contains("local"))
            for archive in ["archive", "imported"] {
                let result = try Tool.run(["backup", "copies-\(archive)", "--archive", archive], in: folder)
                #expect(result.status == 0, "\(result.error)")
                #expect(try Tool.run(["verify", "copies-\(archive)"], in: folder).status == 0)
            }
            let both = try Tool.run(["backup", "all", "--archive", "several", "--json"], in: folder)
            #expect(both.status == 0 && both.output.contains(#""organization":"local""#), "\(both.output)\(both.error)")
            #expect(try Tool.run(["backup", "none", "--archive", "nowhere"], in: folder).status == 64)
        }
    }

    /// Names that files and folders of the tool have, too.
    @Test(arguments: [
        "events", "ledger.ndjson", "variants", "latest", "SHA256SUMS", "pins.ndjson", "index.html", "manifest.json",
    ])
    func anOrganizationsIDMayBeAnyName(_ name: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let line = #"{"action":"a","created_at":"2026-01-01T00:00:00Z"}"# + "\n"
                try line.write(toFile: folder + "/log.ndjson", atomically: true, encoding: .utf8)
                for id in [name, "org-2"] {
                    try #require(try Tool.run(["import", "log.ndjson", "--organization", id], in: folder).status == 0)
                }
                for command in ["backup copies", "backup copies", "verify copies", "verify archive"] {
                    let result = try Tool.run(command.split(separator: " ").map(String.init), in: folder)
                    #expect(result.status == 0, "\(command): \(result.output) \(result.error)")
                }
            }
        }
    }

    @Test func oneThatFailsStopsNoOther() throws {
        try withFirstVersion { folder in
            let prepared = "cp -a imported/local archive/; rm archive/local/events/00000002.ndjson"
            #expect(try runCommand("sh", ["-c", prepared], in: folder).status == 0)
            let result = try Tool.run(["backup", "copies"], in: folder)
            #expect(result.status == 65 && result.error.contains("00000002.ndjson is missing"), "\(result.error)")
            #expect(result.output.contains("org-123: ") && !result.output.contains("local: "), "\(result.output)")
            #expect(try Tool.run(["verify", "copies/org-123"], in: folder).status == 0)
        }
    }

    /// Copies among reports would be taken for tampering, and so would reports among copies.
    @Test func copiesLieApartFromReports() throws {
        try withTemporaryFolder { folder in
            let event = #"{"id":"e1","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"# + "\n"
            try Data(event.utf8).write(to: URL(fileURLWithPath: folder + "/e.ndjson"))
            try #require(try Tool.run(["import", "e.ndjson", "--organization", "org-1"], in: folder).status == 0)
            try #require(try Tool.run(["report", "--format", "csv"], in: folder).status == 0)
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "output")
            let settings =
                "output: reports/all\norganizations: [{id: org-1}, {id: org-2, output: other, archive: there}]\n"
            try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/several.yaml"))
            for place in ["output", "output/copies", "link/x", "x/../output/org-1", "."] {
                let result = try Tool.run(["backup", place], in: folder)
                #expect(result.status == 64 && result.error.contains("folder of its own"), "\(place): \(result)")
            }
            for place in ["reports", "reports/all/x", "other", "other/x", "there/copies"] {
                let result = try Tool.run(["backup", place, "--config", "several.yaml"], in: folder)
                #expect(result.status == 64 && result.error.contains("folder of its own"), "\(place): \(result)")
            }
            #expect(try Tool.run(["backup", "copies"], in: folder).status == 0)
            #expect(try Tool.run(["verify"], in: folder).status == 0)
            // The folder that nobody named is nobody's where it is not there.
            let elsewhere = ["backup", ".", "--archive", folder + "/archive"]
            try FileManager.default.createDirectory(atPath: folder + "/disk", withIntermediateDirectories: true)
            let done = try Tool.run(elsewhere, in: folder + "/disk")
            #expect(done.status == 0, "\(done)")
        }
    }
}
