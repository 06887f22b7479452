/// When the entries of a ledger were written, as far as their clocks and the entries around them do not contradict that.
///
/// Any clock can be wrong once. Two that agree are believed before one alone; an entry is never older than one before it;
/// and where two entries that have one clock each contradict each other, the events that were archived by then decide. An
/// entry of a time that has not come yet was written by clocks that were ahead, however many agreed.
package struct EntryTimes: Sendable, Hashable {
    /// What is known of one entry's time.
    package struct Time: Sendable, Hashable {
        /// When it was written: by the service's clock where that and this machine's differ.
        package var at: Instant
        /// The latest that any of its clocks tells.
        package var latest: Instant
        /// Whether two clocks agree.
        var isConfirmed: Bool
        /// Whether two clocks differ.
        var isAmbiguous: Bool
        /// Whether entries around it tell otherwise, or it has not come yet.
        package var isContradicted = false
        /// Whether it has not come yet.
        package var isAhead = false

        /// Whether the day is known.
        package var isKnown: Bool { !isAmbiguous && !isContradicted }
    }

    /// By the place of the entry.
    package private(set) var times: [Time]
    /// The latest time that is credible: what a report speaks of; nil without an entry.
    package private(set) var latest: Instant?

    /// How many seconds two clocks may differ.
    static let tolerance: Int64 = 300
    private static let day: Int64 = 86_400

    /// How many entries are of times that have not come yet.
    package var aheadCount: Int { times.count { $0.isAhead } }

    /// Compares the entries' times; `now`: what the clock says of whoever asks, nil where that is not to count.
    package init(_ entries: [LedgerEntry], now: Instant? = nil) {
        times = []
        times.reserveCapacity(entries.count)
        entries.forEachGist { times.append(Time($1, now: now)) }
        let isOrdinary =
            times.allSatisfy { !$0.isAmbiguous && !$0.isAhead }
            && times.indices.dropFirst().allSatisfy { !Self.isBehind(times[$0 - 1].at, times[$0].at) }
        if !isOrdinary {
            contradictConfirmed()
            contradictByConfirmed()
            contradictByEvents(entries)
            contradictByLater()
        }
        latest = times.lazy.filter { !$0.isContradicted }.map(\.at).max() ?? newestEvent(entries, now) ?? times.last?.at
    }

    /// The newest event that has come, of an archive whose entries all are of a time that has not.
    private func newestEvent(_ entries: [LedgerEntry], _ now: Instant?) -> Instant? {
        guard let now, times.contains(where: \.isAhead) else { return nil }
        return entries.lazy.flatMap(\.segments).compactMap(\.last).filter { !$0.isAhead(of: now) }.max()
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

    /// Between which entries those stand whose own times are not believed, of the places that are asked for; each span once.
    package func doubted(_ isAsked: (_ place: Int) -> Bool) -> [InstantRange] {
        var (spans, before, isOpen): ([InstantRange], Instant?, Bool) = ([], nil, false)
        for place in times.indices {
            if times[place].isContradicted {
                isOpen = isOpen || isAsked(place)
            } else {
                if isOpen { spans.append(InstantRange(from: before, to: times[place].at)) }
                (before, isOpen) = (times[place].at, false)
            }
        }
        return isOpen ? spans + [InstantRange(from: before, to: nil)] : spans
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
            let bound = time.isAhead ? time.latest : latest ?? time.latest
            if time.isContradicted { ends[place] = max(ends[place], later ?? bound) }
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
    fileprivate init(_ entry: LedgerEntry.Gist, now: Instant?) {
        let written = entry.writtenAt ?? Instant(seconds: 0)
        let server = entry.serverClock
        let local = entry.localClock ?? written
        let differ = server.map { abs($0.seconds - local.seconds) > EntryTimes.tolerance } ?? false
        // Where clocks differ the service's counts, but for one that is ahead.
        let isWrong = now.map { now in server?.isAhead(of: now) == true && !written.isAhead(of: now) } ?? false
        let at = differ && !isWrong ? server ?? written : written
        let isAhead = now.map(at.isAhead) ?? false
        self.init(
            at: at,
            latest: [written, server, local].compactMap { $0 }.max() ?? written,
            isConfirmed: server != nil && !differ,
            isAmbiguous: differ,
            isContradicted: isAhead,
            isAhead: isAhead
        )
    }
}
