import Analysis
import Evidence
import Foundation

@testable import Publishing
@testable import Reporting
@testable import Templates

/// A table in memory whose cells point into memory that lives as long as the tests do.
package struct SampleTable: RowTable {
    package var columns: [RowColumn]
    package var childColumns: [RowColumn] = []
    package var rows: [[SampleCell]]
    package var children: [[[SampleCell]]] = []

    package init(
        columns: [RowColumn],
        childColumns: [RowColumn] = [],
        rows: [[SampleCell]],
        children: [[[SampleCell]]] = []
    ) {
        self.columns = columns
        self.childColumns = childColumns
        self.rows = rows
        self.children = children
    }

    package var lists: [RowList] {
        childColumns.isEmpty ? [] : [RowList(name: "actions", columns: childColumns)]
    }

    package var rowCount: Int { rows.count }

    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int) {
        for (index, cell) in rows[row].enumerated() { cells[index] = cell.cell }
    }

    package func count(ofList list: Int, row: Int) -> Int { children.isEmpty ? 0 : children[row].count }

    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        for (index, cell) in children[row][element].enumerated() { cells[index] = cell.cell }
    }
}

/// A cell in memory.
package struct SampleCell: @unchecked Sendable {
    package let text: String
    package let number: Int64
    /// Never freed: tests are short, and the memory must outlive every use.
    package let bytes: UnsafeMutableBufferPointer<UInt8>

    package init(_ text: String) {
        self.text = text
        number = 0
        bytes = .allocate(capacity: max(1, text.utf8.count))
        _ = bytes.initialize(from: text.utf8)
    }

    package init(_ number: Int64) {
        text = ""
        self.number = number
        bytes = .allocate(capacity: 1)
    }

    package var cell: RowCell {
        RowCell(text: TextView(start: UnsafePointer(bytes.baseAddress), count: text.utf8.count), number: number)
    }
}

/// Renders a document in memory the way a bundle's documents are rendered.
package func engineRendering(_ document: LinkedTemplate, values: TemplateValues) throws -> String {
    var output = OutputBuffer()
    var cells = CSVCells()
    let program = try DocumentProgram(document, values: values, contentSecurityPolicy: "policy")
    for part in program.parts {
        switch part {
        case .fixed(let program):
            var runner = RowProgramRunner(program)
            runner.run(row: (0, true), into: &output, csv: &cells)
        case .rows(let table, let program, _):
            var runner = RowProgramRunner(program)
            let table = table.prepared(0..<table.rowCount)
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
        case .events: break
        }
    }
    if document.format == .csv, program.endsInQuotes || !cells.isAtRecordStart(output) { cells.endRecord(&output) }
    return String(decoding: output.bytes, as: UTF8.self)
}

/// Values that have broken reports: each must stay text in every format.
package let nastyValues: [String] = [
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
package func elements(of list: TemplateValue) -> [TemplateValue] {
    switch list {
    case .list(let elements): elements
    case .made(let count, let maker): (0..<count).map(maker.make)
    case .texts(let texts, let member): texts.map { .object([member: .text($0)]) }
    default: []
    }
}

extension TemplateValue {
    /// The member of a name, or a missing value.
    package func member(_ name: String) -> TemplateValue {
        if case .object(let members) = self { members[name] ?? .missing } else { .missing }
    }
}
