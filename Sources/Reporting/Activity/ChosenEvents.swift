import Evidence

/// Events told by their rows in events.csv, copied out of a reading.
///
/// Fields of more than 1,000 bytes are cut, and say so.
package struct ChosenEvents: Sendable {
    /// The rows that are wanted, counted from 1, in order.
    private let rows: [Int]
    private var events = RecentEvents(limit: 1 << 40)
    private var rowsRead = 0

    /// Wants the events of some rows.
    package init(rows: Set<Int> = []) {
        self.rows = rows.sorted()
    }

    /// Whether every row that is wanted was read.
    package var isComplete: Bool { events.count == rows.count }

    /// Takes the events of the next block of a reading of all events of the report, in their order.
    package mutating func add(_ block: borrowing EventBlock) {
        let end = rowsRead + block.count
        var places: [Int] = []
        while events.count + places.count < rows.count {
            let row = rows[events.count + places.count]
            guard row <= end else { break }
            places.append(row - rowsRead - 1)
        }
        events.add(block, at: places)
        rowsRead = end
    }

    /// The event of a row; nil where it is not among those that were read.
    func event(row: Int) -> RecentEvents.Event? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        guard low < rows.count, rows[low] == row, low < events.count else { return nil }
        return events.event(at: low)
    }
}
