import CControls
import Evidence
import Yams

/// The controls, read from `controls.yaml`, which is part of the binary; what they say is in the files of words.
package enum ControlCatalogue {
    /// All controls in English: settings first, then the log, then the evidence.
    package static let controls = controls(in: .english)

    /// All controls in the words of a language, in the same order.
    package static func controls(in words: Words) -> [Control] { entries.map { control($0, words) } }

    /// The control of an id.
    package static func control(_ id: String) -> Control? { controls.first { $0.id == id } }

    /// What a control's threshold is where nobody changes it; nil for one without.
    static func threshold(_ id: String) -> Int? { entries.first { $0.id == id }?.threshold?.value }

    /// The settings that controls look at.
    static let settings = entries.compactMap(\.setting)

    /// The control that judges a setting; nil where none does.
    package static func judge(ofSetting name: String) -> Control? {
        controls.first { $0.setting?.isSameInBytes(as: name) == true }
    }

    /// The order in which frameworks are named.
    package static let frameworkNames = ["SOC 2", "ISO 27001:2022", "NIST 800-53r5", "CIS v8", "PCI DSS v4", "HIPAA"]

    private struct Entry: Decodable {
        struct Threshold: Decodable {
            var unit: String
            var value: Int
            var limit: Int
            var looser: String?
        }
        var id: String
        var severity: String
        var basis: Control.Basis
        var setting: String?
        var expects: Bool?
        var threshold: Threshold?
        var frameworks: [String: [String]]
    }

    private static let entries: [Entry] = load()

    private static func load() -> [Entry] {
        let bytes = UnsafeBufferPointer(start: heed_controls_bytes(), count: heed_controls_count())
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            return try YAMLDecoder().decode([Entry].self, from: text)
        } catch {
            // The catalogue is part of the program: one that can't be read is a mistake of whoever built it, and the
            // tests read it.
            fatalError("controls.yaml: \(error)")
        }
    }

    private static func control(_ entry: Entry, _ words: Words) -> Control {
        Control(
            id: entry.id,
            severity: Severity(rawValue: entry.severity) ?? .high,
            basis: entry.basis,
            setting: entry.setting,
            expects: entry.expects,
            threshold: entry.threshold.map { threshold in
                Control.Threshold(
                    unit: threshold.unit,
                    value: threshold.value,
                    limit: threshold.limit,
                    isLooserWhenLess: threshold.looser == "less"
                )
            },
            frameworks: frameworkNames.flatMap { name in
                (entry.frameworks[name] ?? []).map { FrameworkReference(name: name, id: $0) }
            },
            texts: Control.Texts(of: entry.id, words)
        )
    }
}
