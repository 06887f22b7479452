import Evidence

/// An exception: somebody with a name accepts a finding that fails, or that a person has to judge, until a day.
package struct Waiver: Sendable, Hashable {
    /// The control's id.
    package var control: String
    /// The finding's subject, or its id; `*` for all of the control's.
    package var subject: String
    /// Why it is accepted.
    package var reason: String
    /// Who accepts it.
    package var approver: String
    /// The last day on which it counts.
    package var expires: CivilDate
    /// The day as written.
    package var expiry: String
    /// Where it stands: the configuration, a file.
    package var source: String
    /// The finding's id, where a returned action plan tells it: the finding is then known by that alone.
    package var finding: String?
    /// The row of a returned action plan that it is; nil for one of the configuration.
    package var row: ActionPlan.Row?

    /// Reads a waiver from its fields: `control`, `subject`, `reason`, `approver`, `expires` (a date).
    ///
    /// - Parameters:
    ///   - fields: The fields by name.
    ///   - source: Where they stand, for messages.
    /// - Throws: `AnalysisError` with code `.configuration` that names what is missing or wrong.
    package init(_ fields: [String: String], source: String) throws {
        if let first = Self.mistakes(in: fields, source: source).first { throw first }
        func field(_ name: String) -> String { fields[name] ?? "" }
        control = field("control")
        subject = field("subject")
        reason = field("reason")
        approver = field("approver")
        expiry = field("expires")
        self.source = source
        guard let day = CivilDate(text: expiry) else { throw Self.noDate(expiry, control, source) }
        expires = day
    }

    private static let fieldNames = ["control", "subject", "reason", "approver", "expires"]

    /// Everything that is wrong with a waiver's fields.
    ///
    /// - Parameters:
    ///   - fields: The fields by name.
    ///   - source: Where they stand, for messages.
    /// - Returns: What is wrong; nothing for a waiver that counts.
    package static func mistakes(in fields: [String: String], source: String) -> [AnalysisError] {
        var mistakes = fields.keys.sorted().filter { !fieldNames.contains($0) }.map { other in
            AnalysisError(
                .configuration,
                "\(source): a waiver has no '\(other)'",
                hint: "it has control, subject, reason, approver and expires"
            )
        }
        let missing = fieldNames.filter { fields[$0]?.isEmpty ?? true }.map { "'\($0)'" }
        if !missing.isEmpty {
            let control = fields["control"].flatMap { $0.isEmpty ? nil : " of \($0)" } ?? ""
            mistakes.append(
                AnalysisError(
                    .configuration,
                    "\(source): a waiver\(control) lacks \(missing.joined(separator: ", "))",
                    hint: "a waiver says who accepts what, why, and until when"
                )
            )
        }
        if let control = fields["control"], !control.isEmpty, ControlCatalogue.control(control) == nil {
            mistakes.append(
                AnalysisError(
                    .configuration,
                    "\(source): '\(control)' is no control",
                    hint: "heedaudit controls lists them"
                )
            )
        }
        if let expiry = fields["expires"], !expiry.isEmpty, CivilDate(text: expiry) == nil {
            mistakes.append(noDate(expiry, fields["control"] ?? "?", source))
        }
        return mistakes
    }

    private static func noDate(_ expiry: String, _ control: String, _ source: String) -> AnalysisError {
        AnalysisError(
            .configuration,
            "\(source): '\(expiry)' is no date for the waiver of \(control)",
            hint: "use 2026-12-31"
        )
    }

    /// Whether it counts at an instant: until the end of its last day in a time zone.
    package func isValid(at instant: Instant, in zone: CalendarZone) -> Bool {
        zone.date(at: instant).daysSince1970 <= expires.daysSince1970
    }
}

extension CivilDate {
    /// Reads a date such as `2026-12-31`.
    package init?(text: String) {
        guard text.utf8.count == 10, let midnight = Instant(rfc3339: text + "T00:00:00Z") else { return nil }
        self.init(daysSince1970: floorDivide(midnight.seconds, 86_400))
    }
}
