public import Evidence

/// Everything controls may look at, as plain values: no files, no clock.
public struct JudgedFacts: Sendable {
    /// Something that the ledger calls odd.
    public struct Anomaly: Sendable, Hashable {
        /// What is odd: `vanished`, `altered` and so on.
        public var kind: String
        /// The event concerned.
        public var event: String?
        /// What tells the event from others whose ids are shown alike; nil for an ordinary id.
        public var identity: String?

        /// Describes an anomaly.
        public init(kind: String, event: String?, identity: String? = nil) {
            self.kind = kind
            self.event = event
            self.identity = identity
        }
    }

    /// Entries that bundles pinned and that were given up, as somebody took note of in the ledger.
    public struct GivenUp: Sendable, Hashable {
        /// Number of the entry that takes note.
        public var entry: Int
        /// How many are given up, at most.
        public var entries: Int
        /// Who took note.
        public var by: String
        /// Why they are gone.
        public var reason: String
        /// When note was taken, RFC 3339.
        public var at: String
        /// When they can have been written.
        public var span: InstantRange

        /// Describes what was given up.
        public init(entry: Int, entries: Int, by: String, reason: String, at: String, span: InstantRange) {
            self.entry = entry
            self.entries = entries
            self.by = by
            self.reason = reason
            self.at = at
            self.span = span
        }
    }

    /// What each snapshot tells of the settings, in order of time; empty when none was ever taken.
    public var readings: [SettingsReading]
    /// The span the report is about.
    public var period: ReportingPeriod
    /// Whether the period is over; one without an end never is.
    public var periodHasEnded = true
    /// Whether the newest pull's sums close; nil when there was no pull.
    public var isComplete: Bool?
    /// Why they don't.
    public var incompleteBecause: [String]
    /// The span for which the ledger says that every event is archived; nil for none.
    public var proven: InstantRange?
    /// What the ledger's entries call odd.
    public var anomalies: [Anomaly]
    /// Files that are not what the ledger says, and faults of its chain, in words.
    public var damage: [String]
    /// How many segments were re-read and their digests compared.
    public var segmentsChecked: Int
    /// How many entries the chain has.
    public var entries: Int
    /// Entries that bundles pin and the ledger does not hold, in words; nil for none.
    public var lostPins: String?
    /// Such entries that somebody took note of.
    public var givenUp: [GivenUp] = []
    /// What the operator decides about the controls.
    public var policy = ControlPolicy()
    /// When the newest entry of the ledger was written, as far as clocks can be believed: the time that is judged by.
    public var asOf: Instant?
    /// When the newest pull ended.
    public var pulledAt: Instant?
    /// When the organization was created, by its snapshot.
    public var organizationCreated: Instant?
    /// What was seen of the log; nil when nobody watched.
    public var log: WatchedLog?
    /// Events without a usable time, of the whole archive.
    public var undated = UndatedEvents()
    /// Events of a time that can't be, of the whole archive: nothing tells when they happened, either.
    public var implausible = UndatedEvents()
    /// How many elements of the log are no events.
    public var unreadable = 0
    /// How the settings changed in the period; nil when there are no snapshots.
    public var drift: SettingsDrift?
    /// The same from the last snapshot before the period to the first one behind it.
    public var driftAround: SettingsDrift?

    /// Time of the first dated event of the period.
    var firstAt: Instant? { log?.firstAt }
    /// Time of the last one.
    var lastAt: Instant? { log?.lastAt }

    /// Gathers the facts.
    public init(
        readings: [SettingsReading] = [],
        period: ReportingPeriod,
        isComplete: Bool?,
        incompleteBecause: [String],
        proven: InstantRange?,
        anomalies: [Anomaly],
        damage: [String],
        segmentsChecked: Int,
        entries: Int,
        approvedRegions: [String]? = nil
    ) {
        self.readings = readings
        self.period = period
        self.isComplete = isComplete
        self.incompleteBecause = incompleteBecause
        self.proven = proven
        self.anomalies = anomalies
        self.damage = damage
        self.segmentsChecked = segmentsChecked
        self.entries = entries
        policy.approvedRegions = approvedRegions
    }
}
