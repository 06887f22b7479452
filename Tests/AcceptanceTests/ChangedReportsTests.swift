import Foundation
import TestSupport
import Testing

/// A ledger that was cut, and the report that pins what it lost changed or taken away: nobody says that the evidence is whole.
@Suite struct ChangedReportsTests {
    private func add(_ number: Int, in folder: String) throws {
        let line = #"{"id":"e\#(number)","action":"x.y","created_at":"2026-0\#(number)-05T00:00:00Z"}"# + "\n"
        try #require(
            try Tool.run(["import", "-", "--organization", "org-1"], in: folder, input: Data(line.utf8)).status == 0
        )
    }

    private func report(in folder: String) throws -> (CommandResult, [String]) {
        let result = try Tool.run(["report", "--format", "csv", "--json"], in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let findings = object?["findings"] as? [[String: Any]] ?? []
        return (
            result, findings.filter { $0["control"] as? String == "LOG-INTACT" }.map { $0["status"] as? String ?? "" }
        )
    }

    private func shell(_ script: String, in folder: String) throws {
        let done = try runCommand("sh", ["-ec", "B=$(readlink -f output/org-1/latest); \(script)"], in: folder)
        try #require(done.status == 0, "\(script): \(done.error)")
    }

    /// An archive of two entries with a report of each; then the last entry is cut off.
    private func withCut(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for number in 1...2 {
                try add(number, in: folder)
                try #require(try report(in: folder).1 == ["pass"])
            }
            let cut = """
                cd archive/org-1; head -n 1 ledger.ndjson > l; cat l > ledger.ndjson; rm l events/00000002.ndjson
                """
            try shell(cut, in: folder)
            try body(folder)
        }
    }

    /// Ways to take from a report what it pins, and what is said of each.
    private static let losses = [
        ("echo -n > $B/manifest.json", "pins may not be what it pinned"),
        ("rm $B/manifest.json", "pins may not be what it pinned"),
        ("head -c 400 $B/manifest.json > m; cat m > $B/manifest.json", "pins may not be what it pinned"),
        ("sed -i 's/\"org-1\"/\"org-l\"/' $B/manifest.json", "pins may not be what it pinned"),
        ("rm -r $B", "pinned is not known"), ("rm $B/manifest.json $B/SHA256SUMS", "pinned is not known"),
        ("rm -r $B output/org-1/latest", "pinned is not known"),
        ("mv $B away; ln -s ../../away $B", "pinned is not known"),
        ("sed -i 's/\"org-1\"/\"org-l\"/' output/org-1/*/manifest.json", "pins may not be what it pinned"),
    ]

    /// The page above the reports is sealed apart, and tells it still.
    @Test(arguments: losses)
    func whatAReportPinnedStandsOnThePage(script: String, _: String) throws {
        try withCut { folder in
            try shell(script, in: folder)
            let (told, verdicts) = try report(in: folder)
            #expect(verdicts.contains("fail") && !verdicts.contains("pass"), "\(verdicts)")
            #expect(told.error.contains("1 entry that reports rest on is not in the ledger: "), "\(told.error)")
            #expect(told.status == 0)
        }
    }

    @Test(arguments: losses)
    func whatAReportPinsIsNotKnown(script: String, words: String) throws {
        try withCut { folder in
            // As the first version wrote the page: without what reports pin.
            let page = "sed -i 's/ data-pin=\"[^\"]*\"//' output/org-1/index.html"
            let seal = "cd output/org-1; sha256sum index.html > SHA256SUMS"
            try shell("\(script); \(page); \(seal)", in: folder)
            let (told, verdicts) = try report(in: folder)
            #expect(verdicts == ["not_proven"], "\(verdicts)")
            #expect(told.error.contains("warning: what a bundle \(words): "), "\(told.error)")
            #expect(told.status == 0)
        }
    }

    /// The list of what removed reports pinned is one of the places, and a report that is changed may still tell of a loss.
    @Test func keptPinsCountAsTheyWereSealed() throws {
        try withTemporaryFolder { folder in
            for number in 1...3 {
                try add(number, in: folder)
                try #require(try report(in: folder).1 == ["pass"])
            }
            try #require(try Tool.run(["prune", "--keep-last", "1"], in: folder).status == 0)
            #expect(try report(in: folder).1 == ["pass"])
            for script in [
                "sed -i 's/\"entry\":2/\"entry\":1/' output/org-1/pins.ndjson", "rm output/org-1/pins.ndjson",
            ] {
                try shell("rm -rf o; cp -a output o; \(script)", in: folder)
                let (told, verdicts) = try report(in: folder)
                #expect(verdicts.contains("not_proven"), "\(script): \(verdicts)")
                #expect(told.error.contains("pins.ndjson is not what SHA256SUMS"), "\(told.error)")
                try shell("rm -r output; mv o output", in: folder)
            }
        }
    }

    /// What a changed manifest says is no fact: the page tells what its report pinned.
    @Test func aPinThatIsNotSealedIsNotCounted() throws {
        try withTemporaryFolder { folder in
            try add(1, in: folder)
            try #require(try report(in: folder).1 == ["pass"])
            try shell("sed -i 's/\"entry\" : 1/\"entry\" : 999/' $B/manifest.json", in: folder)
            let (told, verdicts) = try report(in: folder)
            #expect(verdicts == ["not_proven"], "\(verdicts)")
            #expect(!told.error.contains("not in the ledger"), "\(told.error)")
        }
    }

    /// A report that was deleted is missing, whatever other report of the same entry was removed by the rules.
    @Test func aDeletedReportIsMissingBesideAPrunedOne() throws {
        try withTemporaryFolder { folder in
            try add(1, in: folder)
            for period in ["2026-01", "2026-02", "2026-03", "2026-04"] {
                let made = try Tool.run(["report", "--format", "csv", "--period", period], in: folder)
                try #require(made.status == 0, "\(made.error)")
            }
            let pruned = try Tool.run(["prune", "--keep-last", "2"], in: folder)
            try #require(
                pruned.status == 0 && FileManager.default.fileExists(atPath: folder + "/output/org-1/pins.ndjson")
            )
            try #require(try Tool.run(["verify"], in: folder).status == 0)
            try shell("rm -r $(ls -d output/org-1/2026* | head -n 1)", in: folder)
            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 65 && verified.output.contains("missing"), "\(verified.output)")
            // The next report keeps what it pinned, and names it once.
            try add(2, in: folder)
            try #require(try report(in: folder).1 == ["pass"])
            let kept = try String(contentsOfFile: folder + "/output/org-1/pins.ndjson", encoding: .utf8)
            #expect(kept.split(separator: "\n").count == 3 && kept.contains("\"gone\":true"), "\(kept)")
        }
    }

    @Test func aChangedPinThatIsLostStillFails() throws {
        try withCut { folder in
            try shell("sed -i 's/\"entry\" : 2/\"entry\" : 7/' $B/manifest.json", in: folder)
            #expect(try report(in: folder).1.sorted() == ["fail", "not_proven"])
        }
    }
}
