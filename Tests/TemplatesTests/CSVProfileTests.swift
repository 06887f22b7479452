import ReportSupport
import Evidence
import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// A table as a profile writes it, read without the code under test.
struct ProfiledCSV {
    let records: [[String]]
    let hasByteOrderMark: Bool

    init(contentsOfFile path: String, _ profile: CSVProfile) throws {
        try self.init(Data(contentsOf: URL(fileURLWithPath: path)), profile)
    }

    init(_ data: Data, _ profile: CSVProfile) throws {
        var bytes = [UInt8](data)
        hasByteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        if hasByteOrderMark { bytes.removeFirst(3) }
        let isSemicolon = profile == .excelSemicolon
        let end: [UInt8] = [.sheets, .libreoffice].contains(profile) ? [0x0A] : [0x0D, 0x0A]
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isQuoted {
                if byte == 0x22, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
                    field.append(0x22)
                    index += 1
                } else if byte == 0x22 {
                    isQuoted = false
                } else {
                    field.append(byte)
                }
            } else if byte == 0x22 {
                try #require(field.isEmpty)
                isQuoted = true
            } else if byte == (isSemicolon ? 0x3B : 0x2C) {
                record.append(String(decoding: field, as: UTF8.self))
                field = []
            } else if bytes[index...].starts(with: end) {
                record.append(String(decoding: field, as: UTF8.self))
                records.append(record)
                (record, field) = ([], [])
                index += end.count - 1
            } else {
                try #require(byte != 0x0A && byte != 0x0D)
                field.append(byte)
            }
            index += 1
        }
        try #require(!isQuoted && record.isEmpty && field.isEmpty)
        self.records = records
    }
}

@Suite struct CSVProfileTests {
    private func publish(_ profile: CSVProfile) throws -> (HostileReport, PublishedBundle) {
        let report = try HostileReport(long: 70_000)
        return (report, try report.publish(profile))
    }

    @Test(arguments: CSVProfile.allCases)
    func everyTextComesBack(_ profile: CSVProfile) throws {
        let (report, bundle) = try publish(profile)
        let table = try ProfiledCSV(contentsOfFile: bundle.path + "/events.csv", profile)
        #expect(table.hasByteOrderMark == [.excel, .excelSemicolon, .libreoffice].contains(profile))
        #expect(table.records.count == report.lines.count + 1)
        let columns = EventField.count + (profile.isForSpreadsheet ? 4 : 0)
        #expect(table.records.allSatisfy { $0.count == columns })
        let seen = Set(table.records.dropFirst().map { Self.original($0[7], profile) })
        for value in report.values where !value.isEmpty && value.count < 30_000 {
            #expect(seen.contains(value.replacingOccurrences(of: "\0", with: "\u{FFFD}")), "\(value)")
        }
        let times = table.records.dropFirst().map { $0[1] }
        let pattern =
            switch profile {
            case .rfc4180: "2026-03-17T10:00:00Z"
            case .libreoffice: "2026-03-17T10:00:00"
            default: "2026-03-17 10:00:00"
            }
        #expect(times.contains(pattern) && times.allSatisfy { $0.count == pattern.count })
    }

    /// Who and when in columns of their own, where the report's days begin; a table for machines has none of them.
    @Test(arguments: CSVProfile.allCases)
    func eventsTellWhoAndWhenForPivotTables(_ profile: CSVProfile) throws {
        var sample = try SampleReport(events: [
            SampleReport.event("evt-0", at: "no time"), SampleReport.event("evt-1", at: "2026-10-25T00:30:00.25Z"),
            SampleReport.event("evt-2", at: "2026-10-25T01:30:00Z"),
            SampleReport.event("evt-3", at: "2026-10-31T23:00:00Z"),
        ])
        sample.document.period.timeZone = "Europe/Berlin"
        let bundle = try sample.publish(.builtIn(), profile: profile)
        let records = try ProfiledCSV(contentsOfFile: bundle.path + "/events.csv", profile).records
        guard profile.isForSpreadsheet else {
            #expect(records[0].joined(separator: ",") == TemplateValues.eventColumns.joined(separator: ","))
            return
        }
        #expect(records[0].suffix(4) == ["actor", "month", "weekday", "hour"])
        let worked = records.dropFirst().map { Array($0.suffix(3)) }
        #expect(
            worked == [
                ["", "", ""], ["2026-10", "7 Sun", "2"], ["2026-10", "7 Sun", "2"], ["2026-11", "7 Sun", "0"],
            ]
        )
        #expect(records.dropFirst().allSatisfy { $0[9] == $0[4] && !$0[9].isEmpty })
        // Where a semicolon stands between cells, a comma stands before fractions: with a point it is a text there.
        #expect(records[2][1].hasSuffix(profile == .excelSemicolon ? ":30:00,25" : ":30:00.25"))
    }

    /// A text without the apostrophe that the tool put in front (docs/report-format.md).
    private static func original(_ field: String, _ profile: CSVProfile) -> String {
        let text = (try? CSVTests.original(field)) ?? field
        guard text.hasPrefix("'"), text.utf8.count == field.utf8.count || !field.hasPrefix("''") else { return text }
        let isConverted = Array(field.utf8).withUnsafeBufferPointer { SpreadsheetText.isConverted($0) }
        return profile.isForSpreadsheet && isConverted ? String(text.dropFirst()) : text
    }

    @Test func longCellsAreCutVisiblyAndCounted() throws {
        for (profile, limit) in [(CSVProfile.excel, 32_767), (.sheets, 50_000)] {
            let (_, bundle) = try publish(profile)
            let records = try ProfiledCSV(contentsOfFile: bundle.path + "/events.csv", profile).records
            let longest = try #require(records.joined().max { $0.utf16.count < $1.utf16.count })
            #expect(longest.utf16.count <= limit && longest.utf16.count > limit - 100)
            #expect(longest.hasSuffix("(cut: \(limit) of 70000 characters fit in a cell)"))
            let manifest = try #require(Manifest.read(bundle: bundle.path))
            #expect(manifest.csvProfile == profile.rawValue && (manifest.cellsCut ?? 0) > 0)
        }
        let (_, bundle) = try publish(.rfc4180)
        #expect(Manifest.read(bundle: bundle.path)?.cellsCut == 0)
    }

    @Test(arguments: [1, 9, 10, 18, 19, 27, 28])
    func aFullSheetIsFollowedByAnother(_ rows: Int) throws {
        let folder = temporaryPath()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let table = SampleTable(
            columns: [.init(name: "id", kind: .text)],
            rows: (1...rows).map { [SampleCell("row-\($0)")] }
        )
        let library = TemplateLibrary(texts: ["a.csv": "id\n{{#actors}}\n{{id}}\n{{/actors}}\n"])
        let values = TemplateValues(tables: ["actors": table])
        let document = try library.documents([.csv])[0]
        let file = try DocumentFile(folder: folder, name: "a.csv", mode: .group, profile: .excel)
        var writer = RowWriter(file: file, format: .csv, profile: .excel, validation: nil, mostRecords: 10)
        for part in try DocumentProgram(document, values: values).parts {
            switch part {
            case .fixed(let program): try writer.append(program)
            case .rows(_, let program, let isCounted): try writer.append(table, program, isCounted: isCounted)
            case .events: Issue.record("the document holds no events")
            }
        }
        let files = try writer.finish(inQuotes: false)
        #expect(files.count == (rows + 8) / 9)
        #expect(files.map(\.name) == ["a.csv", "a-2.csv", "a-3.csv", "a-4.csv"].prefix(files.count).map { $0 })
        #expect(files.dropFirst().allSatisfy { $0.partOf == "a.csv" } && files[0].partOf == nil)
        #expect(files.compactMap(\.rows).reduce(0, +) == rows)
        var seen: [String] = []
        for file in files {
            let part = try ProfiledCSV(contentsOfFile: folder + "/" + file.name, .excel)
            #expect(part.hasByteOrderMark && part.records[0] == ["id"] && part.records.count <= 10)
            #expect(part.records.count - 1 == file.rows)
            seen += part.records.dropFirst().map { $0[0] }
        }
        #expect(seen == (1...rows).map { "row-\($0)" })
    }

    @Test func tellsWhatASpreadsheetWouldConvert() {
        func isConverted(_ text: String) -> Bool {
            Array(text.utf8).withUnsafeBufferPointer { SpreadsheetText.isConverted($0) }
        }
        for text in HostileReport.lookAlikes { #expect(isConverted(text) || text.hasSuffix("Z"), "\(text)") }
        for text in [
            "evt-123", "user-456", "db-abc123", "203.0.113.50", "2001:db8::15", "production", "a@example.com", "",
            "database.created", "sha256:12ab", "deploy key 42", "v2",
        ] {
            #expect(!isConverted(text), "\(text)")
        }
    }
}
