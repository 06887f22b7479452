/// A control: what is asked of an organization, why, and how the evidence answers.
public struct Control: Sendable {
    /// What the verdict rests on.
    public enum Basis: String, Sendable, Hashable {
        case settings
        case log
        case evidence
    }

    /// Its id, such as `ORG-MFA`.
    public var id: String
    /// Its name in a few words.
    public var title: String
    /// How much a failure matters.
    public var severity: Severity
    /// What the verdict rests on.
    public var basis: Basis
    /// Why it is asked for.
    public var rationale: String
    /// How it is tested.
    public var test: String
    /// What to do when it fails.
    public var remediation: String
    /// Where it stands in frameworks.
    public var frameworks: [FrameworkReference]
    /// Looks at the facts and judges.
    var judge: @Sendable (Control, JudgedFacts) -> [Finding]

    /// A finding of this control.
    func finding(_ status: Status, subject: String, _ detail: String, eventIDs: [String] = []) -> Finding {
        Finding(
            control: id,
            title: title,
            severity: severity,
            status: status,
            subject: subject,
            detail: detail,
            eventIDs: eventIDs,
            frameworks: frameworks,
            remediation: remediation
        )
    }
}
