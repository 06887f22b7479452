import Analysis
import Auditing
import Evidence
import Publishing
import Reporting
import Templates

/// What the reader of a terminal wants to know at the end of a report, in four lines: what it is about and whether the
/// evidence is whole, what needs attention, where the report is, and what its evidence can be told by.
struct ReportResult {
    private let outcome: ReportOutcome

    init(_ outcome: ReportOutcome) { self.outcome = outcome }

    /// The four lines, coloured where the terminal shows colours.
    func lines(_ terminal: Terminal) -> [String] {
        [about(terminal), attention(terminal), report, head]
    }

    // MARK: What, and whether it is whole

    private func about(_ terminal: Terminal) -> String {
        let name = Self.shown(outcome.organizationName)
        let events = Counted.text(outcome.events, "event")
        let (words, colour) = evidence
        return "\(name), \(period): \(events), \(terminal.paint(words, colour))"
    }

    private var period: String { outcome.period == "all" ? "all time" : Self.shown(outcome.period) }

    private var evidence: (words: String, colour: Terminal.Colour) {
        let completeness = outcome.completeness
        guard completeness.damage.isEmpty else { return ("evidence damaged", .boldRed) }
        let to = completeness.to.map { " to \(Self.shown(TerminalText.time($0)))" } ?? ""
        switch completeness.state {
        case .complete: return ("evidence complete\(to)", .green)
        case .running: return ("evidence complete\(to), and the period goes on", .green)
        case .incomplete:
            let reason = completeness.reasons.first.map { ": \(Self.shown($0))" } ?? ""
            return ("evidence not complete\(reason)", .red)
        case .unknown: return ("completeness of the evidence unknown: it was imported", .yellow)
        }
    }

    // MARK: What needs attention

    private func attention(_ terminal: Terminal) -> String {
        let groups = outcome.controls([.fail, .notProven])
        let rest = rest(besides: Set(groups.flatMap(\.controls)))
        guard let worst = groups.first else {
            return terminal.paint("no control failed", .green) + rest.map { "; \($0)" }.joined()
        }
        let counts = groups.map { "\($0.controls.count) \($0.severity.rawValue)" }
        let total = groups.reduce(0) { $0 + $1.controls.count }
        let colour: Terminal.Colour = worst.severity >= .critical ? .boldRed : worst.severity >= .high ? .red : .yellow
        let words = "\(Words.english.list(counts)) \(total == 1 ? "control needs" : "controls need") attention"
        let named = groups.map { group in
            let rest = group.controls.count - Self.mostNamed
            let names = group.controls.prefix(Self.mostNamed).joined(separator: ", ")
            return rest > 0 ? "\(names) and \(rest) more" : names
        }
        let others = rest.isEmpty ? "" : " (\(rest.joined(separator: "; ")))"
        return terminal.paint(words, colour) + ": " + named.joined(separator: "; ") + others
    }

    /// What other controls ask for, and which of them nobody could look at.
    private func rest(besides named: Set<String>) -> [String] {
        func count(_ status: Status) -> Int {
            Set(outcome.findings.filter { $0.status == status }.map(\.control)).subtracting(named).count
        }
        let (byHand, unseen) = (count(.manual), count(.notApplicable))
        return (byHand == 0 ? [] : [Counted.text(byHand, "control needs", "controls need") + " your review"])
            + (unseen == 0 ? [] : [Counted.text(unseen, "was", "were") + " not looked at"])
    }

    private static let mostNamed = 8

    // MARK: Where it is

    private var report: String {
        guard let bundle = outcome.bundle else {
            return "report  nothing new" + (outcome.latest.map { "; the latest is \(TerminalText.clean($0))" } ?? "")
        }
        let others = bundle.files.count - 1
        if bundle.files.contains(where: { $0.name == "report.html" }) {
            return
                "report  \(TerminalText.clean(bundle.path))/report.html and \(Counted.text(others, "more file", "more files"))"
        }
        return "report  \(TerminalText.clean(bundle.path)) with \(Counted.text(bundle.files.count, "file"))"
    }

    private var head: String {
        let sha256 = outcome.head.sha256
        return "head    \(sha256.prefix(8))…\(sha256.suffix(7)) entry \(outcome.head.entry)"
    }

    // MARK: Words

    /// A text from outside, harmless and of a length that leaves the line readable.
    private static func shown(_ text: String) -> String {
        let text = TerminalText.clean(text)
        return text.count > longestText ? text.prefix(longestText - 1) + "…" : text
    }

    private static let longestText = 120
}
