import Foundation
import TestSupport
import Testing

/// A review and an action plan, filled in and given back to the built tool as spreadsheets write them.
@Suite struct ReviewedReportTests {
    private static let header = [
        "finding_id", "control", "event_id", "created_at", "actor", "action", "resource", "ip_address", "detail",
        "ticket",
        "approved_by", "reviewed_by", "reviewed_on", "result",
    ]

    /// The rows of a table of the latest bundle, read by Python's csv module.
    private static func rows(_ name: String, in folder: String) throws -> [[String: String]] {
        try BundleFiles.rows(of: name, in: folder + "/output")
    }

    private static func text(_ name: String, in folder: String) throws -> String {
        String(
            decoding: try BundleFiles.read(try BundleFiles.latest(in: folder + "/output") + "/" + name),
            as: UTF8.self
        )
    }

    private static func statuses(in folder: String) throws -> [String: String] {
        Dictionary(try rows("findings.csv", in: folder).map { ($0["control"] ?? "", $0["status"] ?? "") }) { first, _ in
            first
        }
    }

    /// Answers what DB-DELETE asks with ok, one event of MEM-ROLE with not ok, and leaves the rest open.
    private static func answered(_ rows: [[String: String]], day: String) -> [[String: String]] {
        var isFirst = true
        return rows.map { row in
            var row = row
            if row["control"] == "DB-DELETE" {
                row["ticket"] = "OPS-1; Änderung"
                row["approved_by"] = "Zoë \"Z\" Müller"
                (row["reviewed_by"], row["reviewed_on"], row["result"]) = ("Ann", day, "OK")
            } else if row["control"] == "MEM-ROLE", isFirst {
                (row["reviewed_by"], row["reviewed_on"], row["result"]) = ("Ann", day, "not ok")
                isFirst = false
            }
            return row
        }
    }

    private static func table(_ rows: [[String: String]], _ separator: String) -> String {
        let lines = [header] + rows.map { row in header.map { row[$0] ?? "" } }
        return lines.map { cells in
            cells.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: separator)
                + "\r\n"
        }
        .joined()
    }

    @Test func aReviewGivenBackStandsInEveryFormat() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["run", "--format", "csv"], in: folder).status == 0)
                let asked = try Self.rows("review.csv", in: folder)
                try #require(asked.count { $0["control"] == "DB-DELETE" } > 1)
                #expect(asked.contains { $0["event_id"] == "" })
                let events = try Self.rows("events.csv", in: folder)
                for row in asked where row["event_id"] != "" {
                    let event = events.first { $0["id"] == row["event_id"] }
                    #expect(event?["created_at"] == row["created_at"] && event?["action"] == row["action"])
                    #expect(event?["ip_address"] == row["ip_address"])
                }
                // As Excel in Germany writes it.
                let text = "sep=;\r\n" + Self.table(Self.answered(asked, day: "28.11.2026"), ";")
                let bytes = try #require(text.data(using: .windowsCP1252))
                try bytes.write(to: URL(fileURLWithPath: folder + "/review.csv"))
                let report = try Tool.run(["report", "--review", "review.csv", "--fail-on", "info"], in: folder)
                #expect(report.status == 1 && !report.error.contains("not used"), "\(report.error)")
                #expect(!report.error.contains("DB-DELETE"), "\(report.error)")
                try Self.isReviewed(in: folder)
                // What was answered is there to be continued, and says the same when it comes back.
                let next = try Self.rows("review.csv", in: folder)
                #expect(next.map { $0["event_id"] } == asked.map { $0["event_id"] })
                #expect(next.first { $0["control"] == "DB-DELETE" }?["reviewed_on"] == "2026-11-28")
                #expect(next.first { $0["control"] == "DB-DELETE" }?["approved_by"] == "Zoë \"Z\" Müller")
                let bundle = try FileManager.default.destinationOfSymbolicLink(
                    atPath: try BundleFiles.latest(in: folder + "/output")
                )
                try FileManager.default.copyItem(
                    atPath: try BundleFiles.latest(in: folder + "/output") + "/review.csv",
                    toPath: folder + "/again.csv"
                )
                let again = try Tool.run(["report"], in: folder, environment: ["HEEDAUDIT_REVIEW": "again.csv"])
                #expect(again.status == 0 && again.output.contains(bundle), "\(again.output)\(again.error)")
            }
        }
    }

    private static func isReviewed(in folder: String) throws {
        let statuses = try statuses(in: folder)
        #expect(statuses["DB-DELETE"] == "reviewed" && statuses["MEM-ROLE"] == "fail")
        #expect(statuses["OFF-HOURS"] == "manual")
        let control = try rows("controls.csv", in: folder).first { $0["control"] == "DB-DELETE" }
        #expect(control?["status"] == "reviewed" && control?["reviewed"] == "1" && control?["manual"] == "0")
        let places = try rows("frameworks.csv", in: folder).filter { $0["control"] == "DB-DELETE" }
        #expect(!places.isEmpty && places.allSatisfy { $0["status"] == "reviewed" })
        let xml = try text("report.xml", in: folder)
        #expect(xml.contains(#"control="DB-DELETE" severity="medium" status="reviewed""#))
        #expect(try text("report.html", in: folder).contains("Reviewed"))
        let manifest = try text("manifest.json", in: folder)
        #expect(manifest.contains("\"review\"") && manifest.contains("\"reviewed\""))
        let open = try rows("action-plan.csv", in: folder).map { $0["control"] }
        #expect(open.contains("MEM-ROLE") && !open.contains("DB-DELETE"))
    }

    @Test func everyMistakeOfAReviewIsToldAtOnce() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["run", "--format", "csv"], in: folder).status == 0)
                var rows = Array(try Self.rows("review.csv", in: folder).prefix(4))
                rows[0]["result"] = "maybe"
                rows[1]["reviewed_on"] = "03/04/2026"
                rows[2]["reviewed_on"] = "soon"
                rows[3]["event_id"] = "evt-other"
                rows[3]["result"] = "ok"
                func report(_ name: String, _ rows: [[String: String]]) throws -> CommandResult {
                    try Self.table(rows, ",").write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
                    return try Tool.run(["report", "--format", "csv", "--review", name], in: folder)
                }
                let wrong = try report("wrong.csv", rows)
                #expect(wrong.status == 78)
                for part in [
                    "wrong.csv:2, column result: 'maybe'",
                    "wrong.csv:3, column reviewed_on: '03/04/2026' may be 2026-04-03",
                    "wrong.csv:4, column reviewed_on: 'soon'",
                ] { #expect(wrong.error.contains(part), "\(wrong.error)") }
                let unused = try report("unused.csv", Array(rows.suffix(1)))
                #expect(
                    unused.status == 0
                        && unused.error.contains("unused.csv:2: the report does not ask to look at evt-other")
                )
                let workbook = try runCommand("sh", ["-c", "printf 'PK\\003\\004rest' > book.xlsx"], in: folder)
                try #require(workbook.status == 0)
                let refused = try Tool.run(["report", "--review", "book.xlsx"], in: folder)
                #expect(refused.status == 78 && refused.error.contains("workbook") && refused.error.contains("CSV"))
            }
        }
    }

    /// Language, how days are typed in it, separator, character set and name of a file that LibreOffice saves.
    private static let settings: [(language: Int, day: String, separator: Int, characters: Int)] = [
        (1033, "11/28/2026", 44, 76), (1033, "2026-11-28", 9, 65535), (1031, "28.11.2026", 59, 1),
        (1031, "28. November 2026", 59, 65535), (1036, "28/11/2026", 59, 1), (1036, "28 nov. 2026", 124, 76),
    ]

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/soffice")))
    func bothFilesSurviveLibreOffice() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                try #require(try sandbox.run(["run", "--format", "csv"], in: folder).status == 0)
                let asked = try Self.rows("review.csv", in: folder)
                let plan = try Self.text("action-plan.csv", in: folder)
                for (number, setting) in Self.settings.enumerated() {
                    let (review, actions) = ("review-\(number).csv", "plan-\(number).csv")
                    try Self.table(Self.answered(asked, day: setting.day), ",")
                        .write(toFile: "\(folder)/\(review)", atomically: true, encoding: .utf8)
                    // Everything is taken on, by a day of the same form.
                    let taken = plan.replacingOccurrences(of: ",,,,,\r\n", with: ",Zoë,\"\(setting.day)\",fix,,\r\n")
                    try #require(taken != plan)
                    try taken.write(toFile: "\(folder)/\(actions)", atomically: true, encoding: .utf8)
                    try Self.saved(
                        setting.language,
                        setting.separator,
                        setting.characters,
                        [review, actions],
                        in: folder
                    )
                    let report = try Tool.run(
                        [
                            "report", "--format", "csv", "--review", "saved/\(review)", "--action-plan",
                            "saved/\(actions)",
                        ],
                        in: folder
                    )
                    #expect(report.status == 0 && !report.error.contains("not used"), "\(setting): \(report.error)")
                    let statuses = try Self.statuses(in: folder)
                    #expect(statuses["DB-DELETE"] == "reviewed" && statuses["MEM-ROLE"] == "fail", "\(setting)")
                    let agreed = try Self.rows("action-plan.csv", in: folder)
                    #expect(agreed.allSatisfy { $0["owner"] == "Zoë" && $0["due"] == "2026-11-28" }, "\(setting)")
                }
            }
        }
    }

    /// Opens files as somebody with a country's settings does, whose cells become dates, and saves them.
    private static func saved(
        _ language: Int,
        _ separator: Int,
        _ characters: Int,
        _ names: [String],
        in folder: String
    ) throws {
        let result = try runCommand(
            "soffice",
            [
                "-env:UserInstallation=file://\(folder)/office", "--headless", "--convert-to",
                "csv:Text - txt - csv (StarCalc):\(separator),34,\(characters),1,,\(language),false,true,false",
                "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,\(language),false,true,false",
                "--outdir", folder + "/saved",
            ] + names.map { "\(folder)/\($0)" }
        )
        try #require(result.status == 0, "\(result.error)")
    }
}
