/// A control: what is asked of an organization, why, and how the evidence answers.
package struct Control: Sendable {
    /// What the verdict rests on.
    package enum Basis: String, Sendable, Hashable, Decodable {
        case settings
        case log
        case evidence
    }

    /// A number that an operator may change, as far as its limit.
    package struct Threshold: Sendable, Hashable {
        /// What it counts: `days`, `hours`, `deletions`.
        package var unit: String
        /// Its value when nobody changes it.
        package var value: Int
        /// The loosest value that is accepted.
        package var limit: Int
        /// Whether a smaller number asks for less.
        package var isLooserWhenLess: Bool

        /// Whether a value asks for less than is accepted.
        package func isTooLoose(_ value: Int) -> Bool { isLooserWhenLess ? value < limit : value > limit }
    }

    /// What to do, by the verdict.
    package struct Remedies: Sendable, Hashable, Decodable {
        /// What to mend.
        package var fail: String
        /// How to prove it.
        package var notProven: String
        /// What to look at; nil for a control that asks nobody.
        package var manual: String?

        enum CodingKeys: String, CodingKey {
            case fail
            case notProven = "not_proven"
            case manual
        }

        /// What a finding of a status asks for.
        func text(for status: Status) -> String {
            switch status {
            case .pass, .reviewed: "Nothing."
            case .notProven, .notApplicable: notProven
            case .manual: manual ?? fail
            case .fail, .waived: fail
            }
        }
    }

    /// Its id, such as `ORG-MFA`.
    package var id: String
    /// Its name in a few words.
    package var title: String
    /// How much a failure matters.
    package var severity: Severity
    /// What the verdict rests on.
    package var basis: Basis
    /// The setting that it looks at; nil for a control over the log or the evidence.
    package var setting: String?
    /// What that setting has to be; nil where the control's own logic says so.
    package var expects: Bool?
    /// Why it is asked for.
    package var rationale: String
    /// How it is tested.
    package var test: String
    /// What to do.
    package var remedies: Remedies
    /// A number that the configuration may change; nil for most.
    package var threshold: Threshold?
    /// Where it stands in frameworks.
    package var frameworks: [FrameworkReference]
    /// What findings of each status say.
    private(set) var words: [Status: Finding.Words] = [:]

    /// A finding of this control; `key`: what tells the subject from others, where that is not what it is called.
    func finding(
        _ status: Status,
        subject: String,
        key: String? = nil,
        _ detail: String,
        short: String? = nil,
        eventIDs: [String] = []
    ) -> Finding {
        Finding(
            words[status] ?? words(for: status),
            status,
            subject: subject,
            key: key,
            telling: short.map { short in .made(.init { _ in (detail, short) }, 0) } ?? .text(detail),
            eventIDs: eventIDs
        )
    }

    /// Keeps what findings of each status say, so that they share it.
    mutating func keepWords() {
        words = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0, words(for: $0)) })
    }

    private func words(for status: Status) -> Finding.Words {
        Finding.Words(
            control: id,
            title: title,
            severity: severity,
            frameworks: frameworks,
            remediation: remedies.text(for: status)
        )
    }
}
