import Publishing
import Analysis
import ArgumentParser
import Evidence
import Foundation
import Logging

/// `acknowledge`: takes note of pinned entries that are gone, after an archive was restored from a backup.
struct AcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "After an archive was restored from a backup: take note of the pinned entries that are gone.",
        discussion: """
            Bundles under --output pin ledger entries. Where the ledger no longer holds some of them, run, report and verify say \
            so. This appends an entry that names them, and files that no entry names, who takes note, when and why; verify no \
            longer counts them as discrepancies, but names them, and LOG-INTACT is waived, never pass, in every report whose period they touch.
            """
    )

    @Option(help: ArgumentHelp("Why the entries are gone.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Who takes note. Default: the login name.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("Where reports landed. Default: ./output.", valueName: "dir"))
    var output: String?

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        var configuration = try ToolConfiguration.resolve([archive, general])
        if let output { configuration.output = output }
        let why = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !why.isEmpty else {
            throw Problem(
                .usage,
                "--reason is empty",
                hint: "say why the entries are gone, such as 'restored from backup'"
            )
        }
        let present = try ArchiveToWrite.looked {
            try ArchiveRoot(path: configuration.archive).open(organization: configuration.organization)
        }
        let pinned = try Self.pinned(of: present.organization, in: configuration)
        try present.requireKnownEntries(pinned.pins)
        try present.requireEntries(pinned.pins)
        _ = try lost(of: present, pinned, configuration)
        let writer = try ArchiveWriter(
            root: configuration.archive,
            organization: present.organization,
            tool: ToolVersion.name,
            locks: configuration.locks,
            givesUp: true
        )
        let restoration = try lost(of: writer.archive, pinned, configuration)
        let person = by.flatMap { $0.isEmpty ? nil : $0 } ?? NSUserName()
        let entry = try writer.acknowledge(restoration, by: person, reason: why, now: Clock.now())
        guard !configuration.quiet else { return }
        let head = writer.archive.head
        let files = entry.acknowledged?.files?.count ?? 0
        let named = Counted.text(files, "file")
        let unknown = pinned.faults.count
        let reports = Counted.text(unknown, "report pins", "reports pin")
        StandardStreams.output(
            TerminalText.clean(
                "\(writer.organization): acknowledged by \(person) at \(entry.at): \(restoration.words)"
                    + (files > 0 ? ", and given up with it: \(named) that no entry names" : "")
                    + (unknown > 0 ? "; what \(reports) is not known, and not given up" : "")
                    + "; head \(head.sha256) entry \(head.entry)"
            )
        )
    }

    /// What pins say is gone.
    ///
    /// - Throws: `Problem` where nothing is: with status 65 where something could not be read.
    private func lost(of archive: Archive, _ pinned: FolderPins, _ configuration: ToolConfiguration) throws
        -> Restoration
    {
        if let restoration = archive.restoration(pinned.pins) { return restoration }
        if let fault = pinned.faults.first {
            var problem = Problem(from: fault.error)
            problem.summary += ": whether it pins an entry that is gone is not known"
            throw problem
        }
        let strange = try archive.unnamedInWords()
        throw Problem(
            .usage,
            "there is nothing to acknowledge: \(archive.path) holds every entry that a bundle in "
                + "\(configuration.output) pins" + (strange.map { "; but \($0)" } ?? ""),
            hint: strange == nil
                ? "name the reports' folder by --output if it is another one"
                : "restore the ledger that names it, or move what no entry names out of the archive"
        )
    }

    /// What bundles below the output folder pin of an organization's ledger: one bad part stops nothing, and is told.
    private static func pinned(of organization: String, in configuration: ToolConfiguration) throws -> FolderPins {
        var pinned = FolderPins()
        for name in try PlainFile.folders(in: configuration.output) {
            pinned += FolderPins(of: "\(configuration.output)/\(name)").of(organization)
        }
        for fault in pinned.faults {
            configuration.logger.warning("what a bundle pins may not be known: \(fault.error.summary)")
        }
        return pinned
    }
}
