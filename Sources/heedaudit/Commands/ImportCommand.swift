import ArgumentParser
import Evidence
import Foundation

/// `import`: archives events from NDJSON files.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Archive events from NDJSON files, one event a line.",
        discussion: """
            Files that end in .gz are unpacked on the way; '-' reads standard input. A line that is no event stops the \
            import, and nothing is archived.

            \(ExitStatus.helpSection)
            """
    )

    @Argument(help: ArgumentHelp("NDJSON files, .gz too; - for standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let configuration = try ToolConfiguration.resolve([archive, general])
        let organization = try organization(configuration)
        let writer = try ArchiveWriter(root: configuration.archive, organization: organization, tool: ToolVersion.name)
        let session = try writer.beginImport()
        for file in files {
            try ImportSource.read(file) { descriptor, name in try session.add(contentsOf: descriptor, named: name) }
        }
        let entry = try session.commit(now: Clock.now())
        guard !configuration.quiet else { return }
        let head = writer.archive.head
        StandardStreams.output(
            "\(organization): \(entry.new) new events, \(entry.alreadyArchived) already archived, \(entry.duplicates) repeated"
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
            try archive.requireEntries([])
        }
        return archive.organization
    }
}

/// Where imported lines come from: a file, a gzip file, or standard input.
private enum ImportSource {
    static func read(_ file: String, _ body: (Int32, String) throws -> Void) throws {
        if file == "-" { return try body(STDIN_FILENO, "standard input") }
        if file.hasSuffix(".gz") { return try readUnpacked(file, body) }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotRead(file) }
        defer { close(descriptor) }
        try body(descriptor, file)
    }

    /// gzip is part of every Debian system; it unpacks beside us, on the other core.
    private static func readUnpacked(_ file: String, _ body: (Int32, String) throws -> Void) throws {
        guard access(file, R_OK) == 0 else { throw cannotRead(file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", file]
        let output = Pipe()
        let error = Pipe()
        process.standardOutput = output
        process.standardError = error
        do {
            try process.run()
        } catch {
            throw Problem(
                .cannotWrite,
                "can't start gzip to unpack \(file)",
                hint: "install gzip, or unpack the file yourself"
            )
        }
        let result = Result { try body(output.fileHandleForReading.fileDescriptor, file) }
        if case .failure = result { process.terminate() }
        let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try result.get()
        guard process.terminationStatus == 0 else {
            let reason = message.split(separator: "\n").first.map(String.init) ?? "not a gzip file"
            throw EvidenceError(.unusableInput, "\(file): \(reason)", hint: "nothing was imported")
        }
    }

    private static func cannotRead(_ file: String) -> Problem {
        Problem(.unusableData, "can't read \(file): \(String(cString: strerror(errno)))")
    }
}
