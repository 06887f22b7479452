import Evidence

/// Applies waivers: a waived finding stays, and says who accepts it; an expired waiver no longer counts.
enum Waivers {
    static func apply(_ waivers: [Waiver], to findings: [Finding], at end: Instant?) -> [Finding] {
        guard !waivers.isEmpty else { return findings }
        let now = end ?? Instant(seconds: .min / 2)
        var findings = findings
        var isUsed = [Bool](repeating: false, count: waivers.count)
        var groups = WaiverGroups(waivers, at: now)
        for place in findings.indices where findings[place].status == .fail || findings[place].status == .manual {
            guard let first = groups.firstValid(for: findings[place]) else { continue }
            let waiver = waivers[first]
            findings[place].status = .waived
            findings[place].detail += " Waived until \(waiver.expiry) by \(waiver.approver): \(waiver.reason)"
        }
        for index in groups.used { isUsed[index] = true }
        guard let control = ControlCatalogue.control("WAIVER-EXPIRED") else { return findings }
        for (waiver, isUsed) in zip(waivers, isUsed) {
            let subject = "\(waiver.control): \(waiver.subject)"
            if !waiver.isValid(at: now) {
                findings.append(
                    control.finding(
                        .fail,
                        subject: subject,
                        "The waiver by \(waiver.approver) expired on \(waiver.expiry) and no longer counts (\(waiver.source))."
                    )
                )
            } else if !isUsed {
                findings.append(
                    control.finding(
                        .manual,
                        subject: subject,
                        "The waiver by \(waiver.approver) matches no failing finding: drop it, or mend its subject (\(waiver.source))."
                    )
                )
            }
        }
        return findings
    }
}

/// Waivers by what they name, so that thousands of them meet thousands of findings without each being held against each.
private struct WaiverGroups {
    private struct Group {
        var members: [Int] = []
        /// The first of them that counts.
        var firstValid: Int?
        var isUsed = false
    }

    /// What a waiver names: a control, and a subject or the id of a finding.
    private struct Name: Hashable {
        var control: ExactText
        var isPlanned: Bool
        var subject: ExactText
    }

    private var groups: [Name: Group] = [:]

    init(_ waivers: [Waiver], at now: Instant) {
        for (index, waiver) in waivers.enumerated() {
            let name = Name(
                control: ExactText(waiver.control),
                isPlanned: waiver.finding != nil,
                subject: ExactText(waiver.finding ?? waiver.subject)
            )
            var group = groups.removeValue(forKey: name) ?? Group()
            group.members.append(index)
            if group.firstValid == nil, waiver.isValid(at: now) { group.firstValid = index }
            groups[name] = group
        }
    }

    /// The first waiver that covers a finding and counts; all that cover it are used.
    mutating func firstValid(for finding: Finding) -> Int? {
        let control = ExactText(finding.control)
        let id = ExactText(finding.id)
        let names = [
            Name(control: control, isPlanned: true, subject: id),
            Name(control: control, isPlanned: false, subject: ExactText("*")),
            Name(control: control, isPlanned: false, subject: ExactText(finding.subject)),
            Name(control: control, isPlanned: false, subject: id),
        ]
        return names.compactMap { name in
            groups[name]?.isUsed = true
            return groups[name]?.firstValid
        }.min()
    }

    /// Those that covered a finding.
    var used: [Int] { groups.values.filter(\.isUsed).flatMap(\.members) }
}
