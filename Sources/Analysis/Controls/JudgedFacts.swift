import Evidence

/// Everything controls may look at, as plain values: no files, no clock.
package struct JudgedFacts: Sendable {
    /// Something that the ledger calls odd.
    package struct Anomaly: Sendable, Hashable {
        /// What is odd: `vanished`, `altered` and so on.
        var kind: String
        /// The event concerned.
        var event: String?
        /// What tells the event from others whose ids are shown alike; nil for an ordinary id.
        package var identity: String?
        /// The number of the entry that tells it.
        package var entry: Int

        /// Describes an anomaly.
        package init(kind: String, event: String?, identity: String? = nil, entry: Int = 0) {
            self.kind = kind
            self.event = event
            self.identity = identity
            self.entry = entry
        }
    }

    /// Entries that bundles pinned and that were given up, as somebody took note of in the ledger.
    package struct GivenUp: Sendable, Hashable {
        /// Number of the entry that takes note.
        var entry: Int
        /// How many are given up, at most.
        package var entries: Int
        /// Who took note.
        package var by: String
        /// Why they are gone.
        package var reason: String
        /// When note was taken, RFC 3339.
        package var at: String
        /// What times they can have spoken of.
        var span: InstantRange

        /// Describes what was given up.
        package init(entry: Int, entries: Int, by: String, reason: String, at: String, span: InstantRange) {
            self.entry = entry
            self.entries = entries
            self.by = by
            self.reason = reason
            self.at = at
            self.span = span
        }
    }

    /// What verdicts are said in.
    package var words = Words.english
    /// What each snapshot tells of the settings, in order of time; empty when none was ever taken.
    package var readings: [SettingsReading] = []
    /// The span the report is about.
    package var period: ReportingPeriod
    /// Where its days begin.
    package var zone = CalendarZone.utc
    /// Whether the period is over; one without an end never is.
    package var periodHasEnded = true
    /// Whether the newest pull's sums close; nil when there was no pull.
    package var isComplete: Bool?
    /// Why they don't.
    package var incompleteBecause: [String] = []
    /// The span for which the ledger says that every event is archived; nil for none.
    package var proven: InstantRange?
    /// Whether the proven span begins with the organization, before which there was nothing to log.
    package var isProvenFromCreation = false
    /// What the ledger's entries call odd.
    package var anomalies: [Anomaly] = []
    /// Files that are not what the ledger says, and faults of its chain, in words.
    package var damage: [String] = []
    /// How many segments were re-read and their digests compared.
    package var segmentsChecked = 0
    /// How many entries the chain has.
    package var entries = 0
    /// Entries that bundles pin and the ledger does not hold; nil for none.
    package var lostPins: Restoration?
    /// How many bundles, and lists of what removed ones pinned, were not compared with the ledger, or with what may have been
    /// changed, by why: `unread`, `unsealed`, `gone`.
    package var unknownPins: [String: Int] = [:]
    /// Such entries that somebody took note of.
    package var givenUp: [GivenUp] = []
    /// What the operator decides about the controls.
    package var policy = ControlPolicy.undecided
    /// When the newest entry of the ledger was written, as far as clocks can be believed: the time that is judged by.
    package var asOf: Instant?
    /// When the newest pull ended.
    package var pulledAt: Instant?
    /// The time of the newest pull, where it is not believed, so that nobody knows up to when it read the log; else nil.
    package var doubtedPull: Instant?
    /// When pulls came, as far as clocks can be believed.
    package var runs: [Instant] = []
    /// Between which times other pulls came.
    package var doubtedRuns: [InstantRange] = []
    /// When the organization was created, by its snapshot.
    package var organizationCreated: Instant?
    /// The id of whom the organization's last snapshot up to the period's end names as its owner; nil where it names nobody.
    package var owner: String?
    /// Whom the organization's snapshots name as its owner: those that tell of the period.
    package var owners = OwnersInTime([])
    /// Who has access, as each pull read it, in order of time; nil: nobody ever asked.
    package var access: [AccessLists]? {
        get { courses.lists }
        set { courses = AccessCourses(newValue) }
    }
    /// Each of these lists through time.
    private(set) var courses = AccessCourses(nil)
    /// The lists of members that tell of the period; nil where none was read last up to its end, the log was not read, or
    /// nobody asked for ``joined``.
    private(set) var members: MembersOfPeriod?
    /// What was seen of the log; nil when nobody watched.
    package var log: WatchedLog?
    /// The events that a review answers about.
    package var reviewed = ReviewedEvents()
    /// Events without a usable time, of the whole archive.
    package var undated = UndatedEvents()
    /// Events of a time that can't be, of the whole archive: nothing tells when they happened, either.
    package var implausible = UndatedEvents()
    /// How many elements of the log are no events.
    package var unreadable = 0
    /// How the settings changed in the period; nil when there are no snapshots.
    package var drift: SettingsDrift?
    /// The same from the last snapshot before the period to the first one behind it.
    package var driftAround: SettingsDrift?

    /// The same with what several controls ask of lists and log together.
    var joined: JudgedFacts {
        var facts = self
        facts.members = log?.access.flatMap {
            MembersOfPeriod(courses.members, from: period.range.from, to: end, $0)
        }
        return facts
    }

    /// Time of the first dated event of the period.
    var firstAt: Instant? { log?.firstAt }
    /// Time of the last one.
    var lastAt: Instant? { log?.lastAt }
}

extension JudgedFacts {
    /// Facts of a period, of which nothing is known yet.
    package init(period: ReportingPeriod) { self.period = period }
}
