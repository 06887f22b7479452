import Analysis
import Evidence

/// Rows of texts that stand one behind the other in memory, ready to be printed.
package final class TextRows: @unchecked Sendable {
    // Sendable: nothing is changed once it is made; nobody writes to a block that was handed on.
    private let columns: [RowColumn]
    private let lists: [RowList]
    /// The memory that the pieces stand in.
    private let block: OutputBlock
    /// A piece a column, row after row.
    private let cells: [Piece]
    /// A piece a column, element after element, list after list, row after row.
    private let elements: [Piece]
    /// Where each list of each row ends among the pieces of elements.
    private let ends: [Int]

    /// A text by where it stands, or a number in place of that.
    fileprivate struct Piece {
        var start: Int
        var count = 0
    }

    fileprivate init(_ builder: consuming Builder) {
        var builder = builder
        columns = builder.columns
        lists = builder.lists
        cells = builder.cells
        elements = builder.elements
        ends = builder.ends
        block = builder.bytes.handOn(keeping: builder.bytes.count)
    }

    /// Fills a cell for each of some columns, told by their places; the texts live as long as these rows.
    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, columns places: [Int], row: Int) {
        for index in places.indices {
            let place = places[index]
            fill(&cells[index], columns[place].kind, self.cells[row * columns.count + place])
        }
    }

    /// How many elements a row has in a list, told by its place.
    package func count(ofList list: Int, row: Int) -> Int {
        let end = row * lists.count + list
        return (ends[end] - begin(end)) / lists[list].columns.count
    }

    /// Fills a cell a column of a list; the texts live as long as these rows.
    package func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        let columns = lists[list].columns
        let first = begin(row * lists.count + list) + element * columns.count
        for index in columns.indices { fill(&cells[index], columns[index].kind, elements[first + index]) }
    }

    private func begin(_ end: Int) -> Int { end == 0 ? 0 : ends[end - 1] }

    @inline(__always)
    private func fill(_ cell: inout RowCell, _ kind: RowColumn.Kind, _ piece: Piece) {
        if kind == .number {
            cell.number = Int64(piece.start)
        } else {
            cell.text = TextView(start: block.base + piece.start, count: piece.count)
        }
    }

    /// Takes the cells in, row after row and column after column, and the lists of each row in their order.
    package struct Builder: ~Copyable {
        fileprivate let columns: [RowColumn]
        fileprivate let lists: [RowList]
        fileprivate var bytes = OutputBuffer(capacity: 1 << 14)
        fileprivate var cells: [Piece] = []
        fileprivate var elements: [Piece] = []
        fileprivate var ends: [Int] = []

        /// Begins so many rows.
        package init(columns: [RowColumn], lists: [RowList], rowCount: Int) {
            self.columns = columns
            self.lists = lists
            cells.reserveCapacity(rowCount * columns.count)
        }

        /// Adds a cell.
        package mutating func add(_ text: String) { cells.append(keep(text)) }

        /// The same of a borrowed text.
        package mutating func add(_ text: TextView) {
            let start = bytes.count
            bytes.append(text.bytes)
            cells.append(Piece(start: start, count: text.count))
        }

        /// Adds a cell whose text is told piece after piece.
        package mutating func add(_ telling: ((TextView) -> Void) -> Void) {
            let start = bytes.count
            telling { bytes.append($0.bytes) }
            cells.append(Piece(start: start, count: bytes.count - start))
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

        /// Adds elements of one text each to the present list, told one after the other, and a cell that joins the first of them,
        /// up to `most`, by semicolons; `rest` stands behind these.
        package mutating func add(joining most: Int, rest: String, elements telling: ((TextView) -> Void) -> Void) {
            let start = bytes.count
            var (end, index) = (start, 0)
            telling { text in
                if index == most {
                    bytes.append(rest)
                    end = bytes.count
                } else if index > 0 {
                    bytes.append(Self.separator)
                }
                elements.append(Piece(start: bytes.count, count: text.count))
                bytes.append(text.bytes)
                if index < most { end = bytes.count }
                index += 1
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
    }
}
