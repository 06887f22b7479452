import Evidence

/// The control that asks whether every change of a setting has its event.
enum DriftControl {
    static func judge(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard let drift = facts.drift else {
            return unproven(control, "The settings were never read: the archive holds no snapshot of them.")
        }
        var findings = drift.differences.filter { $0.events.isEmpty }.map { item in
            let difference = item.difference
            return control.finding(
                .fail,
                subject: difference.field,
                "Changed from \(difference.before ?? "missing") to \(difference.after ?? "missing") between "
                    + "\(difference.from.rfc3339) and \(difference.to.rfc3339), and no settings.updated event says so."
            )
        }
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
        guard findings.isEmpty else { return findings }
        guard drift.comparisons > 0 else {
            return unproven(control, "There is one snapshot so far: the next pull compares it.")
        }
        let explained =
            drift.differences.isEmpty
            ? "nothing differs" : "\(counted(drift.differences.count, "difference")), each with its event"
        return [
            control.finding(
                .pass,
                subject: "settings",
                "\(counted(drift.comparisons + 1, "snapshot")) compared: \(explained)."
            )
        ]
    }

    private static func unproven(_ control: Control, _ why: String) -> [Finding] {
        [control.finding(.notProven, subject: "settings", why)]
    }
}
