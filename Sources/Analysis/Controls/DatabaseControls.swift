import Evidence

/// Controls over the deletion of databases.
enum DatabaseControls {
    static func deletions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let events = facts.log?.deletions ?? []
        guard events.isEmpty else {
            let detail = "\(counted(events.count, "deletion")) to review."
            return [control.finding(.manual, subject: "audit log", detail, eventIDs: events)]
        }
        return control.nothingFound(facts, subject: "audit log", passing: "No database was deleted.", gaps: facts.gaps)
    }

    static func bursts(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let size = facts.policy.threshold(control)
        let bursts = facts.log?.bursts ?? []
        guard bursts.isEmpty else {
            // A subject is judged once, whatever the number of its bursts.
            return Dictionary(grouping: bursts, by: \.actor).map { actor, bursts in
                let words = bursts.map { "\($0.eventIDs.count) from \($0.from.rfc3339) to \($0.to.rfc3339)" }
                return control.finding(
                    .fail,
                    subject: actor,
                    "Deleted databases in quick succession: \(words.prefix(5).joined(separator: "; "))"
                        + (words.count > 5 ? "; and \(words.count - 5) times more." : "."),
                    eventIDs: bursts.flatMap(\.eventIDs)
                )
            }
        }
        return control.nothingFound(
            facts,
            subject: "audit log",
            passing: "Nobody deleted \(size) databases or more within ten minutes.",
            gaps: facts.gaps
        )
    }
}
