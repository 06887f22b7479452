import Analysis
import ArgumentParser
import Evidence
import Foundation
import Logging
import Publishing
import Reporting
import Templates

/// `fleet`: the overview of all organizations.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Make the overview of all organizations anew: a page, a table and an XML file.",
        discussion: """
            Reads the newest report of every organization below --output, and names those of the configuration's list, or else of the archive, that have none. \
            Writes index.html, fleet.csv and fleet.xml (with fleet.xsd) beside the organizations' folders, the worst organization first. \
            'heedaudit overview' is the same. The figures are those of the reports; 'heedaudit verify' checks what is in their files.
            """,
        aliases: ["overview"]
    )

    @Option(
        help: ArgumentHelp(
            "How long an organization may be silent before that is said, such as 26h. Default: by expect_every, else 7d.",
            valueName: "span"
        )
    )
    var maxAge: String?

    @Option(help: ArgumentHelp("Where reports landed. Default: ./output.", valueName: "dir"))
    var output: String?

    @Option(help: ArgumentHelp("The archive's folder. Default: ./archive.", valueName: "dir"))
    var archive: String?

    @Option(help: ArgumentHelp("Templates that replace built-in ones, file by file.", valueName: "dir"))
    var templates: String?

    @Option(help: ArgumentHelp("What language the overview is in: en, de. Default: en.", valueName: "language"))
    var language: String?

    @OptionGroup(title: "Answer") var answer: AnswerOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        var listed: [ToolConfiguration] = []
        var configuration: ToolConfiguration
        switch try ToolConfiguration.resolveAll([answer, general]) {
        case .one(let only): configuration = only
        case .several(let common, _, let all): (configuration, listed) = (common, all)
        }
        if let output {
            configuration.output = output
            for place in listed.indices { listed[place].output = output }
        }
        if let archive { configuration.archive = archive }
        if let templates { configuration.templates = templates }
        if let language { configuration.language = language }
        var overview = try configuration.overview()
        if let maxAge {
            overview.schedule = nil
            overview.maxAge = try SettingReader.maxAge(maxAge)
        }
        let members = listed.isEmpty ? try Self.members(configuration) : configuration.overviewMembers(listed)
        try overview.write(members).tell(configuration)
    }

    /// Everybody who has reports, and those of the archive who have none.
    private static func members(_ configuration: ToolConfiguration) throws -> [FleetMember] {
        var reporting = FleetMember.all(in: configuration.output)
        let known = Set(reporting.map { ExactText(ArchiveRoot.folderName(of: $0.id)) })
        let archived = (try? ArchiveRoot(path: configuration.archive).organizations()) ?? []
        // Others may have their archives elsewhere.
        let isHere = Set(archived.map { ExactText($0) })
        for place in reporting.indices
        where isHere.contains(ExactText(ArchiveRoot.folderName(of: reporting[place].id))) {
            reporting[place].archive = configuration.archiveNotice(reporting[place].id)
        }
        let silent = archived.filter { !known.contains(ExactText($0)) }.map { FleetMember(id: $0) }
        guard !reporting.isEmpty || !silent.isEmpty else {
            // What may not be looked into may hold any.
            for folder in [configuration.output, configuration.archive]
            where access(folder, R_OK | X_OK) != 0 && errno == EACCES {
                throw EvidenceError.cannotRead(folder, EACCES)
            }
            throw EvidenceError(
                .notFound,
                "no organization has reports in \(configuration.output), nor an archive in \(configuration.archive)",
                hint: "name the folders by --output and --archive"
            )
        }
        return reporting + silent
    }
}

extension FleetOverview.Outcome {
    /// Says on standard output what was written.
    func tell(_ configuration: ToolConfiguration) {
        if configuration.json {
            let counts = states.map { ($0.state.rawValue, JSONText.number($0.count)) }
            return JSONAnswer.give(
                .object([
                    "organizations": .number(organizations),
                    "states": .object(Dictionary(uniqueKeysWithValues: counts)),
                    "files": .array(files.map(JSONText.string)),
                ])
            )
        }
        guard !configuration.quiet else { return }
        let parts = states.map { "\(Counted.digits($0.count)) \($0.state.rawValue)" }.joined(separator: ", ")
        StandardStreams.output("\(Counted.text(organizations, "organization")): \(parts)")
        for file in files { StandardStreams.output(TerminalText.clean("  \(file)")) }
    }
}
