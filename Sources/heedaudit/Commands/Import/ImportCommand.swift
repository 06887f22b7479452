import Analysis
import ArgumentParser
import Auditing
import Evidence
import Foundation
import Logging

/// `import`: archives events from NDJSON files.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Archive events from NDJSON files, one event a line.",
        discussion: """
            Files that end in .gz are unpacked on the way; '-' reads standard input. An event is a JSON object with an \
            'action' that is a text; a line that is none stops the import, and nothing is archived.
            """
    )

    @Argument(help: ArgumentHelp("NDJSON files, .gz too; - for standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let configuration = try ToolConfiguration.resolve([archive, general])
        let organization = try ArchiveToWrite.looked { try self.organization(configuration) }
        let writer = try ArchiveWriter(
            root: configuration.archive,
            organization: organization,
            tool: ToolVersion.name,
            locks: configuration.locks
        )
        let session = try writer.beginImport()
        for file in files {
            try ImportSource.read(file) { try session.add(contentsOf: $0, named: $1) }
        }
        let entry = try session.commit(now: Clock.now())
        for words in [PullWarnings.contents(of: entry), PullWarnings.undated(in: entry)] {
            if let words { configuration.logger.warning("\(words)") }
        }
        if let strange = try writer.archive.unnamedInWords() {
            configuration.logger.warning("\(PullWarnings.words(of: strange, writer.archive))")
        }
        guard !configuration.quiet else { return }
        let head = writer.archive.head
        StandardStreams.output(
            "\(organization): \(Counted.text(entry.new, "new event")), \(Counted.digits(entry.alreadyArchived)) already archived, "
                + "\(Counted.digits(entry.duplicates)) repeated"
                + ", head \(head.sha256) entry \(head.entry)"
        )
    }

    /// The organization named, else the archive's only one, else `local`.
    private func organization(_ configuration: ToolConfiguration) throws -> String {
        if let named = configuration.organization { return named }
        let root = ArchiveRoot(path: configuration.archive)
        let present = try root.organizations()
        if present.isEmpty { return "local" }
        let archive = try root.open(organization: nil)
        if archive.entries.isEmpty, ArchiveRoot.folderName(of: archive.organization) != archive.organization {
            // Whose it is stands in its entries only.
            try archive.requireKnownEntries([])
            try archive.requireEntries([])
        }
        return archive.organization
    }
}

/// An archive that is read to be written.
enum ArchiveToWrite {
    /// What can't be read there can't be added to either: that is what the person wanted.
    static func looked<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as EvidenceError where error.code == .cannotRead {
            throw EvidenceError(.cannotCreate, error.summary, hint: error.hint)
        }
    }
}
