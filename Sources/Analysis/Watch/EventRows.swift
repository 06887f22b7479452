import Evidence

/// Where flagged events stand in events.csv: rows counted from 1, by the event's id; of events whose finding knows their
/// row itself they need not tell.
package struct EventRows: Sendable, ExpressibleByDictionaryLiteral {
    private let table: Table

    /// Tells the rows of a dictionary.
    init(_ rows: [String: Int]) {
        var builder = Builder()
        for (id, row) in rows { withTextView(of: id) { builder.add($0, row) } }
        table = builder.finish()
    }

    /// Numbers some ids from 0.
    package init(ids: some Sequence<String>) {
        var builder = Builder()
        for (number, id) in ids.enumerated() { withTextView(of: id) { builder.add($0, number) } }
        table = builder.finish()
    }

    /// Tells the rows that were gathered.
    package init(_ builder: consuming Builder) { table = builder.finish() }

    /// Tells the rows of a dictionary literal.
    package init(dictionaryLiteral elements: (String, Int)...) {
        self.init(Dictionary(elements) { _, last in last })
    }

    init(_ table: Table) { self.table = table }

    /// An event's row; nil when it was not flagged.
    package subscript(id: String) -> Int? {
        var row: Int?
        withTextView(of: id) { row = table.row(of: $0) }
        return row
    }

    /// The same by an id in memory.
    package subscript(id: TextView) -> Int? { table.row(of: id) }

    /// How many events have a row.
    package var count: Int { table.count }

    /// Whether the event that was told as this one, counted from 0, has an id.
    package func hasID(_ number: Int, _ id: TextView) -> Bool { table.hasID(number, id) }

    /// Gathers rows; the row told last counts.
    package struct Builder: ~Copyable {
        private var ids = Interner()
        /// By the number of the id.
        private var rows: [Int] = []

        package init() {}

        /// Numbers events of a block whose ids have no number, from 0 on; tells which of them.
        package mutating func number(_ block: borrowing EventBlock, at indices: [Int]) -> [Int] {
            var new: [Int] = []
            withUnsafeTemporaryAllocation(of: Interner.Key.self, capacity: Interner.batch) { keys in
                withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Interner.batch) { numbers in
                    guard let first = numbers.baseAddress else { return }
                    for start in stride(from: 0, to: indices.count, by: Interner.batch) {
                        let some = indices[start..<min(start + Interner.batch, indices.count)]
                        let part = UnsafeMutableBufferPointer(rebasing: keys[..<some.count])
                        for place in some.indices {
                            part[place - start] = Interner.Key(first: block[indices[place]].id)
                        }
                        ids.intern(part, first)
                        for place in some.indices where Int(numbers[place - start]) == rows.count {
                            rows.append(rows.count)
                            new.append(indices[place])
                        }
                    }
                }
            }
            return new
        }

        mutating func add(_ id: TextView, _ row: Int) {
            let number = Int(ids.intern(id))
            if number == rows.count { rows.append(row) } else { rows[number] = row }
        }

        consuming func finish() -> Table { Table(ids, rows) }
    }

    /// Never changed once it is made.
    final class Table: Sendable {
        private let ids: Interner
        private let rows: [Int]

        init(_ ids: consuming Interner, _ rows: [Int]) {
            self.ids = ids
            self.rows = rows
        }

        var count: Int { rows.count }

        func row(of id: TextView) -> Int? { ids.find(Interner.Key(first: id)).map { rows[Int($0)] } }

        func hasID(_ number: Int, _ id: TextView) -> Bool { isSame(ids.text(number), id) }
    }
}
