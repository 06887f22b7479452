public import Analysis
public import Evidence

/// Everything that a report says, gathered before anything is rendered.
///
/// All texts are as received; escaping belongs to the templates' formats. Times are RFC 3339 in UTC.
/// ``templateValues()`` turns it into what templates can name (docs/templates.md).
public struct ReportDocument: Sendable {
    /// Name and version of the tool, `heedaudit 0.1.0`.
    public var tool: String
    /// The time of the evidence: the head entry's `at`.
    public var asOf: String
    /// `SOURCE_DATE_EPOCH` if the caller was given one, else `asOf`.
    public var generatedAt: String
    /// Whose report it is.
    public var organization: ReportOrganization
    /// The settings in force; nil when no snapshot of them is archived.
    public var settings: [ReportSetting]?
    /// What time the report is about.
    public var period: ReportPeriod
    /// Whether the log is known to be whole for that time.
    public var completeness: ReportCompleteness
    /// The tallies of the period's events.
    public var activity: ReportActivity
    /// The verdicts, in the order of findings.csv.
    public var findings: [Finding]
    /// What differs from before, in the order to be shown.
    public var changes: [ReportChange]
    /// What was compared to find these.
    public var comparison: ReportComparison
    /// What people promised to do about findings.
    public var actionPlan: [ActionPlan.Row]
    /// Where all of this was read.
    public var evidence: ReportEvidence
    /// Where events that findings name stand in events.csv: the record's number, from 1, by id.
    public var eventRows: EventRows
    /// The newest events of the period.
    public var recentEvents: RecentEvents
    /// Events that findings may rest on, for the list of notable ones.
    public var notableEvents: RecentEvents
    /// Every event of the period, for the streamed section `events`.
    public var events: EventSource?

    /// Gathers a report.
    public init(
        tool: String,
        asOf: String,
        generatedAt: String? = nil,
        organization: ReportOrganization,
        settings: [ReportSetting]?,
        period: ReportPeriod,
        completeness: ReportCompleteness,
        activity: ReportActivity,
        findings: [Finding],
        changes: [ReportChange] = [],
        comparison: ReportComparison = ReportComparison(),
        actionPlan: [ActionPlan.Row] = [],
        evidence: ReportEvidence,
        eventRows: EventRows = [:],
        recentEvents: RecentEvents,
        notableEvents: RecentEvents = RecentEvents(),
        events: EventSource?
    ) {
        self.tool = tool
        self.asOf = asOf
        self.generatedAt = generatedAt ?? asOf
        self.organization = organization
        self.settings = settings
        self.period = period
        self.completeness = completeness
        self.activity = activity
        self.findings = findings
        self.changes = changes
        self.comparison = comparison
        self.actionPlan = actionPlan
        self.evidence = evidence
        self.eventRows = eventRows
        self.recentEvents = recentEvents
        self.notableEvents = notableEvents
        self.events = events
    }
}

/// What changes were looked for in.
public struct ReportComparison: Sendable, Hashable {
    /// How many snapshots of settings and organization were compared with one another.
    public var snapshots: Int
    /// The bundle that the report is compared with; nil for none.
    public var bundle: String?

    /// Nothing was compared, unless told.
    public init(snapshots: Int = 0, bundle: String? = nil) {
        self.snapshots = snapshots
        self.bundle = bundle
    }
}

/// The time a report is about: half-open, and open where an end is nil.
public struct ReportPeriod: Sendable, Hashable {
    /// `2026-03`, `2026-Q1`, `2026`, `all`, or the two dates of a range.
    public var name: String
    /// The first instant inside, RFC 3339 in UTC.
    public var from: String?
    /// The first instant no longer inside.
    public var to: String?
    /// The time zone in which days, weeks and months begin.
    public var timeZone: String

    /// Names a period.
    public init(name: String, from: String?, to: String?, timeZone: String = "UTC") {
        self.name = name
        self.from = from
        self.to = to
        self.timeZone = timeZone
    }
}

/// Whether the evidence holds every event of the period, and what that rests on.
public struct ReportCompleteness: Sendable, Hashable {
    /// What can be said.
    public enum State: String, Sendable, Hashable {
        /// The ledger proves that the archive holds every event that the service had of the period.
        case complete
        /// The same up to the end of what is proven; the period goes on.
        case running
        /// The log was pulled, and something of the period is missing or unproven.
        case incomplete
        /// Nothing was pulled, only imported: the archive can't know what it was not given.
        case unknown
    }

    /// A span of the period for which events may be missing.
    public struct Gap: Sendable, Hashable {
        /// The first instant of the span; nil for the period's open beginning.
        public var from: String?
        /// The first instant behind it; nil for the period's open end.
        public var to: String?
        /// Why, in words.
        public var reason: String

        /// Describes a span.
        public init(from: String?, to: String?, reason: String) {
            self.from = from
            self.to = to
            self.reason = reason
        }
    }

    /// What can be said.
    public var state: State
    /// Why it is not complete, one sentence's content each; empty when it is.
    public var reasons: [String]
    /// The first instant of the span that the ledger proves.
    public var from: String?
    /// The first instant behind that span.
    public var to: String?
    /// Events that the newest pull received, repetitions included; nil without a pull.
    public var received: Int?
    /// How many events the service said there are; nil where it did not.
    public var total: Int?
    /// Events that the newest pull received more than once.
    public var duplicates: Int?
    /// Events of the archive without a usable time.
    public var undated: Int
    /// Those that may belong to the period, and events of a time that can't be that may.
    public var undatedPossible: Int
    /// Elements of the log that are no events, and stand in no table.
    public var unreadable: Int
    /// The spans that are not proven.
    public var gaps: [Gap]
    /// Files of the archive that are not what the ledger says, in words; empty for a sound archive.
    public var damage: [String]
    /// Characters of events that can't be shown and stand as U+FFFD.
    public var replacedCharacters: Int

    /// Describes what is known of the evidence.
    public init(
        state: State,
        reasons: [String] = [],
        from: String? = nil,
        to: String? = nil,
        received: Int? = nil,
        total: Int? = nil,
        duplicates: Int? = nil,
        undated: Int = 0,
        undatedPossible: Int = 0,
        unreadable: Int = 0,
        gaps: [Gap] = [],
        damage: [String] = [],
        replacedCharacters: Int = 0
    ) {
        self.state = state
        self.reasons = reasons
        self.from = from
        self.to = to
        self.received = received
        self.total = total
        self.duplicates = duplicates
        self.undated = undated
        self.undatedPossible = undatedPossible
        self.unreadable = unreadable
        self.gaps = gaps
        self.damage = damage
        self.replacedCharacters = replacedCharacters
    }
}

/// A field of the organization or its settings, or another fact, that differs from before.
public struct ReportChange: Sendable, Hashable {
    /// What kind of fact it is: `setting`, `organization`, `count`, `finding` or `first seen`.
    public var kind: String
    /// What changed.
    public var subject: String
    /// The value before; nil where there was none.
    public var before: String?
    /// The value now; nil where there is none.
    public var after: String?
    /// When it was seen to have changed, or when the explaining event says.
    public var at: String?
    /// Who changed it, as far as the log tells.
    public var actor: String?
    /// The event that explains it.
    public var eventID: String?

    /// Describes a change.
    public init(
        kind: String,
        subject: String,
        before: String?,
        after: String?,
        at: String? = nil,
        actor: String? = nil,
        eventID: String? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.before = before
        self.after = after
        self.at = at
        self.actor = actor
        self.eventID = eventID
    }
}
