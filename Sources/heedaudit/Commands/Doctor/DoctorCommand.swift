import ArgumentParser
import CZLib
import CloudHeed
import Evidence
import Templates

/// `doctor`: looks at everything a run needs, a line each, and says what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check settings, token and scopes, clock, folders, evidence and libraries: a line each.",
        discussion: """
            The last line counts the others, which begin with 'ok', with 'warning' for what works and hardly as it was meant, with 'unknown' for what was \
            not looked at, and with 'problem' for what ends a run; the status is that of the first problem. Asks the \
            service for the organization, its settings, the newest page of its log, the organizations of the token and the lists \
            of members, invitations and API keys, which counts against the allowance. Folders that a run would make are \
            made and removed again; nothing else is written. With --json one object is printed in place of the lines: in 'checks' \
            each with 'name', 'state' (ok, warning, unknown, problem), 'text' and 'what_to_do', with 'problems' (how many) and \
            'status'.
            """
    )

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let options: [any SettingOptions] = [service, archive, report, general]
        guard ToolConfiguration.areSeveralMeant(options) else {
            let (configuration, mistakes) = ToolConfiguration.examine(options)
            return try await Self.examine(configuration, mistakes)
        }
        let owners = FolderOwners()
        try await OrganizationLoop.each("doctor", options, asksService: true) { configuration in
            if !configuration.json, !configuration.quiet {
                StandardStreams.output(TerminalText.clean("organization \(configuration.organization ?? ""):"))
            }
            try await Self.examine(configuration, ConfigurationMistakes(), owners)
        }
    }

    private static func examine(
        _ configuration: ToolConfiguration,
        _ mistakes: ConfigurationMistakes,
        _ owners: FolderOwners? = nil
    ) async throws {
        var examination = Examination(
            doubtful: mistakes.doubtful,
            isQuiet: configuration.quiet,
            isJSON: configuration.json
        )
        examination.owners = owners
        examination.lookAtSettings(configuration, mistakes)
        examination.lookAtReport(configuration)
        examination.lookAtArchive(configuration)
        examination.lookAtOutput(configuration)
        examination.lookAtTelling(configuration)
        await examination.lookAtService(configuration)
        examination.good(
            "libraries",
            "libcurl \(LibCurl.version), libxml2 \(LibXML2.version), libxlsxwriter \(LibXLSXWriter.version), "
                + "simdjson \(EventScanner.libraryVersion), zlib \(zlibVersion().map { String(cString: $0) } ?? "of an unknown version")"
        )
        try examination.finish()
    }
}
