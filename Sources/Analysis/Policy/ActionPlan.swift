import Evidence

/// A filled-in `action-plan.csv` given back: who takes care of a finding, until when, or who accepts it and why.
package enum ActionPlan {
    /// What the plan says of one finding.
    package struct Row: Sendable, Hashable {
        /// The finding's id; empty in a plan that does not tell it.
        package var finding: String
        /// The control's id.
        package var control: String
        /// The finding's subject.
        package var subject: String
        /// Who takes care of it.
        package var owner: String
        /// Until when.
        package var due: String
        /// `fix`, `accept`, or nothing yet.
        package var decision: String
        /// Why it is accepted, or what is done.
        package var reason: String
        /// Who accepts it.
        package var approver: String
        /// Where the row stands: file and line.
        package var source = ""

        /// Describes an answer; an empty text is none.
        package init(
            finding: String = "",
            control: String,
            subject: String,
            owner: String = "",
            due: String = "",
            decision: String = "",
            reason: String = "",
            approver: String = ""
        ) {
            self.finding = finding
            self.control = control
            self.subject = subject
            self.owner = owner
            self.due = due
            self.decision = decision
            self.reason = reason
            self.approver = approver
        }
    }

    /// Words for accepting a finding.
    private static let accepting: Set<String> = ["accept", "accepted", "waive", "waived"]

    /// Reads a plan.
    ///
    /// Commas, semicolons or tabs between the cells, a byte order mark and the apostrophe in front of formulas are all
    /// taken as spreadsheets leave them.
    ///
    /// - Parameters:
    ///   - text: The file's text.
    ///   - name: Its name, for messages.
    /// - Returns: A row a finding, those without any answer left out.
    /// - Throws: `AnalysisError` with code `.configuration`, naming file, line and column of everything that is wrong.
    package static func read(_ text: String, named name: String) throws -> [Row] {
        let records = CSVRecords.read(text)
        guard let header = records.first?.cells, header.contains("control"), header.contains("subject") else {
            throw AnalysisError(
                .configuration,
                "\(name):1: an action plan begins with a header that names control and subject",
                hint: "fill in the action-plan.csv of a report"
            )
        }
        var mistakes: [Mistake] = []
        let rows = records.dropFirst().compactMap { record -> Row? in
            let place = "\(name):\(record.line)"
            guard record.cells.count == header.count else {
                let what = "\(place): \(record.cells.count) cells under a header of \(header.count)"
                mistakes.append(Mistake(what: what, hint: "are there quotes around what holds a delimiter?"))
                return nil
            }
            let row = Row(record.cells, under: header, source: place)
            mistakes += self.mistakes(in: row)
            return [row.owner, row.due, row.decision, row.reason, row.approver].allSatisfy(\.isEmpty) ? nil : row
        }
        guard let first = mistakes.first else { return rows }
        let told = mistakes.prefix(mostTold).map(\.what).joined(separator: "; ")
        let more = mistakes.count - mostTold
        throw AnalysisError(.configuration, told + (more > 0 ? "; and \(more) more" : ""), hint: first.hint)
    }

    /// More mistakes are only counted: a plan of another tool may have one in every row.
    private static let mostTold = 20

    private struct Mistake {
        var what: String
        var hint: String
    }

    private static func mistakes(in row: Row) -> [Mistake] {
        var mistakes: [Mistake] = []
        func add(_ column: String, _ what: String, _ hint: String) {
            mistakes.append(Mistake(what: "\(row.source), column \(column): \(what)", hint: hint))
        }
        if ControlCatalogue.control(row.control) == nil {
            add("control", "'\(row.control)' is no control", "heedaudit controls lists them")
        }
        let isAccepted = accepting.contains(row.decision)
        if !isAccepted, !["", "fix"].contains(row.decision) {
            add("decision", "'\(row.decision)' is no decision", "write fix or accept, or leave it empty")
        }
        if !row.due.isEmpty, CivilDate(text: row.due) == nil {
            add("due", "'\(row.due)' is no date for '\(row.control)' to be done by", "use 2026-12-31")
        }
        guard isAccepted else { return mistakes }
        let needed = [
            ("reason", row.reason), ("approver", row.approver.isEmpty ? row.owner : row.approver), ("due", row.due),
        ]
        for (column, text) in needed where text.isEmpty {
            add(
                column,
                "is empty, and the finding is accepted",
                "a waiver says who accepts what, why, and until when"
            )
        }
        if row.subject.isEmpty {
            add("subject", "is empty, and the finding is accepted", "keep the report's rows as they are")
        }
        return mistakes
    }

    /// The rows that no finding takes up: those about one that is not among these.
    package static func unused(_ rows: [Row], findings: [Finding]) -> [Row] {
        guard !rows.isEmpty else { return [] }
        let ids = Set(findings.map { ExactText($0.id) })
        let names = Set(findings.map { [ExactText($0.control), ExactText($0.subject)] })
        return rows.filter { row in
            row.finding.isEmpty
                ? !names.contains([ExactText(row.control), ExactText(row.subject)])
                : !ids.contains(ExactText(row.finding))
        }
    }

    /// The waivers that a plan's rows amount to.
    package static func waivers(_ rows: [Row], named name: String) throws -> [Waiver] {
        try rows.filter { accepting.contains($0.decision) }.map { try waiver($0, source: name) }
    }

    private static func waiver(_ row: Row, source: String) throws -> Waiver {
        var waiver = try Waiver(
            [
                "control": row.control, "subject": row.subject, "reason": row.reason,
                "approver": row.approver.isEmpty ? row.owner : row.approver, "expires": row.due,
            ],
            source: source
        )
        waiver.finding = row.finding.isEmpty ? nil : row.finding
        return waiver
    }
}

extension ActionPlan.Row {
    /// Reads a row's cells by the names above them.
    fileprivate init(_ cells: [String], under header: [String], source: String) {
        func cell(_ column: String) -> String { header.firstIndex(of: column).map { cells[$0] } ?? "" }
        self.init(
            finding: cell("finding_id"),
            control: cell("control"),
            subject: cell("subject"),
            owner: cell("owner"),
            due: cell("due"),
            decision: cell("decision").lowercased(),
            reason: cell("reason"),
            approver: cell("approver")
        )
        self.source = source
    }
}

/// What a plan says of each finding: found by the finding's id where the plan tells it, else by control and subject.
package struct Promises: Sendable {
    private var byID: [ExactText: ActionPlan.Row] = [:]
    private var byName: [[ExactText]: ActionPlan.Row] = [:]

    /// Of several rows about one finding the first counts.
    package init(_ rows: [ActionPlan.Row]) {
        for row in rows.reversed() {
            if row.finding.isEmpty {
                byName[[ExactText(row.control), ExactText(row.subject)]] = row
            } else {
                byID[ExactText(row.finding)] = row
            }
        }
    }

    /// What was promised to be done about a finding.
    package func promise(for finding: Finding) -> ActionPlan.Row? {
        if !byID.isEmpty, let row = byID[ExactText(finding.id)] { return row }
        return byName.isEmpty ? nil : byName[[ExactText(finding.control), ExactText(finding.subject)]]
    }
}

/// Reads CSV as spreadsheets write it (RFC 4180, and what they do besides).
enum CSVRecords {
    /// A record and the line it begins on, from 1.
    struct Record {
        var line: Int
        var cells: [String]
    }

    static func read(_ text: String) -> [Record] {
        var characters = Array(text.unicodeScalars)
        if characters.first == "\u{FEFF}" { characters.removeFirst() }
        let delimiter = delimiter(of: characters)
        var records: [Record] = []
        var cells: [String] = []
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var line = 1
        var begin = 1
        var index = 0
        func endCell() {
            cells.append(plain(String(cell)))
            cell = String.UnicodeScalarView()
        }
        func endRecord() {
            endCell()
            if cells != [""] { records.append(Record(line: begin, cells: cells)) }
            cells = []
        }
        while index < characters.count {
            let character = characters[index]
            if character == "\n" { line += 1 }
            if isQuoted {
                if character == "\"" {
                    if index + 1 < characters.count, characters[index + 1] == "\"" {
                        cell.append(character)
                        index += 1
                    } else {
                        isQuoted = false
                    }
                } else {
                    cell.append(character)
                }
            } else if character == "\"", cell.isEmpty {
                isQuoted = true
            } else if character == delimiter {
                endCell()
            } else if character == "\n" {
                endRecord()
                begin = line
            } else if character != "\r" {
                cell.append(character)
            }
            index += 1
        }
        if !cell.isEmpty || !cells.isEmpty { endRecord() }
        return records
    }

    /// The one of `,`, `;` and tab that the header has most of.
    private static func delimiter(of characters: [Unicode.Scalar]) -> Unicode.Scalar {
        let header = characters.prefix { $0 != "\n" }
        let candidates: [Unicode.Scalar] = [",", ";", "\t"]
        return candidates.max { left, right in
            header.count { $0 == left } < header.count { $0 == right }
        } ?? ","
    }

    /// Takes off the apostrophe that reports put in front of what a spreadsheet would take for something else.
    private static func plain(_ text: String) -> String {
        guard text.first == "'" else { return text }
        let isGuarded = Array(text.utf8).withUnsafeBufferPointer {
            SpreadsheetText.beginsFormula($0) || SpreadsheetText.isConverted($0)
        }
        return isGuarded ? String(text.dropFirst()) : text
    }
}
