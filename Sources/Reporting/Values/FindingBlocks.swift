import Analysis
import Evidence
import Templates

/// The findings of a page, one block a control: of each as many as it bears, with what they come to and what to do.
struct FindingBlocks {
    private let table: FindingsTable
    private let results: ControlResults
    private let provenTo: String?
    private var findings: [Finding] { table.findings }
    private var words: Words { table.words }

    /// How many events a row of a block names.
    static let eventsInRow = 4

    /// Of findings in the order of reports, and what they come to; `provenTo`: up to when a pass mostly counts.
    init(_ table: FindingsTable, _ results: ControlResults, provenTo: String?) {
        (self.table, self.results, self.provenTo) = (table, results, provenTo)
    }

    /// The values by their names at the top.
    var scalars: [String: TemplateValue] {
        let attention = blocks { $0.isUrgent }
        let accepted = blocks { $0 == .waived }
        let settled = blocks { [.pass, .reviewed, .notApplicable].contains($0) } + unjudged
        return [
            "attention_blocks": .list(attention), "accepted_blocks": .list(accepted),
            "has_accepted_blocks": .flag(!accepted.isEmpty), "settled_blocks": .list(settled),
            "has_settled_blocks": .flag(!settled.isEmpty), "settled_words": TemplateValue(settledWords),
        ]
    }

    /// Up to when passes count, said once for all that count so far.
    private var settledWords: String? {
        guard let provenTo, findings.contains(where: { $0.judgedTo == provenTo }) else { return nil }
        return words("findings.passes_to", ["time": .text(words.moment(provenTo))])
    }

    /// The controls that have findings of some verdicts, the worst first, each with these findings.
    private func blocks(_ isChosen: (Status) -> Bool) -> [TemplateValue] {
        let shown = ShownFindings(findings, where: isChosen)
        var places: [ExactText: [Int]] = [:]
        for place in shown.places { places[ExactText(findings[place].control), default: []].append(place) }
        return results.worstFirst.compactMap { result in
            guard let own = places[ExactText(result.control)], let first = own.first else { return nil }
            let gravest = Status.byUrgency.first { status in own.contains { findings[$0].status == status } }
            return block(
                result,
                gravest ?? findings[first].status,
                own,
                rest: own.last.flatMap { shown.rests[$0] },
                counts: result.counts.filter { isChosen($0.key) },
                isHome: isChosen(result.status)
            )
        }
    }

    /// Controls that judged nothing: they stand among the others, so that none is passed over.
    private var unjudged: [TemplateValue] {
        results.worstFirst.filter { $0.worst == nil }.map { result in
            block(result, .notApplicable, [], rest: nil, counts: [:], isHome: true)
        }
    }

    /// `isHome`: whether links to the control lead here.
    private func block(
        _ result: ControlResults.Result,
        _ status: Status,
        _ places: [Int],
        rest: ShownFindings.Rest?,
        counts: [Status: Int],
        isHome: Bool
    ) -> TemplateValue {
        let own = places.map { findings[$0] }
        let total = counts.values.reduce(0, +)
        let worst = own.first { $0.status == status }
        let agreed = own.contains { table.plan.action(for: $0)?.row.agreement(words) != nil }
        return [
            "control": .text(result.control), "heading": .text(worst?.heading ?? result.title),
            "severity": .text(result.severity.rawValue), "severity_word": .text(words.severity(result.severity)),
            "status": .text(status.rawValue), "status_word": .text(words.status(status)),
            "is_home": .flag(isHome), "rationale": TemplateValue(result.rationale),
            "limits": status == .pass ? TemplateValue(result.limits) : .missing,
            "cases": total > 1
                ? .text(
                    words(
                        "findings.cases",
                        ["count": .number(total), "counts": .text(words.counts(counts, "findings"))]
                    )
                ) : .missing,
            "has_verdicts": .flag(Set(own.map(\.status)).count > 1),
            "has_events": .flag(own.contains { !$0.eventIDs.isEmpty }),
            "has_times": .flag(own.contains { table.when(of: $0) != nil }),
            "has_agreed": .flag(agreed), "rows": .list(places.map(row)),
            "rest_text": rest.map { .text(text(of: $0)) } ?? .missing,
            "nothing": own.isEmpty ? .text(words("findings.not_judged")) : .missing,
            "remedies": .list(remedies(own)), "has_remedies": .flag(own.contains { $0.status.isUrgent }),
            "frameworks": .list(Self.frameworks(result.frameworks)),
            "has_frameworks": .flag(!result.frameworks.isEmpty),
        ]
    }

    private func text(of rest: ShownFindings.Rest) -> String {
        words(
            "findings.rest",
            [
                "count": .number(rest.count), "from": .number(rest.rows.lowerBound),
                "to": .number(rest.rows.upperBound),
            ]
        )
    }

    private func row(_ place: Int) -> TemplateValue {
        let finding = findings[place]
        let more = finding.eventIDs.count - Self.eventsInRow
        let accepted = finding.acceptance
        let action = table.plan.action(for: finding)
        return [
            "number": .number(place + 1), "id": .text(finding.id), "status": .text(finding.status.rawValue),
            "status_word": .text(words.status(finding.status)),
            "subject": .text(ShownText.clipped(finding.subject, words)),
            "detail": .text(ShownText.clipped(finding.detail, words)),
            "pieces": DatedText.pieces(of: ShownText.clipped(finding.detail, words)),
            "when": TemplateValue(table.when(of: finding)),
            "events": table.links(of: finding, most: Self.eventsInRow),
            "more_events": more > 0 ? .text(words("findings.more_events", ["count": .number(more)])) : .missing,
            "agreed": TemplateValue(action?.row.agreement(words)),
            "overdue_text": .text(table.plan.overdueText(action)),
            "approver": TemplateValue((accepted?.approver).map { ShownText.clipped($0, words) }),
            "reason": TemplateValue((accepted?.reason).map { ShownText.clipped($0, words) }),
            "until": TemplateValue(accepted?.until),
            "judged_to_text": TemplateValue(
                finding.judgedTo.flatMap { time in
                    time == provenTo ? nil : words("findings.judged_to", ["time": .text(words.moment(time))])
                }
            ),
        ]
    }

    /// What to do, once for each verdict that asks for something else.
    private func remedies(_ findings: [Finding]) -> [TemplateValue] {
        var known: Set<ExactText> = []
        return findings.filter(\.status.isUrgent)
            .filter { !$0.remediation.isEmpty && known.insert(ExactText($0.remediation)).inserted }
            .map {
                [
                    "status": .text($0.status.rawValue), "status_word": .text(words.status($0.status)),
                    "text": .text(ShownText.clipped($0.remediation, words)),
                ]
            }
    }

    /// The places in each framework, in one text.
    private static func frameworks(_ references: [FrameworkReference]) -> [TemplateValue] {
        var names: [ExactText] = []
        for reference in references where !names.contains(ExactText(reference.name)) {
            names.append(ExactText(reference.name))
        }
        return names.map { name in
            let own = references.filter { ExactText($0.name) == name }.map(\.id)
            return ["name": .text(name.text), "ids": .text(own.joined(separator: ", "))]
        }
    }
}

extension ActionPlan.Row {
    /// Who takes care of it, and until when; nil where nobody does.
    fileprivate func agreement(_ words: Words) -> String? {
        guard !owner.isEmpty else { return due.isEmpty ? nil : due }
        let owner = ShownText.brief(owner)
        return due.isEmpty ? owner : words("findings.owner_due", ["owner": .text(owner), "due": .text(due)])
    }
}
