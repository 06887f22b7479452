extension Finding {
    /// What a control says in all findings of a status.
    package final class Words: Sendable, Hashable {
        /// The control's id.
        let control: String
        /// The control's title.
        let title: String
        /// What to call the finding: what happened, where something did.
        let heading: String
        /// How much it matters.
        let severity: Severity
        /// Where the control stands in frameworks.
        let frameworks: [FrameworkReference]
        /// What to do.
        let remediation: String
        /// What is to be said of everything that they tell; nil for nothing.
        let caution: Caution?

        init(
            control: String,
            title: String,
            heading: String? = nil,
            severity: Severity,
            frameworks: [FrameworkReference],
            remediation: String,
            caution: Caution? = nil
        ) {
            self.control = control
            self.title = title
            self.heading = heading ?? title
            self.severity = severity
            self.frameworks = frameworks
            self.remediation = remediation
            self.caution = caution
        }

        /// Whether both say the same.
        package static func == (left: Words, right: Words) -> Bool {
            left === right
                || left.control == right.control && left.title == right.title && left.heading == right.heading
                    && left.severity == right.severity && left.frameworks == right.frameworks
                    && left.remediation == right.remediation && left.caution == right.caution
        }

        /// Hashes the control.
        package func hash(into hasher: inout Hasher) { hasher.combine(control) }
    }

    /// What is said behind a finding that rests on evidence which may have been changed.
    struct Caution: Sendable, Hashable {
        /// In the words of a reason, such as controls give themselves.
        private let reason: String
        /// Behind what is told in full.
        private let sentence: String
        /// Behind what is told in a few words.
        private let aside: String

        /// That the archive is damaged.
        init(damagedIn words: Analysis.Words) {
            reason = words("finding.damaged_evidence")
            sentence = words.sentence(reason)
            aside = words("finding.damaged_aside")
        }

        /// A finding's detail with the caution, unless it is the reason that the finding gives itself.
        func behind(detail: String) -> String {
            detail.contains(reason.dropFirst()) ? detail : "\(detail) \(sentence)"
        }

        /// The same of its short form.
        func behind(short: String) -> String { short.contains(aside) ? short : "\(short) \(aside)" }
    }
}
