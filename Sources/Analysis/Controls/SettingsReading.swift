import Evidence

/// The settings as one snapshot tells them.
package struct SettingsReading: Sendable, Hashable {
    /// A setting's value as the service gave it.
    package enum Value: Sendable, Hashable {
        case boolean(Bool)
        case text(String)
        case list([String])
        /// Anything else.
        case other
    }

    /// When they were read.
    package var at: Instant
    /// Whether clocks agree on when that was; else the reading proves nothing for a span of time.
    package var isTimeKnown = true
    /// When they were read at the earliest.
    package var earliest: Instant
    /// The settings that controls look at, by name; nil for a snapshot that is damaged, or no JSON object.
    package var values: [String: Value]?

    /// Describes a snapshot.
    package init(at: Instant, values: [String: Value]?) {
        self.at = at
        earliest = at
        self.values = values
    }

    /// Takes a snapshot of the settings apart; `fields`: nil for one that is damaged, or no JSON object.
    package init(at: Instant, fields: SnapshotFields?) {
        self.init(at: at, values: nil)
        guard let fields else { return }
        var values: [String: Value] = [:]
        for name in ControlCatalogue.settings { values[name] = fields[name].map(Value.init) }
        self.values = values
    }
}

extension SettingsReading.Value {
    /// A list of anything but texts is none of regions.
    package init(_ value: JSONValue) {
        switch value {
        case .flag(let flag): self = .boolean(flag)
        case .text(let text): self = .text(text)
        case .list(let elements):
            let texts = elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
            self = texts.count == elements.count ? .list(texts) : .other
        default: self = .other
        }
    }
}
