import Evidence

/// Applies waivers: a waived finding stays, and says who accepts it; an expired waiver no longer counts.
enum Waivers {
    static func apply(_ waivers: [Waiver], to findings: [Finding], at end: Instant?) -> [Finding] {
        guard !waivers.isEmpty else { return findings }
        let now = end ?? Instant(seconds: .min / 2)
        var findings = findings
        var isUsed = [Bool](repeating: false, count: waivers.count)
        let covered = waivers.map { Self.covered(by: $0, findings) }
        for place in findings.indices where findings[place].status == .fail || findings[place].status == .manual {
            for (index, waiver) in waivers.enumerated() where covered[index].contains(place) {
                isUsed[index] = true
                guard waiver.isValid(at: now), findings[place].status != .waived else { continue }
                findings[place].status = .waived
                findings[place].detail += " Waived until \(waiver.expiry) by \(waiver.approver): \(waiver.reason)"
            }
        }
        guard let control = ControlCatalogue.control("WAIVER-EXPIRED") else { return findings }
        for (index, waiver) in waivers.enumerated() {
            let subject = "\(waiver.control): \(waiver.subject)"
            if !waiver.isValid(at: now) {
                findings.append(
                    control.finding(
                        .fail,
                        subject: subject,
                        "The waiver by \(waiver.approver) expired on \(waiver.expiry) and no longer counts (\(waiver.source))."
                    )
                )
            } else if let several = covered[index].several {
                findings.append(
                    control.finding(
                        .manual,
                        subject: subject,
                        "The waiver by \(waiver.approver) fits \(several.count) findings of different subjects that are called alike, and "
                            + "is applied to none: give the id of the one it means as its subject "
                            + "(\(several.prefix(10).joined(separator: ", "))) (\(waiver.source))."
                    )
                )
            } else if !isUsed[index] {
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

    /// Which findings a waiver covers.
    private struct Covered {
        /// Their places.
        var places: Set<Int> = []
        /// The ids of findings that are called alike, which it covers none of.
        var several: [String]?

        func contains(_ place: Int) -> Bool { several == nil && places.contains(place) }
    }

    /// A finding's id is one finding's; a subject may be what several are called, and nobody knows which one is meant.
    private static func covered(by waiver: Waiver, _ findings: [Finding]) -> Covered {
        let places = findings.indices.filter { waiver.fits(findings[$0]) }
        guard waiver.finding == nil, !waiver.subject.isSameInBytes(as: "*"), places.count > 1 else {
            return Covered(places: Set(places))
        }
        if let byID = places.first(where: { waiver.subject.isSameInBytes(as: findings[$0].id) }) {
            return Covered(places: [byID])
        }
        return Covered(several: places.map { findings[$0].id })
    }
}
