import Analysis
import Evidence
import Publishing
import Reporting

/// What a report did.
package struct ReportOutcome: Sendable {
    /// What was published; nil when there was nothing new.
    package var bundle: PublishedBundle?
    /// The newest bundle's folder where nothing was published; nil where something was.
    package var latest: String?
    /// Whose report it is.
    package var organization: String
    /// The organization's name, else its id.
    package var organizationName: String
    /// The period's name.
    package var period: String
    /// How many events the period has.
    package var events: Int
    /// Whether the evidence holds all of them.
    package var completeness: ReportCompleteness
    /// The ledger's head that it was made at.
    package var head: LedgerHead
    /// The verdicts, in the order of findings.csv.
    package var findings: [Finding]
    /// What is wrong with the archive, in words.
    package var damage: [String]
    /// Open findings that were not open in the bundle that was `latest` before; empty where nothing was published, or nobody
    /// asked.
    package var new: [FindingComparison.Key] = []

    /// The controls with a finding of a status, by severity, the most severe first.
    package func controls(_ statuses: [Status]) -> [(severity: Severity, controls: [String])] {
        let severities = Dictionary(
            findings.filter { statuses.contains($0.status) }.map { ($0.control, $0.severity) },
            uniquingKeysWith: { max($0, $1) }
        )
        return Dictionary(grouping: severities.keys) { severities[$0] ?? .info }
            .sorted { $0.key > $1.key }.map { ($0.key, $0.value.sorted()) }
    }

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
            if rest > 0 {
                lines.append("\(findings[begin].control): \(Counted.text(rest, "finding")) more, in findings.csv")
            }
            begin = end
        }
        return lines
    }

    private func reaching(_ severity: Severity) -> [Finding] {
        findings.filter { ($0.status == .fail || $0.status == .notProven) && $0.severity >= severity }
    }

    private static let linesOfControl = 10
}
