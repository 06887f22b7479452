import Evidence

/// Applies waivers: a waived finding stays, and says who accepts it; an expired waiver no longer counts.
enum Waivers {
    static func apply(_ waivers: [Waiver], to findings: [Finding], at end: Instant?) -> [Finding] {
        guard !waivers.isEmpty else { return findings }
        let now = end ?? Instant(seconds: .min / 2)
        var findings = findings
        var isUsed = [Bool](repeating: false, count: waivers.count)
        let isOpen = findings.map { $0.status == .fail || $0.status == .manual }
        let index = Index(findings)
        let covered = waivers.map { index.covered(by: $0, findings) }
        for (number, waiver) in waivers.enumerated() {
            for place in covered[number].places where isOpen[place] {
                isUsed[number] = true
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
        var places: [Int] = []
        /// The ids of findings that are called alike, of which it covers none.
        var several: [String]?
    }

    /// The places of findings by what waivers name them by.
    private struct Index {
        private var all: [ExactText: [Int]] = [:]
        private var bySubject: [[ExactText]: [Int]] = [:]
        private var byID: [[ExactText]: [Int]] = [:]

        init(_ findings: [Finding]) {
            for (place, finding) in findings.enumerated() {
                let control = ExactText(finding.control)
                all[control, default: []].append(place)
                bySubject[[control, ExactText(finding.subject)], default: []].append(place)
                byID[[control, ExactText(finding.id)], default: []].append(place)
            }
        }

        /// A finding's id is one finding's; a subject may be what several are called, and nobody knows which one is meant.
        func covered(by waiver: Waiver, _ findings: [Finding]) -> Covered {
            let control = ExactText(waiver.control)
            if let id = waiver.finding { return Covered(places: byID[[control, ExactText(id)], default: []]) }
            if waiver.subject.isSameInBytes(as: "*") { return Covered(places: all[control, default: []]) }
            let name = [control, ExactText(waiver.subject)]
            if let byID = byID[name] { return Covered(places: byID) }
            let places = bySubject[name, default: []]
            return places.count < 2 ? Covered(places: places) : Covered(several: places.map { findings[$0].id })
        }
    }
}
