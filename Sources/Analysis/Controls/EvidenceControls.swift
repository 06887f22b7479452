import Evidence

/// Controls that ask whether the evidence itself can be relied on.
enum EvidenceControls {
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
        guard isComplete else {
            let reasons = facts.incompleteBecause.joined(separator: "; ")
            return [
                control.finding(
                    .fail,
                    subject: subject,
                    "The newest pull could not prove that it read the whole log: \(reasons.isEmpty ? "no reason given" : reasons)."
                )
            ]
        }
        let gaps = facts.gaps
        guard gaps.isEmpty else {
            return [
                control.finding(
                    .notProven,
                    subject: subject,
                    "Not proven: " + gaps.map(\.words).joined(separator: "; ") + "."
                )
            ]
        }
        // What the pull received was whole, but what the report reads is not.
        guard facts.damage.isEmpty else {
            return [
                control.finding(
                    .notProven,
                    subject: subject,
                    "The newest pull read the whole log, but the archive is damaged: "
                        + facts.damage.joined(separator: "; ") + "."
                )
            ]
        }
        let span = facts.proven.map(\.words) ?? "the period"
        return [control.finding(.pass, subject: subject, "The sums of the newest pull close; proven: \(span).")]
    }

    static func intact(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let changed = facts.anomalies.filter { $0.kind == "altered" || $0.kind == "vanished" }
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
            let named = Set(changed.filter { $0.kind == kind }.compactMap(\.event))
            let ids = named.sorted { $0.precedesInBytes($1) }
            guard !ids.isEmpty else { continue }
            let what = kind == "altered" ? "changed at the service after being archived" : "vanished at the service"
            let detail = "\(counted(ids.count, "archived event")) \(what)."
            findings.append(control.finding(.fail, subject: "audit log", detail, eventIDs: ids))
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
            findings.append(
                control.finding(
                    .waived,
                    subject: "entry \(given.entry)",
                    "\(count) that reports rest on \(given.entries == 1 ? "is" : "are") not in the ledger. Acknowledged by "
                        + "\(given.by) at \(given.at): \(given.reason)"
                )
            )
        }
        return findings
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
