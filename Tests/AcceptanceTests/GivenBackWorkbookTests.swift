import Foundation
import TestSupport
import Testing

/// A report's workbook, filled in and given back to the built tool.
@Suite struct GivenBackWorkbookTests {
    private static let checkers = Tool.repository + "/.build/checkers"

    private static func check(_ folder: String, _ book: String, _ language: String) throws {
        let report = try Tool.run(
            ["report", "--format", "csv,xlsx", "--language", language, "--review", book, "--action-plan", book],
            in: folder
        )
        #expect(report.status == 0 && !report.error.contains("not used"), "\(book): \(report.error)")
        let findings = try BundleFiles.rows(of: "findings.csv", in: folder + "/output")
        let statuses = Dictionary(findings.map { ($0["control"] ?? "", $0["status"] ?? "") }) { first, _ in first }
        #expect(statuses["DB-DELETE"] == "reviewed" && statuses["MEM-ROLE"] == "fail", "\(book)")
        let agreed = try BundleFiles.rows(of: "action-plan.csv", in: folder + "/output")
        #expect(agreed.count { $0["owner"] == "Zoë" && $0["due"] == "2026-11-28" } > 3, "\(book)")
        let review = try BundleFiles.rows(of: "review.csv", in: folder + "/output")
        let answered = review.filter { $0["result"] != "" }
        #expect(
            !answered.isEmpty && answered.allSatisfy { $0["ticket"] == "0012" && $0["reviewed_on"] == "2026-11-28" }
        )
        // What was answered stands in the next workbook, as dates.
        let bundle = try BundleFiles.latest(in: folder + "/output")
        let oracle = Tool.repository + "/Tests/AcceptanceTests/Oracle/workbook.py"
        let found = try runCommand("python3", [oracle, Self.checkers, bundle])
        #expect(found.status == 0, "\(found.output) \(found.error)")
    }

    @Test(arguments: ["en", "de"]) func isReadAsTheTablesAre(language: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300"], in: folder)
                let run = try sandbox.run(["run", "--format", "csv,xlsx", "--language", language], in: folder)
                try #require(run.status == 0, "\(run.error)")
                let made = try BundleFiles.latest(in: folder + "/output") + "/report.xlsx"
                let filled = try runCommand(
                    "python3",
                    [
                        Tool.repository + "/Tests/AcceptanceTests/Oracle/fill_workbook.py", Self.checkers, made,
                        folder + "/filled.xlsx",
                    ]
                )
                try #require(filled.status == 0, "\(filled.error)")
                try Self.check(folder, "filled.xlsx", language)
                guard FileManager.default.fileExists(atPath: "/usr/bin/soffice") else { return }
                let saved = try runCommand(
                    "soffice",
                    [
                        "-env:UserInstallation=file://\(folder)/office", "--headless", "--convert-to",
                        "xlsx:Calc MS Excel 2007 XML", "--outdir", folder + "/saved", folder + "/filled.xlsx",
                    ]
                )
                try #require(saved.status == 0, "\(saved.error)")
                try Self.check(folder, "saved/filled.xlsx", language)
            }
        }
    }

    /// A gigabyte in a few kilobytes, which says so and which does not; a workbook with a password; an .ods.
    @Test func hostileOnesAreRefused() throws {
        try withTemporaryFolder { folder in
            try #require(try Tool.run(["import", try RealEvents.write(into: folder)], in: folder).status == 0)
            let script = """
                import struct, zipfile
                rels = '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>'
                book = '<workbook xmlns:r="r"><sheets><sheet name="Review" r:id="a"/></sheets></workbook>'
                parts = '<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>'
                for name in ("told", "hidden"):
                    with zipfile.ZipFile(name + ".xlsx", "w", zipfile.ZIP_DEFLATED) as file:
                        for part, text in (("_rels/.rels", rels), ("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", parts)):
                            file.writestr(part, text)
                        with file.open("xl/s.xml", "w") as sheet:
                            sheet.write(b"<worksheet><sheetData>")
                            for _ in range(1024): sheet.write(b" " * (1 << 20))
                            sheet.write(b"</sheetData></worksheet>")
                data = bytearray(open("hidden.xlsx", "rb").read())
                place = data.rfind(b"PK\\1\\2")
                data[place + 24:place + 28] = struct.pack("<I", 1000)
                open("hidden.xlsx", "wb").write(data)
                with zipfile.ZipFile("sheet.ods", "w") as file:
                    file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
                    file.writestr("content.xml", "<a/>")
                """
            let made = try runCommand("python3", ["-c", script], in: folder)
            try #require(made.status == 0, "\(made.error)")
            for (name, words) in [
                ("told.xlsx", "more than 536870912 are not read"), ("hidden.xlsx", "longer than its directory says"),
                ("sheet.ods", "can't be read as a workbook"),
            ] {
                let report = try Tool.run(["report", "--review", name], in: folder)
                #expect(report.status == 78 && report.error.contains(words), "\(name): \(report.error)")
                #expect(report.error.contains("CSV"), "\(name): \(report.error)")
            }
        }
    }
}
