import ArgumentParser
import Auditing
import Evidence
import Logging
import Publishing

/// `prune`: removes bundles that a rule does not keep.
struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove old reports: keep the newest ones, and the newest of so many days, months and years.",
        discussion: """
            A report's time is that of its evidence, in the report's time zone; each kind of period (month, year, all …) is counted by \
            itself. Without a number the configuration's keep holds. Evidence is never removed, nor the report that latest leads to; \
            what a removed report pinned stays in pins.ndjson beside the others. What is no sound report of the organization is left and named.
            """
    )

    @Option(help: ArgumentHelp("How many of the newest reports stay.", valueName: "n"))
    var keepLast: Int?

    @Option(help: ArgumentHelp("Of how many days the newest report stays.", valueName: "n"))
    var keepDaily: Int?

    @Option(help: ArgumentHelp("Of how many months the newest report stays.", valueName: "n"))
    var keepMonthly: Int?

    @Option(help: ArgumentHelp("Of how many years the newest report stays.", valueName: "n"))
    var keepYearly: Int?

    @Flag(help: "Remove nothing; say what would be removed.")
    var dryRun = false

    @Option(help: ArgumentHelp("Where reports landed. Default: ./output.", valueName: "dir"))
    var output: String?

    @Option(help: ArgumentHelp("Whose reports; may be left out where there is one organization's.", valueName: "id"))
    var organization: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let command = self
        let typed = TypedSettings(typed: organization.map { [.organization: $0] } ?? [:])
        try await OrganizationLoop.each("prune", [typed, general], adjust: command.adjust) { configuration in
            let rule = try command.rule(configuration)
            let job = try PruneJob.prepared(configuration.reportSettings, rule: rule)
            for outcome in try job.run(isTrial: command.dryRun) {
                outcome.tell(configuration, isTrial: command.dryRun)
            }
        }
    }

    private func adjust(_ configuration: inout ToolConfiguration) {
        if let output { configuration.output = output }
        if json { configuration.json = true }
    }

    private func rule(_ configuration: ToolConfiguration) throws -> RetentionRule {
        let typed = [keepLast, keepDaily, keepMonthly, keepYearly]
        if typed.contains(where: { $0.map { !(0...KeepReader.most).contains($0) } ?? false }) {
            throw Problem(.usage, "what is kept is a number from 0 to \(Counted.digits(KeepReader.most))")
        }
        let isTyped = typed.contains { $0 != nil }
        let rule = RetentionRule(
            last: keepLast ?? 0,
            daily: keepDaily ?? 0,
            monthly: keepMonthly ?? 0,
            yearly: keepYearly ?? 0
        )
        guard let chosen = isTyped ? rule : configuration.keep, !chosen.isEmpty else {
            throw Problem(
                .usage,
                "nothing says which reports stay",
                hint:
                    "type --keep-last 7 --keep-daily 30 --keep-monthly 24 --keep-yearly 10, or set keep in the configuration"
            )
        }
        return chosen
    }
}

extension PruneJob.Outcome {
    /// Says what was removed, or would be, and what was left alone.
    func tell(_ configuration: ToolConfiguration, isTrial: Bool) {
        warn(configuration)
        if let turn = OrganizationTurn.current {
            let (message, answer) = (words(isTrial: isTrial), json(isTrial: isTrial))
            turn.note { ($0.message, $0.answer) = (message, answer) }
            if configuration.json { return }
        }
        if configuration.json { return StandardStreams.output(json(isTrial: isTrial).rendered) }
        guard !configuration.quiet else { return }
        StandardStreams.output(TerminalText.clean("\(folder): \(words(isTrial: isTrial))"))
        for name in bundles.removed { StandardStreams.output(TerminalText.clean("  \(name)")) }
    }

    /// Says on standard error what a run removed behind its report.
    func note(_ configuration: ToolConfiguration) {
        warn(configuration)
        if !bundles.removed.isEmpty { configuration.logger.notice("\(folder): \(words(isTrial: false))") }
    }

    private func warn(_ configuration: ToolConfiguration) {
        for (name, reason) in bundles.left {
            configuration.logger.warning(
                "\(folder)/\(TerminalText.clean(name)) is left where it is: \(TerminalText.clean(reason))"
            )
        }
    }

    private func words(isTrial: Bool) -> String {
        guard !bundles.removed.isEmpty else { return "nothing to remove, \(stay)" }
        let reports = Counted.text(bundles.removed.count, "report")
        let sizes = "\(Counted.text(bundles.files, "file")), \(Counted.text(bundles.bytes, "byte"))"
        return "\(isTrial ? "would remove" : "removed") \(reports) (\(sizes)), \(stay)"
    }

    private var stay: String { Counted.text(bundles.kept.count, "report stays", "reports stay") }

    private func json(isTrial: Bool) -> JSONText {
        .object([
            "organization": .string(organization), "folder": .string(folder), "dry_run": .boolean(isTrial),
            "removed": .array(bundles.removed.map(JSONText.string)),
            "kept": .array(bundles.kept.map(JSONText.string)),
            "left": .array(
                bundles.left.map { .object(["name": .string($0.name), "reason": .string($0.reason)]) }
            ),
            "files": .number(bundles.files), "bytes": .number(bundles.bytes),
        ])
    }
}
