import Analysis
import Evidence
import Templates

extension ReportDocument {
    /// What the OSCAL document needs beyond the rest; docs/oscal.md has the mapping.
    func oscalValue(_ table: FindingsTable) -> TemplateValue {
        let results = ControlResults(table.findings, words).all
        let names = OSCALNames(organization: organization.id, report: oscalVersion)
        let controls = results.map(OSCALControl.init)
        let known = Dictionary(zip(results.map { ExactText($0.control) }, controls)) { first, _ in first }
        let findings = OSCALFindings(
            findings: table.findings,
            plan: table.plan,
            controls: known,
            names: names,
            words: words
        )
        let lists: [String: TemplateValue] = [
            "controls": .list(zip(results, controls).map { Self.value(of: $0, $1) }),
            "unjudged": .list(
                zip(results, controls).filter { $0.0.subjects == 0 }.map { result, control in
                    [
                        "uuid": .text(names.ofReport("observation", result.control)), "id": .text(result.control),
                        "title": .text(result.title), "severity": .text(result.severity.rawValue),
                        "method": .text(control.method),
                    ]
                }
            ),
            "files": .list(
                evidence.segments.map { segment in
                    [
                        "uuid": .text(names.lasting("file", segment.file)), "file": .text(segment.file),
                        "sha256": .text(segment.sha256), "count": .number(segment.count),
                        "first_at": TemplateValue(segment.firstAt), "last_at": TemplateValue(segment.lastAt),
                    ]
                }
            ),
        ]
        return .object(oscalScalars(names).merging(lists) { $1 }.merging(findings.values) { $1 })
    }

    /// The name of the bundle, which says of what period and evidence it is, and with which inputs it was made.
    private var oscalVersion: String { bundle ?? "\(period.name)-\(evidence.head.prefix(8))" }

    private func oscalScalars(_ names: OSCALNames) -> [String: TemplateValue] {
        let collected = OSCALText.time(asOf) ?? Instant(seconds: 0).rfc3339
        let id = OSCALText.property(organization.id)
        let name = OSCALText.property(organization.value("name") ?? organization.id).value
        return [
            "uuid": .text(names.ofReport("document")), "document_id": .text(names.lasting("document", period.name)),
            "version": .text(OSCALText.property(oscalVersion).value),
            "last_modified": .text(OSCALText.time(generatedAt) ?? collected), "collected": .text(collected),
            "title": .text(words("oscal.title", ["organization": .text(name)])),
            "organization_id": .text(id.value), "organization_id_whole": .text(id.whole),
            "organization_name": .text(name.isEmpty ? "–" : name),
            "organization_uuid": .text(names.lasting("organization")), "party_uuid": .text(names.lasting("party")),
            "tool_uuid": .text(names.lasting("tool", tool)), "platform_uuid": .text(names.lasting("platform", tool)),
            "plan_uuid": .text(names.lasting("assessment-plan")), "ledger_uuid": .text(names.lasting("ledger")),
            "completeness_uuid": .text(names.ofReport("observation")),
            "result_uuid": .text(names.ofReport("result")), "result_title": .text(words("oscal.result")),
            "start": .text(oscalSpan.start), "end": TemplateValue(oscalSpan.end),
            "plan_words": .text(words("oscal.plan")), "tool_words": .text(words("oscal.tool")),
            "ledger_words": .text(words("oscal.ledger")), "rows_words": .text(words("oscal.rows")),
            "unjudged_words": .text(words("oscal.unjudged")), "advice_words": .text(words("oscal.advice")),
        ]
    }

    /// The time that the evidence is of, as far as OSCAL has it.
    private var oscalSpan: (start: String, end: String?) {
        let collected = OSCALText.time(asOf) ?? Instant(seconds: 0).rfc3339
        let start = OSCALText.time(period.from) ?? OSCALText.time(activity.firstAt) ?? collected
        let end = OSCALText.time(period.to) ?? collected
        guard let first = Instant(rfc3339: start), let last = Instant(rfc3339: end), first <= last else {
            return (start, nil)
        }
        return (start, end)
    }

    private static func value(of result: ControlResults.Result, _ control: OSCALControl) -> TemplateValue {
        func count(_ status: Status) -> TemplateValue { .number(result.counts[status] ?? 0) }
        return [
            "id": .text(result.control), "title": .text(result.title), "severity": .text(result.severity.rawValue),
            "status": .text(result.status.rawValue), "basis": TemplateValue(result.basis?.rawValue),
            "subjects": .number(result.subjects), "passed": count(.pass), "failed": count(.fail),
            "not_proven": count(.notProven), "manual": count(.manual), "reviewed": count(.reviewed),
            "waived": count(.waived), "judged_to": TemplateValue(result.judgedTo.flatMap(OSCALText.time)),
            "rationale": .text(control.rationale), "has_objectives": .flag(!control.objectives.isEmpty),
            "objectives": .list(
                control.objectives.map { ["id": .text($0.id), "control": .text($0.control)] }
            ),
        ]
    }
}
