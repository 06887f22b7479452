import Evidence

/// Judges facts by the catalogue.
package enum Verdicts {
    /// One finding or more for each control, waivers taken into account, in report order; none for `WAIVER-EXPIRED` where no
    /// waiver has expired or matches nothing.
    static func judge(_ facts: JudgedFacts) -> [Finding] { judged(facts).findings }

    /// The same, with the answers of a review that count for nothing.
    package static func judged(_ facts: JudgedFacts) -> (findings: [Finding], refused: [RefusedAnswer]) {
        let facts = facts.joined
        // In this order findings mostly are in that of reports, and need not be sorted.
        let controls = ControlCatalogue.controls(in: facts.words).sorted {
            $0.severity == $1.severity ? $0.id.precedesInBytes($1.id) : $0.severity > $1.severity
        }
        var parts = controls.map { unread(cautioned($0, facts), $0, facts) }
        var findings: [Finding] = []
        // There can be millions, and memory for twice as many would be taken on the way.
        findings.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for place in parts.indices { findings += exchange(&parts[place], with: []) }
        let judgedTo = facts.judgedTo?.rfc3339
        for place in findings.indices where findings[place].status == .pass && findings[place].judgedTo == nil {
            findings[place].judgedTo = judgedTo
        }
        tellApart(&findings, from: 0)
        var refused = review(&findings, from: 0, facts)
        let judged = findings.count
        findings = Waivers.apply(facts.policy.waivers, to: findings, at: facts.last, in: facts.zone, facts.words)
        // What waivers themselves ask people to look at.
        tellApart(&findings, from: judged)
        refused += review(&findings, from: judged, facts)
        return (Finding.inReportOrder(findings), refused)
    }

    /// An actor's id can be another's e-mail, and a key's name another's id: no two findings of a control have one key.
    private static func tellApart(_ findings: inout [Finding], from first: Int) {
        var known: Set<ExactText> = []
        // How many findings had a key so far, where more than one had it: thousands may have the same.
        var numbers: [ExactText: Int] = [:]
        for place in first..<findings.count where !findings[place].isToldApart {
            // Those of a control stand together, and there can be millions.
            if place == first || findings[place].control != findings[place - 1].control {
                let control = findings[place].words
                known = Set(minimumCapacity: findings[place...].prefix { $0.words === control }.count)
                numbers = [:]
            }
            let key = findings[place].subjectKey
            var name = ExactText(key)
            guard !known.insert(name).inserted else { continue }
            var number = numbers[name] ?? 1
            repeat {
                number += 1
                name = ExactText("\(key)\u{0}\(number)")
            } while !known.insert(name).inserted
            numbers[ExactText(key)] = number
            findings[place].key = name.text
        }
    }

    private static func review(_ findings: inout [Finding], from first: Int, _ facts: JudgedFacts) -> [RefusedAnswer] {
        let events = facts.reviewed.of(begin: facts.period.range.from, firstAt: facts.firstAt)
        return Reviews.apply(facts.policy.review, to: &findings, from: first, events, facts.words)
    }

    /// Nothing passes for a period of which nothing was read.
    private static func unread(_ findings: [Finding], _ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard facts.isUnread, let to = facts.judgedTo else { return findings }
        let detail = facts.words("finding.period_unread", ["to": .text(facts.words.moment(to))])
        return findings.map { finding in
            guard finding.status == .pass else { return finding }
            return control.finding(.notProven, subject: finding.subject, key: finding.key, detail)
        }
    }

    /// What a control finds, with what is to be said where the evidence is not what it was, or not whole.
    private static func cautioned(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        facts.damage.isEmpty ? cautionedOfGaps(judge(control, facts), control, facts) : judgeDamaged(control, facts)
    }

    /// Nothing passes by what may have been changed, and whatever is held against somebody says what it rests on.
    private static func judgeDamaged(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        // That the archive is damaged is what this one says itself.
        guard control.id != "LOG-INTACT" else { return judge(control, facts) }
        let control = control.warning(of: Finding.Caution(damagedIn: facts.words))
        let unproven = control.asking(facts.words("remedy.damaged")).words(for: .notProven)
        return judge(control, facts).map { finding in
            guard finding.status == .pass else { return finding }
            var finding = finding
            finding.judgedTo = nil
            finding.become(.notProven, in: unproven)
            return finding
        }
    }

    /// Who looks at all events that are named has looked at all only where the log is whole.
    private static func cautionedOfGaps(_ findings: [Finding], _ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard control.basis == .log, findings.contains(where: { $0.status == .manual }) else { return findings }
        let (gaps, words) = (facts.gaps, facts.words)
        guard !gaps.isEmpty else { return findings }
        let caution = words.sentence(words("finding.manual_gap", words.spans(gaps)))
        return findings.map { finding in
            guard finding.status == .manual, !finding.eventIDs.isEmpty else { return finding }
            var finding = finding
            finding.detail += " " + caution
            return finding
        }
    }

    private static func judge(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard let judge = ControlLogic.judge(control) else { return [] }
        guard let threshold = control.threshold, let asked = facts.policy.thresholds[control.id],
            threshold.isTooLoose(asked)
        else { return judge(control, facts) }
        let words = facts.words
        let bound = Words.Argument.text(words.bound(threshold))
        var finding = control.finding(
            .fail,
            about: .threshold,
            in: words,
            words("finding.threshold", ["asked": .text(words.amount(asked, of: threshold)), "bound": bound])
        )
        finding.remediation = words("remedy.threshold", ["control": .text(control.id), "bound": bound])
        return [finding]
    }
}

/// The logic of each control.
enum ControlLogic {
    typealias Judge = @Sendable (Control, JudgedFacts) -> [Finding]

    /// What judges a control: its own logic, or what the catalogue expects of a setting; nil for one that is judged elsewhere.
    static func judge(_ control: Control) -> Judge? {
        if let setting = control.setting, let expected = control.expects {
            return { SettingControls.isAsExpected(setting, expected, $0, $1) }
        }
        return judges[control.id]
    }

    private static let judges = lists.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }

    /// By id: each file of controls lists its own.
    static let lists = [
        SettingControls.judges, KeyControls.judges, MemberControls.judges, DatabaseControls.judges,
        ActivityControls.judges, EvidenceControls.judges, CoverageControls.judges, DriftControl.judges,
        RunControl.judges, AccessControls.judges, ListedKeyControls.judges,
        AccessLogControls.judges,
    ]
}
