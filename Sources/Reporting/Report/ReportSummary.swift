import Analysis
import Evidence

/// What a report says in sentences; each holds in every case, with no event as with a million.
struct ReportSummary {
    let document: ReportDocument
    /// Rows of the actors' and resources' tables that stand for events without an actor or a resource.
    private var nobody: Int { document.activity.hasNobody ? 1 : 0 }
    private var nothing: Int { document.activity.hasNothing ? 1 : 0 }

    init(_ document: ReportDocument) { self.document = document }

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
                + undated
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
        return text + "." + undated
    }

    /// What events without a usable time mean for the counts; nothing where none may belong to the period.
    private var undated: String {
        let count = document.completeness.undatedPossible
        guard count > 0 else { return "" }
        let isCounted = document.period.from == nil && document.period.to == nil
        let events = ReportWords.count(count, "event has", "events have")
        return isCounted
            ? " \(events) no usable time."
            : " \(events) no usable time and may belong to it; no count here includes \(count == 1 ? "it" : "them")."
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

    // MARK: Whether it is all

    /// Completeness in one or two words.
    var completenessWord: String {
        if !document.completeness.damage.isEmpty { return "Damaged" }
        return switch document.completeness.state {
        case .complete: "Complete"
        case .running: "Complete so far"
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
            return "The log is complete for that time\(span ?? ""): the sums of the newest pull close, and every event "
                + "that the service listed is archived." + uncertain
        case .running:
            let to = completeness.to.map { " up to \(ReportWords.time($0)) UTC" } ?? " so far"
            let end = document.period.to.map { ", and ends with \(ReportWords.moment($0))" } ?? ""
            return "The log is complete\(to): the sums of the newest pull close, and every event that the service "
                + "listed is archived. The period goes on\(end)." + uncertain
        case .incomplete:
            return "The log is not proven to be complete for that time: events may be missing."
        case .unknown:
            return "Whether the log is complete is not known: the archive holds only what was imported from files, and "
                + "no pull has compared it with the service."
        }
    }

    /// What keeps a complete log from telling everything about the period.
    private var uncertain: String {
        let count = document.completeness.undatedPossible
        guard count > 0, document.period.from != nil || document.period.to != nil else { return "" }
        return
            " Whether \(ReportWords.count(count, "event")) without a usable time \(count == 1 ? "is" : "are") of that time "
            + "is not known."
    }

    // MARK: What differs

    /// What was compared to find changes: nothing found is not the same as nothing looked at.
    var comparison: String {
        let snapshots =
            switch document.comparison.snapshots {
            case 0:
                "No snapshot of settings and organization is archived for this time, so how they changed is not known."
            case 1: "There is one snapshot of settings and organization for this time, and nothing to compare it with."
            default:
                "\(ReportWords.number(document.comparison.snapshots)) snapshots of settings and organization were compared."
            }
        let bundle =
            document.comparison.bundle.map { "The findings were compared with those of the report \($0)." }
            ?? "There is no earlier report of this kind to compare the findings with."
        return "\(snapshots) \(bundle)"
    }

    // MARK: What was found

    /// The verdicts in a sentence.
    var verdict: String {
        let findings = document.findings
        guard !findings.isEmpty else { return "No control was judged." }
        let counts = Finding.counts(findings)
        let parts = ReportWords.statuses.compactMap { status -> String? in
            guard let count = counts[status] else { return nil }
            let words =
                switch status {
                case .fail: "failed"
                case .notProven: "could not be proven"
                case .manual: "must be checked by hand"
                case .reviewed: count == 1 ? "was reviewed" : "were reviewed"
                case .waived: count == 1 ? "was waived" : "were waived"
                case .notApplicable: count == 1 ? "does not apply" : "do not apply"
                case .pass: "passed"
                }
            return "\(ReportWords.number(count)) \(words)"
        }
        return "Of \(ReportWords.count(findings.count, "verdict")), \(ReportWords.list(parts))."
    }
}
