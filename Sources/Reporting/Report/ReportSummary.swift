import Analysis
import Evidence

/// What a report says in sentences; each holds in every case, with no event as with a million.
struct ReportSummary {
    let document: ReportDocument
    private var words: Words { document.words }

    init(_ document: ReportDocument) { self.document = document }

    /// The paragraph for tickets and mails: what, how much, whether it is all, and what was found.
    var sentences: [String] { [about, activity, completeness, verdict] }

    // MARK: What and how much

    /// The period in words.
    var span: String { words.period(from: document.period.from, to: document.period.to) }

    private var about: String {
        let name = ShownText.clipped(document.organization.value("name") ?? document.organization.id, words)
        return words("summary.about", ["name": .text(name), "span": .text(span)])
    }

    private var activity: String {
        let activity = document.activity
        guard activity.eventCount > 0 else { return words("summary.nothing") + undated }
        let (nobody, nothing) = (activity.hasNobody, activity.hasNothing)
        return words(
            "summary.activity",
            [
                "events": .text(words.count(activity.eventCount, "event")),
                "actions": .text(words.count(activity.actions.rowCount, "action")),
                "actors": .text(
                    named(
                        activity.actors.rowCount,
                        "actor",
                        hasUnnamed: nobody,
                        unnamed: words("summary.actors_unnamed")
                    )
                ),
                "resources": .text(
                    named(
                        activity.resources.rowCount,
                        "resource",
                        hasUnnamed: nothing,
                        unnamed: words("summary.resources_unnamed")
                    )
                ),
                "when": .text(when),
            ]
        ) + undated
    }

    /// What the report is called by.
    ///
    /// A span that somebody chose is told in words: its name has the end, which is not inside. Of all events it tells the
    /// days of the first and the last one that have a usable time.
    var periodTitle: String {
        guard document.period.name == "all" else {
            return document.period.name.contains("--") ? span : document.period.name
        }
        let ends = [document.activity.firstAt, document.activity.lastAt].map {
            $0.flatMap { Instant(rfc3339: $0) }.map(words.day)
        }
        guard let first = ends[0], let last = ends[1] else { return words("period.all") }
        let days = first == last ? first : words("format.span", ["from": .text(first), "to": .text(last)])
        return words("period.all_of", ["days": .text(days)])
    }

    private var when: String {
        guard let first = document.activity.firstAt, let last = document.activity.lastAt else { return "" }
        if first == last { return words("summary.at", ["time": .text(words.moment(first))]) }
        return words("summary.between", words.between(first, last))
    }

    /// `rows`: of the table, one of which may stand for events that name none.
    private func named(_ rows: Int, _ noun: String, hasUnnamed: Bool, unnamed: String) -> String {
        let count = rows - (hasUnnamed ? 1 : 0)
        guard count > 0 else { return unnamed }
        let named = words.count(count, noun)
        return hasUnnamed ? words("summary.and_unnamed", ["named": .text(named)]) : named
    }

    /// What events without a usable time mean for the counts; nothing where none may belong to the period.
    private var undated: String {
        let count = document.completeness.undatedPossible
        guard count > 0 else { return "" }
        let isCounted = document.period.from == nil && document.period.to == nil
        return " "
            + (isCounted
                ? words("summary.undated_counted", ["count": .number(count)])
                : words("summary.undated_apart", ["count": .number(count)]))
    }

    // MARK: Whether it is all

    /// Completeness in one or two words.
    var completenessWord: String {
        guard document.completeness.damage.isEmpty else { return words("completeness.word_damaged") }
        return switch document.completeness.state {
        case .complete: words("completeness.word_complete")
        case .running: words("completeness.word_running")
        case .incomplete: words("completeness.word_incomplete")
        case .unknown: words("completeness.word_unknown")
        }
    }

    /// Completeness in a sentence.
    var completeness: String {
        let completeness = document.completeness
        guard completeness.damage.isEmpty else { return words("completeness.damaged") }
        switch completeness.state {
        case .complete:
            guard completeness.from != nil, completeness.to != nil else {
                return words("completeness.complete") + uncertain
            }
            let span = words.span(from: completeness.from, to: completeness.to)
            return words("completeness.complete_span", ["span": .text(span)]) + uncertain
        case .running:
            let to = completeness.to.map(words.moment) ?? ""
            guard let day = document.lastDay else {
                return words("completeness.running", ["to": .text(to)]) + uncertain
            }
            return words("completeness.running_until", ["to": .text(to), "day": .text(day)]) + uncertain
        case .incomplete: return words("completeness.incomplete")
        case .unknown: return words("completeness.unknown")
        }
    }

    /// What keeps a complete log from telling everything about the period.
    private var uncertain: String {
        let count = document.completeness.undatedPossible
        guard count > 0, document.period.from != nil || document.period.to != nil else { return "" }
        return " " + words("completeness.uncertain", ["count": .number(count)])
    }

    // MARK: What differs

    /// What was compared to find changes: nothing found is not the same as nothing looked at.
    var comparison: String {
        let count = document.comparison.snapshots
        let snapshots =
            count == 0
            ? words("comparison.snapshots_none") : words("comparison.snapshots", ["count": .number(count)])
        let bundle =
            document.comparison.bundle.map { words("comparison.bundle", ["bundle": .text($0)]) }
            ?? words("comparison.bundle_none")
        return "\(snapshots) \(bundle)"
    }

    // MARK: What was found

    /// The verdicts in a sentence.
    var verdict: String {
        let findings = document.findings
        guard !findings.isEmpty else { return words("findings.none") }
        let counts = words.counts(Finding.counts(findings), "findings")
        return words("findings.verdicts", ["count": .number(findings.count), "counts": .text(counts)])
    }
}

extension ReportDocument {
    /// The last day of the period in its time zone, `2026-11-30`; nil for one that is open.
    var lastDay: String? {
        guard let end = period.to.flatMap({ Instant(rfc3339: $0) }) else { return nil }
        guard let zone = try? CalendarZone(name: period.timeZone) else { return words.moment(end) }
        let day = zone.date(at: Instant(seconds: end.seconds - 1))
        return words.day(Instant(seconds: day.daysSince1970 * 86_400))
    }
}

extension Words {
    /// How many there are of each verdict that there are any of, the most urgent first; `group` says each of them.
    func counts(_ counts: [Status: Int], _ group: String) -> String {
        list(
            Status.byUrgency.compactMap { status in
                counts[status].map { self("\(group).\(status.rawValue)", ["count": .number($0)]) }
            }
        )
    }
}

extension Status {
    /// What controls can find, the most urgent first.
    static let byUrgency: [Status] = [.fail, .notProven, .manual, .waived, .reviewed, .notApplicable, .pass]

    /// Whether somebody has to do something about it.
    var isUrgent: Bool { [.fail, .notProven, .manual].contains(self) }
}
