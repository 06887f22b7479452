import Analysis
import CBytes
import Evidence

/// A table of texts that stand one behind the other in memory: long lists that were strings, ready to be printed.
final class TextRows: RowTable, @unchecked Sendable {
    // Sendable: nothing is changed once it is made, and the memory is freed when nobody has the table any more.
    let columns: [RowColumn]
    let lists: [RowList]
    private let memory: UnsafeMutablePointer<UInt8>
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

    let rowCount: Int

    fileprivate init(_ builder: Builder) {
        columns = builder.columns
        lists = builder.lists
        cells = builder.cells
        elements = builder.elements
        ends = builder.ends
        rowCount = builder.cells.count / max(1, builder.columns.count)
        memory = .allocate(capacity: max(1, builder.bytes.count))
        builder.bytes.withUnsafeBufferPointer { [memory] bytes in
            if let start = bytes.baseAddress { memory.initialize(from: start, count: bytes.count) }
        }
    }

    deinit { memory.deallocate() }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int) {
        fill(cells, columns, from: self.cells, row * columns.count)
    }

    func count(ofList list: Int, row: Int) -> Int {
        let end = row * lists.count + list
        return (ends[end] - begin(end)) / lists[list].columns.count
    }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        let columns = lists[list].columns
        fill(cells, columns, from: elements, begin(row * lists.count + list) + element * columns.count)
    }

    private func begin(_ end: Int) -> Int { end == 0 ? 0 : ends[end - 1] }

    @inline(__always)
    private func fill(
        _ cells: UnsafeMutableBufferPointer<RowCell>,
        _ columns: [RowColumn],
        from pieces: [Piece],
        _ first: Int
    ) {
        for index in columns.indices {
            let piece = pieces[first + index]
            if columns[index].kind == .number {
                cells[index].number = Int64(piece.start)
            } else {
                cells[index].text = TextView(start: memory + piece.start, count: piece.count)
            }
        }
    }

    /// Takes the cells of a table in, row after row and column after column, and the lists of each row in their order.
    struct Builder {
        fileprivate let columns: [RowColumn]
        fileprivate let lists: [RowList]
        fileprivate var bytes: [UInt8] = []
        fileprivate var cells: [Piece] = []
        fileprivate var elements: [Piece] = []
        fileprivate var ends: [Int] = []

        init(columns: [RowColumn], lists: [RowList] = []) {
            self.columns = columns
            self.lists = lists
        }

        /// Adds a cell; a text that stands in the row above is not kept twice.
        mutating func add(_ text: String) {
            let above = cells.count - columns.count
            if above >= 0, isSame(cells[above], text) { cells.append(cells[above]) } else { cells.append(keep(text)) }
        }

        /// Adds the next cells as they stand in the row above.
        mutating func repeatCells(_ count: Int) {
            for _ in 0..<count { cells.append(cells[cells.count - columns.count]) }
        }

        /// Adds and ends a list like the one of the row above.
        mutating func repeatList() {
            let above = ends.count - lists.count
            for element in (above == 0 ? 0 : ends[above - 1])..<ends[above] { elements.append(elements[element]) }
            endList()
        }

        /// Adds a cell of a column of numbers.
        mutating func add(_ number: Int) { cells.append(Piece(start: number)) }

        /// Adds the texts that an element of the present list has.
        mutating func add(element texts: [String]) { for text in texts { elements.append(keep(text)) } }

        /// Adds elements of one text each to the present list, and a cell that joins the first of them, up to `most`, by
        /// semicolons; `rest` stands behind these.
        mutating func add(elements texts: [String], joining most: Int, rest: String) {
            let start = bytes.count
            var end = start
            for (index, text) in texts.enumerated() {
                if index > 0 { bytes += Self.separator }
                if index == most {
                    bytes.removeLast(Self.separator.count)
                    bytes += rest.utf8
                    end = bytes.count
                }
                elements.append(keep(text))
                if index < most { end = bytes.count }
            }
            cells.append(Piece(start: start, count: end - start))
        }

        /// Ends a list of the row.
        mutating func endList() { ends.append(elements.count) }

        func finish() -> TextRows { TextRows(self) }

        private static let separator = Array("; ".utf8)

        private mutating func keep(_ text: String) -> Piece {
            let start = bytes.count
            bytes.append(text)
            return Piece(start: start, count: bytes.count - start)
        }

        private func isSame(_ piece: Piece, _ text: String) -> Bool {
            bytes.holds(text, at: piece.start..<piece.start + piece.count)
        }
    }
}
