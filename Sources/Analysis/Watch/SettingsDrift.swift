import Evidence

/// How the snapshots of organization and settings changed, and which events explain it.
package struct SettingsDrift: Sendable, Hashable {
    /// A field that differs between two snapshots.
    package struct Difference: Sendable, Hashable {
        /// `setting` or `organization`.
        package var kind: String
        /// The field.
        package var field: String
        /// Its value in the earlier snapshot, as people read it, or as JSON where both would look alike; nil when it was missing.
        package var before: String?
        /// Its value in the later one.
        package var after: String?
        /// When the earlier snapshot was served.
        var from: Instant
        /// When the later one was served.
        package var to: Instant
        /// Whether the service has the field newly, or has it no more: a fact about the service, which no event explains.
        var isOfService: Bool
        /// Whether a complete pull read the log behind both snapshots.
        var isProven: Bool

        /// Whether it can have an event: the service logs no transfer of ownership, and what it has newly is no change.
        var isLogged: Bool { !isOfService && !isOwner }
        /// Whether the organization has another owner.
        var isOwner: Bool { kind == "organization" && field == "owner_id" }

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
        /// `settings.updated` events between the two snapshots, in order, each of which may be its own; none for an
        /// unexplained difference.
        package var events: ArraySlice<WatchedLog.SettingsEvent>
    }

    /// Every difference, in order of time and field.
    package private(set) var differences: [Explained] = []
    /// Events between two snapshots that show no difference, or fewer differences than there are events.
    private(set) var idleEvents: [WatchedLog.SettingsEvent] = []
    /// The same of settings alone, wherever the events stand: what differs in the organization's own fields tells of no
    /// setting that it was left alone.
    private(set) var unexplained: [WatchedLog.SettingsEvent] = []
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
        var near: (all: [Range<Int>], settings: [Range<Int>]) = ([], [])
        for difference in differences {
            let places = difference.isLogged ? Self.places(events, difference.from, difference.to) : 0..<0
            near.all.append(places)
            if difference.kind == "setting" { near.settings.append(places) }
            self.differences.append(Explained(difference: difference, events: events[places]))
        }
        unexplained = Self.surplus(near.settings, events.count).map { events[$0] }
        guard let first = snapshots.first, let last = snapshots.last, comparisons > 0 else { return }
        begin = first
        end = last
        idleEvents = Self.surplus(near.all, events.count).map { events[$0] }
            .filter { $0.at.seconds > first.seconds && $0.at.seconds < last.seconds }
    }

    /// Where events stand that are more than the differences.
    ///
    /// One event can change several settings; but where several events stand around one difference, one of them may have
    /// changed what was changed back. Which one it is nothing tells: all that stand beside it are named.
    ///
    /// - Parameters:
    ///   - near: Where the events of each difference stand.
    ///   - count: How many events there are.
    /// - Returns: Their places, in order.
    private static func surplus(_ near: [Range<Int>], _ count: Int) -> [Int] {
        let near = near.filter { !$0.isEmpty }
        var isAlone = [Bool](repeating: true, count: count)
        // From each place the way to the next one that is not taken.
        var next = Array(0...count)
        // Each difference takes one event, the one that ends first before others: so as many as can be are taken.
        for places in near.sorted(by: { ($0.upperBound, $0.lowerBound) < ($1.upperBound, $1.lowerBound) }) {
            var place = places.lowerBound
            while next[place] != place {
                next[place] = next[next[place]]
                place = next[place]
            }
            guard place < places.upperBound else { continue }
            isAlone[place] = false
            next[place] = place + 1
        }
        // Any event beside one that is left over may be the one that is, and so on from pair to pair.
        var isNamed = isAlone
        var joined: [Range<Int>] = []
        for places in near.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, places.lowerBound < last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, places.upperBound)
            } else {
                joined.append(places)
            }
        }
        for places in joined where isAlone[places].contains(true) {
            for place in places { isNamed[place] = true }
        }
        return (0..<count).filter { isNamed[$0] }
    }

    /// Where the events between two seconds stand, both included.
    private static func places(_ events: [WatchedLog.SettingsEvent], _ from: Instant, _ to: Instant) -> Range<Int> {
        let begin = events.firstPlace { $0.at.seconds >= from.seconds }
        return begin..<max(begin, events.firstPlace { $0.at.seconds > to.seconds })
    }
}
