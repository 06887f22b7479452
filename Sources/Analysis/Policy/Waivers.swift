import Evidence

/// Applies waivers: a waived finding stays, and says who accepts it; an expired waiver no longer counts.
enum Waivers {
    static func apply(_ waivers: [Waiver], to findings: [Finding], at end: Instant?) -> [Finding] {
        guard !waivers.isEmpty else { return findings }
        let now = end ?? Instant(seconds: .min / 2)
        let named = NamedFindings(findings)
        var findings = findings
        var notes: [Finding] = []
        for waiver in waivers {
            let covered = named.covered(by: waiver)
            if waiver.isValid(at: now), covered.several == nil {
                for place in covered.places where findings[place].status != .waived {
                    findings[place].status = .waived
                    findings[place].acceptance = Acceptance(
                        approver: waiver.approver,
                        reason: waiver.reason,
                        until: waiver.expiry
                    )
                    findings[place].detail += " Waived until \(waiver.expiry) by \(waiver.approver): \(waiver.reason)"
                }
            }
            notes += note(on: waiver, isValid: waiver.isValid(at: now), covered)
        }
        return findings + notes
    }

    /// What `WAIVER-EXPIRED` says of a waiver; nothing for one that counts and covers something.
    private static func note(on waiver: Waiver, isValid: Bool, _ covered: NamedFindings.Covered) -> [Finding] {
        guard let control = ControlCatalogue.control("WAIVER-EXPIRED") else { return [] }
        let subject = "\(waiver.control): \(waiver.subject)"
        if !isValid {
            return [
                control.finding(
                    .fail,
                    subject: subject,
                    "The waiver by \(waiver.approver) expired on \(waiver.expiry) and no longer counts (\(waiver.source))."
                )
            ]
        }
        if let several = covered.several {
            return [
                control.finding(
                    .manual,
                    subject: subject,
                    "The waiver by \(waiver.approver) fits \(several.count) findings of different subjects that are called alike, "
                        + "and is applied to none: give the id of the one it means as its subject "
                        + "(\(several.prefix(10).joined(separator: ", "))) (\(waiver.source))."
                )
            ]
        }
        guard covered.places.isEmpty else { return [] }
        return [
            control.finding(
                .manual,
                subject: subject,
                "The waiver by \(waiver.approver) matches no failing finding: drop it, or mend its subject (\(waiver.source))."
            )
        ]
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
    }

    private struct Name: Hashable {
        var control: ExactText
        var text: ExactText
    }

    private let findings: [Finding]
    private var ofControls: [ExactText: [Int]] = [:]
    private var bySubject: [Name: [Int]] = [:]
    private var byID: [Name: Int] = [:]

    init(_ findings: [Finding]) {
        self.findings = findings
        for place in findings.indices where findings[place].status == .fail || findings[place].status == .manual {
            let control = ExactText(findings[place].control)
            ofControls[control, default: []].append(place)
            bySubject[Name(control: control, text: ExactText(findings[place].subject)), default: []].append(place)
            byID[Name(control: control, text: ExactText(findings[place].id))] = place
        }
    }

    /// A finding's id is one finding's; a subject may be what several are called, and nobody knows which one is meant.
    func covered(by waiver: Waiver) -> Covered {
        let control = ExactText(waiver.control)
        if let place = byID[Name(control: control, text: ExactText(waiver.finding ?? waiver.subject))] {
            return Covered(places: [place])
        }
        guard waiver.finding == nil else { return Covered() }
        if waiver.subject == "*" { return Covered(places: ofControls[control] ?? []) }
        let places = bySubject[Name(control: control, text: ExactText(waiver.subject))] ?? []
        guard Set(places.map { ExactText(key(of: $0)) }).count > 1 else { return Covered(places: places) }
        return Covered(several: places.map { findings[$0].id })
    }

    /// What tells a finding's subject from others, without the number of one of several findings of a subject.
    private func key(of place: Int) -> String {
        String(findings[place].subjectKey.prefix { $0 != "\u{0}" })
    }
}
