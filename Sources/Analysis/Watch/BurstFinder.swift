import CBytes
import Evidence

/// Finds an actor's deletions that come thick and fast: of so many different databases or more within ten minutes, and as
/// long as it goes on.
struct BurstFinder {
    /// Which database a deletion is of, by digests: whoever chooses the texts can't choose which have the same.
    struct Database {
        /// Of its id, 0 for none.
        var id: UInt64
        /// Of its name, 0 for none.
        var name: UInt64

        private static let secret = UInt64.random(in: .min ... .max)

        init(_ event: EventView) {
            id = Self.digest(event.resourceIDKey)
            name = Self.digest(event.resourceNameKey)
        }

        private static func digest(_ text: TextView) -> UInt64 {
            text.isEmpty ? 0 : max(1, heed_hash(text.start, text.count, secret))
        }
    }

    private struct Deletion {
        var at: Instant
        var event: String
        /// Where the event stands in events.csv; 0 before the period.
        var row: Int
        var database: Database
        /// How many of the actor's deletions came before.
        var number: Int
    }

    /// The deletions of one actor that are near one another.
    private struct Run {
        var actor: UInt32
        /// Those of the latest ten minutes, the first ones gone up to `begin`.
        var recent: [Deletion] = []
        var begin = 0
        /// How many databases these are of; reckoned while they are enough for a burst.
        var near: Near?
        var count = 0
        /// The burst that goes on.
        var burst: [Deletion] = []
        /// One that is none if some of its deletions are of one database.
        var doubtful: [Deletion] = []

        init(_ actor: UInt32) { self.actor = actor }

        /// Takes in a deletion; most actors never come near a burst of `size`, and nothing is reckoned for them.
        mutating func add(_ deletion: Deletion, burst size: Int) {
            dropOld(before: deletion.at.adding(seconds: -BurstFinder.seconds))
            // What is reckoned anew has seen half a burst of deletions since it was last given up.
            if (recent.count - begin) * 2 < size { near = nil }
            near?.add(deletion.database, beside: recent[begin...])
            recent.append(deletion)
            count += 1
            if near == nil, recent.count - begin >= size { near = Near(recent[begin...]) }
        }

        /// Gives up deletions that are further away than ten minutes: exactly ten minutes are within.
        private mutating func dropOld(before edge: Instant) {
            while begin < recent.count, recent[begin].at < edge {
                near?.remove(recent[begin].database)
                begin += 1
            }
            guard begin == recent.count || (begin > 8 && begin * 2 > recent.count) else { return }
            recent.removeFirst(begin)
            begin = 0
        }
    }

    /// How many databases deletions are of.
    private struct Near {
        /// How many deletions are of each id, and of each name where there is no id.
        private var ids: [UInt64: Int] = [:]
        private var names: [UInt64: Int] = [:]
        /// How many deletions by id have each name; counted once any has no id.
        private var namesOfIDs: [UInt64: Int] = [:]
        /// How many of the names no deletion by id has.
        private var namesAlone = 0
        private var unnamed = 0

        init(_ deletions: ArraySlice<Deletion>) {
            for place in deletions.indices { add(deletions[place].database, beside: deletions[..<place]) }
        }

        private var countsNames: Bool { !names.isEmpty }

        mutating func add(_ database: Database, beside others: ArraySlice<Deletion>) {
            if database.id != 0 {
                ids[database.id, default: 0] += 1
                guard countsNames else { return }
                if namesOfIDs[database.name] == nil, names[database.name] != nil { namesAlone -= 1 }
                namesOfIDs[database.name, default: 0] += 1
            } else if database.name != 0 {
                if !countsNames {
                    namesOfIDs = [:]
                    for other in others where other.database.id != 0 {
                        namesOfIDs[other.database.name, default: 0] += 1
                    }
                }
                if names[database.name] == nil, namesOfIDs[database.name] == nil { namesAlone += 1 }
                names[database.name, default: 0] += 1
            } else {
                unnamed += 1
            }
        }

        mutating func remove(_ database: Database) {
            func take(_ key: UInt64, _ counts: inout [UInt64: Int]) {
                let left = (counts[key] ?? 1) - 1
                counts[key] = left > 0 ? left : nil
            }
            if database.id != 0 {
                take(database.id, &ids)
                guard countsNames else { return }
                take(database.name, &namesOfIDs)
                if namesOfIDs[database.name] == nil, names[database.name] != nil { namesAlone += 1 }
            } else if database.name != 0 {
                take(database.name, &names)
                if names[database.name] == nil, namesOfIDs[database.name] == nil { namesAlone -= 1 }
            } else {
                unnamed -= 1
            }
        }

        /// A name alone may be that of a database which another deletion gives by id, with this name or with none.
        var atLeast: Int {
            guard countsNames else { return max(ids.count, min(1, unnamed)) }
            return max(ids.count + max(0, namesAlone - (namesOfIDs[0] ?? 0)), names.count)
        }

        var atMost: Int { ids.count + names.count + unnamed }
    }

    /// A burst that is over.
    private struct Found {
        var actor: UInt32
        var from: Instant
        var to: Instant
        var atLeast: Int
        var atMost: Int
        var isDoubtful: Bool
        var eventIDs: [String]
    }

    private let size: Int
    /// The places of runs, by actor.
    private var places = NumberMap()
    private var runs: [Run] = []
    private var found: [Found] = []
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
        database: Database,
        at: Instant,
        event: String,
        row: Int
    ) -> Int {
        let place = places[actor] ?? runs.count
        if place == runs.count {
            places[actor] = place
            runs.append(Run(actor))
        }
        let deletion = Deletion(at: at, event: event, row: row, database: database, number: runs[place].count)
        runs[place].add(deletion, burst: size)
        if row > 0, let most = runs[place].near?.atMost, most >= size, let least = runs[place].near?.atLeast {
            if least >= size { extend(\.burst, place) } else { extend(\.doubtful, place) }
        }
        return max(runs[place].burst.count, runs[place].recent.count - runs[place].begin)
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
        let all = Near(deletions[...])
        found.append(
            Found(
                actor: runs[place].actor,
                from: first.at,
                to: last.at,
                atLeast: all.atLeast,
                atMost: all.atMost,
                isDoubtful: burst == \.doubtful,
                eventIDs: deletions.map(\.event)
            )
        )
        shown += deletions.prefix(LogWatch.rowsKept)
    }

    /// All bursts, by time; adds the rows of their first events.
    mutating func finish(_ actors: ActorTexts, _ rows: inout EventRows.Builder) -> [WatchedLog.Burst] {
        for place in runs.indices {
            close(\.burst, place)
            close(\.doubtful, place)
        }
        for deletion in shown where deletion.row > 0 {
            withTextView(of: deletion.event) { rows.add($0, deletion.row) }
        }
        let bursts = found.map { found in
            WatchedLog.Burst(
                actor: actors.label(found.actor),
                key: actors.key(found.actor),
                from: found.from,
                to: found.to,
                databases: found.atLeast,
                mayBeMore: found.atMost > found.atLeast,
                isDoubtful: found.isDoubtful,
                eventIDs: found.eventIDs
            )
        }
        return bursts.sorted { left, right in
            if left.from != right.from { return left.from < right.from }
            return left.key.precedesInBytes(right.key)
        }
    }
}
