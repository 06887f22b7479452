import Evidence
import Foundation
import TestSupport
import Testing

@testable import Analysis

/// Workbooks that come back: what every program may write is read, and nothing that somebody made up does harm.
@Suite struct WorkbookReadingTests {
    private static let spreadsheet = #"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#
    private static let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    /// A workbook of one sheet and, where there are any, shared texts.
    private static func workbook(
        _ rows: String,
        name: String = "Review",
        texts: String? = nil,
        book: String = "",
        others: String = "",
        head: String = ""
    ) -> [UInt8] {
        var zip = SampleZip()
        func add(_ name: String, _ text: String) { zip.add(name, Array((head + text).utf8)) }
        add(
            "_rels/.rels",
            #"<Relationships><Relationship Id="r" Type="\#(types)/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        )
        add(
            "xl/workbook.xml",
            "<workbook \(spreadsheet) xmlns:r=\"\(types)\"><sheets><sheet name=\"\(name)\" sheetId=\"1\" r:id=\"a\"/>\(others)</sheets>\(book)</workbook>"
        )
        add(
            "xl/_rels/workbook.xml.rels",
            #"<Relationships><Relationship Id="a" Type="\#(types)/worksheet" Target="worksheets/s.xml"/><Relationship Id="b" Type="\#(types)/worksheet" Target="/xl/other.xml"/><Relationship Id="t" Type="\#(types)/sharedStrings" Target="texts.xml"/></Relationships>"#
        )
        add("xl/worksheets/s.xml", "<worksheet \(spreadsheet)><sheetData>\(rows)</sheetData></worksheet>")
        add("xl/other.xml", "<worksheet \(spreadsheet)><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>")
        if let texts { add("xl/texts.xml", "<sst \(spreadsheet)>\(texts)</sst>") }
        return zip.bytes
    }

    private static let header =
        "<row r=\"1\">"
        + ["finding_id", "event_id", "result", "reviewed_by", "reviewed_on", "ticket"]
        .map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }.joined() + "</row>"

    private func read(_ bytes: [UInt8]) throws -> [Review.Row] { try Review.read(bytes, named: "r.xlsx").rows }

    private func refusal(_ bytes: [UInt8]) -> String {
        let error = #expect(throws: AnalysisError.self) { try Review.read(bytes, named: "r.xlsx") }
        return error?.summary ?? ""
    }

    @Test func textsAndDaysOfEveryForm() throws {
        let rows =
            Self.header + """
                <row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3" t="s"><v>0</v></c><c r="D3" t="str"><f>A1</f><v>Ann</v></c>\
                <c r="E3" s="4"><v>46387</v></c><c r="F3"><v>1.2E1</v></c></row>
                <row><c r="A4" t="inlineStr"><is><t>f_x005F_x0041_</t></is></c><c t="inlineStr"><is><t xml:space="preserve"> '=e-1 </t></is></c>\
                <c t="inlineStr"><is><r><t>not </t></r><r><t>ok</t></r><rPh><t>aloud</t></rPh></is></c><c/>\
                <c t="d"><v>2026-12-31T00:00:00</v></c><c t="b"><v>1</v></c></row>
                <row r="9"><c r="A9"><v></v></c></row>
                """
        let texts =
            "<si><t>OK</t></si><si><r><t>f&amp;</t></r><r><t xml:space=\"preserve\">1 </t></r><rPh><t>x</t></rPh></si><si><t>unused</t></si>"
        let read = try read(Self.workbook(rows, texts: texts))
        #expect(read.map(\.finding) == ["f&1", "f_x0041_"])
        #expect(read.map(\.event) == ["", "'=e-1"])
        #expect(read.map(\.result) == [.ok, .notOK])
        #expect(read.map(\.reviewedOn) == ["2026-12-31", "2026-12-31"])
        #expect(read.map(\.reviewedBy) == ["Ann", ""] && read.map(\.ticket) == ["12", "TRUE"])
        #expect(read.map(\.source) == ["r.xlsx:3", "r.xlsx:4"])
    }

    @Test func theSheetIsFoundByItsMarkElseByItsTitle() throws {
        let row = "<row><c t=\"inlineStr\"><is><t>f-1</t></is></c><c/><c t=\"inlineStr\"><is><t>ok</t></is></c></row>"
        let other = "<sheet name=\"Other\" r:id=\"b\"/>"
        let mark =
            "<definedNames><definedName name=\"heedaudit_review\">'It''s &amp; mine'!$A$1</definedName></definedNames>"
        #expect(
            try read(Self.workbook(Self.header + row, name: "It's &amp; mine", book: mark, others: other)).count == 1
        )
        #expect(try read(Self.workbook(Self.header + row, name: "PRÜFUNG", others: other)).count == 1)
        // Alone, it may be called anything.
        #expect(try read(Self.workbook(Self.header + row, name: "Table 1")).count == 1)
        let none = refusal(Self.workbook(Self.header + row, name: "Table 1", others: other))
        #expect(none == "r.xlsx: none of its sheets is called 'Review': it has 'Table 1', 'Other'")
    }

    @Test func whatNoProgramWritesIsRefused() {
        func refused(_ rows: String, head: String = "", book: String = "", texts: String? = nil) -> String {
            refusal(Self.workbook(Self.header + rows, texts: texts, book: book, head: head))
        }
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
        #expect(refused("", head: bomb).contains("document type"))
        #expect(refused("", head: "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">").contains("document type"))
        #expect(refused("<row><c><v>&b;</v></c></row>").contains("well-formed"))
        #expect(refused("<row r=\"1\"/>").contains("out of order"))
        #expect(refused("<row r=\"1048577\"/>").contains("out of order"))
        #expect(refused("<row><c r=\"XFD2\"><v>1</v></c></row>").contains("column 16384"))
        #expect(refused("<row><c t=\"s\"><v>-1</v></c></row>", texts: "").contains("shared"))
        #expect(refused("", book: "<workbookPr date1904=\"1\"/>").contains("1904"))
        let cells = String(repeating: "<row><c r=\"SF\"><v>1</v></c></row>", count: 8100)
        #expect(refused(cells).contains("more cells"))
        let text = String(repeating: "A", count: 1_000_000)
        #expect(refused("<row><c t=\"inlineStr\"><is><t>\(text)</t></is></c></row>").contains("more text"))
        // Beyond any limit of depth.
        #expect(refused(String(repeating: "<row>", count: 100_000)).contains("well-formed"))
    }

    @Test func directoriesThatLieAreFoundOut() {
        func zip(_ change: (inout SampleZip) -> Void) -> String {
            var zip = SampleZip()
            change(&zip)
            return refusal(zip.bytes)
        }
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8)) }.contains("it is no .xlsx"))
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8), size: 1 << 30) }.contains("more than 16777216"))
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8), size: 3) }.contains("longer than"))
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8), size: 5) }.contains("checksum"))
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8), method: 8) }.contains("unpacked"))
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8), method: 12) }.contains("a way that is not read"))
        #expect(zip { $0.add("_rels/.rels", Array("<a/>".utf8), flags: 1) }.contains("password"))
        let twice = zip { for _ in 0..<2 { $0.add("_rels/.rels", Array("<a/>".utf8)) } }
        #expect(twice.contains("two files of one name"))
    }

    @Test("Any change to a workbook is read or refused, never more", arguments: 1...100)
    func anyBytes(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let row =
            "<row r=\"2\"><c t=\"s\" r=\"A2\"><v>0</v></c><c r=\"C2\" t=\"inlineStr\"><is><t>ok</t></is></c></row>"
        func changed(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            return seed % 3 == 0 ? Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) : bytes
        }
        let whole = Self.workbook(Self.header + row, texts: "<si><t>f-1</t></si>")
        for _ in 0..<20 {
            _ = try? Review.read(Array(whole.prefix(4)) + changed(Array(whole.dropFirst(4))), named: "r.xlsx")
            let text = String(decoding: changed(Array((Self.header + row).utf8)), as: UTF8.self)
            _ = try? Review.read(Self.workbook(text, texts: "<si><t>f-1</t></si>"), named: "r.xlsx")
        }
    }
}
