import Analysis
import Templates

/// Controls and frameworks as lists that templates repeat.
struct ControlValues {
    private let results: ControlResults
    private let frameworks: FrameworkResults
    private let findings: [Finding]

    /// Of findings in the order of reports.
    init(_ findings: [Finding]) {
        self.findings = findings
        results = ControlResults(findings)
        frameworks = FrameworkResults(results)
    }

    /// The values by their names at the top.
    var scalars: [String: TemplateValue] {
        [
            "controls": .list(results.all.map(value(of:))),
            "controls_worst_first": .list(results.worstFirst.map(value(of:))),
            "frameworks": .list(frameworks.all.map(Self.value(of:))),
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
        guard case .object(var members) = Self.briefly(result) else { return .missing }
        let counts: [(String, Status)] = [
            ("passed", .pass), ("failed", .fail), ("not_proven", .notProven), ("manual", .manual),
            ("reviewed", .reviewed), ("waived", .waived),
        ]
        for (name, status) in counts {
            let count = result.counts[status] ?? 0
            members[name] = .number(count)
            members[name + "_text"] = count > 0 ? .text(ReportWords.number(count)) : .missing
        }
        members["basis"] = TemplateValue(result.basis?.rawValue)
        members["judged_to"] = TemplateValue(time: result.judgedTo)
        members["judged_to_text"] = TemplateValue(result.judgedTo.map(ReportWords.time))
        members["needs_attention"] = .flag(result.needsAttention)
        members["has_findings"] = .flag(result.worst != nil)
        members["worst"] = result.worst.map(worst) ?? .missing
        members["frameworks"] = .list(result.frameworks.map { ["name": .text($0.name), "id": .text($0.id)] })
        members["has_frameworks"] = .flag(!result.frameworks.isEmpty)
        members["frameworks_text"] = .text(result.frameworks.map { "\($0.name) \($0.id)" }.joined(separator: "; "))
        return .object(members)
    }

    /// The gravest finding of a control, as a page can bear it.
    private func worst(_ place: Int) -> TemplateValue {
        [
            "number": .number(place + 1), "finding_id": .text(findings[place].id),
            "subject": .text(ShownText.clipped(findings[place].subject)),
            "detail": .text(ShownText.clipped(findings[place].detail)),
        ]
    }

    /// What a control's result says wherever it stands.
    private static func briefly(_ result: ControlResults.Result) -> TemplateValue {
        [
            "id": .text(result.control), "title": .text(result.title), "severity": .text(result.severity.rawValue),
            "severity_word": .text(ReportWords.severity(result.severity.rawValue)),
            "status": .text(result.status.rawValue), "status_word": .text(ReportWords.status(result.status.rawValue)),
            "subjects": .number(result.subjects), "subjects_text": .text(ReportWords.number(result.subjects)),
        ]
    }

    private static func value(of framework: FrameworkResults.Framework) -> TemplateValue {
        [
            "name": .text(framework.name),
            "requirements": .list(
                framework.requirements.map {
                    [
                        "id": .text($0.id), "status": .text($0.status.rawValue),
                        "status_word": .text(ReportWords.status($0.status.rawValue)),
                        "controls": .list($0.controls.map(Self.briefly)),
                    ]
                }
            ),
        ]
    }
}
