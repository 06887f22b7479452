import ArgumentParser
import CloudHeed

/// `organization`: shows and renames it.
struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization",
        abstract: "Show or rename the organization.",
        subcommands: [Show.self, Update.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the organization.")

        @Flag(help: "Print the service's answer as JSON; what a terminal would obey is escaped.")
        var json = false
        @OptionGroup(title: "Service") var service: ServiceOptions
        @OptionGroup(title: "General") var general: GeneralOptions

        mutating func run() async throws {
            let configuration = try ToolConfiguration.resolve([service, general])
            let answer = try await ServiceAccess.withClient(configuration) { try await $0.organization() }
            AnswerPrinter.print(answer.body, answer.value.source, asJSON: json)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Give the organization another name; asks first."
        )

        @Option(help: ArgumentHelp("The new name.", valueName: "name"))
        var name: String
        @Flag(help: "Don't ask.")
        var yes = false
        @Flag(help: "Print the service's answer as JSON; what a terminal would obey is escaped.")
        var json = false
        @OptionGroup(title: "Service") var service: ServiceOptions
        @OptionGroup(title: "General") var general: GeneralOptions

        mutating func run() async throws {
            let configuration = try ToolConfiguration.resolve([service, general])
            let (name, yes) = (name, yes)
            let answer = try await ServiceAccess.withClient(configuration) { client -> ServiceAnswer<Organization> in
                let before = try await client.organization().value
                try Confirmation.ask(["name: \(before.name ?? "") → \(name)"], warnings: [], yes: yes)
                return try await client.updateOrganization(name: name)
            }
            AnswerPrinter.print(answer.body, answer.value.source, asJSON: json)
        }
    }
}
