import Analysis
import Evidence

/// What the findings of each control come to: one result a control, so that none of the catalogue is passed over.
struct ControlResults {
    /// The verdicts over the subjects of one control.
    struct Result {
        /// The control's id.
        var control: String
        var title: String
        var severity: Severity
        /// Why it is asked for; nil for a control that the catalogue does not have.
        var rationale: String?
        /// What a pass does not show; nil for a control that the catalogue does not have.
        var limits: String?
        /// What its verdicts rest on; nil for a control that the catalogue does not have.
        var basis: Control.Basis?
        /// Where it stands in frameworks.
        var frameworks: [FrameworkReference]
        /// How many subjects have each verdict; a finding is about one subject.
        var counts: [Status: Int] = [:]
        /// The first of the gravest findings, by its place; nil for a control that judged nothing.
        var worst: Int?
        /// Up to when the passes among them count, the earliest of these times, where that is not the end of the period.
        var judgedTo: String?

        /// The gravest verdict; of a control that judged nothing that it does not apply, for nothing observed is no pass.
        var status: Status { Status.byUrgency.first { counts[$0] != nil } ?? .notApplicable }

        /// How many subjects were judged.
        var subjects: Int { counts.values.reduce(0, +) }

        /// Whether somebody has to do something.
        var needsAttention: Bool { status.isUrgent }
    }

    /// By severity, then control: the order of findings.csv.
    let all: [Result]

    /// Counts findings, which stand in the order of reports; `words` are what controls without one are called in.
    init(_ findings: [Finding], _ words: Words = .english) {
        var results = ControlCatalogue.controls(in: words).map {
            Result(
                control: $0.id,
                title: $0.title,
                severity: $0.severity,
                rationale: $0.rationale,
                limits: $0.limits,
                basis: $0.basis,
                frameworks: $0.frameworks
            )
        }
        var places = Dictionary(uniqueKeysWithValues: results.enumerated().map { (ExactText($1.control), $0) })
        var begin = 0
        while begin < findings.count {
            let first = findings[begin]
            var end = begin + 1
            while end < findings.count, findings[end].control.isSameInBytes(as: first.control) { end += 1 }
            let name = ExactText(first.control)
            if places[name] == nil {
                places[name] = results.count
                results.append(
                    Result(
                        control: first.control,
                        title: first.title,
                        severity: first.severity,
                        basis: nil,
                        frameworks: first.frameworks
                    )
                )
            }
            if let place = places[name] { results[place].count(findings, begin..<end) }
            begin = end
        }
        all = results.sorted {
            $0.severity == $1.severity ? $0.control.precedesInBytes($1.control) : $0.severity > $1.severity
        }
    }

    /// The gravest verdict first, then by severity and control.
    var worstFirst: [Result] {
        let rank = Dictionary(uniqueKeysWithValues: Status.byUrgency.enumerated().map { ($1, $0) })
        return all.enumerated().sorted {
            (rank[$0.element.status] ?? 0, $0.offset) < (rank[$1.element.status] ?? 0, $1.offset)
        }
        .map(\.element)
    }
}

extension ControlResults.Result {
    /// Counts the findings of the control at some places.
    fileprivate mutating func count(_ findings: [Finding], _ places: Range<Int>) {
        var firsts: [Status: Int] = [:]
        for place in places {
            let status = findings[place].status
            counts[status, default: 0] += 1
            if firsts[status] == nil { firsts[status] = place }
            if let time = findings[place].judgedTo { judgedTo = judgedTo.map { min($0, time) } ?? time }
        }
        // Of two runs of a control's findings the first one's stands, unless the second one's is graver.
        guard let first = firsts[status] else { return }
        worst = worst.flatMap { findings[$0].status == status ? $0 : nil } ?? first
    }
}
