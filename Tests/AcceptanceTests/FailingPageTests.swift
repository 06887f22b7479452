import Foundation
import TestSupport
import Testing

/// Pages that fail again and again in a way that might pass: what can be read is archived all the same.
@Suite struct FailingPageTests {
    private static func sandbox(_ fault: String, _ more: [String] = [], in folder: String) throws -> SandboxProcess {
        try SandboxProcess(["--generate", "450", "--unlimited", "--fault", fault] + more, in: folder)
    }

    private static func append(_ count: Int, _ name: String, to sandbox: SandboxProcess) throws {
        let at = ISO8601DateFormatter().string(from: Date())
        let lines = (0..<count).map { #"{"id":"evt-\#(name)-\#($0)","action":"member.invited","created_at":"\#(at)"}"# }
        try sandbox.post("append", lines.joined(separator: "\n"))
    }

    /// Redirects are no refusal, and fail at once: what is true of them is true of 503.
    @Test(arguments: [("refuse=302@4", "newest"), ("refuse=302@4", "oldest"), ("refuse=503@4", "newest")])
    func aFirstPullThatFailsAtOnePageThriceIsArchivedUpToThere(fault: String, order: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try Self.sandbox(fault, ["--order", order], in: folder)
                // Pages are under way together: a run may stage one more than the run before, which is progress.
                var (runs, last) = (0, try sandbox.run(["pull"], in: folder))
                while last.status != 0, runs < 5 {
                    #expect(last.status == (fault.contains("503") ? 69 : 65), "\(last.error)")
                    (runs, last) = (runs + 1, try sandbox.run(["pull"], in: folder))
                }
                #expect(runs >= 2 && last.status == 0 && last.error.contains("not complete"), "\(runs): \(last.error)")
                #expect(last.error.contains("page 4") && last.error.contains("in 3 runs"), "\(last.error)")
                var entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(entry["complete"] as? Bool == false && entry["attempts"] as? Int == runs + 1, "\(entry)")
                #expect(entry["new"] as? Int == 300, "\(entry)")
                #expect(entry["refused_page"] as? Int == 4)
                // The next one need not find out again.
                try Self.append(3, "a", to: sandbox)
                let fourth = try sandbox.run(["pull"], in: folder)
                entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(fourth.status == 0 && entry["new"] as? Int == (order == "newest" ? 3 : 0), "\(fourth.error)")
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }

    @Test func aFailureBehindProgressIsNotCounted() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                for page in [2, 3, 4, 5] {
                    // The same log, served a page further each time.
                    let sandbox = try Self.sandbox("refuse=302@\(page)", in: folder)
                    let pull = try sandbox.run(["pull"], in: folder)
                    #expect(pull.status == 65, "page \(page): \(pull)")
                    sandbox.process.send(SIGKILL)
                }
                let sound = try Self.sandbox("drift=0", in: folder)
                try #require(try sound.run(["pull"], in: folder).status == 0)
                let entry = try Archived.lastEntry(in: folder + "/archive")
                #expect(entry["complete"] as? Bool == true && entry["attempts"] as? Int == 5, "\(entry)")
            }
        }
    }

    @Test func whatAFullReadingHadReadIsArchivedWhenItIsGivenUp() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try "full_every: 1s\n".write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
                let sound = try Self.sandbox("drift=0", in: folder)
                try #require(try sound.run(["pull"], in: folder).status == 0)
                Thread.sleep(forTimeInterval: 1.5)
                let bad = try Self.sandbox("refuse=302@2", in: folder)
                try Self.append(2, "a", to: bad)
                #expect(try bad.run(["pull"], in: folder).status == 65)
                try Self.append(3, "b", to: bad)
                let pull = try bad.run(["pull"], in: folder)
                #expect(pull.status == 0 && pull.error.contains("given up at page 2 after 1 attempt"), "\(pull.error)")
                let entries = try Archived.entries(in: folder + "/archive")
                #expect(entries.count == 3)
                #expect(entries[1]["mode"] as? String == "full" && entries[1]["complete"] as? Bool == false)
                #expect(entries[1]["new"] as? Int == 2 && entries[1]["refused_page"] as? Int == 2, "\(entries[1])")
                #expect("\(entries[1]["incomplete_because"] ?? "")".contains("redirects"), "\(entries[1])")
                #expect(entries[2]["mode"] as? String == "incremental" && entries[2]["new"] as? Int == 3)
                #expect(entries[2]["complete"] as? Bool == true, "\(entries[2])")
                #expect(try Tool.run(["verify"], in: folder).status == 0)
            }
        }
    }
}
