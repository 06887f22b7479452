import Evidence

/// Where flagged events stand in events.csv: rows counted from 1, by the event's id.
public struct EventRows: Sendable, ExpressibleByDictionaryLiteral {
    private let table: Table

    /// Tells the rows of a dictionary.
    public init(_ rows: [String: Int]) {
        var builder = Builder()
        for (id, row) in rows { withTextView(of: id) { builder.add($0, row) } }
        table = builder.finish()
    }

    /// Tells the rows of a dictionary literal.
    public init(dictionaryLiteral elements: (String, Int)...) {
        self.init(Dictionary(elements) { _, last in last })
    }

    init(_ table: Table) { self.table = table }

    /// An event's row; nil when it was not flagged.
    public subscript(id: String) -> Int? {
        var row: Int?
        withTextView(of: id) { row = table.row(of: $0) }
        return row
    }

    /// Gathers rows; the row told last counts.
    struct Builder: ~Copyable {
        private var rows = TextNumbers()

        init() {}

        mutating func add(_ id: TextView, _ row: Int) { rows.set(id, row) }

        consuming func finish() -> Table { Table(rows) }
    }

    /// Never changed once it is made.
    final class Table: @unchecked Sendable {
        // Sendable: the property is a `let`, and numbers can't be changed through one.
        private let rows: TextNumbers

        init(_ rows: consuming TextNumbers) { self.rows = rows }

        func row(of id: TextView) -> Int? { rows.find(id) }
    }
}

/// Lends a string's bytes for the length of a call.
func withTextView(of text: String, _ body: (TextView) -> Void) {
    var text = text
    text.withUTF8 { body(TextView(start: $0.baseAddress, count: $0.count)) }
}
