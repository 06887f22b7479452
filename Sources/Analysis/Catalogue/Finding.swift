import Evidence

/// How much a failing control matters.
package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case critical
    case high
    case medium
    case low
    case info

    /// Critical is the greatest.
    package static func < (left: Severity, right: Severity) -> Bool { left.rank > right.rank }

    /// 0 for critical, 4 for info: the order in which findings are listed.
    package var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}

/// What a control found out.
package enum Status: String, Sendable, Hashable, CaseIterable {
    case pass
    case fail
    /// The evidence does not suffice for a verdict.
    case notProven = "not_proven"
    /// A person has to judge.
    case manual
    /// It fails, or a person has to judge, and somebody with a name has accepted that.
    case waived
}

/// A place in a framework of controls.
package struct FrameworkReference: Sendable, Hashable {
    /// The framework, such as `SOC 2`.
    package var name: String
    /// The identifier in it, such as `CC6.1`.
    package var id: String

    /// Names a place.
    package init(name: String, id: String) {
        self.name = name
        self.id = id
    }
}

/// One verdict of one control about one subject.
package struct Finding: Sendable, Hashable {
    /// The control's id.
    package var control: String
    /// The control's title.
    package var title: String
    /// How much it matters.
    package var severity: Severity
    /// The verdict.
    package var status: Status
    /// What it is about, as people call it: a setting, an actor, the log.
    package var subject: String
    /// What tells the subject from others, where that is not what it is called: an actor's id, a key's id.
    package var key: String?
    /// How the verdict came about, in a sentence.
    package var detail: String
    /// Ids of all events it rests on.
    package var eventIDs: [String]
    /// Where the control stands in frameworks.
    package var frameworks: [FrameworkReference]
    /// What to do.
    package var remediation: String
    /// Up to when a pass counts, RFC 3339, where that is not the end of the period.
    package var judgedTo: String?

    /// What tells the subject from others, whatever it is called.
    package var subjectKey: String { key ?? subject }

    /// What the finding is known by from report to report, whatever its subject is called by then.
    package var id: String {
        "f-" + Digest.sha256("\(control)\u{0}\(subjectKey)".utf8).prefix(12)
    }

    /// How many findings there are of each status that any has.
    package static func counts(_ findings: [Finding]) -> [Status: Int] {
        var counts: [Status: Int] = [:]
        for index in findings.indices { counts[findings[index].status, default: 0] += 1 }
        return counts
    }

    /// By severity, then control, then subject: the order in every report, in which those of the controls mostly stand.
    package static func inReportOrder(_ findings: [Finding]) -> [Finding] {
        if findings.indices.dropFirst().allSatisfy({ isInOrder(findings, $0) }) { return findings }
        return KeyOrder(findings) { ["\($0.severity.rank)", $0.control, $0.subject + "\u{0}" + $0.subjectKey] }.numbers
            .map { findings[Int($0)] }
    }

    /// Whether the finding at a place may stand behind the one before it; a copy of either would take longer than comparing.
    private static func isInOrder(_ findings: [Finding], _ place: Int) -> Bool {
        let before = place - 1
        if findings[before].severity != findings[place].severity {
            return findings[before].severity > findings[place].severity
        }
        if !findings[before].control.isSameInBytes(as: findings[place].control) {
            return findings[before].control.precedesInBytes(findings[place].control)
        }
        if !findings[before].subject.isSameInBytes(as: findings[place].subject) {
            return findings[before].subject.precedesInBytes(findings[place].subject)
        }
        return !findings[place].subjectKey.precedesInBytes(findings[before].subjectKey)
    }
}
