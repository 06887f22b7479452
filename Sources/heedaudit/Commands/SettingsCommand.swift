import ArgumentParser
import CloudHeed
import Foundation

/// `settings`: shows and changes them.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show or change the organization's settings.",
        subcommands: [Show.self, Update.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the settings.")

        @Flag(help: "Print the service's answer as JSON; what a terminal would obey is escaped.")
        var json = false
        @OptionGroup(title: "Service") var service: ServiceOptions
        @OptionGroup(title: "General") var general: GeneralOptions

        mutating func run() async throws {
            let configuration = try ToolConfiguration.resolve([service, general])
            let answer = try await ServiceAccess.withClient(configuration) { client in
                try await ServiceAccess.checkOrganization(client, configuration)
                return try await client.answer(about: .settings)
            }
            AnswerPrinter.print(answer.body, answer.value, asJSON: json)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Change settings: shows the change, warns, and asks.",
            discussion: "Without a yes nothing is sent. Scripts say --yes."
        )

        @Option(
            name: .customLong("require-2fa"),
            help: ArgumentHelp("Whether every member needs a second factor.", valueName: "true|false")
        )
        var require2FA: Bool?
        @Option(help: ArgumentHelp("Where databases may be, separated by commas.", valueName: "regions"))
        var allowedRegions: String?
        @Option(help: ArgumentHelp("Whether access is limited to listed addresses.", valueName: "true|false"))
        var ipAllowlistRequired: Bool?
        @Option(help: ArgumentHelp("Tier of new databases.", valueName: "tier"))
        var defaultTier: String?
        @Option(help: ArgumentHelp("Whether members sign in through the identity provider.", valueName: "true|false"))
        var ssoEnabled: Bool?
        @Flag(help: "Don't ask.")
        var yes = false
        @Flag(help: "Print the service's answer as JSON; what a terminal would obey is escaped.")
        var json = false
        @OptionGroup(title: "Service") var service: ServiceOptions
        @OptionGroup(title: "General") var general: GeneralOptions

        mutating func run() async throws {
            let configuration = try ToolConfiguration.resolve([service, general])
            var change = SettingsChange()
            change.require2FA = require2FA
            change.allowedRegions = allowedRegions.map {
                $0.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
            }
            change.ipAllowlistRequired = ipAllowlistRequired
            change.defaultTier = defaultTier
            change.ssoEnabled = ssoEnabled
            guard !change.isEmpty else {
                throw Problem(.usage, "nothing to change", hint: "name a setting, such as --require-2fa true")
            }
            let (wanted, yes) = (change, yes)
            let outcome = try await ServiceAccess.withClient(configuration) { client -> ServiceChange.Outcome in
                try await ServiceAccess.checkOrganization(client, configuration)
                let before = AnswerPrinter.fields(try await client.answer(about: .settings).value.bytes)
                try Confirmation.ask(
                    Self.differences(wanted, before),
                    warnings: Self.warnings(wanted, before),
                    yes: yes
                )
                let made = try ServiceChange(client, configuration, of: .settings, to: wanted)
                return try await made.outcome(of: try await client.updateSettings(wanted), id: nil)
            }
            try outcome.print(asJSON: json)
        }

        private static func differences(_ change: SettingsChange, _ before: [(name: String, value: String)]) -> [String]
        {
            let encoded = (try? JSONEncoder().encode(change)).map(Array.init) ?? []
            return AnswerPrinter.fields(encoded).map { field in
                let old = before.first { $0.name == field.name }?.value ?? "(not set)"
                return "\(field.name): \(old) → \(field.value)"
            }
        }

        private static func warnings(_ change: SettingsChange, _ before: [(name: String, value: String)]) -> [String] {
            let was = { (name: String) in before.first { $0.name == name }?.value }
            var warnings: [String] = []
            if change.require2FA == true, was("require_2fa") != "true" {
                warnings.append("require_2fa forces every member to set up a second factor at the next login")
            }
            if change.require2FA == false, was("require_2fa") == "true" {
                warnings.append("require_2fa off: members can sign in with a password alone")
            }
            if change.ipAllowlistRequired == true, was("ip_allowlist_required") != "true" {
                warnings.append("ip_allowlist_required locks out everybody whose address is not on the list")
            }
            return warnings
        }
    }
}
