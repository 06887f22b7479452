import Analysis
import Evidence
import Foundation
import Mustache

@testable import Publishing
@testable import Reporting
@testable import Templates

/// A table in memory whose cells point into memory that lives as long as the tests do.
struct SampleTable: RowTable {
    var columns: [RowColumn]
    var childColumns: [RowColumn] = []
    var rows: [[SampleCell]]
    var children: [[[SampleCell]]] = []

    var lists: [RowList] {
        childColumns.isEmpty ? [] : [RowList(name: TemplateValues.rowListName, columns: childColumns)]
    }

    var rowCount: Int { rows.count }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int) {
        for (index, cell) in rows[row].enumerated() { cells[index] = cell.cell }
    }

    func count(ofList list: Int, row: Int) -> Int { children.isEmpty ? 0 : children[row].count }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        for (index, cell) in children[row][element].enumerated() { cells[index] = cell.cell }
    }
}

/// A cell in memory.
struct SampleCell: @unchecked Sendable {
    let text: String
    let number: Int64
    /// Never freed: tests are short, and the memory must outlive every use.
    let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ text: String) {
        self.text = text
        number = 0
        bytes = .allocate(capacity: max(1, text.utf8.count))
        _ = bytes.initialize(from: text.utf8)
    }

    init(_ number: Int64) {
        text = ""
        self.number = number
        bytes = .allocate(capacity: 1)
    }

    var cell: RowCell {
        RowCell(text: TextView(start: UnsafePointer(bytes.baseAddress), count: text.utf8.count), number: number)
    }
}

/// A row as swift-mustache sees it: an empty text is found and missing.
struct OracleRow: MustacheParent {
    let columns: [RowColumn]
    let cells: [SampleCell]
    var list: OracleRows?
    var marks: OwnValueMarks?

    func child(named name: String) -> Any? {
        if let list, name == TemplateValues.rowListName { return list }
        guard let index = columns.firstIndex(where: { $0.name == name }) else { return nil }
        if columns[index].kind == .number {
            let number = Int(cells[index].number)
            if let marks { return OracleNumber(text: marks.number + String(number)) }
            return number
        }
        return cells[index].text.isEmpty ? NSNull() : cells[index].text
    }
}

struct OracleNumber: MustacheCustomRenderable, MustacheParent {
    let text: String
    var renderText: String { text }
    var isNull: Bool { false }
    func child(named: String) -> Any? { nil }
}

/// A list of rows; as a variable it is the row's number of the same name.
struct OracleRows: MustacheSequence, MustacheCustomRenderable, MustacheParent {
    let rows: [OracleRow]
    var count: String

    var renderText: String { count }
    var isNull: Bool { false }
    func child(named: String) -> Any? { nil }
    func makeIterator() -> AnyIterator<Any> {
        var iterator = rows.makeIterator()
        return AnyIterator { iterator.next() }
    }
}

/// The outermost object with a table as a list of rows.
struct OracleRoot: MustacheParent, MustacheCustomRenderable {
    let inner: MustacheRoot
    let name: String
    let table: SampleTable

    var renderText: String { "" }
    var isNull: Bool { false }

    func child(named name: String) -> Any? {
        guard name == self.name else { return inner.child(named: name) }
        let rows = table.rows.indices.map { index in
            var row = OracleRow(columns: table.columns, cells: table.rows[index], marks: inner.marks)
            if !table.childColumns.isEmpty {
                let column = table.columns.firstIndex { $0.name == TemplateValues.rowListName }
                row.list = OracleRows(
                    rows: table.children[index].map {
                        OracleRow(columns: table.childColumns, cells: $0, marks: inner.marks)
                    },
                    count: column.map { String(table.rows[index][$0].number) } ?? ""
                )
            }
            return row
        }
        return OracleRows(rows: rows, count: "")
    }
}

/// Renders a document in memory the way a bundle's documents are rendered.
func engineRendering(_ document: LinkedTemplate, values: TemplateValues) throws -> String {
    var output = OutputBuffer()
    var cells = CSVCells()
    var text = CSVText()
    for part in try MustacheRendering.render(document, values: values, contentSecurityPolicy: "policy").parts {
        switch part {
        case .bytes(let bytes):
            bytes.withUnsafeBufferPointer {
                if document.format == .csv {
                    text.append($0, to: &output, cells: &cells)
                } else {
                    output.append($0)
                }
            }
        case .stream(let number):
            let program = try StreamedSections.compile(document, number: number, values: values)
            guard let table = values.tables[document.streams[number].name] else { continue }
            var runner = RowProgramRunner(program)
            for row in 0..<table.rowCount {
                table.fill(runner.rowCells, row: row)
                runner.run(
                    row: (row, row == table.rowCount - 1),
                    into: &output,
                    csv: &cells,
                    countElements: { table.count(ofList: $0, row: row) },
                    fillElement: { table.fill($2, list: $0, row: row, element: $1) }
                )
            }
        }
    }
    if document.format == .csv { text.finish(&output, cells: &cells) }
    return String(decoding: output.bytes, as: UTF8.self)
}

/// Renders the same document by swift-mustache alone, from the templates' own text.
func oracleRendering(
    _ texts: [String: String],
    document: String,
    format: OutputFormat,
    values: TemplateValues,
    name: String,
    table: SampleTable
) throws -> String {
    var sources: [String: String] = [:]
    for (file, text) in texts {
        let prefix = "{{% CONTENT_TYPE:\(format.contentTypeName)}}\n"
        sources[file == document ? LinkedTemplate.main : String(file.dropFirst("partials/".count))] = prefix + text
    }
    let whole = LinkedTemplate(
        name: document,
        format: format,
        nodes: [],
        sources: sources,
        streams: [],
        problems: []
    )
    let parts = try MustacheRendering.render(whole) { tally in
        OracleRoot(
            inner: MustacheRoot(
                values: values,
                contentSecurityPolicy: "policy",
                mark: tally.mark,
                marks: format == .csv ? tally.marks : nil
            ),
            name: name,
            table: table
        )
    }.parts
    var bytes: [UInt8] = []
    for case .bytes(let part) in parts { bytes += part }
    guard format == .csv else { return String(decoding: bytes, as: UTF8.self) }
    var output = OutputBuffer()
    var cells = CSVCells()
    var text = CSVText()
    bytes.withUnsafeBufferPointer { text.append($0, to: &output, cells: &cells) }
    text.finish(&output, cells: &cells)
    return String(decoding: output.bytes, as: UTF8.self)
}

/// Values that have broken reports: each must stay text in every format.
let nastyValues: [String] = [
    "", " ", "plain", "<script>alert(1)</script>", "</script><script>alert(1)</script>", "\"><img src=x onerror=a()>",
    "' onmouseover='a()", "javascript:alert(1)", "]]>", "<!--", "-->", "<?xml?>", "<!DOCTYPE x>", "&amp;", "&#0;",
    "&lt", "{{id}}", "{{{id}}}", "{{#a}}", "}}", "=1+1", "=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)",
    "\t=1", "\r=1", "\n=1", "'=1", "''=1", "  =1", "\u{A0}=1", "' =1", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1",
    "\u{FF20}1", "'plain", "a,b", "a;b", "a\"b", "\"", "\"\"", "\"quoted\"", "a\nb", "a\r\nb", "a\rb", "\n", "\r\n",
    "\u{0}", "a\u{0}b", "\u{1}\u{8}\u{B}\u{C}\u{1B}[31m", "\u{7F}\u{80}\u{85}\u{9F}", "\u{FFFE}\u{FFFF}", "\u{FFFD}",
    "\u{202E}evil\u{202C}", "\u{2066}\u{2069}\u{200F}\u{61C}", "\u{2028}\u{2029}", "\u{FEFF}bom", "e\u{301}\u{200D}",
    "\u{1F468}\u{200D}\u{1F469}", "\u{10FFFF}", "|a|b|", "`code`", "*b* _i_ ~s~ #h", "[x](javascript:a)", "\\", "\\\"",
    "- item", "1. item", "\u{0}N-5", "\0,", "5", "true", "null", "-5", "3.14", "HEEDn0z", "a\tb", "sum(a1)\u{3000}",
]

/// The elements of a list, however it is kept.
func elements(of list: TemplateValue) -> [TemplateValue] {
    switch list {
    case .list(let elements): elements
    case .made(let count, let maker): (0..<count).map(maker.make)
    case .texts(let texts, let member): texts.map { .object([member: .text($0)]) }
    default: []
    }
}
