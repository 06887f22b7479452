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
    /// A person had to judge, did so, and found it in order.
    case reviewed
    /// It fails, or a person has to judge, and somebody with a name has accepted that.
    case waived
    /// There is nothing to judge: the service does not offer the list that the control looks at, or it is switched off.
    case notApplicable = "not_applicable"
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
///
/// There can be millions; what a control says in all of its own is kept once, and sentences of many are made when they
/// are asked for.
package struct Finding: Sendable, Hashable {
    /// What a control says in all findings of a status.
    package final class Words: Sendable, Hashable {
        /// The control's id.
        package let control: String
        /// The control's title.
        package let title: String
        /// What to call the finding: what happened, where something did.
        package let heading: String
        /// How much it matters.
        package let severity: Severity
        /// Where the control stands in frameworks.
        package let frameworks: [FrameworkReference]
        /// What to do.
        package let remediation: String

        init(
            control: String,
            title: String,
            heading: String? = nil,
            severity: Severity,
            frameworks: [FrameworkReference],
            remediation: String
        ) {
            self.control = control
            self.title = title
            self.heading = heading ?? title
            self.severity = severity
            self.frameworks = frameworks
            self.remediation = remediation
        }

        /// Whether both say the same.
        package static func == (left: Words, right: Words) -> Bool {
            left === right
                || left.control == right.control && left.title == right.title && left.heading == right.heading
                    && left.severity == right.severity && left.frameworks == right.frameworks
                    && left.remediation == right.remediation
        }

        /// Hashes the control.
        package func hash(into hasher: inout Hasher) { hasher.combine(control) }
    }

    /// The id, once it was reckoned: it follows from the rest, and makes no finding another one.
    private struct KnownID: Sendable, Hashable {
        var id: String?

        static func == (_: KnownID, _: KnownID) -> Bool { true }
        func hash(into hasher: inout Hasher) {}
    }

    private struct Told: Hashable {
        var words: Words
        var status: Status
        var subject: String
        var key: String?
        var known = KnownID()
        var telling: Telling
        var eventIDs: [String]
        var judgedTo: String?
        var acceptance: Acceptance?
        var isJudgedByReview = false
    }

    // Holds it once, however many copies of the finding there are; Sendable, as nobody changes what several hold.
    private final class Holder: @unchecked Sendable {
        var told: Told

        init(_ told: Told) { self.told = told }
    }

    private var holder: Holder

    private mutating func change(_ body: (inout Told) -> Void) {
        if !isKnownUniquelyReferenced(&holder) { holder = Holder(holder.told) }
        body(&holder.told)
    }

    /// What its control says.
    package var words: Words { holder.told.words }
    /// The verdict.
    package var status: Status {
        get { holder.told.status }
        set { change { $0.status = newValue } }
    }
    /// What it is about, as people call it: a setting, an actor, the log.
    package var subject: String {
        get { holder.told.subject }
        set { change { ($0.subject, $0.known.id) = (newValue, nil) } }
    }
    /// What tells the subject from others, where that is not what it is called: an actor's id, a key's id.
    package var key: String? {
        get { holder.told.key }
        set { change { ($0.key, $0.known.id) = (newValue, nil) } }
    }
    /// Ids of all events it rests on.
    package var eventIDs: [String] {
        get { holder.told.eventIDs }
        set { change { $0.eventIDs = newValue } }
    }
    /// Up to when a pass counts, RFC 3339, where that is not the end of the period.
    package var judgedTo: String? {
        get { holder.told.judgedTo }
        set { change { $0.judgedTo = newValue } }
    }
    /// Who accepts it, and why; nil where nobody does.
    package var acceptance: Acceptance? {
        get { holder.told.acceptance }
        set { change { $0.acceptance = newValue } }
    }
    /// Whether its verdict is that of the people who were asked to look.
    package var isJudgedByReview: Bool {
        get { holder.told.isJudgedByReview }
        set { change { $0.isJudgedByReview = newValue } }
    }

    /// A finding in the words of its control.
    init(_ words: Words, _ status: Status, subject: String, key: String?, telling: Telling, eventIDs: [String]) {
        holder = Holder(
            Told(words: words, status: status, subject: subject, key: key, telling: telling, eventIDs: eventIDs)
        )
    }

    /// A finding in words of its own.
    package init(
        control: String,
        title: String,
        severity: Severity,
        status: Status,
        subject: String,
        detail: String,
        eventIDs: [String],
        frameworks: [FrameworkReference],
        remediation: String
    ) {
        let words = Words(
            control: control,
            title: title,
            severity: severity,
            frameworks: frameworks,
            remediation: remediation
        )
        self.init(words, status, subject: subject, key: nil, telling: .text(detail), eventIDs: eventIDs)
    }

    /// The control's id.
    package var control: String { words.control }
    /// The control's title.
    package var title: String { words.title }
    /// What to call the finding: the control's title for failure where something failed, or was accepted though it did.
    package var heading: String { words.heading }
    /// How much it matters.
    package var severity: Severity { words.severity }
    /// Where the control stands in frameworks.
    package var frameworks: [FrameworkReference] { words.frameworks }
    /// What to do.
    package var remediation: String {
        get { words.remediation }
        set {
            let its = words
            let changed = Words(
                control: its.control,
                title: its.title,
                heading: its.heading,
                severity: its.severity,
                frameworks: its.frameworks,
                remediation: newValue
            )
            change { $0.words = changed }
        }
    }

    /// How the verdict came about, in a sentence or two.
    package var detail: String {
        get { holder.told.telling.detail }
        set {
            change {
                $0.telling =
                    $0.telling.short.map { short in .made(.init { _ in (newValue, short) }, 0) } ?? .text(newValue)
            }
        }
    }

    /// The same in a few words, for a cell of a table or a part of a sentence: who, what, when, without a full stop.
    ///
    /// nil: there is nothing shorter than ``detail``.
    package var short: String? { holder.told.telling.short }

    /// Gives it another verdict, with what its control asks for then.
    mutating func become(_ status: Status, in words: Words) {
        change { ($0.status, $0.words) = (status, words) }
    }

    /// Whether both are in the same words of one control, kept once.
    package func sharesWords(with other: Finding) -> Bool { words === other.words }

    /// What tells the subject from others, whatever it is called.
    package var subjectKey: String { key ?? subject }

    /// What the finding is known by from report to report, whatever its subject is called by then.
    package var id: String {
        holder.told.known.id ?? "f-" + Digest.sha256("\(control)\u{0}\(subjectKey)".utf8).prefix(12)
    }

    /// Keeps the id, which several documents tell.
    mutating func keepID() {
        let id = id
        change { $0.known.id = id }
    }

    /// Whether both say the same.
    package static func == (left: Finding, right: Finding) -> Bool {
        left.holder === right.holder || left.holder.told == right.holder.told
    }

    /// Feeds what it says.
    package func hash(into hasher: inout Hasher) { hasher.combine(holder.told) }

    /// How many findings there are of each status that any has.
    package static func counts(_ findings: [Finding]) -> [Status: Int] {
        var counts: [Status: Int] = [:]
        for index in findings.indices { counts[findings[index].status, default: 0] += 1 }
        return counts
    }

    /// By severity, then control, then subject: the order in every report, in which those of the controls mostly stand.
    package static func inReportOrder(_ findings: [Finding]) -> [Finding] {
        if findings.indices.dropFirst().allSatisfy({ !isAhead($0, of: $0 - 1, findings) }) { return findings }
        // By place, for copies of findings take long; they come in a few runs that are in order, which this merges.
        return findings.indices.sorted { isAhead($0, of: $1, findings) }.map { findings[$0] }
    }

    /// Whether the finding at a place stands before the one at another.
    private static func isAhead(_ left: Int, of right: Int, _ findings: [Finding]) -> Bool {
        if findings[left].words !== findings[right].words {
            if findings[left].severity != findings[right].severity {
                return findings[left].severity > findings[right].severity
            }
            if !findings[left].control.isSameInBytes(as: findings[right].control) {
                return findings[left].control.precedesInBytes(findings[right].control)
            }
        }
        if !findings[left].subject.isSameInBytes(as: findings[right].subject) {
            return findings[left].subject.precedesInBytes(findings[right].subject)
        }
        return findings[left].subjectKey.precedesInBytes(findings[right].subjectKey)
    }
}
