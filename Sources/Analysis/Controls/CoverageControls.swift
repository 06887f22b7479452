import Evidence

/// Controls over how far the proven span reaches, forwards and back.
enum CoverageControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "LOG-FRESH": fresh,
        "LOG-RETENTION": retention,
    ]

    static func fresh(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let hours = facts.policy.threshold(control)
        guard let end = facts.proven?.to, let due = facts.end else { return unproven(control, facts) }
        let behind = due.seconds - end.seconds
        let detail = "Proven up to \(end.rfc3339)"
        guard behind > Int64(hours) * 3600 else {
            guard facts.damage.isEmpty else { return unproven(control, facts) }
            return [control.finding(.pass, subject: "audit log", detail + ".")]
        }
        return [
            control.finding(
                .fail,
                subject: "audit log",
                detail + ", \(behind / 3600) hours before \(due.rfc3339); at most \(hours) hours are allowed."
            )
        ]
    }

    static func retention(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let months = facts.policy.threshold(control)
        guard let begin = facts.proven?.from, let asOf = facts.asOf else { return unproven(control, facts) }
        let needed = CalendarZone.utc.monthsBefore(asOf, months)
        let reaches = begin <= needed || facts.organizationCreated.map { begin <= $0 } ?? false
        guard facts.damage.isEmpty || !reaches else { return unproven(control, facts) }
        if begin <= needed {
            return [control.finding(.pass, subject: "audit log", "Proven from \(begin.rfc3339) on.")]
        }
        if let created = facts.organizationCreated, begin <= created {
            return [
                control.finding(
                    .pass,
                    subject: "audit log",
                    "Proven from the organization's creation on, \(created.rfc3339), which is less than \(months) months ago."
                )
            ]
        }
        return [
            control.finding(
                .fail,
                subject: "audit log",
                "Proven from \(begin.rfc3339) on; \(months) months would reach back to \(needed.rfc3339)."
            )
        ]
    }

    private static func unproven(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let why =
            !facts.damage.isEmpty
            ? "The archive is damaged: what its ledger calls proven may no longer be there."
            : facts.isComplete == nil
                ? "The events were imported: the ledger proves no span." : "The newest pull proves no span."
        return [control.finding(.notProven, subject: "audit log", why)]
    }
}

extension CalendarZone {
    /// The begin of the same day of the month, so many months earlier; the last one where that month is shorter.
    func monthsBefore(_ instant: Instant, _ months: Int) -> Instant {
        let day = date(at: instant)
        let month = day.year * 12 + Int64(day.month) - 1 - Int64(months)
        let (year, place) = (floorDivide(month, 12), Int(month - floorDivide(month, 12) * 12) + 1)
        var candidate = CivilDate(year: year, month: place, day: day.day)
        while CivilDate(daysSince1970: candidate.daysSince1970).month != place { candidate.day -= 1 }
        return start(of: candidate)
    }
}
