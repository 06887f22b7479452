import Evidence

/// A filled-in `action-plan.csv` given back: who takes care of a finding, until when, or who accepts it and why.
package enum ActionPlan {
    /// What the plan says of one finding.
    package struct Row: Sendable, Hashable {
        /// The finding's id; empty in a plan that does not tell it.
        package var finding = ""
        /// The control's id.
        package var control: String
        /// The finding's subject.
        package var subject: String
        /// Who takes care of it.
        package var owner = ""
        /// Until when.
        package var due = ""
        /// `fix`, `accept`, or nothing yet.
        package var decision = ""
        /// Why it is accepted, or what is done.
        package var reason = ""
        /// Who accepts it.
        package var approver = ""
        /// The events that the row names, as far as a spreadsheet leaves them as they are.
        package var events: Set<ExactText> = []
        /// Where the row stands: file and line.
        package var source = ""

        /// Whether it is about what a finding rests on: of another month's or organization's it shares no event.
        package func isAbout(_ finding: Finding) -> Bool {
            if events.isEmpty { return true }
            let ids = finding.eventIDs
            return ids.isEmpty
                || ids.contains { SpreadsheetText.isConverted($0) || events.contains(ExactText($0.trimmedAsWord)) }
        }
    }

    /// Words for accepting a finding.
    private static let accepting: Set<String> = ["accept", "accepted", "waive", "waived"]

    /// What a plan was read as.
    package struct Reading: Sendable {
        /// A row a finding, those without any answer left out; days are written 2026-12-31.
        package var rows: [Row]
        /// What somebody should know of, though the plan is read.
        package var notes: [String]
    }

    private static let form = SpreadsheetTable.Form(
        title: "an action plan",
        columns: ["finding_id", "control", "subject", "events", "owner", "due", "decision", "reason", "approver"],
        required: ["control", "subject"],
        ignored: ["title", "severity", "status", "detail", "remediation"],
        hint: "fill in the action-plan.csv of a report",
        sheet: .init(definition: "heedaudit_action_plan", title: "workbook.plan")
    )

    /// Reads a plan as a spreadsheet writes it.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: Its name, for messages.
    ///   - dateOrder: Which of day and month comes first between slashes; nil where the plan's own rows have to tell.
    /// - Returns: The plan's answers.
    /// - Throws: `AnalysisError` with code `.configuration`, naming file, row and column of everything that is wrong.
    package static func read(_ bytes: [UInt8], named name: String, dateOrder: DateOrder? = nil) throws -> Reading {
        var table = try SpreadsheetTable(bytes, named: name, form)
        let dates = SpreadsheetDates(table.rows, columns: ["due"], stated: dateOrder)
        var rows: [Row] = []
        var known: [[ExactText]: String] = [:]
        for cells in table.rows {
            let row = Row(cells, due: dates.day(cells, "due", in: &table))
            addMistakes(of: row, isDue: !cells["due"].isEmpty, to: &table.mistakes)
            guard ![row.owner, cells["due"], row.decision, row.reason, row.approver].allSatisfy(\.isEmpty) else {
                continue
            }
            let finding =
                row.finding.isEmpty
                ? [ExactText(row.control), ExactText(row.subject)] : [ExactText(row.finding)]
            if let first = known[finding] {
                table.notes.append("\(row.source): about the finding of \(first) once more; the row is not used")
            } else {
                known[finding] = row.source
                rows.append(row)
            }
        }
        try table.mistakes.report()
        return Reading(rows: rows, notes: table.notes)
    }

    private static func addMistakes(of row: Row, isDue: Bool, to mistakes: inout SpreadsheetMistakes) {
        func add(_ column: String, _ what: String, _ hint: String) {
            mistakes.add("\(row.source), column \(column): \(what)", hint: hint)
        }
        if ControlCatalogue.control(row.control) == nil {
            add("control", "'\(row.control)' is no control", "heedaudit controls lists them")
        }
        let isAccepted = accepting.contains(row.decision)
        if !isAccepted, !["", "fix"].contains(row.decision) {
            add("decision", "'\(row.decision)' is no decision", "write fix or accept, or leave it empty")
        }
        guard isAccepted else { return }
        let needed = [
            ("reason", !row.reason.isEmpty), ("approver", !row.approver.isEmpty || !row.owner.isEmpty), ("due", isDue),
        ]
        for (column, isThere) in needed where !isThere {
            add(
                column,
                "is empty, and the finding is accepted",
                "a waiver says who accepts what, why, and until when"
            )
        }
        if row.subject.isEmpty {
            add("subject", "is empty, and the finding is accepted", "keep the report's rows as they are")
        }
    }

    /// The rows that no finding takes up, or that say less of it than they seem to.
    ///
    /// - Returns: Those about a finding that is not among these, and those about other events than the finding's, which accept nothing.
    package static func unused(_ rows: [Row], findings: [Finding]) -> (missing: [Row], others: [Row]) {
        guard !rows.isEmpty else { return ([], []) }
        let ids = Dictionary(grouping: findings.indices) { ExactText(findings[$0].id) }
        let names = Dictionary(grouping: findings.indices) {
            [ExactText(findings[$0].control), ExactText(findings[$0].subject)]
        }
        var unused: (missing: [Row], others: [Row]) = ([], [])
        for row in rows {
            let places =
                row.finding.isEmpty
                ? names[[ExactText(row.control), ExactText(row.subject)]] : ids[ExactText(row.finding)]
            if places == nil {
                unused.missing.append(row)
            } else if places?.contains(where: { row.isAbout(findings[$0]) }) == false {
                unused.others.append(row)
            }
        }
        return unused
    }

    /// The waivers that a plan's rows amount to.
    ///
    /// - Throws: ``AnalysisError`` with the first row that makes no waiver.
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
        waiver.row = row
        return waiver
    }
}

extension ActionPlan.Row {
    /// Reads a row's cells.
    fileprivate init(_ cells: SpreadsheetTable.Row, due: String) {
        self.init(
            finding: cells["finding_id"],
            control: cells["control"],
            // A subject may begin with blanks; it is compared with that of a finding.
            subject: cells.raw("subject"),
            owner: cells["owner"],
            due: due,
            decision: cells["decision"].lowercased(),
            reason: cells["reason"],
            approver: cells["approver"]
        )
        let named = cells["events"].split(separator: "; ").map { String($0).trimmedAsWord }
        events = Set(named.filter { !$0.isEmpty }.map { ExactText($0) })
        source = cells.place
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
