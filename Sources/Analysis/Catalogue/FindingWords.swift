extension Finding {
    /// What a control says in all findings of a status.
    package final class Words: Sendable, Hashable {
        /// The control's id.
        package let control: String
        /// The control's title.
        package let title: String
        /// What to call the finding: what happened, where something did.
        package let heading: String
        /// How much it matters.
        package let severity: Severity
        /// Where the control stands in frameworks.
        package let frameworks: [FrameworkReference]
        /// What to do.
        package let remediation: String

        init(
            control: String,
            title: String,
            heading: String? = nil,
            severity: Severity,
            frameworks: [FrameworkReference],
            remediation: String
        ) {
            self.control = control
            self.title = title
            self.heading = heading ?? title
            self.severity = severity
            self.frameworks = frameworks
            self.remediation = remediation
        }

        /// Whether both say the same.
        package static func == (left: Words, right: Words) -> Bool {
            left === right
                || left.control == right.control && left.title == right.title && left.heading == right.heading
                    && left.severity == right.severity && left.frameworks == right.frameworks
                    && left.remediation == right.remediation
        }

        /// Hashes the control.
        package func hash(into hasher: inout Hasher) { hasher.combine(control) }
    }
}
