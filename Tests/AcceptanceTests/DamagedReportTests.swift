import Foundation
import TestSupport
import Testing

/// A report of a damaged archive says so, shows what can be read, and never calls it complete or sound.
@Suite struct DamagedReportTests {
    private func withPulled(_ body: (String, String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            var lines = ""
            for number in 1...40 {
                lines += #"{"id":"evt-\#(number)","action":"database.created","actor":{"id":"u"},"#
                lines += #""created_at":"2026-0\#(1 + number / 10)-1\#(number % 10)T10:00:00Z"}"# + "\n"
            }
            try lines.write(toFile: folder + "/log.ndjson", atomically: true, encoding: .utf8)
            let sandbox = try SandboxProcess(["--events", "log.ndjson", "--unlimited"], in: folder)
            let pulled = try sandbox.run(["pull"], in: folder)
            try #require(pulled.status == 0, "\(pulled.error)")
            try body(folder, folder + "/archive/org-123")
        }
    }

    private func report(_ period: String, in folder: String) throws -> (CommandResult, [String: Set<String>], String) {
        let result = try Tool.run(
            ["report", "--format", "csv,html,xml", "--json", "--period", period],
            in: folder,
            killAfter: 60
        )
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        var verdicts: [String: Set<String>] = [:]
        for finding in object?["findings"] as? [[String: Any]] ?? [] {
            verdicts[finding["control"] as? String ?? "", default: []].insert(finding["status"] as? String ?? "")
        }
        return (result, verdicts, "\(folder)/\(try #require(object?["bundle"] as? String))")
    }

    @Test(arguments: ["0026", "9926", "2006", "2029"], ["01", "03"])
    func aYearChangedInASegment(year: String, month: String) throws {
        try withPulled { folder, archive in
            let changed = try runCommand(
                "sh",
                ["-c", "sed -i '0,/2026-\(month)-15/s//\(year)-\(month)-15/' \(archive)/events/*.ndjson"],
                in: folder
            )
            try #require(changed.status == 0, "\(changed.error)")
            for period in ["all", "2026-\(month)", "2026"] {
                let (result, verdicts, bundle) = try report(period, in: folder)
                #expect(result.status == 65, "\(result.status) \(result.error)")
                #expect(verdicts["LOG-INTACT"] == ["fail"] && verdicts["LOG-COMPLETE"]?.contains("pass") == false)
                let events = String(decoding: try BundleFiles.read(bundle + "/events.csv"), as: UTF8.self)
                let times = events.split(separator: "\r\n").dropFirst().map { $0.split(separator: ",")[1] }
                #expect(times == times.sorted() && !times.isEmpty)
                // A damaged archive covers no time, in any format.
                let xml = String(decoding: try BundleFiles.read(bundle + "/report.xml"), as: UTF8.self)
                let told = try #require(xml.firstMatch(of: /<completeness [^>]*>/)).output
                #expect(!told.contains(" from=") && !told.contains(" to="), "\(told)")
                let page = String(decoding: try BundleFiles.read(bundle + "/report.html"), as: UTF8.self)
                #expect(!page.contains("<dt>Covered</dt>"))
                #expect(result.output.contains(#""complete_to":null"#), "\(result.output)")
            }
        }
    }

    /// The last entry is pinned by nothing; what it tells of its segments is compared with them.
    @Test func aSpanThatIsNotTheSegments() throws {
        try withPulled { folder, archive in
            let script =
                #"sed -i 's/"first_at":"2026-03-[^"]*","last_at":"2026-03-[^"]*"/"first_at":"2026-02-01T00:00:00Z","last_at":"2026-02-02T00:00:00Z"/' "#
            _ = try runCommand("sh", ["-c", script + archive + "/ledger.ndjson"], in: folder)
            let (result, verdicts, bundle) = try report("2026-03", in: folder)
            #expect(result.status == 65, "\(result.error)")
            #expect(verdicts["LOG-INTACT"] == ["fail"] && verdicts["LOG-COMPLETE"]?.contains("pass") == false)
            let events = String(decoding: try BundleFiles.read(bundle + "/events.csv"), as: UTF8.self)
            #expect(events.split(separator: "\r\n").count == 11, "\(events)")
            #expect(try Tool.run(["verify"], in: folder).status == 65)
        }
    }

    @Test func aSnapshotThatWasChanged() throws {
        try withPulled { folder, archive in
            _ = try runCommand("sh", ["-c", "sed -i 's/true/fals/' \(archive)/snapshots/*"], in: folder)
            let (result, verdicts, _) = try report("2026-03", in: folder)
            #expect(result.status == 65 && verdicts["LOG-INTACT"] == ["fail"], "\(result.error)")
        }
    }

    @Test func evidenceOrPinsWithoutAnEntryAre65AndNothingIs64() throws {
        try withPulled { folder, archive in
            #expect(try Tool.run(["report", "--archive", "none"], in: folder).status == 64)
            #expect(try Tool.run(["report", "--format", "csv", "--quiet"], in: folder).status == 0)
            try FileManager.default.removeItem(atPath: archive + "/ledger.ndjson")
            for command in [["report"], ["verify"], ["import", "log.ndjson"]] {
                let result = try Tool.run(command, in: folder)
                #expect(result.status == 65, "\(command): \(result.status) \(result.error)")
            }
        }
    }
}
