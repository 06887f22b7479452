import Evidence

/// A filled-in `review.csv` given back: what people who were asked to look at events found.
package enum Review {
    /// What was found.
    package enum Result: String, Sendable, Hashable {
        case ok
        case notOK = "not ok"
    }

    /// What the review says of one event of one finding.
    package struct Row: Sendable, Hashable {
        /// The finding's id.
        package var finding: String
        /// The event's id; empty for a finding that names no event.
        package var event = ""
        /// The ticket or change that it belongs to.
        package var ticket = ""
        /// Who had approved of it.
        package var approvedBy = ""
        /// Who looked.
        package var reviewedBy = ""
        /// When, `2026-12-31`.
        package var reviewedOn = ""
        /// What they found; nil where nothing is said.
        package var result: Result?
        /// What the row said when somebody answered it.
        package var seen = Seen()
        /// Where the row stands: file and row.
        package var source = ""

        /// What the row is about.
        package var key: Key { Key(finding: finding, event: event) }
    }

    /// An event of a finding.
    package struct Key: Sendable, Hashable {
        private let finding: ExactText
        private let event: ExactText

        /// Names them by their ids, blanks around these aside.
        package init(finding: String, event: String) {
            self.finding = ExactText(finding.trimmedAsWord)
            self.event = ExactText(event.trimmedAsWord)
        }
    }

    /// What a file was read as.
    package struct Reading: Sendable {
        /// A row an answer; rows without any are left out.
        package var rows: [Row]
        /// What somebody should know of, though the review is read.
        package var notes: [String]
    }

    private static let answers = ["ticket", "approved_by", "reviewed_by", "reviewed_on", "result"]

    private static let form = SpreadsheetTable.Form(
        title: "a review",
        columns: ["finding_id", "event_id"] + Seen.columns + answers,
        required: ["finding_id", "event_id", "result"],
        ignored: ["control"],
        hint: "fill in the review.csv of a report",
        sheet: .init(definition: "heedaudit_review", title: "workbook.review")
    )

    /// Reads a review as a spreadsheet writes it.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: Its name, for messages.
    ///   - dateOrder: Which of day and month comes first between slashes; nil where the review's own rows have to tell.
    ///   - today: Nobody has looked behind this day, `2026-12-31`; nil for any day.
    /// - Returns: The answers.
    /// - Throws: `AnalysisError` with code `.configuration`, naming file, row and column of everything that is wrong.
    package static func read(
        _ bytes: [UInt8],
        named name: String,
        dateOrder: DateOrder? = nil,
        today: String? = nil
    ) throws -> Reading {
        var table = try SpreadsheetTable(bytes, named: name, form)
        let dates = SpreadsheetDates(table.rows, columns: ["reviewed_on"], stated: dateOrder)
        var rows: [Row] = []
        var known: [Key: [Int]] = [:]
        for cells in table.rows where !answers.allSatisfy({ cells[$0].isEmpty }) {
            let row = row(cells, dates, &table)
            if row.finding.isEmpty {
                table.mistakes.add(
                    "\(cells.place), column finding_id: is empty, and the row is answered",
                    hint: "keep the report's rows as they are"
                )
            }
            if let today, row.reviewedOn > today {
                table.mistakes.add(
                    "\(cells.place), column reviewed_on: \(row.reviewedOn) is in the future",
                    hint: "write the day on which somebody looked"
                )
            }
            // Rows of two tables, or two ids that a spreadsheet made alike: what they say of their events tells them apart.
            guard let first = known[row.key]?.first(where: { rows[$0].seen.mayBe(row.seen) }) else {
                known[row.key, default: []].append(rows.count)
                rows.append(row)
                continue
            }
            if rows[first].saysTheSame(as: row) {
                table.notes.append(
                    "\(row.source): about the event of \(rows[first].source) once more; the row is not used"
                )
            } else {
                table.mistakes.add(
                    "\(row.source): answers otherwise than \(rows[first].source), which is about the same event",
                    hint: "keep one of them"
                )
            }
        }
        try table.mistakes.report()
        return Reading(rows: rows, notes: table.notes)
    }

    private static func row(
        _ cells: SpreadsheetTable.Row,
        _ dates: SpreadsheetDates,
        _ table: inout SpreadsheetTable
    ) -> Row {
        var row = Row(
            finding: cells["finding_id"],
            event: cells["event_id"],
            ticket: cells["ticket"],
            approvedBy: cells["approved_by"],
            reviewedBy: cells["reviewed_by"],
            reviewedOn: dates.day(cells, "reviewed_on", in: &table)
        )
        row.seen = Seen(cells)
        row.source = cells.place
        let word = cells["result"]
        row.result = Result(word: word)
        if row.result == nil, !word.isEmpty {
            table.mistakes.add(
                "\(cells.place), column result: '\(word)' is no result",
                hint: "write ok or not ok, or leave it empty"
            )
        }
        return row
    }
}

extension Review.Row {
    fileprivate func saysTheSame(as other: Review.Row) -> Bool {
        var other = other
        (other.source, other.seen) = (source, seen)
        return self == other
    }
}

extension Review.Result {
    /// Reads a word as people write it in English, German and French; nil for another.
    ///
    /// A sign in front may mean the opposite, as in `!ok`.
    init?(word: String) {
        let letters = word.lowercased().filter { $0.isLetter }
        let called = word.reversed().drop { $0 == "!" }
        guard word.first?.isLetter == true,
            called.allSatisfy({ $0.isLetter || $0.isWhitespace || ".-_'’".contains($0) })
        else { return nil }
        if Self.good.contains(letters) {
            self = .ok
        } else if Self.bad.contains(letters) {
            self = .notOK
        } else {
            return nil
        }
    }

    private static let good: Set<String> = ["ok", "okay", "inordnung", "io", "conforme", "enordre", "daccord"]
    private static let bad: Set<String> = [
        "notok", "notokay", "nok", "nichtok", "nichtokay", "nichtinordnung", "nio", "pasok", "nonok", "nonconforme",
        "pasenordre",
    ]
}
