import Templates
import ArgumentParser
import Evidence
import Publishing
import Reporting

/// `templates`: writes the built-in ones out, checks a person's own.
struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates",
        abstract: "Write the built-in templates out, or check your own.",
        subcommands: [Export.self, Check.self]
    )

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write the built-in templates into a folder."
        )

        @Argument(help: ArgumentHelp("Folder to write to.", valueName: "dir"))
        var folder: String

        mutating func run() throws {
            for file in try TemplateLibrary.export(to: folder) { StandardStreams.output(file) }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check templates; name file and line of what is wrong."
        )

        @Argument(help: ArgumentHelp("Folder of templates that replace or join the built-in ones.", valueName: "dir"))
        var folder: String

        mutating func run() throws {
            let library = try TemplateLibrary(overlay: folder)
            let own = library.check() + library.unknownNames()
            let problems = own + (library.fleetProblems() + library.unknownFleetNames()).filter { !own.contains($0) }
            for problem in problems {
                StandardStreams.output(
                    TerminalText.clean(problem.description + (problem.hint.map { " (\($0))" } ?? ""))
                )
            }
            guard !problems.isEmpty else {
                StandardStreams.output("\(folder): no mistakes found")
                return
            }
            throw Problem(
                .configuration,
                "\(Counted.text(problems.count, "mistake")) in \(folder)",
                hint: "docs/templates.md says what is refused and why"
            )
        }
    }
}
