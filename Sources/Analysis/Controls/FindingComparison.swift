import Evidence

/// What became of findings since an earlier report: which are new, closed, still open.
package struct FindingComparison: Sendable, Hashable {
    /// A finding as an earlier report remembers it.
    package struct Key: Sendable, Hashable, Codable {
        /// The finding's id; nil in reports of versions that gave none.
        package var id: String?
        /// The control's id.
        package var control: String
        /// The subject.
        package var subject: String
        /// `fail`, `not_proven`, `manual`, `waived`, `pass`.
        package var status: String
        /// How much it matters.
        package var severity: String

        /// Whether somebody has to do something about it.
        var isOpen: Bool { status == "fail" || status == "not_proven" }

        /// What is called the same, whatever its id.
        fileprivate struct Name: Hashable {
            var control: ExactText
            var subject: ExactText
        }

        fileprivate var name: Name { Name(control: ExactText(control), subject: ExactText(subject)) }
    }

    /// Open now, and not before.
    package private(set) var new: [Key] = []
    /// Open before, and no longer.
    package private(set) var closed: [Key] = []
    /// Open before and now.
    package private(set) var open: [Key] = []

    /// Compares.
    ///
    /// - Parameters:
    ///   - previous: Findings of the earlier report.
    ///   - current: Findings of this one.
    package init(previous: some Collection<Key>, current: [Finding]) {
        self.init(previous: previous, now: OpenFindings(of: current))
    }

    /// Compares; `now` are the open findings of this report.
    package init(previous: some Collection<Key>, now: some Collection<Key>) {
        let before = Known(previous.filter(\.isOpen))
        let isOpenNow = Known(now)
        for key in now {
            if before.has(key) { open.append(key) } else { new.append(key) }
        }
        closed = previous.filter { $0.isOpen && !isOpenNow.has($0) }
    }

    /// Findings that can be looked up by id, and by what they are called where either side has none.
    private struct Known {
        private var ids: Set<ExactText> = []
        private var names: Set<Key.Name> = []
        private var namesWithoutID: Set<Key.Name> = []

        init(_ keys: some Collection<Key>) {
            for key in keys {
                names.insert(key.name)
                if let id = key.id { ids.insert(ExactText(id)) } else { namesWithoutID.insert(key.name) }
            }
        }

        func has(_ key: Key) -> Bool {
            guard let id = key.id else { return names.contains(key.name) }
            return ids.contains(ExactText(id)) || namesWithoutID.contains(key.name)
        }
    }
}

extension FindingComparison.Key {
    /// Remembers a finding.
    init(_ finding: Finding) {
        self.init(
            id: finding.id,
            control: finding.control,
            subject: finding.subject,
            status: finding.status.rawValue,
            severity: finding.severity.rawValue
        )
    }
}

/// Findings that somebody has to do something about, as a later report compares its own with them.
///
/// There can be millions; those of the report at hand are told when they are asked for.
package struct OpenFindings: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral, Codable {
    private enum Kept {
        case keys([FindingComparison.Key])
        case findings([Finding], at: [UInt32])
    }

    private let kept: Kept

    /// Those of the findings that fail or are not proven.
    package init(of findings: [Finding]) {
        // By place: of a finding in a list the status is all that is made.
        let places = findings.indices.lazy.filter { place in
            let status = findings[place].status
            return status == .fail || status == .notProven
        }
        kept = .findings(findings, at: places.map { UInt32($0) })
    }

    /// Those of a literal.
    package init(arrayLiteral keys: FindingComparison.Key...) { kept = .keys(keys) }

    /// Those that an earlier report tells.
    package init(from decoder: any Decoder) throws { kept = .keys(try [FindingComparison.Key](from: decoder)) }

    /// Tells them.
    package func encode(to encoder: any Encoder) throws { try Array(self).encode(to: encoder) }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        switch kept {
        case .keys(let keys): keys.count
        case .findings(_, let places): places.count
        }
    }

    /// The finding at a place; nil where an earlier report tells of it.
    package func finding(_ place: Int) -> Finding? {
        if case .findings(let findings, let places) = kept { findings[Int(places[place])] } else { nil }
    }

    package subscript(place: Int) -> FindingComparison.Key {
        switch kept {
        case .keys(let keys): keys[place]
        case .findings(let findings, let places): FindingComparison.Key(findings[Int(places[place])])
        }
    }
}
