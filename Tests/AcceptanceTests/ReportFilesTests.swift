import Foundation
import TestSupport
import Testing

/// The demo's bundle, opened by the programs its readers use.
@Suite struct ReportFilesTests {
    @Test func demoNamesAReportThatOpensEverywhere() throws {
        try withTemporaryFolder { folder in
            let demo = try Tool.run(["demo"], in: folder)
            try #require(demo.status == 0, "\(demo.error)")
            let named = try #require(demo.lines.first { $0.hasPrefix("report ") }, "\(demo.output)")
            let path = String(named.split(separator: " ")[1])
            #expect(path.hasSuffix("/report.html") && named.hasSuffix(" more files"), "\(named)")
            let bundle = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder + "/"))
                .deletingLastPathComponent().path
            try opensInLibreOffice(bundle, folder)
            try isValidXML(bundle)
            try BrowsedReport(bundle: bundle, folder: folder).works()
            try answersQueries(bundle)
            try isSmall(bundle)
            let flags = ["--archive", "heedaudit-demo/archive", "--output", "heedaudit-demo/reports"]
            for month in ["last-month", "this-month"] {
                try #require(try Tool.run(["report", "--period", month] + flags, in: folder).status == 0)
            }
            try BrowsedReport(bundle: bundle, folder: folder).isAccessible(page: "../index.html")
        }
    }

    /// Converts every table with LibreOffice and compares the number of rows and columns with the file's own.
    private func opensInLibreOffice(_ bundle: String, _ folder: String) throws {
        let tables = try FileManager.default.contentsOfDirectory(atPath: bundle).filter { $0.hasSuffix(".csv") }
        #expect(tables.count >= 9, "\(tables)")
        let converted = folder + "/converted"
        let result = try runCommand(
            "soffice",
            [
                "-env:UserInstallation=file://\(folder)/office", "--headless", "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
                "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,true,false",
                "--outdir", converted,
            ] + tables.map { "\(bundle)/\($0)" }
        )
        #expect(result.status == 0, "\(result.error)")
        for table in tables {
            let script =
                "import csv,sys;rows=list(csv.reader(open(sys.argv[1],newline='',encoding='utf-8')));"
                + "print(len(rows),len(rows[0]))"
            let expected = try runCommand("python3", ["-c", script, "\(bundle)/\(table)"])
            let opened = try runCommand("python3", ["-c", script, "\(converted)/\(table)"])
            #expect(expected.output == opened.output && !opened.output.isEmpty, "\(table): \(opened.error)")
        }
    }

    private func isValidXML(_ bundle: String) throws {
        let result = try runCommand("xmllint", ["--noout", "--schema", "audit-report.xsd", "report.xml"], in: bundle)
        #expect(result.status == 0, "\(result.error)")
    }

    /// Runs the queries of docs/report-xml.md as they stand there, and compares with the tables.
    private func answersQueries(_ bundle: String) throws {
        let text = try String(contentsOfFile: Tool.repository + "/docs/report-xml.md", encoding: .utf8)
        let queries = text.split(separator: "\n").filter { $0.hasPrefix("xmllint --xpath") }.map(String.init)
        try #require(queries.count == 5)
        let answers = try queries.map { query in
            let result = try runCommand("bash", ["-c", query], in: bundle)
            #expect(result.status == 0, "\(query): \(result.error)")
            return result.lines.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let script = """
            import csv
            read = lambda name: list(csv.DictReader(open(name, newline="", encoding="utf-8")))
            failed = [f for f in read("findings.csv") if f["status"] == "fail"]
            print(len(read("events.csv")))
            print(len(failed))
            print(sum(1 for e in read("events.csv") if e["action"] == "database.deleted" and e["actor_email"]))
            """
        let expected = try runCommand("python3", ["-c", script], in: bundle).lines
        #expect(answers[0] == [expected[0]])
        #expect(answers[1].count == Int(expected[1]) && answers[1].contains("control=\"DB-BURST\""))
        #expect(answers[2].allSatisfy { $0.hasPrefix("id=\"evt-") } && !answers[2].isEmpty)
        #expect(answers[3].count == Int(expected[2]))
        #expect(answers[4] == ["true"])
    }

    @Test func theSchemaIsDocumented() throws {
        try withTemporaryFolder { folder in
            let made = try runCommand(Tool.repository + "/scripts/schema-docs", [folder + "/report-xml.md"])
            #expect(made.status == 0, "\(made.error)")
            let fresh = try String(contentsOfFile: folder + "/report-xml.md", encoding: .utf8)
            let kept = try String(contentsOfFile: Tool.repository + "/docs/report-xml.md", encoding: .utf8)
            #expect(fresh == kept, "docs/report-xml.md is not what 'make docs' makes")
        }
    }

    @Test func anEmptyOrganizationHasAPageToo() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/none.ndjson"))
            let imported = try Tool.run(["import", "--organization", "empty", "none.ndjson"], in: folder)
            try #require(imported.status == 0, "\(imported.error)")
            let report = try Tool.run(["report"], in: folder)
            try #require(report.status == 0, "\(report.error)")
            try BrowsedReport(bundle: folder + "/output/empty/latest", folder: folder).isAccessible()
        }
    }

    @Test func realEventsHaveAnAccessiblePage() throws {
        try withTemporaryFolder { folder in
            let imported = try Tool.run(["import", try RealEvents.write(into: folder)], in: folder)
            try #require(imported.status == 0, "\(imported.error)")
            let report = try Tool.run(["report"], in: folder)
            try #require(report.status == 0, "\(report.error)")
            try BrowsedReport(bundle: folder + "/output/local/latest", folder: folder).isAccessible()
        }
    }

    private func isSmall(_ bundle: String) throws {
        let size = try BundleFiles.read(bundle + "/report.html").count
        #expect(size < 600_000, "report.html has \(size) bytes")
    }
}
