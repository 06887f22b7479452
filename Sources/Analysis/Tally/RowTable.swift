import Evidence

/// A column of a table.
package struct RowColumn: Sendable, Hashable {
    /// What a cell holds.
    ///
    /// Numbers and times are made by us and never taken for a formula.
    package enum Kind: Sendable, Hashable {
        case text
        case number
        case time
    }

    /// The column's name: the header in CSV, the name in a template.
    package var name: String
    /// What its cells hold.
    package var kind: Kind

    /// Describes a column.
    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A list that each row of a table has of its own.
package struct RowList: Sendable, Hashable {
    /// The list's name in a template.
    package var name: String
    /// What its elements hold.
    package var columns: [RowColumn]

    /// Describes a list.
    package init(name: String, columns: [RowColumn]) {
        self.name = name
        self.columns = columns
    }
}

/// A value of a row: text (times included) in `text`, numbers in `number`.
@frozen package struct RowCell {
    /// Memory for a text that is made when it is asked for; the first thing in a cell.
    private var made: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// Borrowed from the table, or from the cell itself; empty for a missing value.
    package var text: TextView
    /// The value of a number column.
    package var number: Int64

    /// Makes a cell.
    package init(text: TextView, number: Int64) {
        self.text = text
        self.number = number
    }
}

extension UnsafeMutableBufferPointer<RowCell> {
    /// Gives a cell a text that is made here: `write` puts it into memory of `TimeList.longestText` bytes.
    @inline(__always)
    func makeText(_ index: Int, _ write: (UnsafeMutableRawPointer) -> Int) {
        guard let cell = baseAddress.map({ UnsafeMutableRawPointer($0 + index) }) else { return }
        let count = write(cell)
        self[index].text = TextView(start: UnsafePointer(cell.assumingMemoryBound(to: UInt8.self)), count: count)
    }
}

/// A sorted table whose rows are made when they are asked for, so that long tables cost no strings.
package protocol RowTable: Sendable {
    /// The columns in order.
    var columns: [RowColumn] { get }
    /// How many rows.
    var rowCount: Int { get }
    /// The table with rows that are asked for next at hand; only of these it need fill cells.
    func prepared(_ rows: Range<Int>) -> Self
    /// Fills one cell a column. The texts live as long as the table and these cells, until they are filled again.
    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int)
    /// The lists that rows have of their own.
    var lists: [RowList] { get }
    /// How many elements a row has in a list, told by its place in ``lists``.
    func count(ofList list: Int, row: Int) -> Int
    /// Fills one cell a column of a list.
    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int)
}

extension RowTable {
    /// Nothing is to be prepared.
    package func prepared(_ rows: Range<Int>) -> Self { self }
    /// No list.
    package var lists: [RowList] { [] }
    /// No list.
    package func count(ofList list: Int, row: Int) -> Int { 0 }
    /// No list.
    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {}

    /// A row's cells as strings: for short lists and tests.
    package func row(_ row: Int) -> [String] {
        withUnsafeTemporaryAllocation(of: RowCell.self, capacity: columns.count) { cells in
            cells.initialize(repeating: RowCell(text: .missing, number: 0))
            let ready = prepared(row..<row + 1)
            ready.fill(cells, row: row)
            return withExtendedLifetime(ready) {
                zip(columns, cells).map { $0.kind == .number ? String($1.number) : $1.text.string }
            }
        }
    }
}
