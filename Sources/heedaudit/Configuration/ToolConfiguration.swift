import Publishing
import Templates
import Analysis
import Evidence
import Foundation
import Logging
import Reporting

/// What the flags, the environment and the configuration file mean together, resolved once at the start of a command.
///
/// Only the parts that a command uses are looked at by it, but all are checked: a mistake in the file shows at the next
/// run of any command and not months later.
struct ToolConfiguration: Sendable {
    var baseURL = Self.defaultBaseURL
    var tokenFile: String?
    var caFile: String?
    var archive = "./archive"
    var organization: String?
    var output = "./output"
    var templates: String?
    var period: String?
    var from: String?
    var to: String?
    /// Whether a flag says what time a report is about.
    var periodIsFlag = false
    var timeZone = "UTC"
    var formats = ReportFormat.standard
    var csvProfile = CSVProfile.rfc4180
    var language = "en"
    var failOn: Severity?
    var quiet = false
    var verbose = false
    var logFormat = LogFormat.text
    var json = false
    var full = false
    /// Whether pulls read the lists of members, invitations and API keys.
    var access = true
    var rateShare = 1.0
    var maxWait = Duration.seconds(15 * 60)
    var fullEvery = Duration.seconds(7 * 86_400)
    var reportEvery = Duration.seconds(86_400)
    var requestTimeout = Duration.seconds(30)
    var connections = 4
    var outputMode = OutputMode.group
    /// The group that bundles belong to; nil for the one that they come to.
    var outputGroup: OutputGroup?
    /// Whether the archive is locked against other runs; `lock: none` for file systems that can't.
    var locks = true
    /// The key that signs bundles.
    var signingKey: String?
    /// Whose signatures `verify` accepts.
    var allowedSigners: String?
    var actionPlan: String?
    var review: String?
    /// What a report says of the tables that were given back.
    var notes: [String] = []
    /// Which of day and month comes first between slashes, in tables that come back; nil where these have to tell.
    var dateOrder: DateOrder?
    var compare: String?
    /// How many bundles stay when a run has published another; nil for all of them.
    var keep: RetentionRule?
    /// What the operator decides about the controls.
    var policy = ControlPolicy.undecided
    /// Who is told of runs.
    var telling = TellingSettings()
    /// Keys that only the file can hold, as it holds them.
    var structured: [ConfigurationKey: ConfigurationFile.Value] = [:]
    /// Where the settings come from that are set, in the order of the documents.
    var origins: [(key: ConfigurationKey, origin: SettingReader.Origin)] = []
    /// The configuration file that was read, empty when there was none.
    var configurationPath = ""
    /// Whether it is one of several that a command works through.
    var isOneOfSeveral = false
    /// How many organizations are worked on at one time.
    var jobs = 2
    /// Whether requests name the organization.
    var organizationHeader = false
    /// Requests that may be sent a day; nil for the plan's.
    var dailyLimit: Int?
    var logger: Logger

    static let defaultBaseURL = "https://api.cloudheed.com"

    /// Resolves the settings.
    ///
    /// - Parameters:
    ///   - options: What was typed, a group after the other.
    ///   - environment: The process's environment.
    /// - Returns: What they mean together.
    /// - Throws: `Problem`: 64 for a flag whose value makes no sense, 78 for the environment or the file; of several mistakes
    ///   it tells the first, and how many more there are.
    static func resolve(
        _ options: [any SettingOptions],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> ToolConfiguration {
        let (configuration, mistakes) = examine(options, environment: environment)
        if let problem = mistakes.asOne { throw problem }
        return configuration
    }

    /// Resolves the settings as far as that can be done, and tells all that is wrong with them.
    ///
    /// - Parameters:
    ///   - options: What was typed, a group after the other.
    ///   - environment: The process's environment.
    /// - Returns: What they mean together, defaults in the place of what can't be used; and every mistake.
    static func examine(
        _ options: [any SettingOptions],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> (configuration: ToolConfiguration, mistakes: ConfigurationMistakes) {
        var mistakes = ConfigurationMistakes()
        let reader = Self.reader(options, environment, &mistakes)
        guard let entry = try? reader.onlyChosen() else { return (ToolConfiguration(reader, &mistakes), mistakes) }
        return (member(entry, reader, &mistakes), mistakes)
    }

    /// Where the settings are looked up: flags, environment and file.
    static func reader(
        _ options: [any SettingOptions],
        _ environment: [String: String],
        _ mistakes: inout ConfigurationMistakes
    ) -> SettingReader {
        var flags: [ConfigurationKey: String] = [:]
        var namedFile = environment[EnvironmentSettings.configurationFile].flatMap { $0.isEmpty ? nil : $0 }
        for group in options {
            flags.merge(group.typed) { _, last in last }
            if let general = group as? GeneralOptions, let path = general.configurationFile { namedFile = path }
        }
        var file = ConfigurationFile.none
        do {
            file = try ConfigurationFile.load(named: namedFile)
            for mistake in file.mistakes { mistakes.add(mistake) }
        } catch {
            mistakes.add(Problem(from: error))
            let isSet = { (key: ConfigurationKey) in
                flags[key] != nil || environment[key.environmentVariable]?.isEmpty == false
            }
            mistakes.doubt(ConfigurationKey.allCases.filter { !isSet($0) })
        }
        EnvironmentSettings.examine(environment, &mistakes)
        return SettingReader(flags: flags, environment: environment, file: file)
    }

    /// Looks all settings up.
    ///
    /// - Parameters:
    ///   - reader: Where.
    ///   - organization: Whose settings they are of several that a command works through; nil for all others.
    ///   - mistakes: Gets what is wrong with them.
    init(_ reader: SettingReader, of organization: String? = nil, _ mistakes: inout ConfigurationMistakes) {
        logger = Self.logger(format: .text, quiet: false, verbose: false)
        isOneOfSeveral = organization != nil
        readPlaces(reader, &mistakes)
        readReport(reader, &mistakes)
        readManners(reader, &mistakes)
        readOrganizations(reader, &mistakes)
        actionPlan = mistakes.take(.actionPlan, or: nil) { try reader.path(.actionPlan) }
        review = mistakes.take(.review, or: nil) { try reader.path(.review) }
        dateOrder = reader.word(.dateOrder, accepts: "dmy (31/12/2026) or mdy (12/31/2026)", &mistakes)
        telling = TellingSettings(reader, &mistakes)
        compare = mistakes.take(.compare, or: nil) { try reader.name(.compare) }
        keep = mistakes.take(.keep, or: nil) { try KeepReader.rule(reader.file) }
        for key in ConfigurationKey.allCases where key.isStructured {
            if let entry = reader.file[key] { structured[key] = entry.value }
        }
        let givenBack = GivenBackTables.Files(plan: actionPlan, review: review, dateOrder: dateOrder)
        let zone = (try? CalendarZone(name: timeZone)) ?? .utc
        let decided = PolicyReader(reader, givenBack, zone: zone, &mistakes)
        (policy, notes) = (decided.policy, decided.notes)
        configurationPath = reader.file.path
        origins = SettingTable.all.compactMap { row in reader.origin(row.key).map { (row.key, $0) } }
        let logger = Self.logger(format: logFormat, quiet: quiet, verbose: verbose, organization)
        self.logger = logger
        // What a machine lacks is no organization's.
        if organization == nil { MachineNotes.listen { logger.warning("\($0)") } }
        checkPeriod(reader, &mistakes)
    }

    /// Where the service, the archive and the reports are.
    private mutating func readPlaces(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes) {
        baseURL = mistakes.take(.baseURL, or: baseURL) {
            try reader.checked(.baseURL, ServiceAccess.checkedBaseURL) ?? baseURL
        }
        tokenFile = mistakes.take(.tokenFile, or: nil) { try reader.tokenFile() }
        caFile = mistakes.take(.caFile, or: nil) { try reader.path(.caFile) }
        archive = mistakes.take(.archive, or: archive) { try reader.path(.archive) ?? archive }
        organization = mistakes.take(.organization, or: nil) { try reader.name(.organization) }
        output = mistakes.take(.output, or: output) { try reader.path(.output) ?? output }
        signingKey = mistakes.take(.signingKey, or: nil) { try reader.path(.signingKey) }
        allowedSigners = mistakes.take(.allowedSigners, or: nil) { try reader.path(.allowedSigners) }
        templates = mistakes.take(.templates, or: nil) { try reader.path(.templates) }
    }

    /// What a report is about, and how it looks.
    private mutating func readReport(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes) {
        period = mistakes.take(.period, or: nil) { try reader.text(.period) }
        from = mistakes.take(.from, or: nil) { try reader.text(.from) }
        to = mistakes.take(.to, or: nil) { try reader.text(.to) }
        periodIsFlag = ConfigurationKey.ofPeriod.contains { reader.flags[$0] != nil }
        timeZone = mistakes.take(.timeZone, or: timeZone) {
            try reader.checked(.timeZone) { try CalendarZone(name: $0).name } ?? timeZone
        }
        language = mistakes.take(.language, or: language) { try reader.name(.language) ?? language }
        formats = mistakes.take(.format, or: formats) {
            try reader.read(.format, default: formats, accepts: ReportFormat.names) {
                Self.formats($0)
            }
        }
        csvProfile = reader.word(.csvProfile, accepts: CSVProfile.names, &mistakes) ?? csvProfile
        failOn = reader.severity(.failOn, &mistakes)
    }

    /// How the tool behaves: what it says, how hard it asks, how often it does what.
    private mutating func readManners(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes) {
        quiet = mistakes.take(.quiet, or: false) { try reader.flag(.quiet) }
        verbose = mistakes.take(.verbose, or: false) { try reader.flag(.verbose) }
        json = mistakes.take(.json, or: false) { try reader.flag(.json) }
        if json { JSONAnswer.want() }
        full = mistakes.take(.full, or: false) { try reader.flag(.full) }
        access = mistakes.take(.access, or: true) { try reader.flag(.access, default: true) }
        logFormat = reader.word(.logFormat, accepts: "text or json", &mistakes) ?? logFormat
        rateShare = mistakes.take(.rateShare, or: 1) {
            try reader.read(.rateShare, default: 1.0, accepts: "a share above 0, up to 1, such as 0.5") {
                Double($0).flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
            }
        }
        func duration(_ key: ConfigurationKey, _ fallback: Duration, atLeast least: Duration = .zero) -> Duration {
            mistakes.take(key, or: fallback) { try reader.duration(key, default: fallback, atLeast: least) }
        }
        maxWait = duration(.maxWait, maxWait)
        fullEvery = duration(.fullEvery, fullEvery)
        reportEvery = duration(.reportEvery, reportEvery)
        // A deadline of nothing would be none at all.
        requestTimeout = duration(.requestTimeout, requestTimeout, atLeast: .seconds(1))
        connections = reader.number(.connections, in: 1...64, &mistakes) ?? connections
        outputMode = reader.word(.outputMode, accepts: "private, group or world", &mistakes) ?? outputMode
        outputGroup = mistakes.take(.outputGroup, or: nil) {
            try reader.read(.outputGroup, default: nil, accepts: "a group of this system") {
                OutputGroup($0).map(Optional.some)
            }
        }
        locks = mistakes.take(.lock, or: true) {
            try reader.read(.lock, default: true, accepts: "flock, or none where only one run ever exists") {
                ["flock": true, "none": false][$0]
            }
        }
    }

    private static func formats(_ text: String) -> [ReportFormat]? {
        let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        let formats = names.compactMap { ReportFormat(rawValue: $0) }
        guard !names.isEmpty, formats.count == names.count else { return nil }
        return ReportFormat.allCases.filter(formats.contains)
    }

    private static func logger(
        format: LogFormat,
        quiet: Bool,
        verbose: Bool,
        _ organization: String? = nil
    ) -> Logger {
        var logger = Logger(label: "heedaudit") { _ in
            StandardErrorLog(logLevel: .notice, organization: organization, format: format)
        }
        logger.logLevel = quiet ? .warning : verbose ? .debug : .notice
        return logger
    }
}
