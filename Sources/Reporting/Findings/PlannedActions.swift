import Analysis
import Evidence
import Templates

/// What the action plan that was given back promises about findings, judged at the time of the evidence.
struct PlannedActions {
    private let promises: Promises
    /// The day of the evidence; nil where nothing tells it.
    private let today: CivilDate?
    /// Where the days of the plan end.
    let zone: CalendarZone
    private let words: Words

    /// Judges a plan; `asOf` is RFC 3339, and its day that of a time zone.
    init(_ plan: [ActionPlan.Row], asOf: String, in zone: CalendarZone = .utc, words: Words) {
        promises = Promises(plan)
        self.zone = zone
        today = Instant(rfc3339: asOf).map(zone.date)
        self.words = words
    }

    /// What is promised about one finding.
    struct Action {
        var row: ActionPlan.Row
        /// By how many days it is overdue; nil where it is in time, has no due day, or nothing is left to do.
        var overdueDays: Int?

        /// Whether it is overdue, as machines read it; empty without a due day.
        var overdue: String { row.due.isEmpty ? "" : overdueDays == nil ? "false" : "true" }
    }

    /// What is promised about a finding; nil for nothing.
    func action(for finding: Finding) -> Action? {
        promises.promise(for: finding).map { Action(row: $0, overdueDays: overdueDays($0, finding)) }
    }

    /// `overdue by 12 days`; empty for what is in time.
    func overdueText(_ action: Action?) -> String {
        action?.overdueDays.map { words("plan.overdue", ["count": .number($0)]) } ?? ""
    }

    /// A due day counts until its end.
    private func overdueDays(_ row: ActionPlan.Row, _ finding: Finding) -> Int? {
        guard finding.status.isUrgent, let today, let due = CivilDate(text: row.due) else {
            return nil
        }
        let days = today.daysSince1970 - due.daysSince1970
        return days > 0 ? Int(clamping: days) : nil
    }

    /// How many elements of a list the page shows.
    static let mostShown = 100
    /// The same of the first screen.
    private static let firstShown = 3

    /// The values of the page: what is agreed, what of it is overdue, and what is accepted.
    func scalars(_ findings: [Finding]) -> [String: TemplateValue] {
        let urgent = findings.indices.filter { findings[$0].status.isUrgent }
        let agreed = urgent.compactMap { place in
            action(for: findings[place]).flatMap { action in
                action.row.owner.isEmpty && action.row.due.isEmpty ? nil : (place: place, action: action)
            }
        }
        let byDay = agreed.sorted { left, right in
            let (one, other) = (left.action.row.due, right.action.row.due)
            // Those without a day stand last.
            return one.isEmpty == other.isEmpty ? (one, left.place) < (other, right.place) : other.isEmpty
        }
        let overdue = byDay.filter { $0.action.overdueDays != nil }
        let accepted = findings.indices.filter { findings[$0].acceptance != nil && findings[$0].status == .waived }
        let first = Self.firstShown
        return [
            "first_agreed": .list(byDay.prefix(first).map { value($0.place, findings, $0.action) }),
            "more_first_agreed": more(byDay.count, than: first),
            "first_accepted": .list(accepted.prefix(first).map { acceptance($0, findings[$0]) }),
            "more_first_accepted": more(accepted.count, than: first),
            "nothing_agreed": .flag(byDay.isEmpty && accepted.isEmpty),
            "agreed_actions": .list(byDay.prefix(Self.mostShown).map { value($0.place, findings, $0.action) }),
            "more_agreed_actions": more(byDay.count), "has_agreed_actions": .flag(!byDay.isEmpty),
            "overdue_actions": .list(overdue.prefix(Self.mostShown).map { value($0.place, findings, $0.action) }),
            "more_overdue_actions": more(overdue.count), "has_overdue_actions": .flag(!overdue.isEmpty),
            "overdue_count": overdue.isEmpty ? .missing : .text(words.number(overdue.count)),
            "accepted": .list(accepted.prefix(Self.mostShown).map { acceptance($0, findings[$0]) }),
            "more_accepted": more(accepted.count), "has_accepted": .flag(!accepted.isEmpty),
            "accepted_count": accepted.isEmpty ? .missing : .text(words.number(accepted.count)),
        ]
    }

    private func more(_ count: Int, than shown: Int = mostShown) -> TemplateValue {
        count > shown ? .text(words.number(count - shown)) : .missing
    }

    private func brief(_ place: Int, _ finding: Finding) -> [String: TemplateValue] {
        [
            "number": .number(place + 1), "id": .text(finding.id), "control": .text(finding.control),
            "title": .text(finding.title), "heading": .text(finding.heading),
            "subject": .text(ShownText.clipped(finding.subject, words)),
            "severity": .text(finding.severity.rawValue), "severity_word": .text(words.severity(finding.severity)),
        ]
    }

    private func value(_ place: Int, _ findings: [Finding], _ action: Action) -> TemplateValue {
        var members = brief(place, findings[place])
        members["status"] = .text(findings[place].status.rawValue)
        members["status_word"] = .text(words.status(findings[place].status))
        members["owner"] = .text(ShownText.clipped(action.row.owner, words))
        members["due"] = .text(action.row.due)
        members["is_overdue"] = .flag(action.overdueDays != nil)
        members["days"] = TemplateValue(action.overdueDays)
        members["overdue_text"] = .text(overdueText(action))
        return .object(members)
    }

    private func acceptance(_ place: Int, _ finding: Finding) -> TemplateValue {
        var members = brief(place, finding)
        members["approver"] = .text(ShownText.clipped(finding.acceptance?.approver ?? "", words))
        members["reason"] = .text(ShownText.clipped(finding.acceptance?.reason ?? "", words))
        members["until"] = .text(finding.acceptance?.until ?? "")
        return .object(members)
    }
}
