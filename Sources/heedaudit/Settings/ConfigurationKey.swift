import Evidence
import Analysis

/// Every setting of the tool, by its name in the configuration file.
///
/// The flag is the name with dashes (`base_url`, `--base-url`), the environment variable the name in capitals behind
/// `HEEDAUDIT_` (`HEEDAUDIT_BASE_URL`).
enum ConfigurationKey: String, CaseIterable, Sendable {
    case baseURL = "base_url"
    case tokenFile = "token_file"
    case caFile = "ca_file"
    case archive
    case output
    case templates
    case period
    case from
    case to
    case timeZone = "time_zone"
    case language
    case format
    case csvProfile = "csv_profile"
    case organization
    case failOn = "fail_on"
    case quiet
    case verbose
    case logFormat = "log_format"
    case json
    case full
    case access
    case rateShare = "rate_share"
    case maxWait = "max_wait"
    case fullEvery = "full_every"
    case reportEvery = "report_every"
    case requestTimeout = "request_timeout"
    case connections
    case outputMode = "output_mode"
    case outputGroup = "output_group"
    case lock
    case signingKey = "signing_key"
    case allowedSigners = "allowed_signers"
    case actionPlan = "action_plan"
    case review
    case dateOrder = "date_order"
    case compare
    case approvedRegions = "approved_regions"
    case approvedDomains = "approved_domains"
    case workingHours = "working_hours"
    case thresholds
    case waivers
    case expectEvery = "expect_every"
    case metricsFile = "metrics_file"
    case onSuccess = "on_success"
    case onFinding = "on_finding"
    case onError = "on_error"
    case notifyFrom = "notify_from"
    case hookTimeout = "hook_timeout"
    case keep
    case organizations
    case jobs
    case organizationHeader = "organization_header"
    case dailyLimit = "daily_limit"

    /// Those that say together what time a report is about: where one place sets one of them, weaker places set none.
    static let ofPeriod: [ConfigurationKey] = [.period, .from, .to]

    /// The flag's name as typed; only some keys have a flag.
    var flag: String { "--" + rawValue.replacing("_", with: "-") }

    /// The environment variable's name.
    var environmentVariable: String { "HEEDAUDIT_" + rawValue.uppercased() }

    /// Whether the value is a list or a mapping, which only the configuration file can hold.
    var isStructured: Bool { setting?.isStructured ?? false }

    /// Whether the value may be written as a list.
    var isList: Bool { setting.map { $0.kind == .list || $0.kind == .command } ?? false }

    /// The key whose name is nearest to a misspelt one, by edit distance.
    static func nearest(to name: String) -> ConfigurationKey? {
        name.nearest(among: allCases.map(\.rawValue)).flatMap { ConfigurationKey(rawValue: $0.name) }
    }
}
