import Analysis
import Evidence
import Publishing
import Templates

/// What a report is asked for.
package struct ReportSettings: Sendable {
    /// The archive's folder.
    package var archive: String
    /// Whose report it is; nil for the archive's only organization.
    package var organization: String?
    /// The folder below which bundles land.
    package var output: String
    /// Who may read them.
    package var outputMode = OutputMode.group
    /// The group that the organization's bundles belong to; nil for the one that they come to.
    package var outputGroup: OutputGroup?
    /// Whether another organization is to have a folder of the output that holds no bundles yet.
    package var isTaken: @Sendable (_ folder: String) -> Bool = { _ in false }
    /// A folder of templates over the built-in ones.
    package var templates: String?
    /// The period's name; nil for a range, or for everything.
    package var period: String?
    /// The range's first instant.
    package var from: String?
    /// The range's end, itself outside.
    package var to: String?
    /// Whether a report of an earlier time leaves `latest` where it is.
    package var mayLookBack = false
    /// Where days and months begin.
    package var timeZone = "UTC"
    /// What language the report is in.
    package var language = "en"
    /// Which documents are wanted.
    package var formats = ReportFormat.standard
    /// How tables are written.
    package var csvProfile = CSVProfile.rfc4180
    /// The name of the bundle to compare with; nil for the previous one of its kind.
    package var compare: String?
    /// How old the latest bundle may be for a run that has nothing new to say.
    package var reportEvery = Duration.seconds(86_400)
    /// What the operator decides about the controls.
    package var policy = ControlPolicy.undecided
    /// What of that stands in the manifest as it was written, by name.
    package var writtenPolicy: [String: String] = [:]
    /// What is to be said of the tables that people gave back, though they were read.
    package var notes: [String] = []
    /// Whether the outcome names the findings that were not open in the report before.
    package var namesNew = false
    /// The file of the key that signs the bundle; nil for none.
    package var signingKey: String?
    /// When the bundle says that it was made, RFC 3339; nil for the time of its evidence.
    package var generatedAt: String?

    /// The settings that a report of an archive has where nobody says otherwise.
    package init(archive: String, output: String) {
        self.archive = archive
        self.output = output
    }

    /// Where bundles are published.
    var publisher: BundlePublisher { BundlePublisher(output: output, mode: outputMode, group: outputGroup) }

    /// The period that is asked for.
    ///
    /// - Throws: `AnalysisError` with code `.usage` for one that makes no sense or has not begun.
    package func reportingPeriod(_ zone: CalendarZone, now: Instant) throws -> ReportingPeriod {
        let asked: ReportingPeriod =
            if let period {
                try .parse(period, zone: zone, now: now)
            } else {
                try .parse(from: from, to: to, zone: zone)
            }
        guard asked.hasBegun(at: now) else {
            throw AnalysisError(
                .usage,
                "the period '\(asked.name)' has not begun: it begins at \(asked.range.from?.rfc3339 ?? "")",
                hint: "this machine's clock says \(now.rfc3339)"
            )
        }
        return asked
    }
}
