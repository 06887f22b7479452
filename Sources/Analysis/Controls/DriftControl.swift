import Evidence

/// The control that asks whether every change of a setting has its event.
enum DriftControl {
    /// The control that is judged here, by its id.
    static let judges: [String: ControlLogic.Judge] = ["SET-DRIFT": judge]

    static func judge(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard let drift = facts.drift else {
            return [unproven(control, "The settings were never read: the archive holds no snapshot of them.")]
        }
        var findings = unexplained(control, drift, facts)
        if !drift.idleEvents.isEmpty {
            let count = counted(drift.idleEvents.count, "settings.updated event")
            findings.append(
                control.finding(
                    .notProven,
                    subject: "settings.updated",
                    "\(count) without a difference between the snapshots around: changed and changed back, or no change.",
                    eventIDs: drift.idleEvents.map(\.event)
                )
            )
        }
        if !drift.unreadable.isEmpty {
            let count = counted(drift.unreadable.count, "snapshot")
            findings.append(
                unproven(control, "\(count) can't be compared, damaged or not understood: \(drift.unreadable.days).")
            )
        }
        guard findings.isEmpty else { return findings }
        let around = facts.driftAround ?? drift
        guard around.comparisons > 0 else {
            let why =
                facts.isRunning
                ? "There is one snapshot so far: the next pull compares it."
                : "There are no two snapshots in or around the period that could be compared."
            return [unproven(control, why)]
        }
        if let doubt = doubt(drift, around, facts) {
            return [control.finding(.notProven, subject: "settings", doubt.why, eventIDs: doubt.events)]
        }
        let changed = drift.differences.count { !$0.difference.isOfService }
        let explained = changed == 0 ? "nothing differs" : "\(counted(changed, "difference")), each with its event"
        let ofService = drift.differences.count - changed
        let more =
            ofService == 0 ? "" : "; \(counted(ofService, "setting")) came or went at the service itself"
        return [
            control.finding(
                .pass,
                subject: "settings",
                "\(counted(around.comparisons + 1, "snapshot")) compared: \(explained)\(more)."
            )
        ]
    }

    /// Why settings can have changed in the period although no difference shows it, or without the event that a change needs.
    private static func doubt(_ drift: SettingsDrift, _ around: SettingsDrift, _ facts: JudgedFacts)
        -> (why: String, events: [String])?
    {
        let range = facts.period.range
        guard let first = around.begin, let last = around.end else { return nil }
        let begin = range.from.map { from in facts.organizationCreated.map { max(from, $0) } ?? from }
        if let begin, begin < first {
            return ("Nothing was compared before \(first.rfc3339): no snapshot is older.", [])
        }
        if !facts.isRunning, let to = range.to, last < to {
            return ("Nothing was compared from \(last.rfc3339) on: no snapshot is younger.", [])
        }
        let beyond = around.differences.filter { item in
            item.events.isEmpty && !item.difference.isOfService && !drift.differences.contains(item)
        }
        if let one = beyond.first?.difference {
            let more = beyond.count == 1 ? "" : " and \(counted(beyond.count - 1, "field")) more"
            return (
                "\(one.field)\(more) changed between \(one.from.rfc3339) and \(one.to.rfc3339), in the period or behind it, and "
                    + "no settings.updated event says so.", []
            )
        }
        let idle = around.idleEvents.filter { range.contains($0.at) }.map(\.event)
        if !idle.isEmpty {
            return (
                "\(counted(idle.count, "settings.updated event")) without a difference between the snapshots around: changed and "
                    + "changed back, or no change.", idle
            )
        }
        return doubt(ofLogSince: first, facts)
    }

    /// Why the log may hold an event without a difference that is not archived, or not known to belong there.
    private static func doubt(ofLogSince first: Instant, _ facts: JudgedFacts) -> (why: String, events: [String])? {
        guard facts.damage.isEmpty else { return ("Nothing was found in what can be read of a damaged archive.", []) }
        guard facts.isComplete == true else {
            return ("No difference was found, but the newest pull is not complete: events may be missing.", [])
        }
        let gaps = facts.gaps(since: first)
        guard gaps.isEmpty else {
            return (
                "No difference was found, but the log, which would tell of changes that were changed back, is not proven "
                    + "\(gaps.map(\.words).joined(separator: "; ")).", []
            )
        }
        let timeless =
            (facts.undated.possible(in: facts.period.range).groups
            + facts.implausible.possible(in: facts.period.range).groups).flatMap(\.settingsUpdated)
        return timeless.isEmpty
            ? nil
            : (
                "\(counted(timeless.count, "settings.updated event")) without a usable time may belong to the period.",
                timeless
            )
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
            let changes = shown.prefix(5).map { difference in
                "from \(difference.before ?? "null") to \(difference.after ?? "null") between "
                    + "\(difference.from.rfc3339) and \(difference.to.rfc3339)"
            }
            let more = shown.count > 5 ? " and \(shown.count - 5) times more" : ""
            let why = certain.isEmpty ? shown.first.flatMap { doubt($0, facts) } : nil
            let field = shown.first?.field ?? ""
            // The organization has a plan, and so may the settings.
            let isSetting = shown.first?.kind == "setting"
            return control.finding(
                why == nil ? .fail : .notProven,
                subject: field,
                key: isSetting ? nil : key.map(\.text).joined(separator: "\u{0}"),
                "Changed \(changes.joined(separator: ", "))\(more), and no settings.updated event says so"
                    + (why.map { "; \($0)." } ?? ".")
            )
        }
    }

    /// Why the event may be there all the same.
    private static func doubt(_ difference: SettingsDrift.Difference, _ facts: JudgedFacts) -> String? {
        if difference.kind == "organization", difference.field == "owner_id" {
            return "the service logs no transfer of ownership"
        }
        if let to = facts.period.range.to, to < difference.to { return "it may have changed behind the period" }
        if !difference.isProven { return "no complete pull read the log of that time" }
        if !facts.damage.isEmpty { return "the archive is damaged" }
        let span = InstantRange(from: difference.from, to: difference.to.adding(seconds: 1))
        let undated = (facts.undated.possible(in: span).groups + facts.implausible.possible(in: span).groups)
            .flatMap(\.settingsUpdated).count
        return undated == 0
            ? nil : "\(counted(undated, "settings.updated event")) without a usable time may belong to it"
    }

    private static func unproven(_ control: Control, _ why: String) -> Finding {
        control.finding(.notProven, subject: "settings", why)
    }
}
