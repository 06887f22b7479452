import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Evidence
@testable import Templates

/// What stands in the cells of a workbook, and how many sheets a table becomes.
@Suite struct WorkbookTests {
    private func time(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { WorkbookTime(time: $0)?.serial }
    }

    private func day(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { WorkbookTime(day: $0)?.serial }
    }

    @Test func timesAreDaysSinceTheEndOf1899() {
        #expect(time("2026-03-17T12:00:00Z") == 46098.5)
        #expect(time("2026-03-17T12:00:00.000999Z") == 46098.5)
        #expect(time("2024-02-29T00:00:00Z") == 45351 && time("2023-02-29T00:00:00Z") == nil)
        #expect(time("1900-03-01T00:00:00Z") == 61 && time("1900-02-28T23:59:59Z") == nil)
        #expect(time("9999-12-31T00:00:00Z") == 2_958_465 && day("2000-02-29") == 36585 && day("2100-02-29") == nil)
        for text in [
            "", "2026-03-17", "2026-03-17T12:00:00", "2026-03-17T24:00:00Z", "2026-03-17T23:59:60Z",
            "2026-03-17 12:00:00Z", "2026-03-17T12:00:00+01:00", "2026-03-17T12:00:00.Z", "2026-13-17T12:00:00Z",
            "2026-00-17T12:00:00Z", "2026-03-00T12:00:00Z", "２026-03-17T12:00:00Z",
        ] { #expect(time(text) == nil, "\(text)") }
    }

    private func text(_ text: String) -> (String, isCut: Bool)? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { WorkbookText.changed($0) }
            .map { (String(decoding: $0.text.dropLast(), as: UTF8.self), $0.isCut) }
    }

    @Test func textsStayWhatTheyAre() {
        for plain in ["", "=1+1", "_x004_", "_x00G1_", "a\u{7}b", "'=x", String(repeating: "A", count: 32_767)] {
            #expect(text(plain) == nil)
        }
        #expect(text("a_x0041_x0042_")?.0 == "a_x005F_x0041_x005F_x0042_")
        #expect(text("\u{FFFE}\u{FFFF}\u{FFFD}")?.0 == "_xFFFE__xFFFF_\u{FFFD}")
        for long in [
            String(repeating: "A", count: 32_768), String(repeating: "😀", count: 16_384),
            String(repeating: "_x0041_", count: 5000), String(repeating: "é", count: 40_000),
        ] {
            let made = text(long)
            #expect(made?.isCut == true && made?.0.utf16.count ?? 0 <= 32_767 && made?.0.utf16.count ?? 0 > 32_750)
            #expect(made?.0.hasSuffix("… (cut: at most 32767 of \(long.utf16.count) characters fit in a cell)") == true)
        }
    }

    @Test func sheetsMayNotBeCalledEverything() {
        #expect(WorkbookWriter.sheetName("a/b[c]:*?\\d", suffix: "") == "abcd")
        #expect(WorkbookWriter.sheetName("'quoted'", suffix: " 2") == "quoted 2")
        #expect(WorkbookWriter.sheetName("???", suffix: "") == "-")
        #expect(WorkbookWriter.sheetName(String(repeating: "😀", count: 40), suffix: " 12").utf16.count <= 31)
        for plan in WorkbookSheet.Plan.all {
            let titles = Words.everyLanguage("workbook.\(plan.title)")
            #expect(titles.allSatisfy { !$0.contains("workbook.") && WorkbookWriter.sheetName($0, suffix: "") == $0 })
        }
    }

    /// A table of numbered rows, the bytes of which come in pieces of every size, written into sheets of five rows.
    @Test(arguments: [1, 2, 3, 7, 4096]) func aTableBecomesAsManySheetsAsItNeeds(piece: Int) throws {
        try withTemporaryFolder { folder in
            let book = try WorkbookWriter(
                folder: folder,
                mode: .private,
                .init(title: "t", author: "a", created: Instant(seconds: 0)),
                .english
            )
            let plan = WorkbookSheet.Plan(document: "d.csv", title: "review", definition: "heedaudit_review")
            let sheet = WorkbookSheet(plan, title: "Review", in: book, mostRows: 5)
            var bytes = Array("id\0t,\0t,number\0t,at\0t\n".utf8)
            for row in 0..<9 { bytes += Array("r-\(row)\0t,\0t,\(row)\0n,2026-03-17T12:00:00Z\0d\n".utf8) }
            for start in stride(from: 0, to: bytes.count, by: piece) {
                try sheet.write(OutputSlice(Array(bytes[start..<min(bytes.count, start + piece)])), header: [])
            }
            _ = try sheet.finish(rows: nil)
            let file = try book.finish()
            #expect(file.name == "report.xlsx" && book.cells == [3 + 12, 3 + 12, 3 + 3])
            let read = try WorkbookFile(
                [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/report.xlsx"))),
                named: "r"
            )
            var found: [[String]] = []
            for title in ["Review", "Review 2", "Review 3"] {
                let rows = try read.records(
                    .init(definition: title == "Review" ? "heedaudit_review" : "", title: title)
                )
                #expect(rows.first?.cells == ["id", "", "number", "at"])
                found += rows.dropFirst().map(\.cells)
            }
            #expect(found == (0..<9).map { ["r-\($0)", "", "\($0)", "46098.5"] })
            // Nothing beside it is left.
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.xlsx"])
        }
    }

    @Test func aSheetThatLostCellsIsNoWorkbook() throws {
        try withTemporaryFolder { folder in
            let description = WorkbookWriter.Description(title: "t", author: "a", created: Instant(seconds: 0))
            let book = try WorkbookWriter(folder: folder, mode: .private, description, .english)
            let plan = WorkbookSheet.Plan(document: "d.csv", title: "review")
            let sheet = WorkbookSheet(plan, title: "Review", in: book)
            try sheet.write(OutputSlice(Array("id\0t\nr\0t\n".utf8)), header: [])
            _ = try sheet.finish(rows: nil)
            book.cells[0] += 1
            let error = #expect(throws: ReportingError.self) { try book.finish() }
            #expect(error?.code == .cannotWrite)
        }
    }
}
