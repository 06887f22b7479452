import Foundation
import TestSupport
import Testing

/// What the user may not look into is told as that: neither as absent, nor as changed or damaged.
@Suite(.enabled(if: geteuid() == 0)) struct UnreadableFilesTests {
    /// Something of root's, and what a command says of it to nobody.
    struct Case: Sendable, CustomTestStringConvertible {
        var place: String
        var command: String
        var status: Int32
        var says: String
        var never: [String]
        /// What goes before.
        var gone: String?

        init(
            _ place: String,
            _ command: String,
            _ status: Int32,
            _ says: String,
            never: String...,
            without gone: String? = nil
        ) {
            (self.place, self.command, self.status, self.says) = (place, command, status, says)
            (self.never, self.gone) = (never, gone)
        }

        var testDescription: String { "\(place): \(command)" }
    }

    private static let denied = ": Permission denied"

    private static let cases = [
        Case("archive/local", "status", 1, "archived      not known", never: "nothing", "none"),
        Case("archive/local", "status --json", 1, #""events":null"#, never: #""entries":0"#),
        Case(
            "archive/local",
            "doctor",
            73,
            "not compared with the archive of 'local', which can't be read",
            never: "holds none"
        ),
        Case("archive/local/events", "status", 1, "alarm         unreadable: can't read", never: "damaged", "missing"),
        Case("archive/local/events", "report", 65, denied, never: "damaged"),
        Case("archive/local/events/00000001.ndjson", "doctor", 65, denied, never: "damaged", without: "output"),
        Case(
            "archive/local/events/00000001.ndjson",
            "report --from 2020-01-01 --to 2020-02-01",
            65,
            denied,
            never: "damaged",
            without: "output"
        ),
        Case(
            "archive/local/events/00000001.ndjson",
            "verify",
            65,
            "unreadable: ./archive/local/events/00000001.ndjson: can't read",
            never: "changed"
        ),
        Case("archive/local/events/00000001.ndjson", "verify", 65, "chown -R nobody", never: "restore"),
        Case("output", "prune --keep-last 1", 65, denied, never: "no bundles"),
        Case("output", "acknowledge --reason x", 65, denied, never: "nothing to acknowledge"),
        Case("output", "status", 1, "report        not known", never: "report        none"),
        Case("output/local", "prune --keep-last 1", 65, denied, never: "no bundles"),
        Case("output/local", "acknowledge --reason x", 65, denied, never: "nothing to acknowledge"),
        Case("output/local", "status", 1, "unreadable: the newest report: can't read", never: "report        none"),
        Case("output/local", "fleet", 0, "unreadable_report", never: "no_report", "damaged_report"),
        Case("output/local/BUNDLE", "fleet", 0, "unreadable_report", never: "no_report", "damaged_report"),
        Case("output/local/BUNDLE", "status", 1, "report        not known", never: "report        none"),
        Case("output/local/BUNDLE", "acknowledge --reason x", 65, denied, never: "nothing to acknowledge"),
        Case("output/local/BUNDLE", "report", 0, "LOG-INTACT", never: "damaged", "SHA256SUMS"),
        Case(
            "output/local/BUNDLE",
            "report --format csv",
            0,
            "warning: what a bundle pins was not compared with the ledger"
        ),
        Case("output/local/BUNDLE", "report --format csv --fail-on high", 1, "LOG-INTACT"),
        Case("output/local/BUNDLE", "prune --keep-last 1", 0, denied, never: "no bundle that can be told"),
        Case(
            "output/local/BUNDLE/manifest.json",
            "verify",
            65,
            "1 file can't be read",
            never: "changed",
            "pins no entry"
        ),
        Case(
            "output/local/BUNDLE/manifest.json",
            "fleet",
            0,
            "unreadable_report",
            never: "no_report",
            "damaged_report"
        ),
        Case("output/local/BUNDLE/SHA256SUMS", "verify", 65, "1 file can't be read", never: "added", "changed"),
        Case("output/local/BUNDLE/report.html", "verify", 65, "1 file can't be read", never: "changed"),
        Case("output/local/index.html", "verify", 65, "1 file can't be read", never: "changed"),
        Case("output/local/SHA256SUMS", "verify", 65, "1 file can't be read", never: "added", "changed"),
        Case("key", "report --format csv", 78, "can't read signing_key key: Permission denied", never: "ssh-keygen"),
    ]

    @Test(arguments: cases) func itIsToldAsThat(_ one: Case) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let bundle = try Self.make(in: folder)
                let place = one.place.replacing("BUNDLE", with: bundle)
                let prepare = """
                    rm -rf \(one.gone ?? "nothing-there") && chown -R 65534:65534 . && chmod 755 . && touch key && chmod 600 key \
                    && chown -h 0:0 \(place) && chmod u=rwX,go= \(place)
                    """
                let prepared = try runCommand("sh", ["-c", prepare], in: folder)
                try #require(prepared.status == 0, "\(prepared.error)")
                let words = one.command.split(separator: " ").map(String.init)
                let key = place == "key" ? "key" : nil
                let result = try runCommand(
                    "setpriv",
                    ["--reuid", "65534", "--regid", "65534", "--clear-groups", Tool.path] + words,
                    environment: Tool.cleanEnvironment.merging(
                        [
                            "CLOUDHEED_TOKEN": "ch_live_x", "HEEDAUDIT_BASE_URL": "http://127.0.0.1:9",
                            "HEEDAUDIT_SIGNING_KEY": key,
                        ]
                    ) { _, new in new },
                    in: folder
                )
                #expect(result.status == one.status, "\(result.output)\(result.error)")
                let table = folder + "/output/fleet.csv"
                let row = try words == ["fleet"] ? String(contentsOfFile: table, encoding: .utf8) : ""
                let said = result.output + result.error + row
                #expect(said.contains(one.says), "\(said)")
                for word in one.never { #expect(!said.contains(word), "'\(word)' in: \(said)") }
            }
        }
    }

    /// An archive of one event and two reports of it.
    /// - Returns: The name of the latest one.
    private static func make(in folder: String) throws -> String {
        let event = #"{"id":"evt-1","action":"database.created","created_at":"2026-03-17T10:00:00Z"}"# + "\n"
        try event.write(toFile: folder + "/events.ndjson", atomically: true, encoding: .utf8)
        for command in [["import", "events.ndjson"], ["report", "--period", "2026-03"], ["report"]] {
            let result = try Tool.run(command, in: folder)
            try #require(result.status == 0, "\(result.error)")
        }
        return try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/output/local/latest")
    }
}
