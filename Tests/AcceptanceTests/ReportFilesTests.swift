import Foundation
import TestSupport
import Testing

/// The demo's bundle, opened by the programs its readers use.
@Suite struct ReportFilesTests {
    @Test func demoNamesAReportThatOpensEverywhere() throws {
        try withTemporaryFolder { folder in
            let demo = try Tool.run(["demo"], in: folder)
            try #require(demo.status == 0, "\(demo.error)")
            let named = try #require(demo.lines.first { $0.hasSuffix("report.html") }, "\(demo.output)")
            let path = String(named.split(separator: " ").last ?? "")
            let bundle = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder + "/"))
                .deletingLastPathComponent().path
            try opensInLibreOffice(bundle, folder)
            try isValidXML(bundle)
            try opensInChromiumInSilence(bundle, folder)
            try isSmall(bundle)
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

    /// Opens the page headless: no console message, and its heading is there.
    private func opensInChromiumInSilence(_ bundle: String, _ folder: String) throws {
        let result = try runCommand(
            "chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/chromium",
                "--enable-logging=stderr",
                "--v=0", "--virtual-time-budget=5000", "--dump-dom", "file://\(bundle)/report.html",
            ]
        )
        #expect(result.output.contains("<h1"))
        let messages = result.error.split(separator: "\n").filter { $0.contains("CONSOLE") }
        #expect(messages.isEmpty, "\(messages)")
    }

    private func isSmall(_ bundle: String) throws {
        let size = try BundleFiles.read(bundle + "/report.html").count
        #expect(size < 600_000, "report.html has \(size) bytes")
    }
}
