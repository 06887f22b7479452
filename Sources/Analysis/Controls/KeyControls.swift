import Evidence

/// Controls over API keys: who made them, and how old they are.
enum KeyControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "KEY-ORPHAN": orphans,
        "KEY-AGE": age,
    ]

    static func orphans(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let log = facts.log ?? WatchedLog()
        var findings = byKey(log.openKeys).compactMap { keys -> Finding? in
            let found = keys.compactMap { orphan(control, $0, facts) }
            return found.first { $0.status == .fail } ?? found.first
        }
        findings += control.unmatchedRemovals(log, "Whether keys of theirs are open can't be told.")
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            subject: "API keys",
            passing: "No open key was created by a member who was removed.",
            gaps: facts.historyGaps
        )
    }

    private static func orphan(_ control: Control, _ key: WatchedLog.OpenKey, _ facts: JudgedFacts) -> Finding? {
        guard let orphan = key.orphan else { return nil }
        let events = [key.event, orphan.removal, key.revocation?.event].compactMap { $0 }
        let why = doubt(key, facts) ?? orphan.doubt.map(words)
        guard let why else {
            let when = orphan.wasAway ? "who had been removed and not been invited again" : "who was removed since"
            return control.finding(
                .fail,
                subject: subject(key),
                key: key.key,
                "Created by \(key.creator), \(when); no event revokes it, so the service keeps it active.",
                eventIDs: events
            )
        }
        let removed =
            orphan.doubt == .sharedMail || orphan.doubt == .mailOfRemoved
            ? "who may have been removed" : "who was removed"
        return control.finding(
            .notProven,
            subject: subject(key),
            key: key.key,
            "Created by \(key.creator), \(removed): \(why).",
            eventIDs: events
        )
    }

    private static func words(_ doubt: JoinDoubt) -> String {
        switch doubt {
        case .order, .invitation:
            "whether they were a member when they created it, and stayed one, can't be told from the events' order"
        case .sharedMail:
            "the e-mail by which they are matched was not theirs alone, or not theirs before"
        case .mailOfRemoved:
            "the event gives an e-mail alone, and it is that of a member who was removed"
        }
    }

    /// Why a key may have been revoked all the same; nil where nothing says so.
    private static func doubt(_ key: WatchedLog.OpenKey, _ facts: JudgedFacts) -> String? {
        if let revocation = key.revocation {
            return revocation.isUndated
                ? "whether it was revoked since can't be told, for that event has no usable time"
                : "whether it was revoked since can't be told, for that event does not say which key it revokes"
        }
        if key.isUnidentified {
            return "whether it was revoked since can't be told, for the event that created it gives neither id nor name"
        }
        let gaps = facts.unproven(from: key.createdAt, to: nil)
        return gaps.isEmpty ? nil : "an event that revokes it may be missing; not proven is \(named(gaps))"
    }

    static func age(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let log = facts.log ?? WatchedLog()
        guard let end = facts.end else {
            return control.nothingFound(facts, subject: "API keys", passing: "", gaps: [facts.period.range])
        }
        let days = facts.policy.threshold(control)
        // What is open longest decides; what has no time is only told where nothing else is too old.
        let findings = byKey(log.openKeys).compactMap { keys -> Finding? in
            let found = keys.compactMap { age(control, $0, end, days, facts) }
            return found.first { $0.status == .fail } ?? found.first
        }
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            subject: "API keys",
            passing: "No open key is older than \(days) days.",
            gaps: facts.historyGaps
        )
    }

    private static func age(
        _ control: Control,
        _ key: WatchedLog.OpenKey,
        _ end: Instant,
        _ days: Int,
        _ facts: JudgedFacts
    ) -> Finding? {
        guard let created = key.createdAt else {
            return control.finding(
                .notProven,
                subject: subject(key),
                key: key.key,
                "The event that created it has no usable time.",
                eventIDs: [key.event]
            )
        }
        // A day counts when it is full, to the nanosecond.
        let seconds = end.seconds - created.seconds - (end.nanoseconds < created.nanoseconds ? 1 : 0)
        let age = seconds / 86_400
        guard age > Int64(days) else { return nil }
        if let why = doubt(key, facts) {
            return control.finding(
                .notProven,
                subject: subject(key),
                key: key.key,
                "Created by \(key.creator) \(age) days ago; \(why).",
                eventIDs: [key.event, key.revocation?.event].compactMap { $0 }
            )
        }
        return control.finding(
            .fail,
            subject: subject(key),
            key: key.key,
            "Created by \(key.creator) \(age) days ago and not revoked; at most \(days) days are allowed.",
            eventIDs: [key.event]
        )
    }

    /// What is open under each id, in the order in which it stands there.
    private static func byKey(_ keys: [WatchedLog.OpenKey]) -> [[WatchedLog.OpenKey]] {
        var groups: [[WatchedLog.OpenKey]] = []
        for key in keys {
            if let last = groups.last?.last, last.key.isSameInBytes(as: key.key) {
                groups[groups.count - 1].append(key)
            } else {
                groups.append([key])
            }
        }
        return groups
    }

    private static func subject(_ key: WatchedLog.OpenKey) -> String {
        if key.isUnidentified { return "a key without id or name (\(key.event))" }
        return key.name.isEmpty || key.name.isSameInBytes(as: key.id) ? key.id : "\(key.name) (\(key.id))"
    }
}

extension Control {
    /// What is to be said of removed members who match nobody; nothing where there are none.
    func unmatchedRemovals(_ log: WatchedLog, _ consequence: String) -> [Finding] {
        guard !log.unmatchedRemovals.isEmpty else { return [] }
        let names = log.unmatchedRemovals.prefix(3).map(\.subject).joined(separator: ", ")
        let others = log.unmatchedRemovals.count - 3
        return [
            finding(
                .notProven,
                subject: "removed members",
                "Removed, and matching no actor of the log by id or by e-mail: \(names)"
                    + "\(others > 0 ? " and \(others) others" : ""). \(consequence)",
                eventIDs: log.unmatchedRemovals.flatMap(\.eventIDs)
            )
        ]
    }
}
