import Evidence

/// The control that asks whether every change of a setting has its event.
enum DriftControl {
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
        guard drift.comparisons > 0 else {
            return [unproven(control, "There is one snapshot so far: the next pull compares it.")]
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
                "\(counted(drift.comparisons + 1, "snapshot")) compared: \(explained)\(more)."
            )
        ]
    }

    /// A finding a field that differs without an event.
    private static func unexplained(_ control: Control, _ drift: SettingsDrift, _ facts: JudgedFacts) -> [Finding] {
        var fields: [[ExactText]: [SettingsDrift.Difference]] = [:]
        for item in drift.differences where item.events.isEmpty && !item.difference.isOfService {
            fields[[ExactText(item.difference.kind), ExactText(item.difference.field)], default: []]
                .append(item.difference)
        }
        return fields.values.map { differences in
            let certain = differences.filter { doubt($0, facts) == nil }
            let shown = certain.isEmpty ? differences : certain
            let changes = shown.prefix(5).map { difference in
                "from \(difference.before ?? "null") to \(difference.after ?? "null") between "
                    + "\(difference.from.rfc3339) and \(difference.to.rfc3339)"
            }
            let more = shown.count > 5 ? " and \(shown.count - 5) times more" : ""
            let why = certain.isEmpty ? shown.first.flatMap { doubt($0, facts) } : nil
            return control.finding(
                why == nil ? .fail : .notProven,
                subject: shown.first?.field ?? "",
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
        if !difference.isProven { return "no complete pull read the log of that time" }
        if !facts.damage.isEmpty { return "the archive is damaged" }
        let span = InstantRange(from: difference.from, to: difference.to.adding(seconds: 1))
        let undated = facts.undated.possible(in: span).groups.flatMap(\.settingsUpdated).count
        return undated == 0
            ? nil : "\(counted(undated, "settings.updated event")) without a usable time may belong to it"
    }

    private static func unproven(_ control: Control, _ why: String) -> Finding {
        control.finding(.notProven, subject: "settings", why)
    }
}
