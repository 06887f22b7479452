import Evidence

/// Reads the days of a table, with slashes in the order that its own rows tell, or the operator.
struct SpreadsheetDates {
    private let order: DateOrder?

    /// Looks the days of a table over.
    ///
    /// - Parameters:
    ///   - rows: The table's rows.
    ///   - columns: The columns that hold days.
    ///   - stated: The order that the configuration gives; nil where the table has to tell.
    init(_ rows: [SpreadsheetTable.Row], columns: [String], stated: DateOrder?) {
        guard stated == nil else {
            order = stated
            return
        }
        var orders: Set<DateOrder> = []
        for row in rows {
            for column in columns {
                if let order = SpreadsheetDate(row[column])?.order { orders.insert(order) }
            }
        }
        order = orders.count == 1 ? orders.first : nil
    }

    /// The day that a cell holds as `2026-12-31`; empty for an empty cell, and for one that is told as a mistake.
    func day(_ row: SpreadsheetTable.Row, _ column: String, in table: inout SpreadsheetTable) -> String {
        let text = row[column]
        guard !text.isEmpty else { return "" }
        let place = "\(row.place), column \(column)"
        guard let date = SpreadsheetDate(text) else {
            table.mistakes.add("\(place): '\(text)' is no day", hint: "write 2026-12-31")
            return ""
        }
        if let day = date.day(order) {
            if SpreadsheetDate.hasShortYear(text) { table.notes.append("\(place): '\(text)' is read as \(day.text)") }
            return day.text
        }
        if case .slashed(let dayFirst?, let monthFirst?) = date {
            table.mistakes.add(
                "\(place): '\(text)' may be \(dayFirst.text) or \(monthFirst.text)",
                hint: "set date_order to dmy or mdy, or write 2026-12-31"
            )
        } else {
            table.mistakes.add(
                "\(place): '\(text)' is no day with \(order == .dayFirst ? "the day" : "the month") first",
                hint: "date_order says which of the two comes first; 2026-12-31 is read in every case"
            )
        }
        return ""
    }
}
