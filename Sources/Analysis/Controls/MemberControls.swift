import Evidence

/// Controls over members and their roles.
enum MemberControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "MEM-GHOST": ghosts,
        "MEM-SELF": ownRole,
        "MEM-ROLE": roleChanges,
    ]

    static func ownRole(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let own = facts.log?.ownRoleChanges ?? []
        let certain = Set(own.map { ExactText($0.key) })
        let doubtful = (facts.log?.doubtfulRoleChanges ?? []).filter { !certain.contains(ExactText($0.key)) }.map {
            flag in
            control.finding(
                .notProven,
                subject: flag.subject,
                key: flag.key,
                "Changed the role of a member who may be they themselves: the e-mail that both have is not theirs alone, or is "
                    + "all that is known of one.",
                eventIDs: flag.eventIDs
            )
        }
        guard doubtful.isEmpty || !own.isEmpty else { return doubtful }
        return doubtful
            + control.findings(
                own,
                facts,
                passing: "Nobody changed their own role.",
                detail: { "Changed their own role \($0.eventIDs.count == 1 ? "once" : "\($0.eventIDs.count) times")." }
            )
    }

    static func ghosts(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let log = facts.log ?? WatchedLog()
        let findings =
            log.ghosts.map { ghost(control, $0, facts) }
            + control.unmatchedRemovals(log, "Whether they went on to act can't be told.")
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            subject: "audit log",
            passing: "Nobody acted who had been removed and not been invited again.",
            gaps: facts.historyGaps
        )
    }

    private static func ghost(_ control: Control, _ ghost: WatchedLog.Ghost, _ facts: JudgedFacts) -> Finding {
        let spans = ghost.acts.map { facts.unproven(from: $0.span.from, to: $0.span.to) }
        let certain = zip(ghost.acts, spans).filter { $1.isEmpty }.map(\.0.event)
        let behindGaps = zip(ghost.acts, spans).filter { !$1.isEmpty }.map(\.0.event)
        let doubtful = ghost.doubtful.count + behindGaps.count
        if !certain.isEmpty {
            let more = doubtful == 0 ? "" : " Of \(counted(doubtful, "later event")) that can't be told."
            return control.finding(
                .fail,
                subject: ghost.subject,
                key: ghost.key,
                "\(counted(certain.count, "event")) after they were removed, without having been invited again.\(more)",
                eventIDs: ghost.removals + certain
            )
        }
        let gaps = spans.first { !$0.isEmpty }
        return control.finding(
            .notProven,
            subject: ghost.subject,
            key: ghost.key,
            doubtful > 0
                ? "\(counted(doubtful, "event")) after they were removed; \(why(ghost.doubt, gaps))."
                : why(ghost.doubt),
            eventIDs: ghost.removals + behindGaps + ghost.doubtful
        )
    }

    private static func why(_ doubt: JoinDoubt?, _ gaps: [InstantRange]?) -> String {
        if let gaps { return "an invitation may be missing between; not proven is \(named(gaps))" }
        return doubt == .sharedMail
            ? "the e-mail by which they are matched was not theirs alone, or not theirs before"
            : "an invitation that matches nobody, or nobody yet, or has no usable time, may explain them"
    }

    /// Of somebody of whom no single event is known to come after a removal.
    private static func why(_ doubt: JoinDoubt?) -> String {
        switch doubt {
        case .sharedMail:
            "They acted in the period after they were removed; the invitation that may explain it is by an e-mail that others "
                + "have, too."
        case .mailOfRemoved:
            "Known by an e-mail alone, which is that of a member who was removed before they acted; whether they are the same "
                + "can't be told."
        case .order, .invitation, nil:
            "They acted in the period and were removed; whether that came before can't be told from the events' order."
        }
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
