import Analysis
import Evidence
import Templates

/// A long list of which only the rows that are asked for next are made: there can be millions.
struct MadeRows: RowTable {
    let columns: [RowColumn]
    let lists: [RowList]
    let rowCount: Int
    private let make: @Sendable (Range<Int>, inout TextRows.Builder) -> Void
    /// Where each column is: all of them, in order.
    private let places: [Int]
    /// What is at hand, and the row that it begins with.
    private var ready: (first: Int, texts: TextRows)?

    /// `make` adds the rows at some places, each with a cell a column and then its lists.
    init(
        _ columns: [RowColumn],
        lists: [RowList] = [],
        count: Int,
        make: @escaping @Sendable (Range<Int>, inout TextRows.Builder) -> Void
    ) {
        (self.columns, self.lists, self.make) = (columns, lists, make)
        places = Array(columns.indices)
        rowCount = count
    }

    /// The rows as a list that templates repeat.
    var value: TemplateValue { .made(rowCount, by: ElementMaker(element, rows: { self })) }

    private func element(_ place: Int) -> TemplateValue {
        let ready = prepared(place..<place + 1)
        var members = Self.members(columns) { ready.fill($0, row: place) }
        for (index, list) in lists.enumerated() {
            members[list.name] = .list(
                (0..<ready.count(ofList: index, row: place)).map { element in
                    .object(Self.members(list.columns) { ready.fill($0, list: index, row: place, element: element) })
                }
            )
        }
        return .object(members)
    }

    private static func members(
        _ columns: [RowColumn],
        _ fill: (UnsafeMutableBufferPointer<RowCell>) -> Void
    ) -> [String: TemplateValue] {
        withUnsafeTemporaryAllocation(of: RowCell.self, capacity: columns.count) { cells in
            cells.initialize(repeating: RowCell(text: .missing, number: 0))
            fill(cells)
            var members: [String: TemplateValue] = [:]
            for (column, cell) in zip(columns, cells) {
                members[column.name] =
                    switch column.kind {
                    case .text: .text(cell.text.string)
                    case .number: .number(Int(cell.number))
                    case .time: .time(cell.text.string)
                    }
            }
            return members
        }
    }

    func prepared(_ rows: Range<Int>) -> MadeRows {
        var builder = TextRows.Builder(columns: columns, lists: lists, rowCount: rows.count)
        make(rows, &builder)
        var table = self
        table.ready = (rows.lowerBound, builder.finish())
        return table
    }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row: Int) {
        if let ready { ready.texts.fill(cells, columns: places, row: row - ready.first) }
    }

    func count(ofList list: Int, row: Int) -> Int {
        ready.map { $0.texts.count(ofList: list, row: row - $0.first) } ?? 0
    }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        if let ready { ready.texts.fill(cells, list: list, row: row - ready.first, element: element) }
    }
}

extension RowColumn {
    /// Columns of texts, told by their names with blanks between them.
    static func texts(_ names: String) -> [RowColumn] {
        names.split(separator: " ").map { RowColumn(name: String($0), kind: .text) }
    }
}
