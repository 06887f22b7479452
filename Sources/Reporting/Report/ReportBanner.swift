import Analysis
import Evidence

/// What the page says first of its evidence: in which of five states it is, and what that means.
struct ReportBanner {
    let document: ReportDocument
    private var words: Words { document.words }
    private var completeness: ReportCompleteness { document.completeness }
    private var events: Int { document.activity.eventCount }

    /// How many spans, and how much damage, a banner names.
    private static let named = 3

    init(_ document: ReportDocument) { self.document = document }

    /// `complete`, `running`, `incomplete`, `unknown` or `damaged`.
    var state: String { completeness.damage.isEmpty ? completeness.state.rawValue : "damaged" }

    /// The state in a few words, with the number that is missing or the time that is reached.
    var title: String {
        guard completeness.damage.isEmpty else { return words("banner.damaged") }
        switch completeness.state {
        case .complete: return words("banner.complete")
        case .running:
            guard let to = completeness.to else { return words("banner.running_open") }
            return words("banner.running", ["to": .text(words.moment(to))])
        case .incomplete:
            guard let missing = completeness.missing, missing > 0, let total = completeness.total else {
                return words("banner.incomplete")
            }
            return words("banner.incomplete_count", ["count": .number(missing), "total": .number(total)])
        case .unknown: return words("banner.unknown")
        }
    }

    /// What that means; a line each.
    var lines: [String] {
        var lines = [meaning]
        if !completeness.damage.isEmpty {
            lines = completeness.damage.prefix(Self.named).map { ShownText.clipped($0, words) }
            let more = completeness.damage.count - Self.named
            if more > 0 { lines.append(words("banner.damaged_and_more", ["count": .number(more)])) }
            lines.append(words("banner.damaged_text"))
        }
        return lines + notes
    }

    private var meaning: String {
        switch completeness.state {
        case .complete:
            return events == 0
                ? words("banner.complete_none") : words("banner.complete_text", ["count": .number(events)])
        case .running:
            let day = Words.Argument.text(document.lastDay ?? "")
            return events == 0
                ? words("banner.running_none", ["day": day])
                : words("banner.running_text", ["count": .number(events), "day": day])
        case .incomplete:
            return words("banner.incomplete_text") + notCovered
        case .unknown:
            return events == 0
                ? words("banner.unknown_none") : words("banner.unknown_text", ["count": .number(events)])
        }
    }

    /// When the log was last read from the service; nil where it never was.
    var read: String? {
        completeness.readAt.map { words("banner.read", ["time": .text(words.moment($0))]) }
    }

    private var notCovered: String {
        let gaps = completeness.gaps
        guard !gaps.isEmpty else { return "" }
        var spans = gaps.prefix(Self.named).map { words.span(from: $0.from, to: $0.to) }.joined(separator: "; ")
        let more = gaps.count - Self.named
        if more > 0 { spans = words("banner.spans_and_more", ["spans": .text(spans), "more": .number(more)]) }
        return " " + words("banner.not_covered", ["spans": .text(spans)])
    }

    /// What holds in every state.
    private var notes: [String] {
        var notes: [String] = []
        if completeness.goesOnFrom != nil, state != "running", let day = document.lastDay {
            notes.append(words("banner.goes_on", ["day": .text(day)]))
        }
        if let made = completeness.madeAt { notes.append(words("banner.made", ["time": .text(words.moment(made))])) }
        if completeness.isRestored { notes.append(words("banner.restored")) }
        for loss in completeness.losses.prefix(Self.named) {
            notes.append(
                words(
                    "banner.given_up",
                    [
                        "count": .number(loss.entries), "who": .text(ShownText.brief(loss.by)),
                        "day": .text(String(loss.at.prefix(10))), "reason": .text(ShownText.brief(loss.reason)),
                    ]
                )
            )
        }
        let more = completeness.losses.count - Self.named
        if more > 0 { notes.append(words("banner.given_up_more", ["count": .number(more)])) }
        let undated = completeness.undatedPossible
        if undated > 0, document.period.from != nil || document.period.to != nil {
            notes.append(words("banner.undated", ["count": .number(undated)]))
        }
        return notes
    }
}
