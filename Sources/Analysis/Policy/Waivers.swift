import Evidence

/// Applies waivers: a waived finding stays, and says who accepts it; an expired waiver no longer counts.
enum Waivers {
    static func apply(_ waivers: [Waiver], to findings: [Finding], at end: Instant?) -> [Finding] {
        guard !waivers.isEmpty else { return findings }
        let now = end ?? Instant(seconds: .min / 2)
        var findings = findings
        var isUsed = [Bool](repeating: false, count: waivers.count)
        for place in findings.indices where findings[place].status == .fail || findings[place].status == .manual {
            for (index, waiver) in waivers.enumerated() where waiver.covers(findings[place]) {
                isUsed[index] = true
                guard waiver.isValid(at: now), findings[place].status != .waived else { continue }
                findings[place].status = .waived
                findings[place].detail += " Waived until \(waiver.expiry) by \(waiver.approver): \(waiver.reason)"
            }
        }
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
