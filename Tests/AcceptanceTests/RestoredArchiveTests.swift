import Foundation
import TestSupport
import Testing

/// An archive that was restored from a backup, beside bundles that pin entries it no longer holds.
@Suite struct RestoredArchiveTests {
    private func add(_ number: Int, in folder: String) throws {
        let line = #"{"id":"e\#(number)","action":"x.y","created_at":"2026-0\#(number)-05T00:00:00Z"}"# + "\n"
        let result = try Tool.run(["import", "-"], in: folder, input: Data(line.utf8))
        try #require(result.status == 0, "\(result.error)")
    }

    private func report(_ arguments: [String] = [], in folder: String) throws -> (CommandResult, [[String: Any]]) {
        let result = try Tool.run(["report", "--format", "csv", "--json"] + arguments, in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let findings = object?["findings"] as? [[String: Any]] ?? []
        return (result, findings.filter { $0["control"] as? String == "LOG-INTACT" })
    }

    private func withRestored(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for number in 1...3 {
                try add(number, in: folder)
                _ = try report(in: folder)
                if number == 1 { _ = try runCommand("cp", ["-a", "archive", "backup"], in: folder) }
            }
            try #require(try Tool.run(["verify"], in: folder).status == 0)
            let nothing = try Tool.run(["acknowledge", "--reason", "none"], in: folder)
            #expect(nothing.status == 64, "\(nothing.error)")
            _ = try runCommand("sh", ["-c", "rm -r archive; mv backup archive"], in: folder)
            try body(folder)
        }
    }

    @Test(arguments: [false, true]) func isToldAcknowledgedAndCleanAgain(goesOn: Bool) throws {
        try withRestored { folder in
            if goesOn { try add(4, in: folder) }
            #expect(try Tool.run(["verify"], in: folder).status == 65)
            let (told, verdicts) = try report(in: folder)
            #expect(told.error.contains("warning") && told.error.contains("heedaudit acknowledge"), "\(told.error)")
            #expect(told.error.contains("up to 2 entries") && told.error.contains("pins entry 3"), "\(told.error)")
            #expect(verdicts.map { $0["status"] as? String } == ["fail"])

            let noted = try Tool.run(
                ["acknowledge", "--reason", "disk failed, restored from the backup", "--by", "Ada"],
                in: folder
            )
            #expect(noted.status == 0 && noted.output.contains("acknowledged by Ada"), "\(noted.output)\(noted.error)")
            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            #expect(verified.output.contains("up to 2 entries that bundles pin were given up: acknowledged by Ada"))

            let (after, waived) = try report(in: folder)
            #expect(after.status == 0 && !after.error.contains("warning"), "\(after.error)")
            #expect(waived.map { $0["status"] as? String } == ["waived"])
            let published = try JSONSerialization.jsonObject(with: Data(after.output.utf8)) as? [String: Any]
            let bundle = try #require(published?["bundle"] as? String)
            let findings = try BundleFiles.read("\(folder)/\(bundle)/findings.csv")
            let text = String(decoding: findings, as: UTF8.self)
            #expect(text.contains("Ada took note of that") && text.contains("disk failed, restored from the backup"))
            // What they said of events long before they were written is not known.
            let (_, earlier) = try report(["--period", "2025-01"], in: folder)
            #expect(earlier.map { $0["status"] as? String } == ["waived"])

            #expect(try Tool.run(["acknowledge", "--reason", "again"], in: folder).status == 64)
            try add(5, in: folder)
            _ = try report(in: folder)
            #expect(try Tool.run(["verify"], in: folder).status == 0)
        }
    }

    /// Only the ledger came back from the backup: what it does not name is told by everybody, until it is given up.
    @Test func filesThatTheLedgerDoesNotNameAreGivenUp() throws {
        try withTemporaryFolder { folder in
            for number in 1...3 {
                try add(number, in: folder)
                if number == 1 { _ = try runCommand("sh", ["-c", "cp archive/*/ledger.ndjson kept"], in: folder) }
            }
            _ = try report(in: folder)
            _ = try runCommand("sh", ["-c", "cp kept archive/local/ledger.ndjson"], in: folder)
            let (told, verdicts) = try report(in: folder)
            #expect(told.status == 65 && verdicts.contains { $0["status"] as? String == "fail" }, "\(told.error)")
            let line = #"{"id":"e2","action":"x.y","created_at":"2026-02-05T00:00:00Z"}"# + "\n"
            let added = try Tool.run(["import", "-"], in: folder, input: Data(line.utf8))
            #expect(added.status == 0 && added.error.contains("no entry of the ledger names 2 files"), "\(added.error)")
            #expect(try Tool.run(["verify"], in: folder).status == 65)
            let noted = try Tool.run(["acknowledge", "--reason", "one\n/x: sound, 9 entries"], in: folder)
            #expect(noted.status == 0 && noted.output.contains("2 files that no entry names"), "\(noted.output)")
            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            #expect(!verified.lines.contains { $0.hasPrefix("/x: sound") }, "\(verified.output)")
            let (after, waived) = try report(in: folder)
            #expect(after.status == 0, "\(after.error)")
            #expect(waived.map { $0["status"] as? String } == ["waived"])
        }
    }

    @Test func withoutAPinTheWayOutIsTold() throws {
        try withTemporaryFolder { folder in
            for number in 1...2 { try add(number, in: folder) }
            _ = try runCommand("sed", ["-i", "2d", "archive/local/ledger.ndjson"], in: folder)
            let noted = try Tool.run(["acknowledge", "--reason", "why"], in: folder)
            #expect(noted.status == 64 && noted.error.contains("events/00000002.ndjson"), "\(noted.error)")
            #expect(noted.error.contains("move what no entry names out"), "\(noted.error)")
        }
    }

    @Test func aReasonIsAskedFor() throws {
        try withRestored { (folder: String) throws -> Void in
            #expect(try Tool.run(["acknowledge"], in: folder).status == 64)
            #expect(try Tool.run(["acknowledge", "--reason", "  "], in: folder).status == 64)
            #expect(try Tool.run(["verify"], in: folder).status == 65)
        }
    }
}
