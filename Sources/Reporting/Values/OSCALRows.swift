import Analysis
import Templates

/// A long list of an OSCAL document, of which only the rows that are asked for next are made.
struct OSCALRows: RowTable {
    /// The texts of a row: its cells, and the elements of its lists.
    struct Row {
        var cells: [String]
        var lists: [[[String]]] = []
    }

    let columns: [RowColumn]
    let lists: [RowList]
    let rowCount: Int
    private let make: @Sendable (Int) -> Row
    /// Where each column is: all of them, in order.
    private let places: [Int]
    /// What is at hand, and the row that it begins with.
    private var ready: (first: Int, texts: TextRows)?

    /// Names the columns, and the lists with theirs; `make` makes the row at a place in their order.
    init(
        _ columns: String,
        lists: [(name: String, columns: String)] = [],
        count: Int,
        make: @escaping @Sendable (Int) -> Row
    ) {
        self.columns = Self.columns(columns)
        places = Array(self.columns.indices)
        self.lists = lists.map { RowList(name: $0.name, columns: Self.columns($0.columns)) }
        self.make = make
        rowCount = count
    }

    /// The rows as a list that templates repeat.
    var value: TemplateValue { .made(rowCount, by: ElementMaker(element, rows: { self })) }

    private func element(_ place: Int) -> TemplateValue {
        let row = make(place)
        var members: [String: TemplateValue] = [:]
        for (column, cell) in zip(columns, row.cells) { members[column.name] = .text(cell) }
        for (list, elements) in zip(lists, row.lists) {
            members[list.name] = .list(
                elements.map { texts in
                    .object(
                        Dictionary(zip(list.columns.map(\.name), texts.map { .text($0) })) { first, _ in first }
                    )
                }
            )
        }
        return .object(members)
    }

    func prepared(_ rows: Range<Int>) -> OSCALRows {
        var builder = TextRows.Builder(columns: columns, lists: lists, rowCount: rows.count)
        for place in rows {
            let row = make(place)
            for cell in row.cells { builder.add(cell) }
            for elements in row.lists {
                for element in elements { builder.add(element: element) }
                builder.endList()
            }
        }
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

    private static func columns(_ names: String) -> [RowColumn] {
        names.split(separator: " ").map { RowColumn(name: String($0), kind: .text) }
    }
}
