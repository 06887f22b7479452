/// How much a failing control matters.
package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case critical
    case high
    case medium
    case low
    case info

    /// Critical is the greatest.
    package static func < (left: Severity, right: Severity) -> Bool { left.rank > right.rank }

    /// 0 for critical, 4 for info: the order in which findings are listed.
    var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}

/// A place in a framework of controls.
package struct FrameworkReference: Sendable, Hashable {
    /// The framework, such as `SOC 2`.
    package var name: String
    /// The identifier in it, such as `CC6.1`.
    package var id: String
}

/// A control: what is asked of an organization, why, and how the evidence answers.
package struct Control: Sendable {
    /// What the verdict rests on.
    package enum Basis: String, Sendable, Hashable, Decodable {
        case settings
        case log
        case evidence
        /// The lists of members, invitations and API keys, and the log with them.
        case access
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
    package struct Remedies: Sendable, Hashable {
        /// What to mend.
        package var fail: String
        /// How to prove it.
        package var notProven: String
        /// What to look at; nil for a control that asks nobody.
        package var manual: String?
        /// What a pass asks for.
        var pass: String

        /// What a finding of a status asks for.
        func text(for status: Status) -> String {
            switch status {
            case .pass, .reviewed: pass
            case .notProven, .notApplicable: notProven
            case .manual: manual ?? fail
            case .fail, .waived: fail
            }
        }
    }

    /// What it says in one language.
    struct Texts: Sendable, Hashable {
        /// The rule in a few words.
        var title: String
        /// What happened where the rule is broken, in a few words.
        var failure: String
        /// What a person has to judge where that is something else; nil where it is what happened.
        var review: String?
        /// Why it is asked for.
        var rationale: String
        /// How it is tested.
        var test: String
        /// What a pass does not show.
        var limits: String
        /// What to do.
        var remedies: Remedies

        /// Looks a control's texts up.
        init(of id: String, _ words: Words) {
            func text(_ name: String) -> String { words("control.\(id).\(name)") }
            func optional(_ name: String) -> String? { words.has("control.\(id).\(name)") ? text(name) : nil }
            title = text("title")
            failure = text("failure")
            review = optional("review")
            rationale = text("rationale")
            test = text("test")
            limits = text("limits")
            remedies = Remedies(
                fail: text("fail"),
                notProven: text("not_proven"),
                manual: optional("manual"),
                pass: words("remedy.none")
            )
        }

        /// What a finding of a status is called.
        func heading(for status: Status) -> String {
            switch status {
            case .pass, .notProven, .notApplicable: title
            case .manual: review ?? failure
            case .fail, .waived, .reviewed: failure
            }
        }
    }

    /// Its id, such as `ORG-MFA`.
    package let id: String
    /// How much a failure matters.
    package let severity: Severity
    /// What the verdict rests on.
    package let basis: Basis
    /// The setting that it looks at; nil for a control over the log or the evidence.
    let setting: String?
    /// What that setting has to be; nil where the control's own logic says so.
    package let expects: Bool?
    /// A number that the configuration may change; nil for most.
    package let threshold: Threshold?
    /// Where it stands in frameworks.
    package let frameworks: [FrameworkReference]
    /// What it says.
    let texts: Texts
    /// What is to be said of all that the control finds; nil for nothing.
    private let caution: Finding.Caution?
    /// What findings of each status say, kept once.
    private var shared: [Status: Finding.Words] = [:]
    /// What a finding says that nobody has to be warned of: it blames nobody, and says why it is not proven.
    private var bare: Finding.Words?

    init(
        id: String,
        severity: Severity,
        basis: Basis,
        setting: String?,
        expects: Bool?,
        threshold: Threshold?,
        frameworks: [FrameworkReference],
        texts: Texts,
        caution: Finding.Caution? = nil
    ) {
        self.id = id
        self.severity = severity
        self.basis = basis
        self.setting = setting
        self.expects = expects
        self.threshold = threshold
        self.frameworks = frameworks
        self.texts = texts
        self.caution = caution
        for status in Status.allCases { shared[status] = said(of: status, caution) }
        bare = said(of: .notProven, nil)
    }

    /// What findings of a status say.
    func words(for status: Status) -> Finding.Words { shared[status] ?? said(of: status, caution) }

    private func said(of status: Status, _ caution: Finding.Caution?) -> Finding.Words {
        Finding.Words(
            control: id,
            title: texts.title,
            heading: texts.heading(for: status),
            severity: severity,
            frameworks: frameworks,
            remediation: texts.remedies.text(for: status),
            caution: status == .pass || status == .notApplicable ? nil : caution
        )
    }

    /// Its name in a few words.
    package var title: String { texts.title }
    /// Why it is asked for.
    package var rationale: String { texts.rationale }
    /// How it is tested.
    package var test: String { texts.test }
    /// What a pass does not show.
    package var limits: String { texts.limits }
    /// What to do.
    package var remedies: Remedies { texts.remedies }

    /// The same control where what is not proven asks for something else; nil for its own remedy.
    func asking(_ remedy: String?) -> Control {
        guard let remedy else { return self }
        var texts = texts
        texts.remedies.notProven = remedy
        return saying(texts, caution)
    }

    /// The same control where all that it finds is told with a caution.
    func warning(of caution: Finding.Caution) -> Control { saying(texts, caution) }

    private func saying(_ texts: Texts, _ caution: Finding.Caution?) -> Control {
        Control(
            id: id,
            severity: severity,
            basis: basis,
            setting: setting,
            expects: expects,
            threshold: threshold,
            frameworks: frameworks,
            texts: texts,
            caution: caution
        )
    }

    /// A finding of this control; `key`: what tells the subject from others, where that is not what it is called.
    func finding(
        _ status: Status,
        subject: String,
        key: String? = nil,
        _ detail: String,
        short: String? = nil,
        eventIDs: [String] = []
    ) -> Finding {
        let telling = short.map { short in Telling.made(.init { _ in (detail, short) }, 0) } ?? .text(detail)
        return finding(status, subject: subject, key: key, telling, eventIDs: eventIDs)
    }

    /// A finding about something that has no name of its own.
    func finding(
        _ status: Status,
        about subject: NamedSubject,
        key: String? = nil,
        in words: Words,
        _ detail: String,
        short: String? = nil,
        eventIDs: [String] = []
    ) -> Finding {
        let label = words(subject)
        let finding = finding(
            status,
            subject: label,
            key: key ?? (label == subject.rawValue ? nil : subject.rawValue),
            detail,
            short: short,
            eventIDs: eventIDs
        )
        guard caution != nil else { return finding }
        // What is configured rests on no evidence.
        if [.threshold, .workingHours].contains(subject) { return finding.saying(said(of: status, nil)) }
        guard status == .notProven, eventIDs.isEmpty, let bare else { return finding }
        return finding.saying(bare)
    }

    /// A finding whose sentences are made when they are asked for.
    func finding(
        _ status: Status,
        subject: String,
        key: String?,
        _ telling: Telling,
        eventIDs: [String] = []
    ) -> Finding {
        Finding(words(for: status), status, subject: subject, key: key, telling: telling, eventIDs: eventIDs)
    }
}
