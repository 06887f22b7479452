import Templates
import Analysis
import Evidence

/// The first rows of a table, copied out, for what is shown of long lists.
struct RowSample: Sendable {
    /// A row by column name, with the most frequent elements of its own list, and those that were asked for by the end of
    /// their names.
    struct Row: Sendable {
        var cells: [String: TemplateValue]
        var children: [[String: TemplateValue]]
        /// How many elements its own list has.
        var childCount: Int
        var named: [String: [String: TemplateValue]]

        func text(_ column: String) -> String { cells.text(column) }
        func number(_ column: String) -> Int { cells.number(column) }
    }

    let rows: [Row]
    let total: Int

    /// Copies the first rows of a table.
    ///
    /// `childLimit`: how many elements of a row's own list are copied, the most frequent first; all of them are looked at.
    /// `endings`: of the elements whose `name` is one of these, or ends in it behind a full stop, the most frequent is copied.
    init(_ table: any RowTable, limit: Int, childLimit: Int = 0, endings: [String] = []) {
        total = table.rowCount
        let reader = RowReader(table, childLimit: childLimit, endings: endings)
        rows = (0..<min(limit, table.rowCount)).map(reader.row)
    }
}

/// Reads rows of a table one by one.
private final class RowReader {
    private let table: any RowTable
    private let childLimit: Int
    private let endings: [String]
    private let listColumns: [RowColumn]
    private let cells: UnsafeMutableBufferPointer<RowCell>
    private let children: UnsafeMutableBufferPointer<RowCell>
    private let nameColumn: Int?
    private let countColumn: Int?

    init(_ table: any RowTable, childLimit: Int, endings: [String]) {
        self.table = table
        self.childLimit = childLimit
        self.endings = endings
        listColumns = childLimit > 0 ? table.lists.first?.columns ?? [] : []
        nameColumn = listColumns.firstIndex { $0.name == "name" }
        countColumn = listColumns.firstIndex { $0.name == "count" }
        let blank = RowCell(text: .init(start: nil, count: 0), number: 0)
        cells = .allocate(capacity: max(1, table.columns.count))
        children = .allocate(capacity: max(1, listColumns.count))
        cells.initialize(repeating: blank)
        children.initialize(repeating: blank)
    }

    deinit {
        cells.deallocate()
        children.deallocate()
    }

    func row(_ row: Int) -> RowSample.Row {
        table.fill(cells, row: row)
        let own = Self.named(cells, table.columns)
        let (frequent, ending) = elements(of: row)
        func element(_ place: Int) -> [String: TemplateValue] {
            table.fill(children, list: 0, row: row, element: place)
            return Self.named(children, listColumns)
        }
        return RowSample.Row(
            cells: own,
            children: frequent.map(element),
            childCount: listColumns.isEmpty ? 0 : table.count(ofList: 0, row: row),
            named: ending.mapValues(element)
        )
    }

    /// Places of the most frequent elements, the first of equally frequent ones first, and of those with an ending.
    private func elements(of row: Int) -> (frequent: [Int], ending: [String: Int]) {
        guard let nameColumn, let countColumn else { return ([], [:]) }
        var frequent: [(place: Int, count: Int64)] = []
        var ending: [String: (place: Int, count: Int64)] = [:]
        for place in 0..<table.count(ofList: 0, row: row) {
            table.fill(children, list: 0, row: row, element: place)
            let count = children[countColumn].number
            if frequent.count < childLimit || count > frequent[childLimit - 1].count {
                let index = frequent.firstIndex { $0.count < count } ?? frequent.count
                frequent.insert((place, count), at: index)
                if frequent.count > childLimit { frequent.removeLast() }
            }
            for verb in endings where Self.ends(children[nameColumn].text, in: verb) {
                if count > ending[verb]?.count ?? 0 { ending[verb] = (place, count) }
            }
        }
        return (frequent.map(\.place), ending.mapValues(\.place))
    }

    private static func ends(_ name: TextView, in verb: String) -> Bool {
        let tail = name.bytes.suffix(verb.utf8.count)
        guard tail.elementsEqual(verb.utf8) else { return false }
        return tail.count == name.count || name.bytes[name.count - tail.count - 1] == UInt8(ascii: ".")
    }

    private static func named(
        _ cells: UnsafeMutableBufferPointer<RowCell>,
        _ columns: [RowColumn]
    ) -> [String: TemplateValue] {
        var named: [String: TemplateValue] = [:]
        for (index, column) in columns.enumerated() {
            named[column.name] =
                column.kind == .number ? .number(Int(cells[index].number)) : .text(ShownText.clipped(cells[index].text))
        }
        return named
    }
}

extension [String: TemplateValue] {
    /// The text of a cell, by its column; empty for none.
    func text(_ column: String) -> String { if case .text(let text) = self[column] { text } else { "" } }
    /// The number of a cell; 0 for none.
    func number(_ column: String) -> Int { if case .number(let number) = self[column] { number } else { 0 } }
}
