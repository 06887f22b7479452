import Evidence

/// How many databases and members the log says came or went in a span of time.
package struct MemberAndDatabaseCounts: Sendable, Hashable {
    /// Databases that were created.
    package var created = 0
    /// Databases that were deleted.
    package var deleted = 0
    /// Members that were removed.
    package var removed = 0
    /// Members that were invited.
    package var invited = 0

    /// Nothing came and nothing went.
    package init() {}
}

/// Counts, between each of some times and the next, what came and went.
struct CountsBetween {
    private let times: [Instant]
    /// The place of the first time that is not before the latest event.
    private var next = 0
    private(set) var counts: [MemberAndDatabaseCounts]

    /// `times`: in order.
    init(_ times: [Instant]) {
        self.times = times
        counts = Array(repeating: MemberAndDatabaseCounts(), count: max(0, times.count - 1))
    }

    /// Takes in an event; times are told in whole seconds, and one of a time's own second counts before it.
    @inline(__always)
    mutating func add(_ kind: ActionKind, _ event: EventView) {
        guard !counts.isEmpty, !event.isUndated else { return }
        while next < times.count, times[next].seconds < event.instant.seconds { next += 1 }
        guard next > 0, next < times.count else { return }
        switch kind {
        case .databaseCreated: counts[next - 1].created += 1
        case .databaseDeleted: counts[next - 1].deleted += 1
        case .memberRemoved: counts[next - 1].removed += 1
        case .memberInvited: counts[next - 1].invited += 1
        default: break
        }
    }
}
