import Analysis
import Evidence

/// The report in one sentence, true in every case: how many controls need attention, and the worst findings by what
/// happened and to whom.
struct ReportConclusion {
    /// A piece of the sentence.
    enum Part: Hashable {
        /// What counts; stands out.
        case lead(String)
        case text(String)
        /// A text with names that came from outside, to be kept from turning the others around.
        case name(String)
    }

    /// The pieces in order.
    let parts: [Part]

    /// How many of the worst findings are named, each of another control.
    static let named = 3

    /// Of findings in the order of reports.
    init(_ results: ControlResults, _ findings: [Finding], isDamaged: Bool, _ words: Words) {
        let maker = Maker(results: results.worstFirst, findings: findings, words: words)
        let damage: [Part] = isDamaged ? [.lead(words("conclusion.damaged")), .text(": ")] : []
        parts = damage + maker.sentence + [.text(".")]
    }

    /// The sentence as it reads.
    var text: String {
        parts.map {
            switch $0 {
            case .lead(let text), .text(let text), .name(let text): text
            }
        }
        .joined()
    }
}

private struct Maker {
    /// The worst one first.
    let results: [ControlResults.Result]
    let findings: [Finding]
    let words: Words

    private func count(_ status: Status) -> Int { results.count { $0.status == status } }

    var sentence: [ReportConclusion.Part] {
        guard results.contains(where: { $0.worst != nil }) else { return [.lead(words("conclusion.nothing"))] }
        let attention = results.count(where: \.needsAttention)
        let total = Words.Argument.number(results.count)
        guard attention > 0 else {
            // A control that had nothing to judge needs no word; one that could not be looked at does.
            let told = results.filter { $0.worst != nil }
            let counts = Dictionary(grouping: told, by: \.status).mapValues(\.count)
            let judged = told.count { $0.status != .notApplicable }
            let said = words.counts(counts, "conclusion.is")
            guard judged > 0 else { return [.lead(words("conclusion.nothing") + ": " + said)] }
            return [.lead(words("conclusion.settled", ["count": .number(judged), "counts": .text(said)]))]
        }
        let failed = count(.fail)
        if failed > 0 {
            let lead = words("conclusion.attention", ["count": .number(attention), "total": total])
            return [.lead("\(lead); ")] + worstFailed(failed)
        }
        let unproven = count(.notProven)
        let (status, lead) =
            unproven > 0
            ? (Status.notProven, words("conclusion.not_proven", ["count": .number(unproven), "total": total]))
            : (.manual, words("conclusion.manual", ["count": .number(count(.manual)), "total": total]))
        return [.lead(lead), .text(": ")] + named(results.filter { $0.status == status })
    }

    /// How many failed, and which: the critical ones where there are any.
    private func worstFailed(_ failed: Int) -> [ReportConclusion.Part] {
        let all = results.filter { $0.status == .fail }
        let critical = all.filter { $0.severity == .critical }
        guard !critical.isEmpty else {
            return [.lead(words("conclusion.failed", ["count": .number(failed)])), .text(": ")] + named(all)
        }
        return [.lead(words("conclusion.critical", ["count": .number(critical.count)])), .text(": ")] + named(critical)
    }

    private func named(_ results: [ControlResults.Result]) -> [ReportConclusion.Part] {
        var parts: [ReportConclusion.Part] = []
        for result in results.prefix(ReportConclusion.named) {
            guard let place = result.worst else { continue }
            if !parts.isEmpty { parts.append(.text("; ")) }
            parts.append(.name(findings[place].told(words)))
            let alike = (result.counts[result.status] ?? 1) - 1
            if alike > 0 { parts.append(.text(words("conclusion.alike", ["count": .number(alike)]))) }
        }
        let more = results.count - ReportConclusion.named
        if more > 0 { parts.append(.text("; " + words("conclusion.more", ["count": .number(more)]))) }
        return parts
    }
}

extension Finding {
    /// What happened, to whom and when, as part of a sentence.
    func told(_ words: Analysis.Words) -> String {
        if let short { return ShownText.brief(short) }
        // What is not proven is no statement: it is quoted.
        return status == .fail || status == .waived
            ? words(
                "conclusion.subject",
                ["heading": .text(heading), "subject": .text(ShownText.brief(subject, most: 80))]
            )
            : words("conclusion.quoted", ["heading": .text(heading)])
    }
}
