import Reporting
import Templates
import Analysis

/// What a bundle's name and manifest say about the report inside.
package struct BundleFacts: Sendable {
    /// Whose report it is.
    package var organization: Manifest.Organization
    /// The name of the folder below the output: see ``OrganizationFolder``.
    package var folder: String
    /// What it covers.
    package var period: Manifest.Period
    /// The time zone in which days and months begin.
    var timeZone: String
    /// The time of the evidence: the head entry's `at`, RFC 3339.
    package var asOf: String
    /// `SOURCE_DATE_EPOCH` if the caller was given one, else `asOf`, RFC 3339.
    var generatedAt: String
    /// `heedaudit 0.2.0`.
    var tool: String
    /// What it was made of.
    package var evidence: Manifest.Evidence
    /// Whether the evidence can be relied on.
    package var evidenceState = EvidenceState.sound
    /// The key that signs the bundle; nil for none.
    package var signer: SigningKey?
    /// The output formats asked for.
    package var formats = Set(ReportFormat.standard)
    /// How the tables are written.
    package var csvProfile = CSVProfile.rfc4180
    /// What the report depends on besides the evidence, by name: settings of the tool, waivers, theme and the like.
    ///
    /// The publisher adds tool, period, time zone, formats and templates.
    package var inputs: [String: String]
    /// How many findings there are of each status and severity, in the order to be listed.
    package var findings: [FindingCount]
    /// What each control says; nil where that is not told.
    package var controls: [ControlVerdict]?
    /// Completeness and size of the report; nil where they are not told.
    package var summary: Summary?
    /// What the page that lists the bundles is said in.
    package var words = Words.english
    /// Findings that somebody has to do something about: what a later report compares its own with.
    package var openFindings: OpenFindings = []

    /// Whether a report holds all of its period, and how much that is.
    package struct Summary: Sendable, Hashable, Codable {
        /// `complete`, `running`, `incomplete`, `unknown`: see `ReportCompleteness`.
        var completeness: String
        /// Up to when the evidence is proven to be complete, RFC 3339; nil where it is not, or for no end.
        var completeTo: String?
        /// How many events the period has.
        var events: Int
        /// Open findings that the report compared with did not have; nil where there is none.
        package var new: Int?
        /// Open findings of that report that are open no longer; nil where there is none.
        package var closed: Int?
        /// Agreed actions whose day has passed; nil where no action plan was given back.
        package var overdue: Int?

        private enum CodingKeys: String, CodingKey {
            case completeness, events, new, closed, overdue
            case completeTo = "complete_to"
        }

        /// Says how complete a report is and how many events it has.
        package init(completeness: ReportCompleteness, events: Int) {
            self.completeness = completeness.state.rawValue
            completeTo = completeness.completeTo
            self.events = events
        }
    }

    /// A number of findings alike.
    package struct FindingCount: Sendable, Hashable, Codable {
        /// `pass`, `fail`, `not_proven`, `manual`, `reviewed`, `waived` or `not_applicable`.
        package var status: String
        /// `critical`, `high`, `medium`, `low` or `info`.
        package var severity: String
        /// How many.
        package var count: Int

        /// Counts findings of one status and severity.
        package init(status: String, severity: String, count: Int) {
            self.status = status
            self.severity = severity
            self.count = count
        }
    }
}

extension BundleFacts {
    /// Gathers the facts of a bundle.
    package init(
        organization: Manifest.Organization,
        folder: String,
        period: Manifest.Period,
        timeZone: String,
        asOf: String,
        generatedAt: String,
        tool: String,
        evidence: Manifest.Evidence,
        inputs: [String: String],
        findings: [FindingCount]
    ) {
        self.organization = organization
        self.folder = folder
        self.period = period
        self.timeZone = timeZone
        self.asOf = asOf
        self.generatedAt = generatedAt
        self.tool = tool
        self.evidence = evidence
        self.inputs = inputs
        self.findings = findings
    }
}

/// Whether the evidence that a report was made of is what it was sealed as.
package enum EvidenceState: String, Sendable, Hashable, Codable {
    /// The chain holds, every file that was read is what it says, and no bundle pins what it does not hold.
    case sound
    /// Something of the archive is not what its ledger says.
    case damaged
    /// A bundle pins an entry that the chain does not hold: an archive that was restored from a backup, or one of two copies.
    case restored
}
