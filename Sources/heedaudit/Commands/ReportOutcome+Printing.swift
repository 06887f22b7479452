import Analysis
import Auditing
import Evidence
import Logging
import Publishing
import Templates

extension ReportOutcome {
    /// One line a file, or one JSON object; the head goes to standard error, where logs keep it.
    func print(_ configuration: ToolConfiguration) {
        if configuration.json {
            StandardStreams.output(json.rendered)
        } else if !configuration.quiet {
            if let bundle {
                for file in bundle.files { StandardStreams.output("\(bundle.path)/\(file.name)") }
            } else {
                StandardStreams.output("nothing new")
            }
        }
        if let severity = configuration.failOn {
            for line in lines(reaching: severity) { configuration.logger.warning("\(line)") }
        }
        configuration.logger.notice("evidence head \(head.sha256) entry \(head.entry)")
    }

    private var json: JSONText {
        var object: [String: JSONText] = [
            "organization": .string(organization), "head": .string(head.sha256), "entry": .number(head.entry),
            "published": .boolean(bundle.map { !$0.reused } ?? false),
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

/// Thrown at the end of a report whose findings reach `--fail-on`: the work is done, the status is 1.
struct ThresholdReached: Error {}
