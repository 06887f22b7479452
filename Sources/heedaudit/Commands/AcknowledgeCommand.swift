import Publishing
import Analysis
import ArgumentParser
import Evidence
import Foundation

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
        let pins = try PublishedPins.all(in: configuration.output).filter { present.isPinned(by: $0) }
        try present.requireKnownEntries(pins)
        try present.requireEntries(pins)
        _ = try lost(of: present, pins, configuration)
        let writer = try ArchiveWriter(
            root: configuration.archive,
            organization: present.organization,
            tool: ToolVersion.name,
            locks: configuration.locks,
            givesUp: true
        )
        let restoration = try lost(of: writer.archive, pins, configuration)
        let person = by.flatMap { $0.isEmpty ? nil : $0 } ?? NSUserName()
        let entry = try writer.acknowledge(restoration, by: person, reason: why, now: Clock.now())
        guard !configuration.quiet else { return }
        let head = writer.archive.head
        let files = entry.acknowledged?.files?.count ?? 0
        let named = Counted.text(files, "file")
        StandardStreams.output(
            TerminalText.clean(
                "\(writer.organization): acknowledged by \(person) at \(entry.at): \(restoration.words)"
                    + (files > 0 ? ", and given up with it: \(named) that no entry names" : "")
                    + "; head \(head.sha256) entry \(head.entry)"
            )
        )
    }

    /// What pins say is gone.
    ///
    /// - Throws: `Problem` with status 64 where nothing is.
    private func lost(of archive: Archive, _ pins: [Pin], _ configuration: ToolConfiguration) throws -> Restoration {
        if let restoration = archive.restoration(pins) { return restoration }
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
}

/// The pins of all bundles below an output folder.
enum PublishedPins {
    /// - Throws: `EvidenceError` where one can't be read: then nobody knows what is to be acknowledged.
    static func all(in output: String) throws -> [Pin] {
        try OrganizationFolder.requireReadable(in: output)
        return try PlainFile.folders(in: output).flatMap { try Pins.inFolder("\(output)/\($0)") { throw $0 } }
    }
}
