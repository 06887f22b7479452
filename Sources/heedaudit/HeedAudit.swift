import ArgumentParser
import CBytes
import Evidence
import Foundation

/// The tool: parses the command line, runs a command, and turns what was thrown into a message and an exit status.
@main
struct HeedAudit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heedaudit",
        abstract: "Prove what happened in a CloudHeed organization.",
        discussion: """
            Pulls the organization, its settings and its whole audit log, keeps them as tamper-evident evidence, judges \
            them against compliance controls and renders HTML, CSV and XML reports.

            Start with 'heedaudit demo'. In a crontab: 'heedaudit run'.
            """,
        version: ToolVersion.described,
        subcommands: [
            RunCommand.self, PullCommand.self, ReportCommand.self, StatusCommand.self, VerifyCommand.self,
            BackupCommand.self, PruneCommand.self, FleetCommand.self,
            AcknowledgeCommand.self,
            ImportCommand.self, OrganizationCommand.self, SettingsCommand.self, ControlsCommand.self,
            TemplatesCommand.self,
            SandboxCommand.self, DemoCommand.self, DoctorCommand.self, ConfigurationCommand.self,
        ]
    )

    static func main() async {
        heed_keep_large_blocks_apart()
        // What a run makes, it can read again, whatever the umask.
        umask(umask(0o077) & 0o077)
        Interruption.watch()
        do {
            let command = try parseAsRoot()
            try MachineLimits.prepare()
            try await perform(command)
        } catch let problem as Problem {
            problem.end()
        } catch is ThresholdReached {
            Foundation.exit(ExitStatus.findings.rawValue)
        } catch {
            endParsing(with: error)
        }
    }

    private static func perform(_ command: any ParsableCommand) async throws {
        defer { FileSystemGap.warning.map(MachineNotes.say) }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                var synchronous = command
                try synchronous.run()
            }
        } catch let error where isOurs(error) {
            throw Problem(from: error)
        }
    }

    /// Asking for help, and what argument parsing finds wrong, is the parser's to tell.
    private static func isOurs(_ error: any Error) -> Bool {
        exitCode(for: error) != .success && !(error is ThresholdReached) && !(error is ExitCode)
            && !(error is ValidationError)
    }

    /// Help and version are no failures; anything else that parsing throws is one of usage.
    private static func endParsing(with error: any Error) -> Never {
        guard exitCode(for: error) != .success else {
            let message = fullMessage(for: error)
            let isHelp = message.hasPrefix("OVERVIEW: ") || message.hasPrefix("USAGE: ")
            StandardStreams.output(isHelp ? "\(message)\n\n\(ExitStatus.helpSection)" : message)
            // A command that is only half said gets help that it did not ask for.
            let isAsked = CommandLine.arguments.contains { ["-h", "-help", "--help", "help"].contains($0) }
            Foundation.exit((isHelp && !isAsked ? ExitStatus.usage : .done).rawValue)
        }
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        let summary = message(for: error)
        Problem(
            .usage,
            summary.isEmpty ? "the command line can't be understood" : summary,
            hint: "see 'heedaudit --help'"
        ).end()
    }
}
