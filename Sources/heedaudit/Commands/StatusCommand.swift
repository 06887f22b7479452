import Analysis
import ArgumentParser
import Auditing
import Evidence

/// `status`: what is archived, proven and reported, how old, and what stands wrong.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what is archived, proven and reported, how old it is, and what stands wrong.",
        discussion: """
            Of every organization in the archive or in the configuration's list, or of those named. From the ledger, the names and sizes of files and the \
            newest report's manifest alone: quick, and no substitute for 'heedaudit verify'. Ends with 1 when an alarm stands: the newest pull \
            not complete, events altered or vanished at the service that nobody accepted, the archive damaged or restored, \
            a pull overdue by expect_every, the newest complete pull older than --max-age, or a pull dated in the future.
            """
    )

    @Option(
        help: ArgumentHelp("How old the newest complete pull may be, such as 26h. Default: any age.", valueName: "span")
    )
    var maxAge: String?

    @Option(help: ArgumentHelp("Where reports landed. Default: ./output.", valueName: "dir"))
    var output: String?

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Answer") var answer: AnswerOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let (now, oldest) = (Clock.now(), try maxAge.map(SettingReader.maxAge))
        let configuration: ToolConfiguration
        let found: [ArchiveStatus]
        switch try ToolConfiguration.resolveAll([archive, answer, general]) {
        case .one(let only):
            configuration = only
            found = try job(only, oldest).run(organization: only.organization, now: now)
        case .several(let common, let members, _):
            configuration = common
            found = members.map { member in
                job(member, oldest).status(ofListed: member.organization ?? "", now: now)
            }
        }
        let texts = found.map { StatusText($0, now: now) }
        let isAlarmed = found.contains { !$0.alarms.isEmpty }
        if configuration.json {
            JSONAnswer.give(
                .object([
                    "at": .string(now.rfc3339), "status": .number(isAlarmed ? 1 : 0),
                    "organizations": .array(texts.map(\.json)),
                ])
            )
        } else if !configuration.quiet || isAlarmed {
            let lines = texts.map { $0.lines(Terminal.output).joined(separator: "\n") }
            StandardStreams.output(lines.joined(separator: "\n\n"))
        }
        if isAlarmed { throw ThresholdReached() }
    }

    private func job(_ configuration: ToolConfiguration, _ oldest: Int64?) -> StatusJob {
        var job = StatusJob(archive: configuration.archive, output: output ?? configuration.output)
        job.maxAge = oldest
        job.schedule = configuration.policy.schedule
        return job
    }
}
