import Evidence

/// Actors, addresses and resources that are seen for the first time in the period, and not before a given time.
struct FirstSightings {
    private var actors = BitSet()
    private var addresses = BitSet()
    private var resources = BitSet()
    private let since: Instant
    /// In order, of each kind the first ``kept``.
    private(set) var all: [WatchedLog.FirstSeen] = []
    /// How many there are, by kind.
    private(set) var counts: [String: Int] = [:]

    /// How many of a kind are named; the others are counted.
    static let kept = 1_000

    init(since: Instant) { self.since = since }

    /// Takes in an event whose place among the numbers is `index`; one without a usable time is neither first nor later.
    mutating func meet(_ event: EventView, _ numbers: EventNumbering.Numbers, _ index: Int, isInPeriod: Bool) {
        guard !event.isUndated else { return }
        let counts = isInPeriod && event.instant >= since
        if !event.isAnonymous {
            if actors.insert(numbers.actor[index]), counts { note("actor", event.actorName, event) }
            if !event.ipAddress.isEmpty, addresses.insert(numbers.address[index]), counts {
                note("address", event.ipAddress.string, event)
            }
        }
        guard !(event.resourceID.isEmpty && event.resourceName.isEmpty) else { return }
        if resources.insert(numbers.resource[index]), counts {
            let name = event.resourceName.isEmpty ? event.resourceID : event.resourceName
            note("resource", "\(event.resourceType.string) \(name.string)", event)
        }
    }

    private mutating func note(_ kind: String, _ subject: @autoclosure () -> String, _ event: EventView) {
        counts[kind, default: 0] += 1
        guard counts[kind, default: 0] <= Self.kept else { return }
        all.append(
            WatchedLog.FirstSeen(
                kind: kind,
                subject: subject(),
                at: event.instant,
                event: event.id.string,
                actor: event.actorName
            )
        )
    }
}

extension EventView {
    /// How findings name an actor: e-mail and id as far as they are known; empty where neither is.
    var actorName: String {
        if actorEmail.isEmpty { return actorID.isEmpty ? "" : actorID.string }
        return actorID.isEmpty ? actorEmail.string : "\(actorEmail.string) (\(actorID.string))"
    }
}
