import Evidence

/// A table that was given to people and comes back from a spreadsheet: columns in any order, known by their names.
struct SpreadsheetTable {
    /// A row under the header.
    struct Row {
        /// Where it stands: `plan.csv:4`, the row as a spreadsheet numbers it.
        let place: String
        fileprivate let cells: [String]
        fileprivate let columns: [String: Int]
        /// Whether texts may have an apostrophe of ours in front; those of a workbook have none.
        fileprivate let mayBeGuarded: Bool

        /// The text of a column without blanks around it; empty where the table does not have the column.
        subscript(column: String) -> String {
            let text = cell(column).trimmedAsWord
            return mayBeGuarded ? SpreadsheetText.withoutApostrophe(text).trimmedAsWord : text
        }

        /// The text of a column as it stands, without the apostrophe that a report put in front of it.
        func raw(_ column: String) -> String {
            mayBeGuarded ? SpreadsheetText.withoutApostrophe(cell(column)) : cell(column)
        }

        private func cell(_ column: String) -> String {
            columns[column].map { $0 < cells.count ? cells[$0] : "" } ?? ""
        }
    }

    /// The rows that hold anything.
    private(set) var rows: [Row] = []
    /// What is wrong with the table, so far.
    var mistakes: SpreadsheetMistakes
    /// What somebody should know of, though the table is read.
    var notes: [String] = []
    /// The columns that the table has, of those that may be there.
    let columns: Set<String>

    /// What a table is asked for.
    struct Form {
        /// What it is called: `an action plan`.
        var title: String
        /// Columns that it may have.
        var columns: [String]
        /// Columns that it must have.
        var required: [String]
        /// Columns that the report wrote for people to read, and nobody reads when it comes back.
        var ignored: Set<String>
        /// What to do where the header is another's.
        var hint: String
        /// Which sheet of a workbook it is.
        var sheet: WorkbookFile.Sought
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: Its name, for messages.
    ///   - form: What is asked of it.
    /// - Throws: `AnalysisError` with code `.configuration` for a file that can't be read, and a header that lacks a column.
    init(_ bytes: [UInt8], named name: String, _ form: Form) throws {
        let records = try Self.records(bytes, named: name, form)
        mistakes = SpreadsheetMistakes()
        let header = records.all.first
        let names = (header?.cells ?? []).map(Self.columnName)
        let missing = form.required.filter { !names.contains($0) }
        guard missing.isEmpty, let header else {
            throw AnalysisError(
                .configuration,
                "\(name):\(header?.number ?? 1): \(form.title) begins with a header that names "
                    + form.required.joined(separator: " and "),
                hint: form.hint
            )
        }
        var places: [String: Int] = [:]
        for (place, column) in names.enumerated() where form.columns.contains(column) {
            if places[column] == nil {
                places[column] = place
            } else {
                mistakes.add("\(name):\(header.number): the column \(column) is there twice", hint: "keep one of them")
            }
        }
        columns = Set(places.keys)
        if let row = records.openQuote {
            mistakes.add(
                "\(name):\(row): a quote begins that nothing closes, so no row behind it can be read",
                hint: "write \"\" for a quote inside quotes"
            )
        }
        take(records.all.dropFirst(), under: names, places, named: name, mayBeGuarded: !WorkbookFile.isOne(bytes))
        noteUnread(names, form, records.all.dropFirst(), named: name)
    }

    private static func records(_ bytes: [UInt8], named name: String, _ form: Form) throws -> SpreadsheetRecords {
        guard !WorkbookFile.isOne(bytes) else {
            return SpreadsheetRecords(try WorkbookFile(bytes, named: name).records(form.sheet))
        }
        let text = try SpreadsheetEncoding.text(of: bytes, named: name)
        return SpreadsheetRecords(text, columns: Set(form.columns).union(form.ignored))
    }

    /// How a header's cell names a column: in small letters, blanks around it and the spreadsheet's apostrophe aside.
    static func columnName(_ cell: String) -> String {
        SpreadsheetText.withoutApostrophe(cell.trimmedAsWord).lowercased().replacing(" ", with: "_")
    }

    private mutating func take(
        _ records: ArraySlice<SpreadsheetRecords.Record>,
        under names: [String],
        _ places: [String: Int],
        named name: String,
        mayBeGuarded: Bool
    ) {
        // Programs leave empty cells at the end of a row out, and write some at the end of all.
        let width = (names.lastIndex { !$0.isEmpty } ?? -1) + 1
        for record in records {
            let place = "\(name):\(record.number)"
            if record.cells.dropFirst(width).contains(where: { !$0.trimmedAsWord.isEmpty }) {
                mistakes.add(
                    "\(place): \(record.cells.count) cells under a header of \(width)",
                    hint: "are there quotes around what holds a delimiter?"
                )
            } else {
                rows.append(Row(place: place, cells: record.cells, columns: places, mayBeGuarded: mayBeGuarded))
            }
        }
    }

    private mutating func noteUnread(
        _ names: [String],
        _ form: Form,
        _ records: ArraySlice<SpreadsheetRecords.Record>,
        named name: String
    ) {
        let unread = names.indices.filter { place in
            guard !form.columns.contains(names[place]), !form.ignored.contains(names[place]) else { return false }
            return !names[place].isEmpty
                || records.contains { place < $0.cells.count && !$0.cells[place].trimmedAsWord.isEmpty }
        }
        guard !unread.isEmpty else { return }
        let words = unread.prefix(10).map { names[$0].isEmpty ? "column \($0 + 1), which has no name" : names[$0] }
        let more = unread.count - words.count
        notes.append(
            "\(name): not read, for no such column is asked for: \(words.joined(separator: ", "))"
                + (more > 0 ? ", and \(more) more" : "")
        )
    }
}
