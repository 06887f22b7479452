import Evidence

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

/// One verdict of one control about one subject.
///
/// There can be millions; what a control says in all of its own is kept once, and sentences of many are made when they
/// are asked for. A control that can have one for every event keeps them in a ``FindingList``.
package struct Finding: Sendable, Hashable {
    private struct Told: Hashable {
        var words: Words
        var status: Status
        var subject: String { didSet { reckonID() } }
        var key: String? { didSet { reckonID() } }
        var telling: Telling
        var eventIDs: [String]
        var judgedTo: String?
        var acceptance: Acceptance?
        var isJudgedByReview = false
        var asked: AskedStatement?
        var row: Int?
        /// Kept, as several documents tell it.
        var id = ""

        mutating func reckonID() { id = FindingID(control: words.control, key: key ?? subject).text }
    }

    // Holds it once, however many copies of the finding there are.
    private final class Holder: Sendable {
        let told: Told

        init(_ told: Told) { self.told = told }
    }

    private enum Kept {
        case alone(Holder)
        /// At a place of a list.
        case listed(FindingList, Int32)
    }

    private var kept: Kept

    @inline(__always)
    private func said<Value>(_ alone: (Told) -> Value, _ listed: (FindingList, Int) -> Value) -> Value {
        switch kept {
        case .alone(let holder): alone(holder.told)
        case .listed(let list, let place): listed(list, Int(place))
        }
    }

    private var told: Told {
        said({ $0 }) { list, place in
            Told(
                words: list.words(place),
                status: list.status(place),
                subject: list.subject(place),
                key: list.key(place),
                telling: list.telling(place),
                eventIDs: [list.event(place).string],
                row: list.row(place),
                id: list.id(place)
            )
        }
    }

    /// One that is changed is in no list from then on.
    private mutating func change(_ body: (inout Told) -> Void) {
        var told = told
        body(&told)
        kept = .alone(Holder(told))
    }

    /// What its control says.
    var words: Words { said({ $0.words }) { $0.words($1) } }
    /// The verdict.
    package var status: Status {
        get { said({ $0.status }) { $0.status($1) } }
        set { change { $0.status = newValue } }
    }
    /// What it is about, as people call it: a setting, an actor, the log.
    package var subject: String {
        get { said({ $0.subject }) { $0.subject($1) } }
        set { change { $0.subject = newValue } }
    }
    /// What tells the subject from others, where that is not what it is called: an actor's id, a key's id.
    var key: String? {
        get { said({ $0.key }) { $0.key($1) } }
        set { change { $0.key = newValue } }
    }
    /// Ids of all events it rests on.
    package var eventIDs: [String] {
        get { said({ $0.eventIDs }) { [$0.event($1).string] } }
        set { change { $0.eventIDs = newValue } }
    }
    /// How many these are.
    package var eventCount: Int { said({ $0.eventIDs.count }) { _, _ in 1 } }
    /// Where its only event stands among those of the period, from 1; nil where the log's ``EventRows`` tell of its events.
    package var row: Int? { said({ $0.row }) { $0.row($1) } }
    /// Up to when a pass counts, RFC 3339, where that is not the end of the period.
    package var judgedTo: String? {
        get { said({ $0.judgedTo }) { _, _ in nil } }
        set { change { $0.judgedTo = newValue } }
    }
    /// Who accepts it, and why; nil where nobody does.
    package var acceptance: Acceptance? {
        get { said({ $0.acceptance }) { _, _ in nil } }
        set { change { $0.acceptance = newValue } }
    }
    /// Whether its verdict is that of the people who were asked to look.
    var isJudgedByReview: Bool {
        get { said({ $0.isJudgedByReview }) { _, _ in false } }
        set { change { $0.isJudgedByReview = newValue } }
    }

    /// What a person has to judge, apart from when it was read; nil where that is all of ``detail``, or events.
    var asked: AskedStatement? {
        get { said({ $0.asked }) { _, _ in nil } }
        set { change { $0.asked = newValue } }
    }

    /// A finding in the words of its control.
    init(_ words: Words, _ status: Status, subject: String, key: String?, telling: Telling, eventIDs: [String]) {
        var told = Told(
            words: words,
            status: status,
            subject: subject,
            key: key,
            telling: telling,
            eventIDs: eventIDs
        )
        told.reckonID()
        kept = .alone(Holder(told))
    }

    /// The finding at a place of a list.
    init(_ list: FindingList, _ place: Int) { kept = .listed(list, Int32(place)) }

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
                remediation: newValue,
                caution: its.caution
            )
            change { $0.words = changed }
        }
    }

    /// How the verdict came about, in a sentence or two.
    package var detail: String {
        get {
            let detail = said({ $0.telling.detail }) { $0.detail($1) }
            return words.caution?.behind(detail: detail) ?? detail
        }
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
    package var short: String? {
        let short = said({ $0.telling.short }) { $0.short($1) }
        return short.map { words.caution?.behind(short: $0) ?? $0 }
    }

    /// Gives it another verdict, with what its control asks for then.
    mutating func become(_ status: Status, in words: Words) {
        change { ($0.status, $0.words) = (status, words) }
    }

    /// The same finding in other words of its control.
    func saying(_ words: Words) -> Finding {
        var finding = self
        finding.change { $0.words = words }
        return finding
    }

    /// Whether both are of one status and in the same words of one control, kept once.
    package func sharesVerdict(with other: Finding) -> Bool {
        if case .listed(let list, let place) = kept, case .listed(let its, let otherPlace) = other.kept, list === its {
            return list.haveOneVerdict(Int(place), Int(otherPlace))
        }
        return words === other.words && status == other.status
    }

    /// What tells the subject from others, whatever it is called.
    package var subjectKey: String { key ?? subject }

    /// What the finding is known by from report to report, whatever its subject is called by then.
    package var id: String { said({ $0.id }) { $0.id($1) } }

    /// Whether its list sees to it that no other finding of the control has its key.
    var isToldApart: Bool { said({ _ in false }) { _, _ in true } }

    /// Whether both say the same.
    package static func == (left: Finding, right: Finding) -> Bool {
        if case .alone(let one) = left.kept, case .alone(let other) = right.kept, one === other { return true }
        return left.told == right.told
    }

    /// Feeds what it says.
    package func hash(into hasher: inout Hasher) { hasher.combine(told) }

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
        if case .listed(let one, let place) = findings[left].kept,
            case .listed(let other, let otherPlace) = findings[right].kept, one === other
        {
            return place < otherPlace
        }
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

/// The texts of a finding, told piece after piece to who prints them and forgets them: of millions no string is made.
extension Finding {
    /// Tells ``subject``.
    package func tellSubject(_ tell: (TextView) -> Void) {
        said({ withTextView(of: $0.subject, tell) }) { $0.subject($1, tell) }
    }

    /// Tells ``detail``.
    package func tellDetail(_ tell: (TextView) -> Void) {
        // What has to be said behind it depends on all of it.
        guard words.caution == nil else { return withTextView(of: detail, tell) }
        said({ withTextView(of: $0.telling.detail, tell) }) { $0.detail($1, tell) }
    }

    /// Tells each of ``eventIDs``, whole.
    package func tellEvents(_ tell: (TextView) -> Void) {
        said({ for id in $0.eventIDs { withTextView(of: id, tell) } }) { tell($0.event($1)) }
    }
}
