import Analysis
import Evidence
import Publishing

/// What a report did.
package struct ReportOutcome: Sendable {
    /// What was published; nil when there was nothing new.
    package var bundle: PublishedBundle?
    /// Whose report it is.
    package var organization: String
    /// The ledger's head that it was made at.
    package var head: LedgerHead
    /// The verdicts, in the order of findings.csv.
    package var findings: [Finding]
    /// What is wrong with the archive, in words.
    package var damage: [String]

    /// Whether a finding of a severity or above fails or is not proven.
    package func reaches(_ severity: Severity) -> Bool { !reaching(severity).isEmpty }

    /// What reaches a severity, a line a finding: who mails what a cron job prints, mails words and no status.
    package func lines(reaching severity: Severity) -> [String] {
        let findings = reaching(severity)
        var lines: [String] = []
        var begin = 0
        while begin < findings.count {
            let end = findings[begin...].firstIndex { $0.control != findings[begin].control } ?? findings.count
            for finding in findings[begin..<min(end, begin + Self.linesOfControl)] {
                let word = finding.status == .fail ? "failed" : "not proven"
                lines.append(
                    "\(finding.severity.rawValue) \(finding.control) \(word): \(finding.subject): \(finding.detail)"
                )
            }
            let rest = end - begin - Self.linesOfControl
            if rest > 0 { lines.append("\(findings[begin].control): \(rest) findings more, in findings.csv") }
            begin = end
        }
        return lines
    }

    private func reaching(_ severity: Severity) -> [Finding] {
        findings.filter { ($0.status == .fail || $0.status == .notProven) && $0.severity >= severity }
    }

    private static let linesOfControl = 10
}
