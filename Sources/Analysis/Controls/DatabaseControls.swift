import Evidence

/// Controls over the deletion of databases.
enum DatabaseControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "DB-DELETE": deletions,
        "DB-BURST": bursts,
    ]

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
            // An actor is judged once, whatever the number of their bursts, and by what is certain where something is.
            let actors = Dictionary(grouping: bursts) { ExactText($0.key) }
            return actors.values.map { bursts in
                let certain = bursts.filter { !$0.isDoubtful }
                return certain.isEmpty
                    ? finding(
                        control,
                        .notProven,
                        bursts,
                        "Deleted databases in quick succession, maybe as many as \(size)"
                    )
                    : finding(control, .fail, certain, "Deleted databases in quick succession")
            }
        }
        return control.nothingFound(
            facts,
            subject: "audit log",
            passing: "Nobody deleted \(size) different databases or more within ten minutes.",
            gaps: facts.gaps
        )
    }

    private static func finding(_ control: Control, _ status: Status, _ bursts: [WatchedLog.Burst], _ what: String)
        -> Finding
    {
        let words = bursts.map { burst in
            let deletions = burst.eventIDs.count
            let more = deletions == burst.databases ? "" : " in \(deletions) deletions"
            let least = burst.mayBeMore ? "at least " : ""
            return
                "\(least)\(counted(burst.databases, "database"))\(more) from \(burst.from.rfc3339) to \(burst.to.rfc3339)"
        }
        return control.finding(
            status,
            subject: bursts.first?.actor ?? "",
            key: bursts.first?.key,
            "\(what): \(words.prefix(5).joined(separator: "; "))"
                + (words.count > 5 ? "; and \(words.count - 5) times more." : "."),
            eventIDs: bursts.flatMap(\.eventIDs)
        )
    }
}
