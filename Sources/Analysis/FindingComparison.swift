/// What became of findings since an earlier report: which are new, closed, still open.
public struct FindingComparison: Sendable, Hashable {
    /// A finding as an earlier report remembers it.
    public struct Key: Sendable, Hashable, Codable {
        /// The control's id.
        public var control: String
        /// The subject.
        public var subject: String
        /// `fail`, `not_proven`, `manual`, `waived`, `pass`.
        public var status: String
        /// How much it matters.
        public var severity: String

        /// Describes a finding.
        public init(control: String, subject: String, status: String, severity: String) {
            self.control = control
            self.subject = subject
            self.status = status
            self.severity = severity
        }

        /// Remembers a finding.
        public init(_ finding: Finding) {
            self.init(
                control: finding.control,
                subject: finding.subject,
                status: finding.status.rawValue,
                severity: finding.severity.rawValue
            )
        }

        /// Whether somebody has to do something about it.
        var isOpen: Bool { status == "fail" || status == "not_proven" }

        fileprivate struct Identity: Hashable {
            var control: [UInt8]
            var subject: [UInt8]
        }

        fileprivate var identity: Identity { Identity(control: Array(control.utf8), subject: Array(subject.utf8)) }
    }

    /// Open now, and not before.
    public private(set) var new: [Key] = []
    /// Open before, and no longer.
    public private(set) var closed: [Key] = []
    /// Open before and now.
    public private(set) var open: [Key] = []

    /// Compares.
    ///
    /// - Parameters:
    ///   - previous: Findings of the earlier report.
    ///   - current: Findings of this one.
    public init(previous: [Key], current: [Finding]) {
        let before = Set(previous.filter(\.isOpen).map(\.identity))
        let now = current.map(Key.init).filter(\.isOpen)
        let nowSet = Set(now.map(\.identity))
        for key in now {
            if before.contains(key.identity) { open.append(key) } else { new.append(key) }
        }
        closed = previous.filter { $0.isOpen && !nowSet.contains($0.identity) }
    }
}
