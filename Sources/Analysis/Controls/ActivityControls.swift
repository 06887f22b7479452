import Evidence

/// Controls over when, from where, by whom and what.
enum ActivityControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "OFF-HOURS": offHours,
        "NEW-IP": newAddresses,
        "ACT-UNKNOWN": unknownActions,
        "ACT-ANON": anonymous,
    ]

    static func offHours(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard let hours = facts.policy.workingHours else {
            return [
                control.finding(
                    .manual,
                    subject: "working hours",
                    "The configuration names no working_hours to compare with."
                )
            ]
        }
        return control.findings(
            facts.log?.offHours ?? [],
            facts,
            passing: "Every privileged action falls into working hours (\(hours.timeZone)).",
            detail: {
                "\(counted($0.eventIDs.count, "privileged action")) outside working hours (\(hours.timeZone))."
            }
        )
    }

    static func newAddresses(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let flags = facts.log?.newAddresses ?? []
        guard !flags.isEmpty else {
            return control.nothingFound(
                facts,
                subject: "audit log",
                passing:
                    "Every privileged action came from an address its actor had used before, or was the actor's first.",
                gaps: facts.gaps
            )
        }
        return flags.map { flag in
            let (status, detail) = newAddress(flag, facts)
            return control.finding(status, subject: flag.subject, key: flag.key, detail, eventIDs: flag.eventIDs)
        }
    }

    private static func newAddress(_ flag: WatchedLog.Flag, _ facts: JudgedFacts) -> (Status, String) {
        if flag.isDoubtful {
            return (
                .notProven,
                "A privileged action; whether this actor used the address or others before can't be told, for events of theirs "
                    + "have no usable time."
            )
        }
        let gaps = flag.span.map { facts.unproven(from: $0.from, to: $0.to) } ?? []
        guard gaps.isEmpty else {
            return (
                .notProven,
                "A privileged action from an address that no archived event of this actor came from before; not proven is "
                    + "\(named(gaps))."
            )
        }
        return (.fail, "A privileged action from an address that this actor never used before.")
    }

    static func unknownActions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let flags = facts.log?.unknownActions ?? []
        guard flags.isEmpty else {
            return flags.map { flag in
                control.finding(
                    .manual,
                    subject: flag.subject.isEmpty ? "(no action)" : flag.subject,
                    key: flag.key,
                    "\(counted(flag.eventIDs.count, "event")) with an action that the service does not document.",
                    eventIDs: flag.eventIDs
                )
            }
        }
        return control.nothingFound(
            facts,
            subject: "audit log",
            passing: "Every action is documented.",
            gaps: facts.gaps
        )
    }

    static func anonymous(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let events = facts.log?.anonymous ?? []
        guard events.isEmpty else {
            let detail = "\(counted(events.count, "event")) with neither an actor's id nor an e-mail."
            return [control.finding(.fail, subject: "audit log", detail, eventIDs: events)]
        }
        return control.nothingFound(
            facts,
            subject: "audit log",
            passing: "Every event names its actor.",
            gaps: facts.gaps
        )
    }
}
