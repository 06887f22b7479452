import Evidence

/// What a finding is about where that has no name of its own.
///
/// Findings are known by the raw value in every language; what it is called is the language's business.
enum NamedSubject: String, CaseIterable {
    case auditLog = "audit log"
    case keys = "API keys"
    case members
    case invitations
    case removedMembers = "removed members"
    case workingHours = "working hours"
    case settings
    case archive
    case ledger
    case threshold

    fileprivate var name: String {
        switch self {
        case .auditLog: "subject.audit_log"
        case .keys: "subject.api_keys"
        case .members: "subject.members"
        case .invitations: "subject.invitations"
        case .removedMembers: "subject.removed_members"
        case .workingHours: "subject.working_hours"
        case .settings: "subject.settings"
        case .archive: "subject.archive"
        case .ledger: "subject.ledger"
        case .threshold: "subject.threshold"
        }
    }
}

/// Verdicts and severities in a report's language.
extension Words {
    /// A verdict as a word: `Failed`.
    package func status(_ status: Status) -> String { self("verdict.\(status.rawValue)") }

    /// A severity as a word: `Critical`.
    package func severity(_ severity: Severity) -> String { self("severity.\(severity.rawValue)") }

    /// What a subject without a name of its own is called.
    func callAsFunction(_ subject: NamedSubject) -> String { self(subject.name) }

    /// How sentences name an actor: by e-mail, else by id; `label` is how findings name them.
    func actor(_ label: String) -> String {
        guard !label.isEmpty else { return self("subject.no_actor") }
        guard label.utf8.last == UInt8(ascii: ")"), let open = openBracket(label), open > label.startIndex
        else { return label }
        let mail = label[..<label.index(before: open)]
        return mail.isWrittenAsMail ? String(mail) : label
    }

    /// Tells the same to who prints it and forgets it.
    func tellActor(_ label: TextView, _ tell: (TextView) -> Void) {
        // Of anything but printable ASCII a character may be more than a byte.
        guard !label.isEmpty, label.bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return withTextView(of: actor(label.string), tell)
        }
        guard label.bytes.last == UInt8(ascii: ")"), let open = label.bytes.lastIndex(of: UInt8(ascii: "(")), open > 0,
            label.bytes[..<(open - 1)].contains(UInt8(ascii: "@"))
        else { return tell(label) }
        tell(TextView(start: label.start, count: open - 1))
    }

    /// Where the last one opens; in ASCII by bytes, as millions of findings name an actor.
    private func openBracket(_ label: String) -> String.Index? {
        label.utf8.allSatisfy { $0 < 0x80 } ? label.utf8.lastIndex(of: UInt8(ascii: "(")) : label.lastIndex(of: "(")
    }

    /// How short forms name an actor: by what stands before the `@` of their e-mail.
    func name(_ label: String) -> String {
        let actor = actor(label)
        guard let at = actor.firstIndex(of: "@"), at > actor.startIndex else { return actor }
        return String(actor[..<at])
    }

    /// When something happened, as a part of a sentence: `on 2026-10-25 02:11 UTC`; nil for a time that is not known.
    package func at(_ instant: Instant?) -> String {
        instant.map { self("format.at", ["time": .text(moment($0))]) } ?? self("format.at_unknown")
    }

    /// When events happened, as a part of a sentence: at a time, or between two.
    func during(_ span: InstantRange?) -> String {
        guard let from = span?.from, let to = span?.to, moment(from) != moment(to) else {
            return at(span?.from ?? span?.to)
        }
        return self("format.between", ["from": .text(moment(from)), "to": .text(moment(to))])
    }

    /// Names of a list, the first ones of many.
    package func some(_ names: [String], of count: Int) -> String {
        guard count > names.count else { return list(names) }
        return self(
            "format.others",
            ["names": .text(names.joined(separator: ", ")), "count": .number(count - names.count)]
        )
    }

    /// The days of instants in UTC, each once: the first few.
    func days(_ instants: [Instant]) -> String {
        var days: [String] = []
        for at in instants {
            let day = day(at)
            if days.last != day { days.append(day) }
        }
        let shown = days.prefix(5).joined(separator: ", ")
        guard days.count > 5 else { return shown }
        return self("format.more_days", ["days": .text(shown), "count": .number(days.count - 5)])
    }

    /// Spans of time, the first ones of many, and how many there are, for phrases that have the places `spans` and `count`.
    func spans(_ spans: [InstantRange]) -> [String: Argument] {
        let shown = spans.prefix(3).map { span($0) }
        return ["spans": .text(some(shown, of: spans.count)), "count": .number(spans.count)]
    }

    /// A span of time as the subject of a sentence.
    func span(_ span: InstantRange) -> String {
        switch (span.from, span.to) {
        case (let from?, nil): self("finding.span_from", ["from": .text(moment(from))])
        case (nil, let to?): self("finding.span_to", ["to": .text(moment(to))])
        default: self.span(from: span.from?.rfc3339, to: span.to?.rfc3339)
        }
    }

    /// A threshold's amount: `90 days`.
    func amount(_ number: Int, of threshold: Control.Threshold) -> String {
        // Units are plural in the catalogue, nouns singular among the words.
        count(number, String(threshold.unit.dropLast()))
    }

    /// How far a threshold may be loosened: `at most 365 days`.
    func bound(_ threshold: Control.Threshold) -> String {
        let amount = Argument.text(amount(threshold.limit, of: threshold))
        return threshold.isLooserWhenLess
            ? self("finding.at_least", ["amount": amount]) : self("finding.at_most", ["amount": amount])
    }
}
