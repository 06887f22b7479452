import Analysis
import Evidence

/// Everything that a report says, gathered before anything is rendered.
///
/// All texts are as received; escaping belongs to the templates' formats. Times are RFC 3339 in UTC.
/// ``templateValues()`` turns it into what templates can name (docs/templates.md).
package struct ReportDocument: Sendable {
    /// What the report says, in its language.
    package var words = Words.english
    /// Name and version of the tool, `heedaudit 0.2.0`.
    var tool: String
    /// Fingerprint and comment of the key that signs the report; nil where none does.
    package var signer: String?
    /// The name of the bundle that it goes into; nil where nobody asks for it.
    package var bundle: String?
    /// The time of the evidence: the head entry's `at`.
    package var asOf: String
    /// The time that the days of waivers and action plans are judged by, RFC 3339; nil for `asOf`, which clocks may contradict.
    package var judgedAsOf: String?
    /// `SOURCE_DATE_EPOCH` if the caller was given one, else `asOf`.
    package var generatedAt: String
    /// Whose report it is.
    var organization: ReportOrganization
    /// The settings in force; nil when no snapshot of them is archived.
    package var settings: [ReportSetting]?
    /// When these were read.
    package var settingsReadAt: Instant?
    /// What time the report is about.
    var period: WrittenPeriod
    /// Whether the log is known to be whole for that time.
    var completeness: ReportCompleteness
    /// The tallies of the period's events.
    var activity: Aggregates
    /// The verdicts, in the order of findings.csv.
    var findings: [Finding]
    /// What differs from before, in the order to be shown.
    package var changes: [ReportChange] = []
    /// What was compared to find these.
    package var comparison = ReportComparison()
    /// What people promised to do about findings.
    package var actionPlan: [ActionPlan.Row] = []
    /// What people who were asked to look answered.
    package var review: [Review.Row] = []
    /// The events that people are asked to look at.
    package var reviewEvents = ChosenEvents()
    /// Who had access at the end of the period.
    package var access = AccessState()
    /// Where all of this was read.
    var evidence: ReportEvidence
    /// Where events that findings name stand in events.csv: the record's number, from 1, by id.
    package var eventRows: EventRows = [:]
    /// The newest events of the period.
    var recentEvents: RecentEvents
    /// Events that findings may rest on, for the list of notable ones.
    package var notableEvents = RecentEvents()
    /// Every event of the period, for the streamed section `events`.
    var events: EventSource?

    /// Gathers a report.
    package init(
        tool: String,
        asOf: String,
        organization: ReportOrganization,
        settings: [ReportSetting]?,
        period: WrittenPeriod,
        completeness: ReportCompleteness,
        activity: Aggregates,
        findings: [Finding],
        evidence: ReportEvidence,
        recentEvents: RecentEvents,
        events: EventSource?
    ) {
        self.tool = tool
        self.asOf = asOf
        self.organization = organization
        self.settings = settings
        self.period = period
        self.completeness = completeness
        self.activity = activity
        self.findings = findings
        self.evidence = evidence
        self.recentEvents = recentEvents
        self.events = events
        generatedAt = asOf
    }
}

/// What changes were looked for in.
package struct ReportComparison: Sendable, Hashable {
    /// How many snapshots of settings and organization were compared with one another.
    package var snapshots = 0
    /// The bundle that the report is compared with; nil for none.
    package var bundle: String?
}

/// The time a report is about as it is written: its ends are texts, nil where it is open.
package struct WrittenPeriod: Sendable, Hashable {
    /// `2026-03`, `2026-Q1`, `2026`, `all`, or the two dates of a range.
    var name: String
    /// The first instant inside, RFC 3339 in UTC.
    var from: String?
    /// The first instant no longer inside.
    var to: String?
    /// The time zone in which days, weeks and months begin.
    var timeZone: String

    /// Names a period.
    package init(name: String, from: String?, to: String?, timeZone: String = "UTC") {
        self.name = name
        self.from = from
        self.to = to
        self.timeZone = timeZone
    }
}

/// Whether the evidence holds every event of the period, and what that rests on.
package struct ReportCompleteness: Sendable, Hashable {
    /// What can be said.
    package enum State: String, Sendable, Hashable {
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
    package struct Gap: Sendable, Hashable {
        /// The first instant of the span; nil for the period's open beginning.
        var from: String?
        /// The first instant behind it; nil for the period's open end.
        var to: String?
        /// Why, in words.
        var reason: String

        /// Describes a span.
        package init(from: String?, to: String?, reason: String) {
            self.from = from
            self.to = to
            self.reason = reason
        }
    }

    /// What can be said.
    package var state: State
    /// Why it is not complete, one sentence's content each; empty when it is.
    package var reasons: [String] = []
    /// The first instant of the span that the ledger proves.
    package var from: String?
    /// The first instant behind that span.
    package var to: String?
    /// Events that the newest pull received, repetitions included; nil without a pull.
    package var received: Int?
    /// How many events the service said there are; nil where it did not.
    package var total: Int?
    /// Events that the newest pull received more than once.
    package var duplicates: Int?
    /// Events of the archive without a usable time.
    package var undated = 0
    /// Those that may belong to the period, and events of a time that can't be that may.
    package var undatedPossible = 0
    /// Elements of the log that are no events, and stand in no table.
    package var unreadable = 0
    /// The spans that are not proven.
    package var gaps: [Gap] = []
    /// Files of the archive that are not what the ledger says, in words; empty for a sound archive.
    package var damage: [String] = []
    /// Characters of events that can't be shown and stand as U+FFFD.
    package var replacedCharacters = 0
    /// How many of the events that the service says it has were never delivered; nil where that can't be told.
    package var missing: Int?
    /// When the log was last read from the service, RFC 3339; nil where it never was.
    package var readAt: String?
    /// From when on the period is still to come, by the newest entry of the ledger, RFC 3339; nil where it is not.
    package var goesOnFrom: String?
    /// Whether entries that earlier reports rest on are missing.
    package var isRestored = false
    /// When the organization was made, where the period began before that and nothing of it can be missing; RFC 3339.
    package var madeAt: String?
    /// Such entries that somebody took note of as lost.
    package var losses: [Loss] = []

    /// Entries of the ledger that are lost, and that somebody took note of.
    package struct Loss: Sendable, Hashable {
        /// How many, at most.
        var entries: Int
        /// Who took note of it.
        var by: String
        /// When, RFC 3339.
        var at: String
        /// Why they are gone, in that person's words.
        var reason: String

        /// Describes a loss.
        package init(entries: Int, by: String, at: String, reason: String) {
            self.entries = entries
            self.by = by
            self.at = at
            self.reason = reason
        }
    }
}

extension ReportCompleteness {
    /// A state, of which nothing else is said.
    package init(state: State) { self.state = state }

    /// The span that may be called covered: of a damaged archive none, whatever its entries say.
    package var covered: (from: String?, to: String?) { damage.isEmpty ? (from, to) : (nil, nil) }

    /// Up to when nothing is missing; nil where something is, or may be.
    package var completeTo: String? { reasons.isEmpty ? covered.to : nil }
}

/// A field of the organization or its settings, or another fact, that differs from before.
package struct ReportChange: Sendable, Hashable {
    /// What kind of fact it is: `setting`, `organization`, `count`, `finding`, `first seen`, `member`, `invitation` or
    /// `api key`.
    var kind: String
    /// What changed.
    var subject: String
    /// The value before; nil where there was none.
    var before: String?
    /// The value now; nil where there is none.
    var after: String?
    /// When it was seen to have changed, or when the explaining event says.
    var at: String?
    /// Who changed it, as far as the log tells.
    var actor: String?
    /// The event that explains it.
    var eventID: String?

    /// Describes a change.
    package init(
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
