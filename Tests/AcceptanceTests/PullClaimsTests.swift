import Foundation
import TestSupport
import Testing

/// What a pull says of itself: no more than it saw.
@Suite struct PullClaimsTests {
    @Test func eventsThatWentWhileTheyWereReadAreNamedAndTheNextPullIsComplete() async throws {
        let (first, error, second, kept) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "300", "--unlimited", "--fault", "withdraw=50@3"],
                    in: folder
                )
                let pull = try sandbox.run(["pull"], in: folder)
                try #require(pull.status == 0, "\(pull.error)")
                let first = try Entry(in: folder)
                let again = try sandbox.run(["pull"], in: folder)
                try #require(again.status == 0, "\(again.error)")
                return (first, pull.error, try Entry(in: folder), try Archived.lines(in: folder + "/archive").count)
            }
        }
        #expect(!first.isComplete && first.count("vanished") == 50 && first.number("left_while_read") == 50)
        #expect(error.contains("not complete") && error.contains("50 events vanished"))
        #expect(second.isComplete && second.anomalies.isEmpty && second.number("total_at_end") == 250)
        #expect(kept == 300)
    }

    @Test(arguments: ["newest", "oldest"])
    func aPullThatSeesEventsExpireProvesFromTheOldestThatIsLeft(order: String) async throws {
        let entries = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "450", "--unlimited", "--fault", "expire=3x2", "--order", order],
                    in: folder
                )
                var entries: [Entry] = []
                for arguments in [["pull"], ["pull"], ["pull", "--full"]] {
                    let pull = try sandbox.run(arguments, in: folder)
                    try #require(pull.status == 0, "\(pull.error)")
                    entries.append(try Entry(in: folder))
                }
                return entries
            }
        }
        let oldest = entries.last?.text("oldest_served")
        #expect(oldest != nil && entries.allSatisfy { $0.isComplete && $0.provenFrom == oldest }, "\(entries)")
        #expect(entries[1].text("mode") == "incremental")
    }

    @Test func anotherOrganizationAtTheEndIsAnErrorAndNothingIsKept() async throws {
        let (status, error, held) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "300", "--unlimited", "--fault", "other-organization=2"],
                    in: folder
                )
                let pull = try sandbox.run(["pull"], in: folder)
                let files = try runCommand("sh", ["-c", "find archive -type f ! -name lock"], in: folder)
                return (pull.status, pull.error, files.output)
            }
        }
        #expect(status == 65 && error.contains("org-123") && error.contains("org-999"))
        #expect(held.isEmpty, "\(held)")
    }

    @Test(arguments: [
        ("date=86400", "local"), ("date=-86400", "server"), ("date=none", "local"), ("date=garbled", "local"),
    ])
    func provenEndsByTheEarlierClock(fault: String, used: String) async throws {
        let (entry, error, begin) = try await aside {
            try withTemporaryFolder { folder in
                let begin = Date()
                let sandbox = try SandboxProcess(["--generate", "150", "--unlimited", "--fault", fault], in: folder)
                let pull = try sandbox.run(["pull"], in: folder)
                try #require(pull.status == 0, "\(pull.error)")
                return (try Entry(in: folder), pull.error, begin)
            }
        }
        let clock = entry.object["clock"] as? [String: Any]
        #expect(clock?["used"] as? String == used && clock?["local"] is String, "\(entry)")
        #expect((clock?["server"] is String) == fault.contains("86400"))
        #expect(error.contains(fault.contains("86400") ? "clocks differ" : "no date that can be read"))
        let proven = try #require((entry.object["proven"] as? [String: Any])?["to"] as? String)
        let stamp = try #require((entry.object["snapshots"] as? [String: Any])?["served_at"] as? String)
        let format = ISO8601DateFormatter()
        let shift = used == "server" ? -86_400.0 : 0
        let behind = try #require(format.date(from: proven)).timeIntervalSince(begin) - shift
        #expect(behind > -302 && behind < -240, "\(proven)")
        let stamped = try #require(format.date(from: stamp)).timeIntervalSince(begin) - shift
        #expect(stamped > -2 && stamped < 60, "\(stamp)")
    }

    @Test func aClockThatWasAheadPutsOffNoFullPull() async throws {
        let (first, second, third, error) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "350", "--unlimited"], in: folder)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                let first = try Entry(in: folder)
                // The same pull, as a clock of ten years later would have written it.
                let at = try #require(first.text("at"))
                let ledger = folder + "/archive/org-123/ledger.ndjson"
                let line = try String(contentsOfFile: ledger, encoding: .utf8)
                try line.replacingOccurrences(of: "\"at\":\"\(at)\"", with: "\"at\":\"2036\(at.dropFirst(4))\"")
                    .write(toFile: ledger, atomically: true, encoding: .utf8)
                let full = try sandbox.run(["pull"], in: folder)
                try #require(full.status == 0, "\(full.error)")
                let second = try Entry(in: folder)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                return (first, second, try Entry(in: folder), full.error)
            }
        }
        #expect(first.text("mode") == "full" && second.text("mode") == "full" && third.text("mode") == "incremental")
        #expect(error.contains("one of the times is wrong"), "\(error)")
    }

    @Test(arguments: ["newest", "oldest"])
    func elementsThatAreNoEventsAreKeptAndMakeNothingIncomplete(order: String) async throws {
        let (first, second, error, texts, verified) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "450", "--unlimited", "--fault", "odd=4", "--order", order],
                    in: folder
                )
                let pull = try sandbox.run(["pull"], in: folder)
                try #require(pull.status == 0, "\(pull.error)")
                let first = try Entry(in: folder)
                try #require(try sandbox.run(["pull"], in: folder).status == 0)
                let kept = try String(
                    contentsOfFile: folder + "/archive/org-123/unreadable/00000001.ndjson",
                    encoding: .utf8
                )
                let verified = try Tool.run(["verify"], in: folder)
                return (first, try Entry(in: folder), pull.error, kept, verified)
            }
        }
        #expect(first.isComplete && first.number("unique") == 454 && first.count("unreadable") == 1, "\(first)")
        #expect(Set(texts.split(separator: "\n")).isSuperset(of: ["null", "1", "\"text\"", "[3]"]), "\(texts)")
        #expect(error.contains("no events"))
        #expect(second.isComplete && second.text("mode") == "incremental" && second.anomalies.isEmpty)
        #expect(verified.status == 0, "\(verified.error)")
    }

    @Test func timesThatCannotBeAreNamedAndMoveNothing() async throws {
        let (plain, odd, second) = try await aside {
            try withTemporaryFolder { folder in
                var entries: [Entry] = []
                for (archive, faults) in [("plain", []), ("odd", ["--fault", "odd-times=6"])] {
                    let sandbox = try SandboxProcess(["--generate", "450", "--unlimited"] + faults, in: folder)
                    for _ in 0..<2 {
                        try #require(try sandbox.run(["pull", "--archive", archive], in: folder).status == 0)
                        entries.append(try Entry(in: folder, archive))
                    }
                }
                return (entries[0], entries[2], entries[3])
            }
        }
        #expect(odd.isComplete && odd.count("implausible_time") == 6 && odd.provenFrom == plain.provenFrom)
        #expect(second.isComplete && second.text("mode") == "incremental" && second.anomalies.isEmpty)
    }

    @Test(arguments: ["newest", "oldest"])
    func disorderWithinAPageKeepsPullsIncremental(order: String) async throws {
        let requests = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "2150", "--unlimited", "--fault", "disorder=9", "--order", order],
                    in: folder
                )
                for _ in 0..<2 { try #require(try sandbox.run(["pull"], in: folder).status == 0) }
                return try Entry(in: folder)
            }
        }
        #expect(requests.text("mode") == "incremental" && requests.isComplete)
        // What is archived beside the log, the organization once more, and one page of the log.
        #expect(requests.number("requests") == requests.snapshotCount + 2, "\(requests)")
        #expect(requests.snapshotCount > 1)
    }

    @Test(arguments: [
        "request_timeout: 300000d", "max_wait: 99999999999d", "full_every: 9223372036854775807d", "full_every: 3651d",
        "rate_share: nan", "rate_share: inf", "thresholds: {KEY-AGE: 9223372036854775807}",
    ]) func numbersOutOfAllProportionAreRefusedWithWhatIsAccepted(line: String) throws {
        let result = try withTemporaryFolder { folder in
            try (line + "\n").write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            return try Tool.run(["pull"], in: folder, environment: ["CLOUDHEED_TOKEN": "ch_live_x"])
        }
        #expect(result.status == 78, "\(result)")
        #expect(result.error.contains("3650d") || result.error.contains("up to 1") || result.error.contains("1 to"))
    }
}

/// The newest entry of an archive's ledger.
private struct Entry: @unchecked Sendable, CustomStringConvertible {
    // Sendable: nobody changes what JSON gave.
    let object: [String: Any]

    init(in folder: String, _ archive: String = "archive") throws {
        object = try Archived.lastEntry(in: folder + "/" + archive)
    }

    var isComplete: Bool { object["complete"] as? Bool == true }
    var anomalies: [[String: Any]] { object["anomalies"] as? [[String: Any]] ?? [] }
    var provenFrom: String? { (object["proven"] as? [String: Any])?["from"] as? String }
    var description: String { "\(object)" }
    /// Answers kept beside the log, pages of lists included.
    var snapshotCount: Int {
        let snapshots = object["snapshots"] as? [String: Any]
        let lists = (snapshots?["lists"] as? [String: [String: Any]] ?? [:]).values
        return ((snapshots?["bytes"] as? [String: Any])?.count ?? 0)
            + lists.reduce(0) { $0 + (($1["pages"] as? [Any])?.count ?? 0) }
    }

    func text(_ key: String) -> String? { object[key] as? String }
    func number(_ key: String) -> Int? { object[key] as? Int }
    func count(_ kind: String) -> Int { anomalies.count { $0["kind"] as? String == kind } }
}
