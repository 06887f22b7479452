import Foundation
import TestSupport
import Testing

/// What an import says of input that is no plain NDJSON: the cause, not the consequence.
@Suite struct ImportSourceTests {
    private static let lines = (0..<2_000).map {
        #"{"id":"evt-\#($0)","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"# + "\n"
    }.joined()

    private static func shell(_ command: String, in folder: String) throws {
        let result = try runCommand("sh", ["-c", command], in: folder)
        try #require(result.status == 0, "\(command): \(result.error)")
    }

    private static func inFolder(_ body: @escaping @Sendable (String) throws -> Void) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try lines.write(toFile: folder + "/plain.ndjson", atomically: true, encoding: .utf8)
                try body(folder)
            }
        }
    }

    @Test func packedFilesAreRead() async throws {
        try await Self.inFolder { folder in
            try Self.shell("gzip -c plain.ndjson > log.gz", in: folder)
            try Self.shell(
                "(head -1000 plain.ndjson | gzip; tail -1000 plain.ndjson | gzip; printf '\\0\\0\\0') > two.gz",
                in: folder
            )
            for file in ["log.gz", "two.gz", "plain.ndjson"] {
                let result = try Tool.run(["import", file, "--archive", "of-" + file], in: folder)
                #expect(result.status == 0 && result.output.contains("2,000 new events"), "\(file): \(result.error)")
                #expect(try Archived.lines(in: folder + "/of-" + file).count == 2_000)
            }
        }
    }

    @Test func whatCannotBeReadIsToldByItsCause() async throws {
        try await Self.inFolder { folder in
            try Self.shell("gzip -c plain.ndjson | head -c 3000 > cut.gz", in: folder)
            try Self.shell(
                "gzip -c plain.ndjson > bad.gz; printf 'xxxx' | dd of=bad.gz bs=1 seek=500 conv=notrunc 2>/dev/null",
                in: folder
            )
            try Self.shell(
                "iconv -f UTF-8 -t UTF-16 plain.ndjson > wide.ndjson; iconv -f UTF-8 -t UTF-16LE plain.ndjson > le.ndjson",
                in: folder
            )
            try Self.shell("gzip -c plain.ndjson > packed.ndjson; cp plain.ndjson plain.gz", in: folder)
            try Self.shell("bzip2 -c plain.ndjson > log.bz2; xz -c plain.ndjson > log.xz", in: folder)
            try #"{"events":[{"id":"a","action":"x"}],"meta":{"page":1,"total":1}}"#
                .write(toFile: folder + "/answer.json", atomically: true, encoding: .utf8)
            try "{\n  \"data\": [\n    {\"id\": \"a\"}\n  ]\n}\n".write(
                toFile: folder + "/pretty.json",
                atomically: true,
                encoding: .utf8
            )
            try #"[{"id":"a","action":"x"}]"#.write(toFile: folder + "/list.json", atomically: true, encoding: .utf8)
            for name in ["UTF-32", "UTF-32LE", "UTF-32BE", "UTF-16BE"] {
                try Self.shell("iconv -f UTF-8 -t \(name) plain.ndjson > \(name)", in: folder)
            }
            try Self.shell("printf '\\0\\0\\376\\377' | cat - UTF-32BE > marked", in: folder)
            try Self.shell("printf '\\376\\377' | cat - UTF-16BE > marked-16", in: folder)
            try Self.shell("gzip -c plain.ndjson | gzip -c > twice.gz; tr '\\n' '\\r' < plain.ndjson > cr", in: folder)
            try Self.shell("tar -cf log.tar plain.ndjson; gzip -c log.tar > log.tar.gz", in: folder)
            for (file, words) in [
                ("UTF-32", "convert it: iconv -f UTF-32 -t"), ("marked", "iconv -f UTF-32 -t"),
                ("UTF-32LE", "iconv -f UTF-32LE -t"), ("UTF-32BE", "iconv -f UTF-32BE -t"),
                ("UTF-16BE", "iconv -f UTF-16BE -t"), ("marked-16", "iconv -f UTF-16 -t"),
                ("twice.gz", "is compressed twice"), ("cr", "tr '\\r' '\\n' < FILE"), ("log.tar", "tar -xf"),
                ("log.tar.gz", "tar -xf"), ("packed.ndjson", "zcat FILE"),
                ("cut.gz", "its end is missing"), ("bad.gz", "damaged"), ("wide.ndjson", "UTF-16"),
                ("le.ndjson", "UTF-16"),
                ("log.bz2", "bunzip2"), ("log.xz", "unxz"), ("pretty.json", "jq -c"), ("list.json", "jq -c '.[]'"),
            ] {
                let result = try Tool.run(["import", file], in: folder)
                #expect(result.status == 65 && result.error.contains(words), "\(file): \(result.error)")
                #expect(try Archived.lines(in: folder + "/archive").isEmpty, "\(file)")
            }
        }
    }

    /// What is said to do does it.
    @Test func whatIsSaidToDoHelps() async throws {
        try await Self.inFolder { folder in
            let mistakes = [
                "iconv -f UTF-8 -t UTF-32", "iconv -f UTF-8 -t UTF-16BE", "iconv -f UTF-8 -t UTF-16", "tr '\\n' '\\r'",
                "gzip -c",
            ]
            for mistake in mistakes {
                try Self.shell("rm -rf archive; \(mistake) < plain.ndjson > wrong", in: folder)
                let refused = try Tool.run(["import", "wrong"], in: folder)
                let hint = try #require(refused.error.firstMatch(of: /(iconv|tr|zcat) .*/)).0
                let command = hint.replacing("FILE", with: "wrong").replacing("heedaudit", with: "'\(Tool.path)'")
                try Self.shell("\(command)", in: folder)
                if !command.contains("zcat") {
                    let result = try Tool.run(["import", "events.ndjson"], in: folder)
                    #expect(result.output.contains("2,000 new events"), "\(mistake): \(result)")
                }
                #expect(try Archived.lines(in: folder + "/archive").count == 2_000, "\(mistake)")
            }
        }
    }

    @Test func anIdWithAnotherContentIsTold() async throws {
        try await Self.inFolder { folder in
            let one = #"{"id":"e1","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"# + "\n"
            let other = one.replacing("created\"", with: "deleted\"")
            try Data((one + one + other).utf8).write(to: URL(fileURLWithPath: folder + "/two.ndjson"))
            try Data(other.replacing("e1", with: "evt-7").utf8).write(to: URL(fileURLWithPath: folder + "/one.ndjson"))
            let told = "1 event came with another content than one of the same id, first "
            let inside = try Tool.run(["import", "two.ndjson", "--quiet"], in: folder)
            #expect(inside.status == 0 && inside.error.contains(told + "e1"), "\(inside)")
            try #require(try Tool.run(["import", "plain.ndjson"], in: folder).error.contains("content") == false)
            let beside = try Tool.run(["import", "one.ndjson", "--quiet"], in: folder)
            #expect(beside.status == 0 && beside.error.contains(told + "evt-7"), "\(beside)")
        }
    }

    @Test func theStreamsAreHeard() async throws {
        try await Self.inFolder { folder in
            let full = try runCommand("sh", ["-c", "'\(Tool.path)' controls > /dev/full"], in: folder)
            #expect(full.status == 74 && full.error.contains("standard output"), "\(full.error)")
            let version = try runCommand("sh", ["-c", "'\(Tool.path)' --version > /dev/full"], in: folder)
            #expect(version.status == 74)
            let json = try Tool.run(
                ["report", "--archive", "none"],
                in: folder,
                environment: ["HEEDAUDIT_LOG_FORMAT": "json"]
            )
            #expect(json.status == 64 && json.error.hasPrefix("{"), "\(json.error)")
        }
    }

    @Test func aConfigurationThatAnybodyCanWriteIsNotObeyed() async throws {
        try await Self.inFolder { folder in
            try "archive: elsewhere\n".write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            try Self.shell("chmod 666 heedaudit.yaml", in: folder)
            let refused = try Tool.run(["import", "plain.ndjson"], in: folder)
            #expect(refused.status == 78 && refused.error.contains("chmod go-w"), "\(refused.error)")
            #expect(try Tool.run(["import", "plain.ndjson", "--config", "heedaudit.yaml"], in: folder).status == 0)
            try Self.shell("chmod 644 heedaudit.yaml", in: folder)
            #expect(try Tool.run(["import", "plain.ndjson"], in: folder).status == 0)
        }
    }
}
