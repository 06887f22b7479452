/// Controls over members and their roles.
enum MemberControls {
    static func ownRole(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        control.findings(
            facts.log?.ownRoleChanges ?? [],
            facts,
            passing: "Nobody changed their own role.",
            detail: { "Changed their own role \($0.eventIDs.count == 1 ? "once" : "\($0.eventIDs.count) times")." }
        )
    }

    static func ghosts(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let log = facts.log ?? WatchedLog()
        let findings =
            log.ghosts.map { ghost(control, $0) }
            + control.unmatchedRemovals(log, "Whether they went on to act can't be told.")
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            subject: "audit log",
            passing: "Nobody acted who had been removed and not been invited again.",
            gaps: facts.historyGaps
        )
    }

    private static func ghost(_ control: Control, _ ghost: WatchedLog.Ghost) -> Finding {
        let doubtful = ghost.doubtful.count
        if !ghost.acts.isEmpty {
            let more = doubtful == 0 ? "" : " Of \(counted(doubtful, "later event")) that can't be told."
            return control.finding(
                .fail,
                subject: ghost.subject,
                key: ghost.key,
                "\(counted(ghost.acts.count, "event")) after they were removed, without having been invited again.\(more)",
                eventIDs: ghost.removals + ghost.acts
            )
        }
        let why =
            doubtful > 0
            ? "\(counted(doubtful, "event")) after they were removed; an invitation that matches nobody, or has no usable time, "
                + "may explain them."
            : "They acted in the period and were removed; whether that came before can't be told from the events' order."
        return control.finding(
            .notProven,
            subject: ghost.subject,
            key: ghost.key,
            why,
            eventIDs: ghost.removals + ghost.doubtful
        )
    }

    static func roleChanges(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let events = facts.log?.roleChanges ?? []
        guard events.isEmpty else {
            let detail = "\(counted(events.count, "role change")) to review."
            return [control.finding(.manual, subject: "audit log", detail, eventIDs: events)]
        }
        return control.nothingFound(facts, subject: "audit log", passing: "No role was changed.", gaps: facts.gaps)
    }
}
