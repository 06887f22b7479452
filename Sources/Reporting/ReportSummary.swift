import Analysis
import Evidence

/// What a report says in sentences; each holds in every case, with no event as with a million.
struct ReportSummary {
    let document: ReportDocument
    /// Rows of the actors' and resources' tables that stand for events without an actor or a resource.
    private let nobody: Int
    private let nothing: Int

    init(_ document: ReportDocument) {
        self.document = document
        let tables = document.activity.tables
        nobody = Self.hasEmptyKey(tables["actors"], columns: ["actor_id", "actor_email"]) ? 1 : 0
        nothing =
            Self.hasEmptyKey(tables["resources"], columns: ["resource_type", "resource_id", "resource_name"]) ? 1 : 0
    }

    /// The paragraph at the top: what, how much, whether it is all, and what was found.
    var sentences: [String] { [about, activity, completeness, verdict] }

    // MARK: What and how much

    /// The period in words.
    var span: String {
        switch (document.period.from, document.period.to) {
        case (nil, nil): "the whole time of the archive"
        case (let from?, nil): "the time from \(ReportWords.moment(from)) on"
        case (nil, let to?): "the time before \(ReportWords.moment(to))"
        case (let from?, let to?):
            "the time from \(ReportWords.moment(from)) up to, and not including, \(ReportWords.moment(to))"
        }
    }

    private var about: String {
        let name = ShownText.clipped(document.organization.value("name") ?? document.organization.id)
        return "This report is about \(name) and covers \(span)."
    }

    private var activity: String {
        let activity = document.activity
        guard activity.eventCount > 0 else {
            return "The archive holds no event of that time, which by itself does not mean that nothing happened."
        }
        let actions = ReportWords.count(activity.actionCount, "kind") + " of action"
        var text = "The archive holds \(ReportWords.count(activity.eventCount, "event")) of that time: \(actions), by "
        text += people + ", on " + things
        if let first = activity.firstAt, let last = activity.lastAt {
            text +=
                first == last
                ? ", at \(ReportWords.time(first)) UTC"
                : ", between \(ReportWords.time(first)) and \(ReportWords.time(last)) UTC"
        }
        text += "."
        let undated = document.completeness.undated
        if undated > 0 {
            text += " \(ReportWords.count(undated, "event has", "events have")) no usable time."
        }
        return text
    }

    private var people: String {
        let named = document.activity.actorCount - nobody
        if named == 0 { return "actors that the log does not name" }
        return ReportWords.count(named, "actor") + (nobody > 0 ? " and some that the log does not name" : "")
    }

    private var things: String {
        let named = document.activity.resourceCount - nothing
        if named == 0 { return "resources that the log does not name" }
        return ReportWords.count(named, "resource") + (nothing > 0 ? " and some that the log does not name" : "")
    }

    private static func hasEmptyKey(_ table: (any RowTable)?, columns: [String]) -> Bool {
        guard let table else { return false }
        let indices = columns.compactMap { name in table.columns.firstIndex { $0.name == name } }
        let cells = UnsafeMutableBufferPointer<RowCell>.allocate(capacity: max(1, table.columns.count))
        cells.initialize(repeating: RowCell(text: .init(start: nil, count: 0), number: 0))
        defer { cells.deallocate() }
        return (0..<table.rowCount).contains { row in
            table.fill(cells, row: row)
            return indices.allSatisfy { cells[$0].text.isEmpty }
        }
    }

    // MARK: Whether it is all

    /// Completeness in one or two words.
    var completenessWord: String {
        if !document.completeness.damage.isEmpty { return "Damaged" }
        return switch document.completeness.state {
        case .complete: "Complete"
        case .incomplete: "Not proven complete"
        case .unknown: "Not known"
        }
    }

    /// Completeness in a sentence.
    var completeness: String {
        let completeness = document.completeness
        if !completeness.damage.isEmpty {
            return "The archive is damaged: some of its files are not what its ledger says, so nothing here can be "
                + "relied on until that is explained."
        }
        switch completeness.state {
        case .complete:
            let span = completeness.from.flatMap { from in
                completeness.to.map { " (proven from \(ReportWords.moment(from)) to \(ReportWords.moment($0)))" }
            }
            return "The log is complete for that time\(span ?? ""): the sums of the pulls close, and every event that "
                + "the service listed is archived."
        case .incomplete:
            return "The log is not proven to be complete for that time: events may be missing."
        case .unknown:
            return "Whether the log is complete is not known: the archive holds only what was imported from files, and "
                + "no pull has compared it with the service."
        }
    }

    // MARK: What was found

    /// The verdicts in a sentence.
    var verdict: String {
        let findings = document.findings
        guard !findings.isEmpty else { return "No control was judged." }
        let counts = [
            "fail": "failed", "not_proven": "could not be proven", "manual": "must be checked by hand",
            "waived": "were waived", "pass": "passed",
        ]
        let parts = ["fail", "not_proven", "manual", "waived", "pass"].compactMap { status -> String? in
            let count = findings.filter { $0.status.rawValue == status }.count
            guard count > 0, let words = counts[status] else { return nil }
            return "\(ReportWords.number(count)) \(count == 1 && status == "waived" ? "was waived" : words)"
        }
        return "Of \(ReportWords.count(findings.count, "verdict")), \(ReportWords.list(parts))."
    }
}
