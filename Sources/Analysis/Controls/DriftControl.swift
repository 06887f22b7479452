import Evidence

/// The control that asks whether every change of a setting has its event.
enum DriftControl {
    /// The control that is judged here, by its id.
    static let judges: [String: ControlLogic.Judge] = ["SET-DRIFT": judge]

    static func judge(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        guard let drift = facts.drift else { return [unproven(control, words("finding.settings_never"), words)] }
        var findings = unexplained(control, drift, facts)
        if !drift.idleEvents.isEmpty {
            findings.append(
                control.finding(
                    .notProven,
                    subject: "settings.updated",
                    words("finding.drift_idle", ["count": .number(drift.idleEvents.count)]),
                    eventIDs: drift.idleEvents.map(\.event)
                )
            )
        }
        if !drift.unreadable.isEmpty {
            let places: [String: Words.Argument] = [
                "count": .number(drift.unreadable.count), "days": .text(words.days(drift.unreadable)),
            ]
            findings.append(unproven(control, words("finding.drift_unreadable", places), words))
        }
        guard findings.isEmpty else { return findings }
        let around = facts.driftAround ?? drift
        guard around.comparisons > 0 else {
            let why = facts.isRunning ? words("finding.drift_one") : words("finding.drift_no_two")
            return [unproven(control, why, words)]
        }
        if let doubt = doubt(drift, around, facts) {
            return [control.finding(.notProven, about: .settings, in: words, doubt.why, eventIDs: doubt.events)]
        }
        return [control.finding(.pass, about: .settings, in: words, compared(drift, around, words))]
    }

    /// What was compared, and with what result.
    private static func compared(_ drift: SettingsDrift, _ around: SettingsDrift, _ words: Words) -> String {
        let changed = drift.differences.count { !$0.difference.isOfService }
        let places: [String: Words.Argument] = [
            "snapshots": .text(words.count(around.comparisons + 1, "snapshot")), "count": .number(changed),
        ]
        let events = Set(drift.differences.flatMap(\.events).map { ExactText($0.event) })
        let told: Words.Argument = .text(words("finding.drift_told", ["count": .number(events.count)]))
        let result =
            changed == 0
            ? words("finding.drift_same", places)
            : words("finding.drift_explained", places.merging(["told": told]) { $1 })
        let ofService = drift.differences.count - changed
        return ofService == 0 ? result : "\(result) \(words("finding.drift_of_service", ["count": .number(ofService)]))"
    }

    /// Why settings can have changed in the period although no difference shows it, or without the event that a change needs.
    private static func doubt(_ drift: SettingsDrift, _ around: SettingsDrift, _ facts: JudgedFacts)
        -> (why: String, events: [String])?
    {
        let (range, words) = (facts.period.range, facts.words)
        guard let first = around.begin, let last = around.end else { return nil }
        let begin = range.from.map { from in facts.organizationCreated.map { max(from, $0) } ?? from }
        if let begin, begin < first {
            return (words("finding.drift_none_before", ["begin": .text(words.moment(first))]), [])
        }
        if !facts.isRunning, let to = range.to, last < to {
            return (words("finding.drift_none_after", ["end": .text(words.moment(last))]), [])
        }
        let inside = Set(drift.differences.map(\.difference))
        let beyond = around.differences.filter { item in
            item.events.isEmpty && !item.difference.isOfService && !inside.contains(item.difference)
        }
        if let one = beyond.first?.difference {
            let places: [String: Words.Argument] = [
                "field": .text(one.field), "count": .number(beyond.count - 1),
            ].merging(words.between(one.from, one.to)) { $1 }
            return beyond.count == 1
                ? (words("finding.drift_beyond", places), []) : (words("finding.drift_beyond_more", places), [])
        }
        let idle = around.idleEvents.filter { range.contains($0.at) }.map(\.event)
        if !idle.isEmpty { return (words("finding.drift_idle", ["count": .number(idle.count)]), idle) }
        return doubt(ofLogSince: first, facts)
    }

    /// Why the log may hold an event without a difference that is not archived, or not known to belong there.
    private static func doubt(ofLogSince first: Instant, _ facts: JudgedFacts) -> (why: String, events: [String])? {
        let words = facts.words
        guard facts.damage.isEmpty else { return (words("finding.nothing_damaged"), []) }
        guard facts.isComplete == true else { return (words("finding.drift_incomplete"), []) }
        let gaps = facts.gaps(since: first)
        guard gaps.isEmpty else { return (words("finding.drift_gap", words.spans(gaps)), []) }
        let timeless =
            (facts.undated.possible(in: facts.period.range).groups
            + facts.implausible.possible(in: facts.period.range).groups).flatMap(\.settingsUpdated)
        return timeless.isEmpty
            ? nil : (words("finding.drift_undated", ["count": .number(timeless.count)]), timeless)
    }

    /// A finding a field that differs without an event, in the order of their names.
    private static func unexplained(_ control: Control, _ drift: SettingsDrift, _ facts: JudgedFacts) -> [Finding] {
        var fields: [[ExactText]: [SettingsDrift.Difference]] = [:]
        for item in drift.differences where item.events.isEmpty && !item.difference.isOfService {
            fields[[ExactText(item.difference.kind), ExactText(item.difference.field)], default: []]
                .append(item.difference)
        }
        return fields.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, differences in
            let certain = differences.filter { doubt($0, facts) == nil }
            let shown = certain.isEmpty ? differences : certain
            let why = certain.isEmpty ? shown.first.flatMap { doubt($0, facts) } : nil
            let field = shown.first?.field ?? ""
            // The organization has a plan, and so may the settings.
            let isSetting = shown.first?.kind == "setting"
            return control.finding(
                why == nil ? .fail : .notProven,
                subject: field,
                key: isSetting ? nil : key.map(\.text).joined(separator: "\u{0}"),
                detail(field, shown, why, facts.words),
                short: why == nil ? shown.last.map { short($0, facts.words) } : nil
            )
        }
    }

    private static func detail(
        _ field: String,
        _ changes: [SettingsDrift.Difference],
        _ why: String?,
        _ words: Words
    ) -> String {
        var told = changes.prefix(5).map { change in
            words(
                "finding.drift_change",
                [
                    "before": .text(change.before ?? words("finding.drift_nothing")),
                    "after": .text(change.after ?? words("finding.drift_nothing")),
                ].merging(words.between(change.from, change.to)) { $1 }
            )
        }.joined(separator: ", ")
        if changes.count > 5 {
            told += " " + words("finding.drift_changes_more", ["count": .number(changes.count - 5)])
        }
        let places: [String: Words.Argument] = [
            "field": .text(field), "changes": .text(told), "why": .text(why ?? ""),
        ]
        return why == nil ? words("finding.drift_changed", places) : words("finding.drift_changed_doubt", places)
    }

    private static func short(_ change: SettingsDrift.Difference, _ words: Words) -> String {
        words(
            "finding.drift_short",
            ["field": .text(change.field)].merging(words.between(change.from, change.to)) { $1 }
        )
    }

    /// Why the event may be there all the same.
    private static func doubt(_ difference: SettingsDrift.Difference, _ facts: JudgedFacts) -> String? {
        let words = facts.words
        if difference.isOwner { return words("finding.drift_owner") }
        if let to = facts.period.range.to, to < difference.to { return words("finding.drift_after") }
        if !difference.isProven { return words("finding.drift_unread") }
        if !facts.damage.isEmpty { return words("finding.damaged_evidence") }
        let span = InstantRange(from: difference.from, to: difference.to.adding(seconds: 1))
        let undated = (facts.undated.possible(in: span).groups + facts.implausible.possible(in: span).groups)
            .flatMap(\.settingsUpdated).count
        return undated == 0 ? nil : words("finding.drift_undated_possible", ["count": .number(undated)])
    }

    private static func unproven(_ control: Control, _ why: String, _ words: Words) -> Finding {
        control.finding(.notProven, about: .settings, in: words, why)
    }
}
