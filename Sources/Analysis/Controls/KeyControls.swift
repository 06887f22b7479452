import Evidence

/// Controls over API keys: who made them, and how old they are.
enum KeyControls {
    static func orphans(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let log = facts.log ?? WatchedLog()
        let orphans = log.openKeys.compactMap { key in key.removal.map { (key: key, removal: $0) } }
        var findings = orphans.map { key, removal in
            control.finding(
                .fail,
                subject: subject(key),
                "Created by \(key.creator), who was removed since; no event revokes it, so the service keeps it active.",
                eventIDs: [key.event, removal]
            )
        }
        if !log.unmatchedRemovals.isEmpty {
            let names = log.unmatchedRemovals.prefix(3).map(\.subject).joined(separator: ", ")
            let others = log.unmatchedRemovals.count > 3 ? " and \(log.unmatchedRemovals.count - 3) others" : ""
            findings.append(
                control.finding(
                    .notProven,
                    subject: "removed members",
                    "Removed, and matching no actor of the log by id or by e-mail: \(names)\(others). "
                        + "Whether keys of theirs are open can't be told.",
                    eventIDs: log.unmatchedRemovals.flatMap(\.eventIDs)
                )
            )
        }
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            subject: "API keys",
            passing: "No open key was created by a member who was removed since.",
            gaps: facts.historyGaps
        )
    }

    static func age(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let days = facts.policy.threshold(control)
        let log = facts.log ?? WatchedLog()
        guard let end = facts.end else {
            return control.nothingFound(facts, subject: "API keys", passing: "", gaps: [facts.period.range])
        }
        let findings = log.openKeys.compactMap { key -> Finding? in
            guard let created = key.createdAt else {
                return control.finding(
                    .notProven,
                    subject: subject(key),
                    "The event that created it has no usable time.",
                    eventIDs: [key.event]
                )
            }
            let age = (end.seconds - created.seconds) / 86_400
            guard age > Int64(days) else { return nil }
            return control.finding(
                .fail,
                subject: subject(key),
                "Created by \(key.creator) \(age) days ago and not revoked; at most \(days) days are allowed.",
                eventIDs: [key.event]
            )
        }
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            subject: "API keys",
            passing: "No open key is older than \(days) days.",
            gaps: facts.historyGaps
        )
    }

    private static func subject(_ key: WatchedLog.OpenKey) -> String {
        key.name.isEmpty || key.name == key.id ? key.id : "\(key.name) (\(key.id))"
    }
}
