import Evidence

/// Applies waivers: a waived finding stays, and says who accepts it; an expired waiver no longer counts.
enum Waivers {
    static func apply(
        _ waivers: [Waiver],
        to findings: [Finding],
        at last: Instant?,
        in zone: CalendarZone = .utc,
        _ words: Words = .english
    ) -> [Finding] {
        guard !waivers.isEmpty else { return findings }
        let now = last ?? Instant(seconds: .min / 2)
        var named = NamedFindings(findings, words)
        // What waivers before accepted: thousands may name one subject, or all.
        var accepted: Set<NamedFindings.Name> = []
        var findings = findings
        var notes: [Finding] = []
        let control = ControlCatalogue.controls(in: words).first { $0.id == "WAIVER-EXPIRED" }
        for waiver in waivers {
            let covered = named.covered(by: waiver)
            let isValid = waiver.isValid(at: now, in: zone)
            if isValid, covered.several == nil {
                let acceptance = Acceptance(
                    approver: waiver.approver,
                    reason: waiver.reason,
                    until: waiver.expiry
                )
                let isNew = accepted.insert(NamedFindings.Name(waiver)).inserted
                for place in isNew ? covered.places : [] where findings[place].status != .waived {
                    findings[place].status = .waived
                    findings[place].acceptance = acceptance
                    if covered.isOpen { findings[place].detail += " " + words("finding.accepted_later") }
                    findings[place].detail += " " + words("finding.accepted", places(of: waiver))
                }
            }
            guard let control else { continue }
            notes += note(on: waiver, isValid: isValid, covered, control, words)
        }
        return findings + notes
    }

    private static func places(of waiver: Waiver) -> [String: Words.Argument] {
        [
            "day": .text(waiver.expiry), "approver": .text(waiver.approver), "reason": .text(waiver.reason),
            "source": .text(waiver.source),
        ]
    }

    /// What `WAIVER-EXPIRED` says of a waiver; nothing for one that counts and covers something.
    private static func note(
        on waiver: Waiver,
        isValid: Bool,
        _ covered: NamedFindings.Covered,
        _ control: Control,
        _ words: Words
    ) -> [Finding] {
        let subject = "\(waiver.control): \(waiver.subject)"
        var places = places(of: waiver)
        if !isValid { return [control.finding(.fail, subject: subject, words("finding.waiver_expired", places))] }
        if let several = covered.several {
            places["count"] = .number(several.count)
            places["ids"] = .text(several.prefix(10).joined(separator: ", "))
            let why = covered.isOpen ? "finding.waiver_unnamed" : "finding.waiver_several"
            return [control.finding(.manual, subject: subject, words(why, places))]
        }
        guard covered.places.isEmpty else { return [] }
        return [control.finding(.manual, subject: subject, words("finding.waiver_unused", places))]
    }
}

/// Findings that can be waived, by what a waiver may name: thousands of waivers meet thousands of findings.
private struct NamedFindings {
    /// What a waiver covers.
    struct Covered {
        /// Places among the findings.
        var places: [Int] = []
        /// The ids of findings of different subjects that are called alike, which it covers none of.
        var several: [String]?
        /// Whether it names no more than what may grow while it counts.
        var isOpen = false
    }

    struct Name: Hashable {
        var control: ExactText
        var text: ExactText
        /// Whether it is a finding's id and nothing else.
        var isID = false
        /// Those of its row, which rests on no other ones.
        var events: Set<ExactText> = []
    }

    private let findings: [Finding]
    private var ofControls: [ExactText: [Int]] = [:]
    private var bySubject: [Name: [Int]] = [:]
    private var byID: [Name: Int] = [:]
    private var known: [Name: Covered] = [:]
    /// What the log as a whole is called.
    private let logNames: Set<ExactText>

    init(_ findings: [Finding], _ words: Words) {
        self.findings = findings
        logNames = [ExactText(NamedSubject.auditLog.rawValue), ExactText(words(.auditLog))]
        // What has no name of its own is known by its English one, too, whatever the report's language.
        let own = Dictionary(NamedSubject.allCases.map { (ExactText(words($0)), $0.rawValue) }) { first, _ in first }
        for place in findings.indices where Self.canBeAccepted(findings[place]) {
            let control = ExactText(findings[place].control)
            ofControls[control, default: []].append(place)
            let subject = ExactText(findings[place].subject)
            bySubject[Name(control: control, text: subject), default: []].append(place)
            if let english = own[subject], ExactText(english) != subject {
                bySubject[Name(control: control, text: ExactText(english)), default: []].append(place)
            }
            byID[Name(control: control, text: ExactText(findings[place].id))] = place
        }
    }

    /// That the evidence is damaged, or entries of it are gone, nobody accepts in advance: of lost entries the ledger takes note.
    private static func canBeAccepted(_ finding: Finding) -> Bool {
        guard finding.status == .fail || finding.status == .manual else { return false }
        let ofEvidence = [NamedSubject.archive, .ledger].map(\.rawValue)
        return finding.control != "LOG-INTACT" || !ofEvidence.contains(finding.subjectKey)
    }

    /// A finding's id is one finding's; a subject may be what several are called, and nobody knows which one is meant.
    mutating func covered(by waiver: Waiver) -> Covered {
        let name = Name(waiver)
        if let known = known[name] { return known }
        var covered = find(waiver)
        if let row = waiver.row { covered.places.removeAll { !row.isAbout(findings[$0]) } }
        known[name] = covered
        return covered
    }

    private func find(_ waiver: Waiver) -> Covered {
        let control = ExactText(waiver.control)
        if let place = byID[Name(control: control, text: ExactText(waiver.finding ?? waiver.subject))] {
            return Covered(places: [place])
        }
        guard waiver.finding == nil else { return Covered() }
        let all = ofControls[control] ?? []
        // Nobody who accepts what was altered knows what will be; the number of an entry is another's, too.
        if waiver.control == "LOG-INTACT" {
            return Covered(several: all.isEmpty ? nil : all.map { findings[$0].id }, isOpen: true)
        }
        if waiver.subject == "*" { return Covered(places: all, isOpen: true) }
        let isOfLog = logNames.contains(ExactText(waiver.subject))
        let places = bySubject[Name(control: control, text: ExactText(waiver.subject))] ?? []
        let isEvidence = ControlCatalogue.control(waiver.control)?.basis == .evidence
        guard Set(places.map { ExactText(key(of: $0)) }).count > 1 else {
            return Covered(places: places, isOpen: isEvidence && isOfLog)
        }
        return Covered(several: places.map { findings[$0].id })
    }

    /// What tells a finding's subject from others, without the number of one of several findings of a subject.
    private func key(of place: Int) -> String {
        String(findings[place].subjectKey.prefix { $0 != "\u{0}" })
    }
}

extension NamedFindings.Name {
    /// What a waiver names.
    fileprivate init(_ waiver: Waiver) {
        self.init(
            control: ExactText(waiver.control),
            text: ExactText(waiver.finding ?? waiver.subject),
            isID: waiver.finding != nil,
            events: waiver.row?.events ?? []
        )
    }
}
