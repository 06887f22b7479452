import Evidence

/// Controls that ask whether the evidence itself can be relied on.
enum EvidenceControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "LOG-COMPLETE": complete,
        "LOG-INTACT": intact,
        "LOG-DATED": dated,
    ]

    static func complete(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let subject = "audit log"
        guard let isComplete = facts.isComplete else {
            return [
                control.finding(
                    .notProven,
                    subject: subject,
                    "The events were imported. Nothing tells whether they are all: only a pull from the service proves that."
                )
            ]
        }
        let others = facts.unreadable
        let rest =
            others == 0
            ? ""
            : "; \(counted(others, "element")) of the log \(others == 1 ? "is no event and is" : "are no events and are") "
                + "not in this report"
        func finding(_ status: Status, _ detail: String) -> [Finding] {
            [control.finding(status, subject: subject, "\(detail)\(rest).")]
        }
        guard isComplete else {
            let reasons = facts.incompleteBecause.joined(separator: "; ")
            return finding(
                .fail,
                "The newest pull could not prove that it read the whole log: "
                    + (reasons.isEmpty ? "no reason given" : reasons)
            )
        }
        let gaps = facts.gaps
        guard gaps.isEmpty else {
            return finding(.notProven, "Not proven: " + gaps.map(\.words).joined(separator: "; "))
        }
        // What the pull received was whole, but what the report reads is not.
        guard facts.damage.isEmpty else {
            return finding(
                .notProven,
                "The newest pull read the whole log, but the archive is damaged: "
                    + facts.damage.joined(separator: "; ")
            )
        }
        let span = facts.proven.map(\.words) ?? "the period"
        return finding(.pass, "The sums of the newest pull close; proven: \(span)")
    }

    static func intact(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        var findings: [Finding] = []
        if !facts.damage.isEmpty {
            findings.append(
                control.finding(
                    .fail,
                    subject: "archive",
                    "The archive is damaged: " + facts.damage.joined(separator: "; ") + "."
                )
            )
        }
        for kind in ["altered", "vanished"] {
            let ids = named(kind, facts)
            guard !ids.isEmpty else { continue }
            let what = kind == "altered" ? "changed at the service after being archived" : "vanished at the service"
            let detail = "\(counted(ids.count, "archived event")) \(what)."
            findings.append(control.finding(.fail, subject: "audit log", key: kind, detail, eventIDs: ids))
        }
        let ambiguous = named("two_contents", facts)
        if !ambiguous.isEmpty {
            findings.append(
                control.finding(
                    .notProven,
                    subject: "audit log",
                    key: "two_contents",
                    "\(counted(ambiguous.count, "event")) came with two contents under one id; the report shows the first, and "
                        + "which is right can't be told.",
                    eventIDs: ambiguous
                )
            )
        }
        findings += restored(control, facts)
        guard findings.isEmpty else { return findings }
        return [
            control.finding(
                .pass,
                subject: "archive",
                "The chain of \(facts.entries) ledger entries holds, and the \(facts.segmentsChecked) segments read are what it says."
            )
        ]
    }

    /// What bundles pin and the ledger does not hold: of an archive that was restored from a backup.
    private static func restored(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        var findings: [Finding] = []
        if let lost = facts.lostPins {
            findings.append(control.finding(.fail, subject: "ledger", "\(lost). \(Restoration.remedy)."))
        }
        for given in facts.givenUp where given.span.touches(facts.period.range) {
            let count = given.entries == 1 ? "1 entry" : "up to \(given.entries) entries"
            var finding = control.finding(
                .waived,
                subject: "entry \(given.entry)",
                "\(count) that reports rest on \(given.entries == 1 ? "is" : "are") not in the ledger. Acknowledged by "
                    + "\(given.by) at \(given.at): \(given.reason)"
            )
            finding.acceptance = Acceptance(approver: given.by, reason: given.reason, until: nil)
            findings.append(finding)
        }
        return findings
    }

    /// The events that any entry of the ledger calls odd in one way, each once and in order.
    private static func named(_ kind: String, _ facts: JudgedFacts) -> [String] {
        let found = facts.anomalies.lazy.filter { $0.kind == kind }.compactMap { anomaly in
            anomaly.event.map { [ExactText($0), ExactText(anomaly.identity ?? "")] }
        }
        return Set(found).sorted { $0.lexicographicallyPrecedes($1) }.map { $0[0].text }
    }

    static func dated(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let subject = "audit log"
        let found =
            timeless(control, .fail, facts.undated, "without a usable time", key: nil, facts)
            + timeless(
                control,
                .notProven,
                facts.implausible,
                "of a time that can't be",
                key: "implausible_time",
                facts
            )
        guard found.isEmpty else { return found }
        guard facts.damage.isEmpty else {
            return [
                control.finding(
                    .notProven,
                    subject: subject,
                    "Nothing was found in what can be read of a damaged archive."
                )
            ]
        }
        let count = facts.undated.count + facts.implausible.count
        let detail =
            count == 0
            ? "Every archived event has a usable time."
            : "None of the \(counted(count, "archived event")) without a usable time can belong to the period."
        return [control.finding(.pass, subject: subject, detail)]
    }

    /// The events of which nothing tells that they do not belong to the period; nothing for none.
    private static func timeless(
        _ control: Control,
        _ status: Status,
        _ events: UndatedEvents,
        _ what: String,
        key: String?,
        _ facts: JudgedFacts
    ) -> [Finding] {
        let possible = events.possible(in: facts.period.range)
        guard possible.count > 0 else { return [] }
        let ids = possible.groups.flatMap(\.eventIDs)
        let named = ids.count < possible.count ? " The first \(ids.count) are named." : ""
        return [
            control.finding(
                status,
                subject: "audit log",
                key: key,
                "\(counted(possible.count, "event")) \(what) may belong to the period.\(named)",
                eventIDs: ids
            )
        ]
    }
}

extension InstantRange {
    /// Whether some instant may lie in both.
    fileprivate func touches(_ other: InstantRange) -> Bool {
        if let to, let from = other.from, to < from { return false }
        if let from, let to = other.to, !(from < to) { return false }
        return true
    }
}
