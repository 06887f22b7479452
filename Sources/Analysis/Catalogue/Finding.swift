import Evidence

/// How much a failing control matters.
public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case critical
    case high
    case medium
    case low
    case info

    /// Critical is the greatest.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank > right.rank }

    /// 0 for critical, 4 for info: the order in which findings are listed.
    public var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}

/// What a control found out.
public enum Status: String, Sendable, Hashable, CaseIterable {
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
public struct FrameworkReference: Sendable, Hashable {
    /// The framework, such as `SOC 2`.
    public var name: String
    /// The identifier in it, such as `CC6.1`.
    public var id: String

    /// Names a place.
    public init(name: String, id: String) {
        self.name = name
        self.id = id
    }
}

/// One verdict of one control about one subject.
public struct Finding: Sendable, Hashable {
    /// The control's id.
    public var control: String
    /// The control's title.
    public var title: String
    /// How much it matters.
    public var severity: Severity
    /// The verdict.
    public var status: Status
    /// What it is about, as people call it: a setting, an actor, the log.
    public var subject: String
    /// What tells the subject from others, where that is not what it is called: an actor's id, a key's id.
    public var key: String?
    /// How the verdict came about, in a sentence.
    public var detail: String
    /// Ids of all events it rests on.
    public var eventIDs: [String]
    /// Where the control stands in frameworks.
    public var frameworks: [FrameworkReference]
    /// What to do.
    public var remediation: String
    /// Up to when a pass counts, RFC 3339, where that is not the end of the period.
    public var judgedTo: String?

    /// What tells the subject from others, whatever it is called.
    public var subjectKey: String { key ?? subject }

    /// What the finding is known by from report to report, whatever its subject is called by then.
    public var id: String {
        "f-" + Digest.sha256("\(control)\u{0}\(subjectKey)".utf8).prefix(12)
    }

    /// How many findings there are of each status that any has.
    public static func counts(_ findings: [Finding]) -> [Status: Int] {
        var counts: [Status: Int] = [:]
        for index in findings.indices { counts[findings[index].status, default: 0] += 1 }
        return counts
    }

    /// By severity, then control, then subject: the order in every report, in which those of the controls mostly stand.
    public static func inReportOrder(_ findings: [Finding]) -> [Finding] {
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
