/// Verdicts and severities in a report's language.
extension Words {
    /// A verdict as a word: `Failed`.
    package func status(_ status: Status) -> String { self("verdict.\(status.rawValue)") }

    /// A severity as a word: `Critical`.
    package func severity(_ severity: Severity) -> String { self("severity.\(severity.rawValue)") }
}
