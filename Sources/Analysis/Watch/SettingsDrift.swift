import Evidence

/// How the snapshots of organization and settings changed, and which events explain it.
package struct SettingsDrift: Sendable, Hashable {
    /// A field that differs between two snapshots.
    package struct Difference: Sendable, Hashable {
        /// `setting` or `organization`.
        package var kind: String
        /// The field.
        package var field: String
        /// Its value in the earlier snapshot, as JSON; nil when it was missing.
        package var before: String?
        /// Its value in the later one.
        package var after: String?
        /// When the earlier snapshot was served.
        package var from: Instant
        /// When the later one was served.
        package var to: Instant
        /// Whether the service has the field newly, or has it no more: a fact about the service, which no event explains.
        package var isOfService: Bool
        /// Whether a complete pull read the log behind both snapshots.
        package var isProven: Bool

        /// Describes a difference.
        package init(
            kind: String,
            field: String,
            before: String?,
            after: String?,
            from: Instant,
            to: Instant,
            isOfService: Bool = false,
            isProven: Bool = true
        ) {
            self.kind = kind
            self.field = field
            self.before = before
            self.after = after
            self.from = from
            self.to = to
            self.isOfService = isOfService
            self.isProven = isProven
        }
    }

    /// A difference and the events that explain it.
    package struct Explained: Sendable, Hashable {
        /// The difference.
        package var difference: Difference
        /// `settings.updated` events between the two snapshots, in order; none for an unexplained difference.
        package var events: ArraySlice<WatchedLog.SettingsEvent>
    }

    /// Every difference, in order of time and field.
    package private(set) var differences: [Explained] = []
    /// Events between two snapshots that show no difference.
    package private(set) var idleEvents: [WatchedLog.SettingsEvent] = []
    /// Events that explain no difference, wherever they stand.
    package private(set) var unexplained: [WatchedLog.SettingsEvent] = []
    /// When the first snapshot that was compared was served; nil where none was.
    package var begin: Instant?
    /// When the last one was served.
    package var end: Instant?
    /// How many pairs of snapshots were compared.
    package private(set) var comparisons: Int
    /// When snapshots were served that could not be compared: damaged, or no JSON objects.
    package private(set) var unreadable: [Instant]

    /// Joins differences and events.
    ///
    /// `Date` tells whole seconds, so an event of a snapshot's own second may stand before or behind it: it explains
    /// differences on either side.
    ///
    /// - Parameters:
    ///   - snapshots: When each snapshot was served, in order.
    ///   - differences: What differs between neighbours.
    ///   - events: The `settings.updated` events of the log, in order.
    ///   - unreadable: When snapshots were served that are not among these.
    package init(
        snapshots: [Instant],
        differences: [Difference],
        events: [WatchedLog.SettingsEvent],
        unreadable: [Instant] = []
    ) {
        comparisons = max(0, snapshots.count - 1)
        self.unreadable = unreadable
        // How many differences more than the event before explain, and fewer: thousands of fields may differ at once.
        var steps = [Int](repeating: 0, count: events.count + 1)
        for difference in differences {
            let near = difference.isOfService ? 0..<0 : Self.places(events, difference.from, difference.to)
            steps[near.lowerBound] += 1
            steps[near.upperBound] -= 1
            self.differences.append(Explained(difference: difference, events: events[near]))
        }
        var explained = 0
        unexplained = zip(events, steps).filter { _, step in
            explained += step
            return explained == 0
        }.map(\.0)
        guard let first = snapshots.first, let last = snapshots.last, comparisons > 0 else { return }
        begin = first
        end = last
        idleEvents = unexplained.filter { $0.at.seconds > first.seconds && $0.at.seconds < last.seconds }
    }

    /// Where the events between two seconds stand, both included.
    private static func places(_ events: [WatchedLog.SettingsEvent], _ from: Instant, _ to: Instant) -> Range<Int> {
        let begin = events.firstPlace { $0.at.seconds >= from.seconds }
        return begin..<max(begin, events.firstPlace { $0.at.seconds > to.seconds })
    }
}
