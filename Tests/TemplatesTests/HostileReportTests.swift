import ReportSupport
import Evidence
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The built-in templates against values that have broken reports, in every field that comes from outside.
@Suite struct HostileReportTests {
    private static let scripts =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/scripts/"

    @Test func noneBreaksTheReport() async throws {
        let report = try HostileReport(long: 3 << 20)
        #expect(report.values.count >= 60)
        let bundle = try report.publish()
        #expect(try Checksums.verified(bundle: bundle.path) != nil)
        #expect(bundle.files.contains { $0.name == "report.xml" })
        for file in bundle.files where file.name.hasSuffix(".csv") {
            let text = try String(contentsOfFile: "\(bundle.path)/\(file.name)", encoding: .utf8)
            let records = try CSVTests.parse(text)
            #expect(Set(records.map(\.count)).count == 1, "\(file.name)")
            for field in records.dropFirst().joined() {
                #expect(try CSVTests.isGuarded(field), "\(file.name): \(field.prefix(100))")
            }
            if file.name == "events.csv" { #expect(records.count == report.lines.count + 1) }
        }
        let inside = try FileManager.default.subpathsOfDirectory(atPath: report.root + "/output")
        #expect(inside.allSatisfy { !$0.contains("..") } && inside.contains { $0.hasSuffix("index.html") })
        try checkPage(String(contentsOfFile: bundle.path + "/report.html", encoding: .utf8))
        let valid = try await aside {
            try runCommand(
                "xmllint",
                ["--noout", "--huge", "--schema", "audit-report.xsd", "report.xml"],
                in: bundle.path
            )
        }
        #expect(valid.status == 0, "\(valid.error)")
        try await runsNothing(bundle.path + "/report.html", report.root)
        let folder = URL(fileURLWithPath: bundle.path).deletingLastPathComponent().path
        try await runsNothing(folder + "/index.html", report.root)
    }

    private func checkPage(_ page: String) throws {
        for value in nastyValues where value.contains("<") || value.contains("'") && value.contains("on") {
            let isLiteral = ["<!--", "-->", "<!DOCTYPE x>", "&lt"].contains(value)
            #expect(isLiteral || !page.contains(value), "\(value)")
        }
        #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        #expect(page.hasSuffix("</html>\n"))
    }

    /// Opens a page in Chromium, scripts of the page included: no dialog, no request but its own, nothing in the console.
    private func runsNothing(_ page: String, _ folder: String) async throws {
        let steps = folder + "/steps.json"
        let click = "document.querySelectorAll('.tools button, th button').forEach(b => b.click()); 1"
        try Data("[{\"evaluate\": \"\(click)\"}]".utf8).write(to: URL(fileURLWithPath: steps))
        let result = try await aside { try runCommand("python3", [Self.scripts + "browser.py", page, steps]) }
        #expect(result.status == 0, "\(result.error)")
        struct Seen: Decodable {
            var messages: [String]
            var requests: [String]
            var dialogs: [String]
        }
        let seen = try JSONDecoder().decode(Seen.self, from: Data(result.output.utf8))
        #expect(seen.messages.isEmpty && seen.dialogs.isEmpty, "\(seen)")
        #expect(seen.requests.allSatisfy { $0.hasPrefix("file://") || $0.hasPrefix("blob:") }, "\(seen.requests)")
        #expect(seen.requests.count { $0.hasPrefix("file://") } == 1, "\(seen.requests)")
    }

    /// What LibreOffice reads out of a cell.
    private struct Sheet: Decodable {
        var formulas: Int
        var rows: [[[String]]]
    }

    @Test(arguments: CSVProfile.allCases)
    func noneIsAnythingButTextInASpreadsheet(_ profile: CSVProfile) async throws {
        let report = try HostileReport(long: 40_000)
        let bundle = try report.publish(profile)
        let tables = bundle.files.map(\.name).filter { $0.hasSuffix(".csv") }
        let delimiter = String(decoding: [profile.delimiter], as: UTF8.self)
        let result = try await aside {
            try runCommand(
                "python3",
                [Self.scripts + "spreadsheet.py", delimiter] + tables.map { bundle.path + "/" + $0 }
            )
        }
        #expect(result.status == 0, "\(result.error)")
        let sheets = try JSONDecoder().decode([String: Sheet].self, from: Data(result.output.utf8))
        #expect(sheets.count == tables.count)
        for (name, sheet) in sheets {
            #expect(sheet.formulas == 0, "\(name)")
            let records = try ProfiledCSV(contentsOfFile: bundle.path + "/" + name, profile).records
            #expect(sheet.rows.count == records.count, "\(name)")
        }
        let rows = try #require(sheets["events.csv"]?.rows)
        let workedOut = profile.isForSpreadsheet ? TemplateValues.workedOutColumns.count : 0
        #expect(rows.map(\.count).max() == EventField.count + workedOut)
        guard profile.isForSpreadsheet else { return }
        // Times are dates, every other cell is text as written.
        let records = try ProfiledCSV(contentsOfFile: bundle.path + "/events.csv", profile).records
        for (row, record) in zip(rows, records).dropFirst() {
            #expect(row[1][0] == "date", "\(row[1])")
            #expect(row.count <= EventField.count || row[EventField.count + 3][0] == "float", "\(row)")
            for (cell, field) in zip(row.prefix(EventField.count + 1), record) where cell != row[1] && !field.isEmpty {
                #expect(cell[0] == "string", "\(cell)")
                // Of control characters and noncharacters LibreOffice's own file format has none.
                let isPlain = field.unicodeScalars.allSatisfy { scalar in
                    scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value & 0xFFFE != 0xFFFE
                }
                if isPlain, field.count < 30_000 { #expect(cell[1] == field) }
            }
        }
    }
}
