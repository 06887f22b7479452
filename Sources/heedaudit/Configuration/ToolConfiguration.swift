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
    var baseURL: String
    var tokenFile: String?
    var caFile: String?
    var archive: String
    var organization: String?
    var output: String
    var templates: String?
    var period: String?
    var from: String?
    var to: String?
    /// Whether a flag says what time a report is about.
    var periodIsFlag: Bool
    var timeZone: String
    var formats: [OutputFormat]
    var csvProfile: CSVProfile
    var failOn: Severity?
    var quiet: Bool
    var verbose: Bool
    var logFormat: LogFormat
    var json: Bool
    var full: Bool
    var rateShare: Double
    var maxWait: Duration
    var fullEvery: Duration
    var reportEvery: Duration
    var requestTimeout: Duration
    var connections: Int
    var outputMode: OutputMode
    /// Whether the archive is locked against other runs; `lock: none` for file systems that can't.
    var locks: Bool
    var actionPlan: String?
    var compare: String?
    /// What the operator decides about the controls.
    var policy: ControlPolicy
    /// Keys that only the file can hold, as it holds them.
    var structured: [ConfigurationKey: ConfigurationFile.Value]
    /// The configuration file that was read, empty when there was none.
    var configurationPath: String
    var logger: Logger

    static let defaultBaseURL = "https://api.cloudheed.com"

    /// Resolves the settings.
    ///
    /// - Parameters:
    ///   - options: What was typed, a group after the other.
    ///   - environment: The process's environment.
    /// - Returns: What they mean together.
    /// - Throws: `Problem`: 64 for a flag whose value makes no sense, 78 for the environment or the file.
    static func resolve(
        _ options: [any SettingOptions],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> ToolConfiguration {
        var flags: [ConfigurationKey: String] = [:]
        var namedFile = environment["HEEDAUDIT_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        for group in options {
            flags.merge(group.typed) { _, last in last }
            if let general = group as? GeneralOptions, let path = general.configurationFile { namedFile = path }
        }
        let file = try ConfigurationFile.load(named: namedFile)
        return try ToolConfiguration(SettingReader(flags: flags, environment: environment, file: file))
    }

    private init(_ reader: SettingReader) throws {
        baseURL = try reader.text(.baseURL) ?? Self.defaultBaseURL
        tokenFile = try reader.text(.tokenFile)
        caFile = try reader.text(.caFile)
        archive = try reader.text(.archive) ?? "./archive"
        organization = try reader.text(.organization)
        output = try reader.text(.output) ?? "./output"
        templates = try reader.text(.templates)
        period = try reader.text(.period)
        from = try reader.text(.from)
        to = try reader.text(.to)
        periodIsFlag = [.period, .from, .to].contains { reader.flags[$0] != nil }
        timeZone = try reader.text(.timeZone) ?? "UTC"
        formats = try reader.read(.format, default: Self.reportFormats, accepts: "html, csv, xml") {
            Self.formats($0)
        }
        csvProfile = try reader.read(
            .csvProfile,
            default: .rfc4180,
            accepts: CSVProfile.allCases.map(\.rawValue).joined(separator: ", ")
        ) { CSVProfile(rawValue: $0) }
        failOn = try reader.read(.failOn, default: nil, accepts: "critical, high, medium, low or info") { text in
            Severity(rawValue: text).map(Optional.some)
        }
        quiet = try reader.flag(.quiet)
        verbose = try reader.flag(.verbose)
        json = try reader.flag(.json)
        full = try reader.flag(.full)
        logFormat = try reader.read(.logFormat, default: .text, accepts: "text or json") { LogFormat(rawValue: $0) }
        rateShare = try reader.read(.rateShare, default: 1.0, accepts: "a share above 0, up to 1, such as 0.5") {
            Double($0).flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
        }
        maxWait = try reader.duration(.maxWait, default: .seconds(15 * 60))
        fullEvery = try reader.duration(.fullEvery, default: .seconds(7 * 86_400))
        reportEvery = try reader.duration(.reportEvery, default: .seconds(86_400))
        requestTimeout = try reader.duration(.requestTimeout, default: .seconds(30))
        connections = try reader.read(.connections, default: 4, accepts: "a number from 1 to 64") {
            Int($0).flatMap { (1...64).contains($0) ? $0 : nil }
        }
        outputMode = try reader.read(.outputMode, default: .group, accepts: "private, group or world") {
            OutputMode(rawValue: $0)
        }
        locks = try reader.read(.lock, default: true, accepts: "flock, or none where only one run ever exists") {
            ["flock": true, "none": false][$0]
        }
        actionPlan = try reader.text(.actionPlan)
        compare = try reader.text(.compare)
        structured = [:]
        for key in ConfigurationKey.allCases where key.isStructured {
            if let entry = reader.file[key] { structured[key] = entry.value }
        }
        policy = try PolicyReader(reader, structured).policy
        configurationPath = reader.file.path
        let logger = Self.logger(format: logFormat, quiet: quiet, verbose: verbose)
        self.logger = logger
        MachineNotes.listen { logger.warning("\($0)") }
        try Self.checkPeriodFlags(reader)
    }

    private static func checkPeriodFlags(_ reader: SettingReader) throws {
        guard let period = try reader.find(.period) else { return }
        guard let other = try reader.find(.from) ?? reader.find(.to) else { return }
        throw Problem(
            period.origin.status == .usage || other.origin.status == .usage ? .usage : .configuration,
            "\(period.origin.description) and \(other.origin.description) can't be used together",
            hint: "name a period, or its begin and end"
        )
    }

    /// What `--format` can name; other kinds of files are users' templates and follow `html`.
    private static let reportFormats: [OutputFormat] = [.html, .csv, .xml]

    private static func formats(_ text: String) -> [OutputFormat]? {
        let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        let formats = names.compactMap { name in reportFormats.first { $0.rawValue == name } }
        guard !names.isEmpty, formats.count == names.count else { return nil }
        return reportFormats.filter(formats.contains)
    }

    private static func logger(format: LogFormat, quiet: Bool, verbose: Bool) -> Logger {
        var logger = Logger(label: "heedaudit") { _ in
            StandardErrorLog(logLevel: .notice, format: format)
        }
        logger.logLevel = quiet ? .warning : verbose ? .debug : .notice
        return logger
    }
}
