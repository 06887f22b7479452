import Analysis

/// What a control says in one report: as much as an overview of many reports shows of it.
package struct ControlVerdict: Sendable, Hashable, Codable {
    /// The control's id.
    package var control: String
    /// How much it matters.
    package var severity: String
    /// The gravest verdict.
    package var status: String
    /// How many subjects were judged.
    package var subjects: Int
    /// How many of them fail or are not proven.
    package var open: Int

    /// One verdict a control, the most severe controls first.
    package static func all(of findings: [Finding]) -> [ControlVerdict] {
        ControlResults(findings).all.map { result in
            ControlVerdict(
                control: result.control,
                severity: result.severity.rawValue,
                status: result.status.rawValue,
                subjects: result.subjects,
                open: (result.counts[.fail] ?? 0) + (result.counts[.notProven] ?? 0)
            )
        }
    }

    /// How many agreed actions are overdue at the time of the evidence, RFC 3339, by the days of a time zone; nil where no
    /// action plan was given back.
    package static func overdue(
        _ plan: [ActionPlan.Row],
        _ findings: [Finding],
        asOf: String,
        in zone: CalendarZone
    ) -> Int? {
        guard !plan.isEmpty else { return nil }
        let actions = PlannedActions(plan, asOf: asOf, in: zone, words: .english)
        return findings.indices.reduce(0) { count, place in
            count + (actions.action(for: findings[place])?.overdueDays == nil ? 0 : 1)
        }
    }
}
