/// When the entries of a ledger were written, as far as their clocks and the entries around them do not contradict that.
///
/// Any clock can be wrong once. Two that agree are believed before one alone; an entry is never older than one before it;
/// and where two entries that have one clock each contradict each other, the events that were archived by then decide.
package struct EntryTimes: Sendable, Hashable {
    /// What is known of one entry's time.
    package struct Time: Sendable, Hashable {
        /// When it was written: by the service's clock where that and this machine's differ.
        package var at: Instant
        /// The latest that any of its clocks tells.
        package var latest: Instant
        /// Whether two clocks agree.
        package var isConfirmed: Bool
        /// Whether two clocks differ.
        package var isAmbiguous: Bool
        /// Whether entries around it tell otherwise.
        package var isContradicted = false

        /// Whether the day is known.
        package var isKnown: Bool { !isAmbiguous && !isContradicted }
    }

    /// By the place of the entry.
    package private(set) var times: [Time]
    /// The latest time that is credible: what a report speaks of; nil without an entry.
    package private(set) var latest: Instant?

    /// How many seconds two clocks may differ.
    package static let tolerance: Int64 = 300
    private static let day: Int64 = 86_400

    /// Compares the entries' times.
    package init(_ entries: [LedgerEntry]) {
        times = []
        times.reserveCapacity(entries.count)
        entries.forEachGist { times.append(Time($1)) }
        let isOrdinary =
            times.allSatisfy { !$0.isAmbiguous }
            && times.indices.dropFirst().allSatisfy { !Self.isBehind(times[$0 - 1].at, times[$0].at) }
        if !isOrdinary {
            contradictConfirmed()
            contradictByConfirmed()
            contradictByEvents(entries)
            contradictByLater()
        }
        latest = times.lazy.filter { !$0.isContradicted }.map(\.at).max() ?? times.last?.at
    }

    /// Whether an instant is behind another by more than clocks may differ.
    private static func isBehind(_ one: Instant, _ other: Instant) -> Bool { one > other.adding(seconds: tolerance) }

    private mutating func contradictConfirmed() {
        var later: Instant?
        for place in times.indices.reversed() where times[place].isConfirmed {
            let at = times[place].at
            if let later, Self.isBehind(at, later) {
                times[place].isContradicted = true
            } else {
                later = later.map { min($0, at) } ?? at
            }
        }
    }

    /// One clock alone is not believed against two that agree.
    private mutating func contradictByConfirmed() {
        var bound: Instant?
        for place in times.indices {
            let time = times[place]
            if time.isConfirmed {
                if !time.isContradicted { bound = time.at }
            } else if let bound, Self.isBehind(bound, time.at) {
                times[place].isContradicted = true
            }
        }
        bound = nil
        for place in times.indices.reversed() {
            let time = times[place]
            if time.isConfirmed {
                if !time.isContradicted { bound = time.at }
            } else if let bound, Self.isBehind(time.at, bound) {
                times[place].isContradicted = true
            }
        }
    }

    /// A clock that goes back behind events that were archived by then was behind.
    private mutating func contradictByEvents(_ entries: [LedgerEntry]) {
        var before: Instant?
        var event: Instant?
        for place in times.indices {
            let time = times[place]
            let bound = [before, time.latest].compactMap { $0 }.max()?.adding(seconds: Self.day) ?? time.latest
            for segment in entries[place].segments {
                guard let last = segment.last, last <= bound else { continue }
                event = event.map { max($0, last) } ?? last
            }
            guard !time.isContradicted else { continue }
            if !time.isConfirmed, let before, Self.isBehind(before, time.at), let event,
                event > time.at.adding(seconds: Self.day)
            {
                times[place].isContradicted = true
            } else {
                before = before.map { max($0, time.at) } ?? time.at
            }
        }
    }

    /// A clock that was ahead of later entries was ahead.
    private mutating func contradictByLater() {
        var later: Instant?
        for place in times.indices.reversed() where !times[place].isContradicted {
            let at = times[place].at
            if let later, !times[place].isConfirmed, Self.isBehind(at, later) {
                times[place].isContradicted = true
            } else {
                later = later.map { min($0, at) } ?? at
            }
        }
    }

    /// Up to when the events that each entry holds can have happened.
    package func ends(_ entries: [LedgerEntry]) -> [Instant] {
        var ends: [Instant] = []
        ends.reserveCapacity(entries.count)
        var before: Instant?
        for place in entries.indices {
            let time = times[place]
            var end = time.isContradicted ? before ?? time.at : time.latest
            let plausible = PlausibleTimes(now: time.latest)
            for segment in entries[place].segments {
                guard let last = segment.last else { continue }
                if !time.isConfirmed || plausible.contains(last) { end = max(end, last) }
            }
            if let before { end = max(end, before) }
            if !time.isContradicted { before = end }
            ends.append(end)
        }
        // No event is younger than what was written behind it.
        var later: Instant?
        for place in entries.indices.reversed() {
            let time = times[place]
            if time.isContradicted { ends[place] = max(ends[place], later ?? latest ?? time.latest) }
            if let later, !time.isConfirmed { ends[place] = min(ends[place], later) }
            if time.isConfirmed, !time.isContradicted { later = time.latest }
        }
        return ends
    }

    /// When events of an entry can have happened.
    package func plausible(_ place: Int) -> PlausibleTimes {
        let time = times[place]
        return PlausibleTimes(now: time.isConfirmed ? time.latest : max(time.latest, latest ?? time.latest))
    }
}

extension EntryTimes.Time {
    fileprivate init(_ entry: LedgerEntry.Gist) {
        let written = entry.writtenAt ?? Instant(seconds: 0)
        let server = entry.serverClock
        let local = entry.localClock ?? written
        let differ = server.map { abs($0.seconds - local.seconds) > EntryTimes.tolerance } ?? false
        self.init(
            at: differ ? server ?? written : written,
            latest: [written, server, local].compactMap { $0 }.max() ?? written,
            isConfirmed: server != nil && !differ,
            isAmbiguous: differ
        )
    }
}
