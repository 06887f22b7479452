import ArgumentParser
import Auditing
import Evidence

/// `report`: renders from the archive alone.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Render a bundle from the archive alone, offline.",
        discussion: """
            The same evidence and inputs (manifest.json lists them) give the same bytes; a bundle that exists already and is \
            sound is left as it is. 'latest' moves to the report, unless a period was asked for that ends before the latest \
            one's of its kind, or the latest one is of newer evidence.
            """
    )

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        try await OrganizationLoop.each("report", [archive, report, general], makesReports: true) { configuration in
            try await ToldRun.around("report", configuration) { told in
                let outcome = try configuration.reportJob().run(afterPull: nil)
                told.reported = outcome
                outcome.print(configuration)
                try outcome.checkThreshold(configuration.failOn)
            }
        }
    }
}
