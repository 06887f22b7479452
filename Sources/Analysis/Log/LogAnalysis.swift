import Evidence

/// Takes in the events of a report, once and in order, and tells what they add up to and what the controls ask of them.
package final class LogAnalysis {
    private var numbering: EventNumbering
    private var tally: EventTally
    private var watch: LogWatch
    private let zone: CalendarZone
    private let policy: ControlPolicy
    private let since: Instant?
    private let settingsSpan: InstantRange
    private let countedTimes: [Instant]
    private let access: AccessWatch?
    private let counts: Bool
    /// Places in the newest block of events that a finding may show.
    package private(set) var notable: [Int] = []
    /// Places in the newest block of all events that a finding may ask a person to look at.
    package private(set) var reviewable: [Int] = []

    /// Prepares to read a log.
    ///
    /// - Parameters:
    ///   - zone: Where days and hours begin in the timeline and the heat map.
    ///   - policy: What the controls ask for.
    ///   - since: From when on things count as seen for the first time; nil to leave that out.
    ///   - settingsSpan: When changes of settings are of interest.
    ///   - countedTimes: Times, in order, between which databases and members that come and go are counted.
    ///   - access: Whose acts are kept, where there are lists of members and keys to compare the log with; else nil.
    ///   - counts: Whether the tables are wanted; without them what the controls ask for is told alone, and sooner.
    ///   - events: About how many there will be in the period.
    package init(
        zone: CalendarZone,
        policy: ControlPolicy = .undecided,
        firstSeenSince since: Instant? = nil,
        settingsSpan: InstantRange = .all,
        countingBetween countedTimes: [Instant] = [],
        access: AccessWatch? = nil,
        counts: Bool = true,
        expecting events: Int = 0
    ) {
        numbering = EventNumbering()
        tally = EventTally(zone: zone, expecting: events)
        watch = LogWatch(
            policy,
            firstSeenSince: since,
            settingsSpan: settingsSpan,
            countingBetween: countedTimes,
            access: access
        )
        self.settingsSpan = settingsSpan
        self.countedTimes = countedTimes
        self.access = access
        self.zone = zone
        self.policy = policy
        self.since = since
        self.counts = counts
    }

    /// Takes in events from before the period, and those without a usable time that may lie there; the controls need them,
    /// the tables don't.
    package func addHistory(_ block: borrowing EventBlock) {
        numbering.number(block, resources: since != nil)
        watch.addHistory(block, numbering)
    }

    /// Ends the history: labels that tables print are those of the period.
    package func beginPeriod() { numbering.forgetLabels() }

    /// Takes in events of the period.
    package func add(_ block: borrowing EventBlock) {
        notable.removeAll(keepingCapacity: true)
        reviewable.removeAll(keepingCapacity: true)
        block.forEachRun(of: Self.run) { run, start in
            numbering.number(run, resources: counts || since != nil)
            if counts { tally.add(run, numbering.block) }
            watch.add(run, numbering)
            for place in watch.notable { notable.append(start + place) }
            for place in watch.reviewable { reviewable.append(start + place) }
        }
    }

    /// Events are looked at three times, and stay close to the processor in between.
    private static let run = 4 * Interner.batch

    /// What the events add up to, and what the controls ask of them.
    package struct Finished: Sendable {
        /// The tables, which are sorted while others go on.
        package let tables: Ahead<Aggregates>
        /// What the controls ask for.
        package let watched: WatchedLog

        /// The tables; waits for them.
        package var aggregates: Aggregates { tables.value }
    }

    /// Ends the reading and begins to sort the tables, or leaves that to whoever asks for them; the analysis is empty afterwards.
    package func finish(sorts: Bool = true) -> Finished {
        let texts = exchange(&numbering, with: EventNumbering()).finish()
        let nothing = LogWatch(
            policy,
            firstSeenSince: since,
            settingsSpan: settingsSpan,
            countingBetween: countedTimes,
            access: access
        )
        var watch = exchange(&self.watch, with: nothing)
        let actors = texts.actors
        let counted = Counted(exchange(&tally, with: EventTally(zone: zone, expecting: 0)), texts)
        return Finished(tables: Ahead(begins: sorts) { counted.finish() }, watched: watch.finish(actors))
    }

    /// What was counted, on its way to the thread that adds it up.
    private final class Counted: @unchecked Sendable {
        // Sendable: `finish` alone touches what it holds, and is called by one thread.
        private var tally: EventTally
        private var texts: EventNumbering.Texts?

        init(_ tally: consuming EventTally, _ texts: consuming EventNumbering.Texts) {
            self.tally = tally
            self.texts = .some(consume texts)
        }

        func finish() -> Aggregates {
            guard let texts = texts.take() else { return .ofNoEvents() }
            return tally.finish(texts)
        }
    }
}

/// Puts another value into a place and hands over the one that was there.
func exchange<Value: ~Copyable>(_ place: inout Value, with replacement: consuming Value) -> Value {
    let old = consume place
    place = replacement
    return old
}

extension Aggregates {
    /// What no events add up to: tables without rows, which still tell their columns.
    package static func ofNoEvents() -> Aggregates { LogAnalysis(zone: .utc).finish().aggregates }
}
