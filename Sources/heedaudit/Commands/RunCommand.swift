import ArgumentParser
import Auditing
import Evidence
import Publishing

/// `run`: pull, then report.
///
/// The one line in a crontab.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Pull, then report: the one line in a crontab.",
        discussion: """
            Brings the archive up to date and renders a bundle. Publishes nothing and says 'nothing new' when the pull brought \
            nothing, verdicts and inputs are those of the latest bundle, and that is younger than report_every.
            """
    )

    @OptionGroup(title: "Pull") var pull: PullOptions
    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        try await OrganizationLoop.each(
            "run",
            [pull, service, archive, report, general],
            asksService: true,
            makesReports: true
        ) {
            configuration in
            try await ToldRun.around("run", configuration) { try await Self.run(configuration, $0) }
        }
    }

    /// Pulls and reports; also what `demo` does against its own sandbox.
    static func run(_ configuration: ToolConfiguration, _ told: ToldRun = ToldRun()) async throws {
        let reportJob = try configuration.reportJob()
        let pulled = try await configuration.pull { told.client = $0 }
        told.pulled = pulled
        let outcome = try reportJob.run(afterPull: pulled)
        told.reported = outcome
        outcome.print(configuration)
        try prune(configuration, behind: outcome)
        try outcome.checkThreshold(configuration.failOn)
    }

    /// Removes what the configuration does not keep, where a bundle was added.
    private static func prune(_ configuration: ToolConfiguration, behind outcome: ReportOutcome) throws {
        guard let rule = configuration.keep, let bundle = outcome.bundle, !bundle.reused else { return }
        var settings = configuration.reportSettings
        settings.organization = outcome.organization
        let removed = try PruneJob.prepared(settings, rule: rule).run(keeping: bundle.name)
        for outcome in removed { outcome.note(configuration) }
    }
}
