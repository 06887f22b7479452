public import Evidence

/// An exception: somebody with a name accepts a failing finding until a day.
public struct Waiver: Sendable, Hashable {
    /// The control's id.
    public var control: String
    /// The finding's subject, or its id; `*` for all of the control's.
    public var subject: String
    /// Why it is accepted.
    public var reason: String
    /// Who accepts it.
    public var approver: String
    /// The last day on which it counts, in UTC.
    public var expires: CivilDate
    /// The day as written.
    public var expiry: String
    /// Where it stands: the configuration, a file.
    public var source: String
    /// The finding's id, where a returned action plan tells it: the finding is then known by that alone.
    public var finding: String?

    /// Reads a waiver from its fields: `control`, `subject`, `reason`, `approver`, `expires` (a date).
    ///
    /// - Parameters:
    ///   - fields: The fields by name.
    ///   - source: Where they stand, for messages.
    /// - Throws: `AnalysisError` with code `.configuration` that names what is missing or wrong.
    public init(_ fields: [String: String], source: String) throws {
        let known: Set<String> = ["control", "subject", "reason", "approver", "expires"]
        if let other = fields.keys.sorted().first(where: { !known.contains($0) }) {
            throw AnalysisError(
                .configuration,
                "\(source): a waiver has no '\(other)'",
                hint: "it has control, subject, reason, approver and expires"
            )
        }
        func field(_ name: String) throws -> String {
            guard let text = fields[name], !text.isEmpty else {
                throw AnalysisError(
                    .configuration,
                    "\(source): a waiver\(fields["control"].map { " of \($0)" } ?? "") lacks '\(name)'",
                    hint: "a waiver says who accepts what, why, and until when"
                )
            }
            return text
        }
        control = try field("control")
        subject = try field("subject")
        reason = try field("reason")
        approver = try field("approver")
        expiry = try field("expires")
        self.source = source
        guard ControlCatalogue.control(control) != nil else {
            throw AnalysisError(
                .configuration,
                "\(source): '\(control)' is no control",
                hint: "heedaudit controls lists them"
            )
        }
        guard let day = CivilDate(text: expiry) else {
            throw AnalysisError(
                .configuration,
                "\(source): '\(expiry)' is no date for the waiver of \(control)",
                hint: "use 2026-12-31"
            )
        }
        expires = day
    }

    /// Whether it counts at an instant: until the end of its last day.
    func isValid(at instant: Instant) -> Bool {
        instant.seconds < (expires.daysSince1970 + 1) * 86_400
    }
}

extension CivilDate {
    /// Reads a date such as `2026-12-31`.
    init?(text: String) {
        guard text.utf8.count == 10, let midnight = Instant(rfc3339: text + "T00:00:00Z") else { return nil }
        self.init(daysSince1970: floorDivide(midnight.seconds, 86_400))
    }
}
