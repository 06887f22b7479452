import Evidence

/// Finds an actor's deletions that come thick and fast: so many or more within ten minutes, and as long as it goes on.
struct BurstFinder {
    private struct Actor {
        var name: String
        var recent: [(at: Instant, event: String)] = []
    }

    private let size: Int
    private var actors: [UInt32: Actor] = [:]
    private var found: [WatchedLog.Burst] = []

    private static let seconds: Int64 = 600

    init(size: Int) {
        self.size = max(1, size)
    }

    /// - Returns: How many of the actor's deletions are near one another by now.
    mutating func add(_ actor: UInt32, name: @autoclosure () -> String, at: Instant, event: String) -> Int {
        let edge = at.seconds - Self.seconds
        var entry = actors[actor] ?? Actor(name: name())
        let isBurst = entry.recent.count >= size
        let goesOn = size == 1 || (isBurst && entry.recent[entry.recent.count - size + 1].at.seconds >= edge)
        if isBurst, !goesOn { close(&entry) }
        if entry.recent.count < size { entry.recent.removeAll { $0.at.seconds < edge } }
        entry.recent.append((at: at, event: event))
        actors[actor] = entry
        return entry.recent.count
    }

    private mutating func close(_ entry: inout Actor) {
        if entry.recent.count >= size, let first = entry.recent.first, let last = entry.recent.last {
            found.append(
                WatchedLog.Burst(
                    actor: entry.name,
                    from: first.at,
                    to: last.at,
                    eventIDs: entry.recent.map(\.event)
                )
            )
        }
        entry.recent = []
    }

    /// All bursts, by time.
    mutating func finish() -> [WatchedLog.Burst] {
        for var entry in actors.values { close(&entry) }
        actors = [:]
        return found.sorted { left, right in
            if left.from != right.from { return left.from < right.from }
            return left.actor.utf8.lexicographicallyPrecedes(right.actor.utf8)
        }
    }
}
