import Analysis
import Evidence
import Templates

/// Controls and frameworks as lists that templates repeat.
struct ControlValues {
    private let results: ControlResults
    private let frameworks: FrameworkResults
    private let findings: [Finding]
    private let words: Words

    /// Of findings in the order of reports, and what they come to.
    init(_ findings: [Finding], _ results: ControlResults, _ words: Words) {
        self.findings = findings
        self.results = results
        self.words = words
        frameworks = FrameworkResults(results)
    }

    /// The values by their names at the top.
    var scalars: [String: TemplateValue] {
        [
            "controls": .list(results.all.map(value(of:))),
            "controls_worst_first": .list(results.worstFirst.map(value(of:))),
            "frameworks": .list(frameworks.all.map(value(of:))),
            "framework_rows": .list(
                frameworks.rows.map {
                    [
                        "framework": .text($0.framework), "requirement": .text($0.requirement),
                        "control": .text($0.result.control), "status": .text($0.result.status.rawValue),
                        "subjects": .number($0.result.subjects),
                    ]
                }
            ),
        ]
    }

    private func value(of result: ControlResults.Result) -> TemplateValue {
        guard case .object(var members) = briefly(result) else { return .missing }
        let counts: [(String, Status)] = [
            ("passed", .pass), ("failed", .fail), ("not_proven", .notProven), ("manual", .manual),
            ("reviewed", .reviewed), ("waived", .waived),
        ]
        for (name, status) in counts {
            let count = result.counts[status] ?? 0
            members[name] = .number(count)
            members[name + "_text"] = count > 0 ? .text(words.number(count)) : .missing
        }
        members["heading"] = .text(result.worst.map { findings[$0].heading } ?? result.title)
        members["cases_text"] = cases(result)
        members["references"] = .list(Self.firstOfEach(result.frameworks).map { ["id": .text($0)] })
        let more = result.frameworks.count - Self.firstOfEach(result.frameworks).count
        members["more_references"] = more > 0 ? .number(more) : .missing
        members["basis"] = TemplateValue(result.basis?.rawValue)
        members["judged_to"] = TemplateValue(time: result.judgedTo)
        members["judged_to_text"] = TemplateValue(result.judgedTo.map(words.time))
        members["needs_attention"] = .flag(result.needsAttention)
        members["has_findings"] = .flag(result.worst != nil)
        members["worst"] = result.worst.map(worst) ?? .missing
        members["frameworks"] = .list(result.frameworks.map { ["name": .text($0.name), "id": .text($0.id)] })
        members["has_frameworks"] = .flag(!result.frameworks.isEmpty)
        members["frameworks_text"] = .text(result.frameworks.map { "\($0.name) \($0.id)" }.joined(separator: "; "))
        return .object(members)
    }

    /// How many subjects have the verdict of the control: a pass is not counted, for it speaks of all that was looked at.
    private func cases(_ result: ControlResults.Result) -> TemplateValue {
        guard let count = result.counts[result.status], ![.pass, .notApplicable].contains(result.status) else {
            return .missing
        }
        return .text(words.number(count))
    }

    /// Its first place in each of the frameworks that are named first.
    private static func firstOfEach(_ references: [FrameworkReference]) -> [String] {
        ControlCatalogue.frameworkNames.prefix(frameworksBriefly).compactMap { name in
            references.first { $0.name.isSameInBytes(as: name) }?.id
        }
    }

    private static let frameworksBriefly = 3

    /// The gravest finding of a control, as a page can bear it.
    private func worst(_ place: Int) -> TemplateValue {
        [
            "number": .number(place + 1), "finding_id": .text(findings[place].id),
            "subject": .text(ShownText.clipped(findings[place].subject, words)),
            "detail": .text(ShownText.clipped(findings[place].detail, words)),
            "short": .text(findings[place].short.map { ShownText.brief($0) } ?? ""),
            "pieces": DatedText.pieces(of: ShownText.brief(findings[place].short ?? findings[place].detail)),
        ]
    }

    /// What a control's result says wherever it stands.
    private func briefly(_ result: ControlResults.Result) -> TemplateValue {
        [
            "id": .text(result.control), "title": .text(result.title), "severity": .text(result.severity.rawValue),
            "severity_word": .text(words.severity(result.severity)),
            "status": .text(result.status.rawValue), "status_word": .text(words.status(result.status)),
            "subjects": .number(result.subjects), "subjects_text": .text(words.number(result.subjects)),
        ]
    }

    /// The controls of a requirement by their verdicts: first those of its own, for which the page names none, then the most
    /// urgent.
    private func groups(_ requirement: FrameworkResults.Requirement) -> [TemplateValue] {
        let verdict = requirement.status
        return ([verdict] + Status.byUrgency.filter { $0 != verdict }).compactMap { status in
            let own = requirement.controls.filter { $0.status == status }
            guard !own.isEmpty else { return nil }
            return [
                "status": .text(status.rawValue), "status_word": .text(words.status(status)),
                "controls": .list(own.map { ["id": .text($0.control)] }),
            ]
        }
    }

    private func value(of framework: FrameworkResults.Framework) -> TemplateValue {
        [
            "name": .text(framework.name),
            "requirements": .list(
                framework.requirements.map {
                    [
                        "id": .text($0.id), "status": .text($0.status.rawValue),
                        "status_word": .text(words.status($0.status)),
                        "controls": .list($0.controls.map(briefly)), "groups": .list(groups($0)),
                    ]
                }
            ),
        ]
    }
}
