import ArgumentParser
import Auditing
import Evidence

/// `pull`: brings the archive up to date.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Bring the archive up to date.",
        discussion: """
            The first pull reads the whole log; later ones read what is new and prove that it joins what is archived, or read \
            everything again: every full_every, and where that can't be proven. A pull that comes to its end adds one entry to \
            the ledger, complete or not; one that is broken off adds none, and the next goes on with it.
            """
    )

    @Flag(help: "Read the whole log again and compare it with what is archived.")
    var full = false

    @OptionGroup(title: "Pull") var pull: PullOptions
    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Answer") var answer: AnswerOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let full = full
        let options: [any SettingOptions] = [pull, service, archive, answer, general]
        try await OrganizationLoop.each("pull", options, asksService: true, adjust: { if full { $0.full = true } }) {
            configuration in
            try await ToldRun.around("pull", configuration) { told in
                let pulled = try await configuration.pull { told.client = $0 }
                told.pulled = pulled
                pulled.print(configuration)
            }
        }
    }
}
