import ArgumentParser
import Templates

/// What was typed, as text; `ToolConfiguration` says what it means.
///
/// The groups are split by who uses them, so that a command's help names few flags that do nothing there.
protocol SettingOptions {
    /// The keys that were given as flags, and their texts.
    var typed: [ConfigurationKey: String] { get }
}

/// Settings that a command has flags of its own for.
struct TypedSettings: SettingOptions {
    let typed: [ConfigurationKey: String]
}

/// Flags of every command that reads the configuration.
struct GeneralOptions: ParsableArguments, SettingOptions {
    @Option(name: .customLong("config"), help: ArgumentHelp("Configuration file.", valueName: "file"))
    var configurationFile: String?

    @Flag(help: "For cron: print only warnings, findings that reach --fail-on, errors, and answers (--json, show).")
    var quiet = false

    @Flag(help: "Say more on standard error.")
    var verbose = false

    @Option(help: ArgumentHelp("How lines on standard error look: text or json.", valueName: "format"))
    var logFormat: String?

    var typed: [ConfigurationKey: String] {
        [.quiet: quiet ? "true" : nil, .verbose: verbose ? "true" : nil, .logFormat: logFormat].compactMapValues { $0 }
    }
}

/// Flags of the commands that speak to the service.
struct ServiceOptions: ParsableArguments, SettingOptions {
    @Option(
        name: .customLong("base-url"),
        help: ArgumentHelp("Where the service is. Default: https://api.cloudheed.com.", valueName: "url")
    )
    var baseURL: String?

    @Option(
        help: ArgumentHelp(
            "File that holds the token; without it, the environment's CLOUDHEED_TOKEN.",
            valueName: "file"
        )
    )
    var tokenFile: String?

    @Option(help: ArgumentHelp("Extra certificate authorities, PEM.", valueName: "file"))
    var caFile: String?

    var typed: [ConfigurationKey: String] {
        [.baseURL: baseURL, .tokenFile: tokenFile, .caFile: caFile].compactMapValues { $0 }
    }
}

/// Flags of the commands that pull.
struct PullOptions: ParsableArguments, SettingOptions {
    @Option(
        help: ArgumentHelp(
            "on or off: whether the lists of members, invitations and API keys are read. Default: on.",
            valueName: "switch"
        )
    )
    var access: String?

    var typed: [ConfigurationKey: String] { access.map { [.access: $0] } ?? [:] }
}

/// Where the archive is, and which organization in it.
struct ArchiveOptions: ParsableArguments, SettingOptions {
    @Option(help: ArgumentHelp("The archive's folder. Default: ./archive.", valueName: "dir"))
    var archive: String?

    @Option(
        help: ArgumentHelp(
            """
            Organization's id; may be left out when the archive holds one. With pull, run and doctor: whose token it must \
            be. With import: whose events they are; default: the archive's only one, else local.
            """,
            valueName: "id"
        )
    )
    var organization: String?

    var typed: [ConfigurationKey: String] {
        [.archive: archive, .organization: organization].compactMapValues { $0 }
    }
}

/// How commands that render no report answer.
struct AnswerOptions: ParsableArguments, SettingOptions {
    @Flag(help: "Print one JSON object in place of lines (docs/json.md).")
    var json = false

    var typed: [ConfigurationKey: String] { json ? [.json: "true"] : [:] }
}

/// Flags of the commands that render a report.
struct ReportOptions: ParsableArguments, SettingOptions {
    @Option(help: ArgumentHelp("Where reports land. Default: ./output.", valueName: "dir"))
    var output: String?

    @Option(help: ArgumentHelp("Templates that replace or join the built-in ones, file by file.", valueName: "dir"))
    var templates: String?

    @Option(
        help: ArgumentHelp(
            "2026-03, 2026-Q1, 2026, this-month, last-month, last-quarter, last-year or all. Default: all.",
            valueName: "period"
        )
    )
    var period: String?

    @Option(help: ArgumentHelp("Begin of the period: a date or an RFC 3339 time.", valueName: "time"))
    var from: String?

    @Option(
        help: ArgumentHelp("End of the period, itself outside: --to 2026-04-01 ends March.", valueName: "time")
    )
    var to: String?

    @Option(help: ArgumentHelp("Where days and months begin. Default: UTC.", valueName: "tz"))
    var timeZone: String?

    @Option(help: ArgumentHelp("What language the report is in: en, de. Default: en.", valueName: "language"))
    var language: String?

    @Option(
        help: ArgumentHelp("\(ReportFormat.names), separated by commas. Default: html,csv,xml.", valueName: "formats")
    )
    var format: String?

    @Option(
        help: ArgumentHelp(
            "Which program the tables are for: \(CSVProfile.names). Default: rfc4180.",
            valueName: "profile"
        )
    )
    var csvProfile: String?

    @Option(
        help: ArgumentHelp(
            "Exit with 1 when a finding of this severity or above is fail or not_proven: critical, high, medium, low, info.",
            valueName: "severity"
        )
    )
    var failOn: String?

    @Option(
        help: ArgumentHelp(
            "A filled-in action-plan.csv or report.xlsx: what it accepts is waived; its owners and days stand in the tables and the XML.",
            valueName: "file"
        )
    )
    var actionPlan: String?

    @Option(
        help: ArgumentHelp(
            "A filled-in review.csv or report.xlsx: a finding all of whose events are ok is reviewed, one with an event that is not ok fails.",
            valueName: "file"
        )
    )
    var review: String?

    @Option(
        help: ArgumentHelp(
            "Name of the bundle to compare with. Default: the previous one of the same kind of period.",
            valueName: "name"
        )
    )
    var compare: String?

    @Flag(help: "Print one JSON object at the end in place of the four lines.")
    var json = false

    var typed: [ConfigurationKey: String] {
        let given: [ConfigurationKey: String?] = [
            .output: output, .templates: templates, .period: period, .from: from, .to: to, .timeZone: timeZone,
            .language: language, .format: format, .csvProfile: csvProfile, .failOn: failOn, .actionPlan: actionPlan,
            .review: review, .compare: compare, .json: json ? "true" : nil,
        ]
        return given.compactMapValues { $0 }
    }
}
