import Analysis
import Auditing
import Evidence
import Logging
import Publishing
import Reporting
import Templates

extension ReportOutcome {
    /// The result in four lines, or as one JSON object; the whole head goes to standard error, where logs keep it.
    func print(_ configuration: ToolConfiguration) {
        if configuration.json {
            JSONAnswer.give(json)
        } else if !configuration.quiet {
            for line in ReportResult(self).lines(Terminal.output) { StandardStreams.output(line) }
        }
        if let severity = configuration.failOn {
            for line in lines(reaching: severity) { configuration.logger.warning("\(line)") }
        }
        configuration.logger.notice("evidence head \(head.sha256) entry \(head.entry)")
    }

    /// What was made, in a few words.
    var words: String {
        guard let bundle, !bundle.reused else { return "nothing new to report" }
        return "report \(bundle.path)"
    }

    /// The result as an object (docs/json.md).
    var json: JSONText {
        var object: [String: JSONText] = [
            "organization": .string(organization), "name": .string(organizationName), "period": .string(period),
            "events": .number(events), "evidence": evidence, "head": .string(head.sha256),
            "entry": .number(head.entry), "published": .boolean(bundle.map { !$0.reused } ?? false),
            "attention": .array(
                controls([.fail, .notProven]).map {
                    .object([
                        "severity": .string($0.severity.rawValue), "controls": .array($0.controls.map(JSONText.string)),
                    ])
                }
            ),
            "findings": .array(
                findings.map { finding in
                    .object([
                        "control": .string(finding.control), "status": .string(finding.status.rawValue),
                        "severity": .string(finding.severity.rawValue), "subject": .string(finding.subject),
                    ])
                }
            ),
        ]
        if let bundle {
            object["bundle"] = .string(bundle.path)
            object["files"] = .array(
                bundle.files.map { file in
                    .object([
                        "name": .string(file.name), "bytes": .number(file.bytes), "sha256": .string(file.sha256),
                    ])
                }
            )
        }
        return .object(object)
    }

    private var evidence: JSONText {
        .object([
            "state": .string(completeness.damage.isEmpty ? completeness.state.rawValue : "damaged"),
            "complete_to": completeness.completeTo.map(JSONText.string) ?? .null,
            "reasons": .array((completeness.damage + completeness.reasons).map(JSONText.string)),
        ])
    }

    /// Ends with the status that the findings and the archive call for.
    ///
    /// - Throws: `Problem` with status 65 for a damaged archive, `ThresholdReached` for findings at or above a severity.
    func checkThreshold(_ severity: Severity?) throws {
        if let first = damage.first {
            throw Problem(
                .unusableData,
                "the archive is damaged: \(first)",
                hint: "run 'heedaudit verify'; the report says so, too"
            )
        }
        if severity.map(reaches) == true { throw ThresholdReached() }
    }
}
