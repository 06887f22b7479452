import Evidence

/// Finds an actor's deletions that come thick and fast: of so many different databases or more within ten minutes, and as
/// long as it goes on.
struct BurstFinder {
    private struct Deletion {
        var at: Instant
        var event: String
        /// Where the event stands in events.csv; 0 before the period.
        var row: Int
        /// The number of the database; nil where the event does not name one.
        var database: UInt32?
        /// How many of the actor's deletions came before.
        var number: Int
    }

    /// The deletions of one actor that are near one another.
    private struct Run {
        var name: String
        var key: String
        /// Those of the latest ten minutes, the first ones gone up to `begin`.
        var recent: [Deletion] = []
        var begin = 0
        /// How many of them each database has.
        var databases: [UInt32: Int] = [:]
        var unnamed = 0
        var count = 0
        /// The burst that goes on.
        var burst: [Deletion] = []
        /// One that is none if those that name no database are of one.
        var doubtful: [Deletion] = []
    }

    private let size: Int
    private var places: [UInt32: Int] = [:]
    private var runs: [Run] = []
    private var found: [WatchedLog.Burst] = []
    /// The first deletions of those.
    private var shown: [Deletion] = []

    private static let seconds: Int64 = 600

    init(size: Int) {
        self.size = max(1, size)
    }

    /// Takes in a deletion; `row`: 0 before the period, of which only what goes on in it is told.
    ///
    /// - Returns: How many of the actor's deletions are near one another by now.
    mutating func add(
        _ actor: UInt32,
        name: @autoclosure () -> String,
        key: @autoclosure () -> String,
        database: UInt32?,
        at: Instant,
        event: String,
        row: Int
    ) -> Int {
        let place = places[actor] ?? runs.count
        if place == runs.count {
            places[actor] = place
            runs.append(Run(name: name(), key: key()))
        }
        dropOld(place, before: at.adding(seconds: -Self.seconds))
        runs[place].recent.append(
            Deletion(at: at, event: event, row: row, database: database, number: runs[place].count)
        )
        runs[place].count += 1
        if let database { runs[place].databases[database, default: 0] += 1 } else { runs[place].unnamed += 1 }
        let unnamed = runs[place].unnamed
        let named = runs[place].databases.count
        if row > 0, named + unnamed >= size {
            // Deletions that name no database may be of one or of as many.
            if named + min(1, unnamed) >= size { extend(\.burst, place) } else { extend(\.doubtful, place) }
        }
        return max(runs[place].burst.count, runs[place].recent.count - runs[place].begin)
    }

    /// Gives up deletions that are further away than ten minutes: exactly ten minutes are within.
    private mutating func dropOld(_ place: Int, before edge: Instant) {
        while runs[place].begin < runs[place].recent.count {
            let first = runs[place].recent[runs[place].begin]
            guard first.at < edge else { break }
            runs[place].begin += 1
            if let database = first.database {
                let left = (runs[place].databases[database] ?? 1) - 1
                runs[place].databases[database] = left > 0 ? left : nil
            } else {
                runs[place].unnamed -= 1
            }
        }
        if runs[place].begin > 64, runs[place].begin * 2 > runs[place].recent.count {
            runs[place].recent.removeFirst(runs[place].begin)
            runs[place].begin = 0
        }
    }

    /// The latest ten minutes are part of a burst: of the one before where they share a deletion.
    private mutating func extend(_ burst: WritableKeyPath<Run, [Deletion]>, _ place: Int) {
        let first = runs[place].recent[runs[place].begin].number
        if let last = runs[place][keyPath: burst].last, last.number < first { close(burst, place) }
        let known = runs[place][keyPath: burst].last.map { $0.number + 1 } ?? first
        let new = runs[place].recent[(runs[place].begin + known - first)...]
        runs[place][keyPath: burst] += new
    }

    private mutating func close(_ burst: WritableKeyPath<Run, [Deletion]>, _ place: Int) {
        let deletions = runs[place][keyPath: burst]
        runs[place][keyPath: burst] = []
        guard let first = deletions.first, let last = deletions.last else { return }
        let named = Set(deletions.compactMap(\.database)).count
        found.append(
            WatchedLog.Burst(
                actor: runs[place].name,
                key: runs[place].key,
                from: first.at,
                to: last.at,
                databases: named + (deletions.contains { $0.database == nil } ? 1 : 0),
                isDoubtful: burst == \.doubtful,
                eventIDs: deletions.map(\.event)
            )
        )
        shown += deletions.prefix(LogWatch.rowsKept)
    }

    /// All bursts, by time; adds the rows of their first events.
    mutating func finish(_ rows: inout EventRows.Builder) -> [WatchedLog.Burst] {
        for place in runs.indices {
            close(\.burst, place)
            close(\.doubtful, place)
        }
        for deletion in shown where deletion.row > 0 {
            withTextView(of: deletion.event) { rows.add($0, deletion.row) }
        }
        return found.sorted { left, right in
            if left.from != right.from { return left.from < right.from }
            return left.key.precedesInBytes(right.key)
        }
    }
}
