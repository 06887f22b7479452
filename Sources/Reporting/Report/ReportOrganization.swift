import Evidence
import Analysis

/// The organization as its newest snapshot in the archive describes it.
package struct ReportOrganization: Sendable, Hashable {
    /// The organization's id, from the archive.
    package var id: String
    /// Its fields by name, in the order of their names' bytes; empty when no snapshot is archived.
    var fields: [Field]
    /// When the snapshot was read, by the server's clock; nil without one.
    var readAt: String?

    /// One field of the service's answer.
    struct Field: Sendable, Hashable {
        /// The field's name.
        var name: String
        /// Its value as text; nil for null.
        var value: String?
    }

    /// Reads a snapshot.
    /// - Parameters:
    ///   - id: The organization's id, used where the snapshot has none.
    ///   - snapshot: The answer as received; nil, or not a JSON object, for an organization of which only the id is
    ///     known.
    ///   - readAt: When it was read.
    package init(id: String, snapshot: [UInt8]?, readAt: String? = nil) {
        self.id = id
        self.readAt = readAt
        fields =
            snapshot.flatMap(SnapshotFields.init)?.all.map { Field(name: $0.name, value: $0.value.text) } ?? []
    }

    /// Whether a snapshot describes it.
    var isKnown: Bool { !fields.isEmpty }

    /// A field's value; nil where it is missing, null or empty.
    package func value(_ name: String) -> String? {
        fields.first { $0.name == name }?.value.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// One setting of the organization, and what a control says of it.
package struct ReportSetting: Sendable, Hashable {
    /// The setting's name.
    var name: String
    /// Its value as text: `true`, `fsn1; nbg1`; empty for null and for an empty list.
    ///
    /// Where a control fails by one that was read in the period, it is that one.
    var value: String
    /// What a control expects; empty where none looks at it.
    var expected = ""
    /// The verdict of that control, `pass` for example; empty where none looks at it.
    package var status = ""
    /// When the value was read, where that is another time than that of the others.
    package var readAt: Instant?

    /// The settings of a snapshot, in the order of their names' bytes.
    /// - Parameters:
    ///   - snapshot: The answer as received.
    ///   - findings: The report's findings, of which those that judge one setting give `expected` and `status`.
    ///   - readings: What was read of the settings in the period.
    ///   - regions: Those that somebody approved.
    /// - Returns: Nil when the snapshot is not a JSON object.
    package static func settings(
        of snapshot: [UInt8],
        findings: [Finding],
        in readings: [SettingsReading] = [],
        approved regions: [String]? = nil
    ) -> [ReportSetting]? {
        SnapshotFields(snapshot)?.all.map { field in
            var setting = ReportSetting(name: field.name, value: field.value.text ?? "")
            guard let judge = ControlCatalogue.judge(ofSetting: field.name),
                let finding = findings.first(where: { $0.control == judge.id })
            else { return setting }
            setting.expected = judge.expects.map { String($0) } ?? (regions ?? []).joined(separator: "; ")
            setting.status = finding.status.rawValue
            func isOtherwise(_ value: SettingsReading.Value?) -> Bool {
                switch value {
                case .boolean(let found): judge.expects.map { $0 != found } ?? false
                case .list(let found): regions.map { !Set(found).isSubset(of: $0) } ?? false
                default: false
                }
            }
            // It may have been mended by the end of the period, which it fails all the same.
            if [.fail, .waived].contains(finding.status), !isOtherwise(SettingsReading.Value(field.value)),
                let failing = readings.last(where: { isOtherwise($0.values?[field.name]) })
            {
                setting.value = failing.values?[field.name]?.text ?? ""
                setting.readAt = failing.at
            }
            return setting
        }
    }
}

extension SettingsReading.Value {
    /// As a table shows it.
    fileprivate var text: String {
        switch self {
        case .boolean(let flag): String(flag)
        case .text(let text): text
        case .list(let texts): texts.joined(separator: "; ")
        case .other: ""
        }
    }
}
