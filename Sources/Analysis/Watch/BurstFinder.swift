import Evidence

/// Finds an actor's deletions that come thick and fast: so many or more within ten minutes, and as long as it goes on.
struct BurstFinder {
    /// `row`: where the event stands in events.csv.
    private typealias Deletion = (at: Instant, event: String, row: Int)

    private let size: Int
    /// By the actor's number: their latest deletions.
    private var recent: [[Deletion]] = []
    private var names: [String] = []
    private var found: [WatchedLog.Burst] = []
    /// The first deletions of those.
    private var shown: [Deletion] = []

    private static let seconds: Int64 = 600

    init(size: Int) {
        self.size = max(1, size)
    }

    /// - Returns: How many of the actor's deletions are near one another by now.
    mutating func add(_ number: UInt32, name: @autoclosure () -> String, at: Instant, event: String, row: Int) -> Int {
        let actor = Int(number)
        while recent.count <= actor {
            recent.append([])
            names.append("")
        }
        if names[actor].isEmpty { names[actor] = name() }
        let edge = at.seconds - Self.seconds
        let count = recent[actor].count
        let isBurst = count >= size
        let goesOn = size == 1 || (isBurst && recent[actor][count - size + 1].at.seconds >= edge)
        if isBurst, !goesOn { close(actor) }
        if recent[actor].count < size { recent[actor].removeAll { $0.at.seconds < edge } }
        recent[actor].append((at: at, event: event, row: row))
        return recent[actor].count
    }

    private mutating func close(_ actor: Int) {
        let deletions = recent[actor]
        if deletions.count >= size, let first = deletions.first, let last = deletions.last {
            found.append(
                WatchedLog.Burst(
                    actor: names[actor],
                    from: first.at,
                    to: last.at,
                    eventIDs: deletions.map(\.event)
                )
            )
            shown += deletions.prefix(LogWatch.rowsKept)
        }
        recent[actor].removeAll(keepingCapacity: true)
    }

    /// All bursts, by time; adds the rows of their first events.
    mutating func finish(_ rows: inout EventRows.Builder) -> [WatchedLog.Burst] {
        for actor in recent.indices { close(actor) }
        for deletion in shown { withTextView(of: deletion.event) { rows.add($0, deletion.row) } }
        return found.sorted { left, right in
            if left.from != right.from { return left.from < right.from }
            return left.actor.precedesInBytes(right.actor)
        }
    }
}
