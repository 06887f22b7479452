import Foundation
import TestSupport
import Testing

/// Events that are valid and odd, through the built tool.
@Suite struct OddEventsTests {
    private func event(_ number: Int, _ more: String = "") -> String {
        #"{"id":"e\#(number)","action":"database.deleted","actor":{"id":"u"},"resource":{"type":"database","id":"d\#(number)"}\#(more)"#
    }

    @Test("Deletions are found in whatever form their times are written", arguments: ["+0000", "+00", "-0000", "z"])
    func formsOfTimes(zone: String) throws {
        try withTemporaryFolder { folder in
            var findings: [Data] = []
            for (name, end) in [("plain", "Z"), ("other", zone)] {
                let lines = (0..<40).map { event($0, #","created_at":"2026-03-28T11:07:0\#($0 % 10).000\#(end)"}"#) }
                try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
                let input = Data(lines.joined(separator: "\n").utf8)
                #expect(try Tool.run(["import", "-"], in: folder + "/" + name, input: input).status == 0)
                let report = ["report", "--period", "2026-03", "--format", "csv", "--quiet"]
                #expect(try Tool.run(report, in: folder + "/" + name).status == 0)
                let bundle = folder + "/\(name)/output/local/latest/"
                findings.append(try Data(contentsOf: URL(fileURLWithPath: bundle + "findings.csv")))
            }
            #expect(findings[0] == findings[1])
            #expect(String(decoding: findings[0], as: UTF8.self).contains("DB-BURST"))
        }
    }

    @Test("What is valid JSON is archived as received, by import and by pull")
    func archivedAsReceived() throws {
        let members: [[UInt8]] = [
            Array(#""n":123456789012345678901234567890"#.utf8), Array(#""n":1e400"#.utf8),
            Array((#""x":"# + String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)).utf8),
            Array(#""x":"\ud800","x":1"#.utf8), Array(#""x":""#.utf8) + [0xFF, 0xC3] + Array(#"""#.utf8),
        ]
        var file: [UInt8] = []
        for (number, member) in members.enumerated() {
            let start = event(number, #","created_at":"2026-03-17T10:00:0\#(number)Z","#)
            file += Array(start.utf8) + member + Array("}\n".utf8)
        }
        try withTemporaryFolder { folder in
            let path = folder + "/odd.ndjson"
            try Data(file).write(to: URL(fileURLWithPath: path))
            #expect(try Tool.run(["import", path, "--archive", "imported"], in: folder).status == 0)
            let sandbox = try SandboxProcess(["--events", path], in: folder)
            let pull = try sandbox.run(["pull", "--archive", "pulled"], in: folder)
            #expect(pull.status == 0, "\(pull.error)")
            #expect(try Archived.lastEntry(in: folder + "/pulled")["complete"] as? Bool == true)
            for archive in ["imported", "pulled"] {
                let root = folder + "/" + archive
                let organization = try #require(try FileManager.default.contentsOfDirectory(atPath: root).first)
                let segment = root + "/" + organization + "/events/00000001.ndjson"
                #expect(try Data(contentsOf: URL(fileURLWithPath: segment)) == Data(file), "\(archive)")
                for arguments in [["verify"], ["report"]] {
                    let result = try Tool.run(
                        arguments + ["--archive", archive, "--output", archive + "-out"],
                        in: folder
                    )
                    #expect(result.status == 0, "\(result.error)")
                }
            }
        }
    }

    @Test(
        "What is imported by mistake is recognised",
        arguments: [
            ("{\"events\":[{\"action\":\"a\"}],\"meta\":{\"total\":1}}\n", "jq -c '.events[]'"),
            (
                "{\n  \"meta\": {\"x\": [1]},\n  \"data\": {\n \"events\": [\n  {\"action\": \"a\"}\n]}}\n",
                "jq -c '.data.events[]'"
            ),
            ("[\n{\"action\":\"a\"}]\n", "jq -c '.[]'"), ("{\"data\":[]}", "jq -c '.data[]'"),
            ("\u{FEFF}{\"action\":\"a\"}\n", "byte order mark"), ("{\u{0}\"\u{0}a\u{0}", "UTF-16"),
            ("{\"foo\":[{\"events\":[]}]}\n", "has no action"), ("{\n", "is not JSON"),
        ]
    )
    func foreignInput(text: String, says words: String) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/input.ndjson"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let result = try Tool.run(["import", path], in: folder)
            #expect(result.status == 65 && result.error.contains("input.ndjson:1 "), "\(result.error)")
            #expect(result.error.contains(words), "\(result.error)")
        }
    }

    @Test func aCompressedFileThatIsCutOffOrMisnamed() throws {
        try withTemporaryFolder { folder in
            let lines = (0..<2000).map { event($0, #","x":"\#($0 &* 7919)"}"#) + "\n" }.joined()
            try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/a.ndjson"))
            let whole = try runCommand("/usr/bin/env", ["gzip", "-k", "a.ndjson"], environment: [:], in: folder)
            try #require(whole.status == 0)
            let packed = try Data(contentsOf: URL(fileURLWithPath: folder + "/a.ndjson.gz"))
            try packed.prefix(packed.count / 2).write(to: URL(fileURLWithPath: folder + "/cut.ndjson.gz"))
            try packed.write(to: URL(fileURLWithPath: folder + "/misnamed.ndjson"))
            let cut = try Tool.run(["import", "cut.ndjson.gz"], in: folder)
            #expect(cut.status == 65 && cut.error.contains("its end is missing"), "\(cut.error)")
            let misnamed = try Tool.run(["import", "misnamed.ndjson"], in: folder)
            #expect(misnamed.status == 65 && misnamed.error.contains("ends in .gz"), "\(misnamed.error)")
            #expect(try Tool.run(["import", "a.ndjson.gz"], in: folder).status == 0)
        }
    }
}
