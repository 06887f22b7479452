import Foundation
import TestSupport
import Testing

/// What can be wrong around the tool: each with its message and its exit status, in one or two lines.
@Suite struct BadInputTests {
    @Test func wrongTokenIs77AndIsNotShown() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(in: folder)
            let result = try sandbox.run(["pull"], in: folder, environment: ["CLOUDHEED_TOKEN": "ch_live_wrong_secret"])
            expect(result, status: 77, says: "token")
            #expect(!result.error.contains("ch_live_wrong_secret"))
            #expect(result.error.contains("req-"), "the request id is named")
        }
    }

    @Test func tokenWithoutScopeIs77() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(in: folder)
            let result = try sandbox.run(
                ["pull"],
                in: folder,
                environment: ["CLOUDHEED_TOKEN": SandboxProcess.scopelessToken]
            )
            expect(result, status: 77, says: "org:read")
        }
    }

    @Test func readOnlyTokenCannotChangeSettings() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(in: folder)
            let result = try sandbox.run(
                ["settings", "update", "--sso-enabled", "true", "--yes"],
                in: folder,
                environment: ["CLOUDHEED_TOKEN": SandboxProcess.readOnlyToken]
            )
            expect(result, status: 77, says: "org:write")
        }
    }

    @Test func missingTokenIs77() throws {
        try withTemporaryFolder { folder in
            expect(try Tool.run(["pull"], in: folder), status: 77, says: "CLOUDHEED_TOKEN")
        }
    }

    @Test func tokenFileOthersCanReadIsRefusedWithTheCommandToType() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/token"
            try "ch_live_sandbox\n".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let result = try Tool.run(["pull", "--token-file", path], in: folder)
            expect(result, status: 77, says: "chmod 600")
        }
    }

    @Test func noSuchHostIs69() throws {
        try withTemporaryFolder { folder in
            let result = try Tool.run(
                ["organization", "show", "--base-url", "https://no-such-host.invalid"],
                in: folder,
                environment: ["CLOUDHEED_TOKEN": "ch_live_x", "HEEDAUDIT_MAX_WAIT": "5s"]
            )
            expect(result, status: 69, says: "no-such-host.invalid")
        }
    }

    @Test func plainHTTPElsewhereIs78() throws {
        try withTemporaryFolder { folder in
            let result = try Tool.run(
                ["pull", "--base-url", "http://example.com"],
                in: folder,
                environment: ["CLOUDHEED_TOKEN": "ch_live_x"]
            )
            expect(result, status: 78, says: "http")
        }
    }

    @Test func serviceThatAlwaysFailsIs69() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--fault", "500:1.0"], in: folder)
            let result = try sandbox.run(["organization", "show"], in: folder)
            expect(result, status: 69, says: "500")
        }
    }

    @Test func pageOfHTMLInPlaceOfJSONIs69() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--fault", "html:1.0"], in: folder)
            let result = try sandbox.run(["organization", "show"], in: folder)
            expect(result, status: 69, says: "JSON")
        }
    }

    @Test func unknownConfigurationKeyNamesTheNearest() throws {
        try withTemporaryFolder { folder in
            try "archive: ./a\nperoid: all\n".write(
                toFile: folder + "/heedaudit.yaml",
                atomically: true,
                encoding: .utf8
            )
            let result = try Tool.run(["report"], in: folder)
            expect(result, status: 78, says: "heedaudit.yaml:2")
            #expect(result.error.contains("'period'"))
        }
    }

    @Test func unreadableTemplateNamesFileAndLine() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
            try "# Report\n\n{{{organization.name}}}\n".write(
                toFile: folder + "/mine/summary.md",
                atomically: true,
                encoding: .utf8
            )
            let result = try Tool.run(["templates", "check", "mine"], in: folder)
            #expect(result.status != 0)
            #expect((result.output + result.error).contains("summary.md:3"))
            try importSome(into: folder)
            let report = try Tool.run(["report", "--templates", "mine"], in: folder)
            expect(report, status: 78, says: "summary.md:3")
            #expect(!FileManager.default.fileExists(atPath: folder + "/output/local/latest"))
        }
    }

    @Test func damagedArchiveIs65AndTheReportSaysSo() throws {
        try withTemporaryFolder { folder in
            try importSome(into: folder)
            let segments = try FileManager.default.subpathsOfDirectory(atPath: folder + "/archive")
                .filter { $0.hasSuffix(".ndjson") && $0.contains("events/") }
            let segment = try #require(segments.first)
            let path = folder + "/archive/" + segment
            var bytes = try BundleFiles.read(path)
            let index = try #require(bytes.firstRange(of: Data("u1@example.com".utf8))).lowerBound
            bytes[index] = UInt8(ascii: "x")
            try bytes.write(to: URL(fileURLWithPath: path))

            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 65)
            #expect((verified.output + verified.error).contains("00000001.ndjson"))

            let report = try Tool.run(["report"], in: folder)
            #expect(report.status == 65, "\(report.error)")
            let findings = try BundleFiles.read(try BundleFiles.latest(in: folder + "/output") + "/findings.csv")
            let intact = String(decoding: findings, as: UTF8.self).split(separator: "\r\n")
                .first { $0.contains(",LOG-INTACT,") }
            #expect(intact?.contains(",fail,") == true, "\(String(describing: intact))")
        }
    }

    @Test(arguments: ["253402300800", "9223372036854775807", "-1", "soon"])
    func aTimeOfABuildBeyondTheYear9999Is78(seconds: String) throws {
        try withTemporaryFolder { folder in
            try importSome(into: folder)
            let result = try Tool.run(["report"], in: folder, environment: ["SOURCE_DATE_EPOCH": seconds])
            #expect(result.status == 78 && result.error.contains("SOURCE_DATE_EPOCH"), "\(result.error)")
        }
    }

    @Test func outputThatCannotBeWrittenIs73() throws {
        try withTemporaryFolder { folder in
            try importSome(into: folder)
            try "a file".write(toFile: folder + "/taken", atomically: true, encoding: .utf8)
            let result = try Tool.run(["report", "--output", "taken/reports"], in: folder)
            expect(result, status: 73, says: "taken")
        }
    }

    @Test(arguments: ["2026-13", "2026-Q5", "yesterday", "20x6", "2026-00"])
    func periodThatMakesNoSenseIs64(period: String) throws {
        try withTemporaryFolder { folder in
            try importSome(into: folder)
            expect(try Tool.run(["report", "--period", period], in: folder), status: 64, says: period)
        }
    }

    @Test func periodTogetherWithFromIs64() throws {
        try withTemporaryFolder { folder in
            let result = try Tool.run(["report", "--period", "all", "--from", "2026-01-01"], in: folder)
            expect(result, status: 64, says: "--from")
        }
    }

    @Test func unknownFlagIs64() throws {
        try withTemporaryFolder { folder in
            let result = try Tool.run(["report", "--frmat", "csv"], in: folder)
            #expect(result.status == 64)
        }
    }

    @Test func importedLinesThatAreNotEventsNameFileAndLine() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/broken.ndjson"
            for (line, words) in [
                ("not json", "broken.ndjson:2 is not JSON"), ("[1]", "broken.ndjson:2 is JSON, but no object"),
                ("{\"id\":\"evt-2\",\"action\":1}", "broken.ndjson:2 has no action that is a text"),
            ] {
                let lines = "{\"id\":\"evt-1\",\"action\":\"a\",\"created_at\":\"2026-03-01T00:00:00Z\"}\n\(line)\n"
                try lines.write(toFile: path, atomically: true, encoding: .utf8)
                let result = try Tool.run(["import", path], in: folder)
                expect(result, status: 65, says: words)
            }
        }
    }

    /// The message is one or two lines, names what is asked, and the status is right.
    private func expect(
        _ result: CommandResult,
        status: Int32,
        says words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result.error)", sourceLocation: sourceLocation)
        #expect(result.error.contains(words), "\(result.error)", sourceLocation: sourceLocation)
        let lines = result.error.split(separator: "\n")
        let error = lines.firstIndex { $0.hasPrefix("heedaudit: error: ") }
        let behind = error.map { lines[lines.index(after: $0)...] } ?? []
        #expect(error != nil, "\(result.error)", sourceLocation: sourceLocation)
        #expect(
            behind.isEmpty || (behind.count == 1 && behind.first?.hasPrefix("hint: ") == true),
            "\(result.error)",
            sourceLocation: sourceLocation
        )
    }

    private func importSome(into folder: String) throws {
        var lines = ""
        for number in 0..<50 {
            lines += #"{"id":"evt-\#(number)","action":"database.created","actor":{"id":"user-\#(number % 3)","#
            lines += #""email":"u\#(number % 3)@example.com"},"resource":{"type":"database","id":"db-\#(number)"},"#
            lines += #""created_at":"2026-03-\#(number % 20 + 10)T10:00:00Z"}"# + "\n"
        }
        let result = try Tool.run(["import", "-"], in: folder, input: Data(lines.utf8))
        try #require(result.status == 0, "\(result.error)")
    }
}
