public import Evidence

/// How the snapshots of organization and settings changed, and which events explain it (DESIGN section 3, "Explained
/// drift").
public struct SettingsDrift: Sendable, Hashable {
    /// A field that differs between two snapshots.
    public struct Difference: Sendable, Hashable {
        /// `setting` or `organization`.
        public var kind: String
        /// The field.
        public var field: String
        /// Its value in the earlier snapshot, as JSON; nil when it was missing.
        public var before: String?
        /// Its value in the later one.
        public var after: String?
        /// When the earlier snapshot was served.
        public var from: Instant
        /// When the later one was served.
        public var to: Instant

        /// Describes a difference.
        public init(kind: String, field: String, before: String?, after: String?, from: Instant, to: Instant) {
            self.kind = kind
            self.field = field
            self.before = before
            self.after = after
            self.from = from
            self.to = to
        }
    }

    /// A difference and the events that explain it.
    public struct Explained: Sendable, Hashable {
        /// The difference.
        public var difference: Difference
        /// `settings.updated` events between the two snapshots, in order; none for an unexplained difference.
        public var events: [WatchedLog.SettingsEvent]
    }

    /// Every difference, in order of time and field.
    public private(set) var differences: [Explained] = []
    /// Events between two snapshots that show no difference.
    public private(set) var idleEvents: [WatchedLog.SettingsEvent] = []
    /// How many pairs of snapshots were compared.
    public private(set) var comparisons: Int

    /// Joins differences and events.
    ///
    /// `Date` tells whole seconds, so an event of a snapshot's own second may stand before or behind it: it explains
    /// differences on either side.
    ///
    /// - Parameters:
    ///   - snapshots: When each snapshot was served, in order.
    ///   - differences: What differs between neighbours.
    ///   - events: The `settings.updated` events of the log.
    public init(snapshots: [Instant], differences: [Difference], events: [WatchedLog.SettingsEvent]) {
        comparisons = max(0, snapshots.count - 1)
        var used: Set<String> = []
        for difference in differences {
            let near = events.filter { Self.mayExplain($0.at, difference.from, difference.to) }
            used.formUnion(near.map(\.event))
            self.differences.append(Explained(difference: difference, events: near))
        }
        guard let first = snapshots.first, let last = snapshots.last, comparisons > 0 else { return }
        idleEvents = events.filter { event in
            !used.contains(event.event) && event.at.seconds > first.seconds && event.at.seconds < last.seconds
        }
    }

    private static func mayExplain(_ at: Instant, _ from: Instant, _ to: Instant) -> Bool {
        at.seconds >= from.seconds && at.seconds <= to.seconds
    }
}
