import ArgumentParser
import CloudHeed
import Logging

/// `organization`: shows and renames it.
struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization",
        abstract: "Show or rename the organization, or list those that the token sees.",
        subcommands: [Show.self, List.self, Update.self],
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

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the organizations that the token sees, ready for the configuration."
        )

        @OptionGroup(title: "Service") var service: ServiceOptions
        @OptionGroup(title: "Answer") var answer: AnswerOptions
        @OptionGroup(title: "General") var general: GeneralOptions

        mutating func run() async throws {
            var configuration = try ToolConfiguration.resolve([service, answer, general])
            // Which one is meant does not matter to a token's organizations.
            configuration.organizationHeader = false
            let seen = try await ServiceAccess.withClient(configuration) { try await $0.organizations() }
            if let reason = seen.unavailable, seen.organizations.isEmpty {
                throw Problem(
                    .unusableData,
                    "the service does not tell which organizations the token sees: \(reason)",
                    hint: "'heedaudit organization show' shows the token's own"
                )
            }
            seen.unavailable.map { configuration.logger.warning("these are not all: \($0)") }
            let text = SeenOrganizations(seen.organizations, tokenFile: configuration.tokenFile)
            if configuration.json { JSONAnswer.give(text.json) } else { StandardStreams.output(text.yaml) }
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
            let outcome = try await ServiceAccess.withClient(configuration) { client -> ServiceChange.Outcome in
                let before = try await client.organization().value
                try ServiceAccess.check(before, configuration)
                try Confirmation.ask(["name: \(before.name ?? "") → \(name)"], warnings: [], yes: yes)
                let made = try ServiceChange(client, configuration, of: .organization, to: ["name": name])
                return try await made.outcome(of: try await client.updateOrganization(name: name), id: before.id)
            }
            try outcome.print(asJSON: json)
        }
    }
}
