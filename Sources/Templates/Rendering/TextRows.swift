import Analysis
import CBytes
import Evidence

/// A table of texts that stand one behind the other in memory: long lists that were strings, ready to be printed.
///
/// Several tables can show the same texts, each some of the columns and rows.
package final class TextRows: RowTable, @unchecked Sendable {
    // Sendable: nothing is changed once it is made; nobody writes to a block that was handed on.
    package let columns: [RowColumn]
    package let lists: [RowList]
    package let rowCount: Int
    private let texts: Texts
    /// Where each column is among those of the texts.
    private let places: [Int]
    /// The rows shown; nil for all.
    private let rows: [Int]?

    /// A text by where it stands, or a number in place of that.
    fileprivate struct Piece {
        var start: Int
        var count = 0
    }

    /// What tables show.
    private final class Texts {
        let columns: [RowColumn]
        let lists: [RowList]
        /// The memory that the pieces stand in.
        let block: OutputBlock
        /// A piece a column, row after row.
        let cells: [Piece]
        /// A piece a column, element after element, list after list, row after row.
        let elements: [Piece]
        /// Where each list of each row ends among the pieces of elements.
        let ends: [Int]

        init(_ builder: consuming Builder) {
            var builder = builder
            columns = builder.columns
            lists = builder.lists
            cells = builder.cells
            elements = builder.elements
            ends = builder.ends
            block = builder.bytes.handOn(keeping: builder.bytes.count)
        }
    }

    fileprivate init(_ builder: consuming Builder) {
        texts = Texts(builder)
        columns = texts.columns
        lists = texts.lists
        places = Array(columns.indices)
        rows = nil
        rowCount = texts.cells.count / max(1, columns.count)
    }

    /// Some columns and rows of another table; with `hasLists` also its lists.
    package init(_ table: TextRows, columns names: [String], rows: [Int]? = nil, hasLists: Bool = false) {
        let texts = table.texts
        let places = names.compactMap { name in texts.columns.firstIndex { $0.name == name } }
        self.texts = texts
        self.places = places
        columns = places.map { texts.columns[$0] }
        lists = hasLists ? texts.lists : []
        self.rows = rows
        rowCount = rows?.count ?? table.rowCount
    }

    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int) {
        let first = place(of: row) * texts.columns.count
        for index in columns.indices {
            fill(&cells[index], columns[index].kind, texts.cells[first + places[index]])
        }
    }

    package func count(ofList list: Int, row: Int) -> Int {
        let end = place(of: row) * lists.count + list
        return (texts.ends[end] - begin(end)) / lists[list].columns.count
    }

    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        let columns = lists[list].columns
        let first = begin(place(of: row) * lists.count + list) + element * columns.count
        for index in columns.indices {
            fill(&cells[index], columns[index].kind, texts.elements[first + index])
        }
    }

    private func place(of row: Int) -> Int { rows?[row] ?? row }

    private func begin(_ end: Int) -> Int { end == 0 ? 0 : texts.ends[end - 1] }

    @inline(__always)
    private func fill(_ cell: inout RowCell, _ kind: RowColumn.Kind, _ piece: Piece) {
        if kind == .number {
            cell.number = Int64(piece.start)
        } else {
            cell.text = TextView(start: texts.block.base + piece.start, count: piece.count)
        }
    }

    /// Takes the cells of a table in, row after row and column after column, and the lists of each row in their order.
    package struct Builder: ~Copyable {
        fileprivate let columns: [RowColumn]
        fileprivate let lists: [RowList]
        fileprivate var bytes = OutputBuffer()
        fileprivate var cells: [Piece] = []
        fileprivate var elements: [Piece] = []
        fileprivate var ends: [Int] = []

        /// Begins a table of about so many rows.
        package init(columns: [RowColumn], lists: [RowList] = [], rowCount: Int) {
            self.columns = columns
            self.lists = lists
            cells.reserveCapacity(rowCount * columns.count)
        }

        /// Adds a cell; a text that stands in the row above is not kept twice.
        package mutating func add(_ text: String) {
            let above = cells.count - columns.count
            if above >= 0, isSame(cells[above], text) { cells.append(cells[above]) } else { cells.append(keep(text)) }
        }

        /// Adds the next cells as they stand in the row above.
        package mutating func repeatCells(_ count: Int) {
            for _ in 0..<count { cells.append(cells[cells.count - columns.count]) }
        }

        /// Adds and ends a list like the one of the row above.
        package mutating func repeatList() {
            let above = ends.count - lists.count
            for element in (above == 0 ? 0 : ends[above - 1])..<ends[above] { elements.append(elements[element]) }
            endList()
        }

        /// Adds a cell of a column of numbers.
        package mutating func add(_ number: Int) { cells.append(Piece(start: number)) }

        /// Adds the texts that an element of the present list has.
        package mutating func add(element texts: [String]) { for text in texts { elements.append(keep(text)) } }

        /// Adds elements of one text each to the present list, and a cell that joins the first of them, up to `most`, by
        /// semicolons; `rest` stands behind these.
        package mutating func add(elements texts: [String], joining most: Int, rest: String) {
            let start = bytes.count
            var end = start
            for (index, text) in texts.enumerated() {
                if index == most {
                    bytes.append(rest)
                    end = bytes.count
                } else if index > 0 {
                    bytes.append(Self.separator)
                }
                elements.append(keep(text))
                if index < most { end = bytes.count }
            }
            cells.append(Piece(start: start, count: end - start))
        }

        /// Ends a list of the row.
        package mutating func endList() { ends.append(elements.count) }

        package consuming func finish() -> TextRows { TextRows(self) }

        private static let separator: StaticString = "; "

        private mutating func keep(_ text: String) -> Piece {
            let start = bytes.count
            bytes.append(text)
            return Piece(start: start, count: bytes.count - start)
        }

        private func isSame(_ piece: Piece, _ text: String) -> Bool {
            guard piece.count == text.utf8.count else { return false }
            var text = text
            let start = bytes.base + piece.start
            return text.withUTF8 { text in text.baseAddress.map { heed_equal(start, $0, text.count) } ?? true }
        }
    }
}
