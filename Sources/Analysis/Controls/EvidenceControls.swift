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
        let words = facts.words
        let others = facts.unreadable
        let rest = others == 0 ? "" : " " + words("finding.complete_others", ["count": .number(others)])
        func finding(_ status: Status, _ detail: String, remedy: String? = nil) -> [Finding] {
            [control.asking(remedy).finding(status, about: .auditLog, in: words, detail + rest)]
        }
        guard let isComplete = facts.isComplete else {
            let detail = words("finding.complete_imported")
            return [
                control.asking(words("remedy.imported")).finding(.notProven, about: .auditLog, in: words, detail)
            ]
        }
        guard isComplete else {
            let reasons = facts.incompleteBecause.map(words.ledger).joined(separator: "; ")
            let why = reasons.isEmpty ? words("finding.complete_no_reason") : reasons
            return finding(.fail, words("finding.complete_not", ["reasons": .text(why)]))
        }
        let gaps = facts.gaps
        guard gaps.isEmpty else {
            if let time = facts.doubtedPull {
                let doubt = words("finding.complete_doubted", ["time": .text(words.moment(time))])
                return finding(.notProven, doubt, remedy: words("remedy.clock"))
            }
            return finding(.notProven, words.sentence(words("finding.complete_gaps", words.spans(gaps))))
        }
        // What the pull received was whole, but what the report reads is not.
        guard facts.damage.isEmpty else {
            return finding(
                .notProven,
                words("finding.complete_damaged", ["damage": .text(damage(facts))]),
                remedy: words("remedy.damaged")
            )
        }
        let complete = words("finding.complete", ["span": .text(words.span(facts.proven ?? .all))])
        let created = facts.madeInPeriod.map { " " + words("banner.made", ["time": .text(words.moment($0))]) }
        return finding(.pass, complete + (created ?? ""))
    }

    private static func damage(_ facts: JudgedFacts) -> String {
        facts.damage.map(facts.words.ledger).joined(separator: "; ")
    }

    static func intact(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        var findings: [Finding] = []
        if !facts.damage.isEmpty {
            let detail = words("finding.damaged", ["damage": .text(damage(facts))])
            findings.append(control.finding(.fail, about: .archive, in: words, detail))
        }
        for kind in ["altered", "vanished"] { findings += changedUpstream(kind, control, facts) }
        let several = facts.anomalies.filter { $0.kind == "two_contents" }.namedEvents
        if !several.isEmpty {
            let detail = words("finding.two_contents", ["count": .number(several.count)])
            let key = "two_contents"
            findings.append(
                control.finding(.notProven, about: .auditLog, key: key, in: words, detail, eventIDs: several)
            )
        }
        findings += restored(control, facts)
        let reasons = [
            ("gone", "finding.pins_gone"), ("unread", "finding.pins_unread"), ("unsealed", "finding.pins_unsealed"),
        ]
        let unknown = reasons.compactMap { why, sentence in
            facts.unknownPins[why].map { words(sentence, ["count": .number($0)]) }
        }
        if !unknown.isEmpty {
            var finding = control.finding(.notProven, about: .ledger, in: words, unknown.joined(separator: " "))
            finding.remediation = words("remedy.pins_unread")
            findings.append(finding)
        }
        guard findings.isEmpty else { return findings }
        let detail = words(
            "finding.intact",
            [
                "entries": .text(words.count(facts.entries, "entry")),
                "segments": .text(words.count(facts.segmentsChecked, "segment")),
            ]
        )
        return [control.finding(.pass, about: .archive, in: words, detail)]
    }

    /// What bundles pin and the ledger does not hold: of an archive that was restored from a backup.
    private static func restored(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        var findings: [Finding] = []
        if let lost = facts.lostPins {
            var finding = control.finding(.fail, about: .ledger, in: words, words.lost(lost))
            finding.remediation = words("remedy.lost")
            findings.append(finding)
        }
        for given in facts.givenUp where given.span.touches(facts.period.range) {
            let detail = words(
                "finding.given_up",
                [
                    "count": .number(given.entries), "by": .text(given.by), "reason": .text(given.reason),
                    "when": .text(words.at(Instant(rfc3339: given.at))),
                ]
            )
            let label = words("subject.entry", ["entry": .text(String(given.entry))])
            var finding = control.finding(.waived, subject: label, key: "entry \(given.entry)", detail)
            finding.acceptance = Acceptance(approver: given.by, reason: given.reason, until: nil)
            findings.append(finding)
        }
        return findings
    }

    /// What each pull found to be otherwise at the service: what a later one finds is another finding, which nobody has accepted.
    private static func changedUpstream(_ kind: String, _ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        return UpstreamChange.all(of: kind, facts.anomalies).map { change in
            control.finding(
                .fail,
                subject: words("subject.log_of_entry", ["entry": .text(String(change.entry))]),
                key: change.key,
                words("finding.\(kind)", ["count": .number(change.events.count)]),
                eventIDs: change.events
            )
        }
    }

    static func dated(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        let found =
            timeless(control, .fail, facts.undated, "undated_event", key: nil, facts)
            + timeless(control, .notProven, facts.implausible, "impossible_event", key: "implausible_time", facts)
        guard found.isEmpty else { return found }
        let counts = [(facts.undated.count, "undated_event"), (facts.implausible.count, "impossible_event")]
            .filter { $0.0 > 0 }.map { words.count($0.0, $0.1) }
        let detail =
            counts.isEmpty
            ? words("finding.dated") : words("finding.dated_elsewhere", ["events": .text(words.list(counts))])
        return [control.finding(.pass, about: .auditLog, in: words, detail)]
    }

    /// The events of which nothing tells that they do not belong to the period; nothing for none.
    private static func timeless(
        _ control: Control,
        _ status: Status,
        _ events: UndatedEvents,
        _ noun: String,
        key: String?,
        _ facts: JudgedFacts
    ) -> [Finding] {
        let (possible, words) = (events.possible(in: facts.period.range), facts.words)
        guard possible.count > 0 else { return [] }
        let ids = possible.groups.flatMap(\.eventIDs)
        let isPart = ids.count < possible.count
        let named = isPart ? " " + words("finding.undated_named", ["count": .number(ids.count)]) : ""
        let detail = words("finding.undated", ["events": .text(words.count(possible.count, noun))]) + named
        return [control.finding(status, about: .auditLog, key: key, in: words, detail, eventIDs: ids)]
    }
}

extension Words {
    /// What bundles pin that is gone.
    func lost(_ lost: Restoration) -> String {
        let pins = lost.pins.prefix(5).map { pin in
            self("finding.pin", ["bundle": .text(pin.bundle), "entry": .text(String(pin.entry))])
        }
        return self(
            "finding.lost",
            ["count": .number(lost.entries), "pins": .text(some(pins, of: lost.pins.count))]
        )
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

/// What one entry of the ledger tells of events that changed or vanished at the service.
package struct UpstreamChange: Sendable {
    /// `altered` or `vanished`.
    let kind: String
    /// The entry's number.
    package let entry: Int
    /// The events, each once and in order.
    package let events: [String]

    /// What the entries tell of a kind, in their order.
    package static func all(of kind: String, _ anomalies: [JudgedFacts.Anomaly]) -> [UpstreamChange] {
        Dictionary(grouping: anomalies.filter { $0.kind == kind }, by: \.entry).sorted { $0.key < $1.key }
            .map { UpstreamChange(kind: kind, entry: $0, events: $1.namedEvents) }
            .filter { !$0.events.isEmpty }
    }

    /// What tells it from what another entry tells; other archives have an entry of that number, too.
    var key: String { "\(kind) \(entry) \(Digest.sha256(events.joined(separator: "\n").utf8))" }

    /// Whether a report's findings tell that it is open; those of version 0.2 had one for all entries.
    package func isOpen(in findings: some Collection<FindingComparison.Key>) -> Bool {
        let ids = [key, kind].map { FindingID(control: "LOG-INTACT", key: $0).text }
        return findings.contains { finding in
            finding.control == "LOG-INTACT" && (finding.id.map { id in ids.contains { $0 == id } } ?? true)
        }
    }
}

extension [JudgedFacts.Anomaly] {
    /// The events that they name, each once and in order.
    var namedEvents: [String] {
        let found = lazy.compactMap { anomaly in
            anomaly.event.map { [ExactText($0), ExactText(anomaly.identity ?? "")] }
        }
        return Set(found).sorted { $0.lexicographicallyPrecedes($1) }.map { $0[0].text }
    }
}
