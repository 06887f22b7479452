import ArgumentParser
import Evidence
import Foundation
import Logging

/// `backup`: copies an archive while runs go on.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the archive, consistently while runs go on; again and again, only what is new.",
        discussion: """
            Copies what the ledger holds when it begins, entry by entry, into DIR/ORGANIZATION, which is an archive itself: to \
            restore, put it in the place of the lost one. Then reads the whole copy and compares it with its ledger; what it \
            calls done verifies. Killed at any moment, the next backup goes on. It copies nothing from a damaged archive, and \
            never onto a copy that holds what the archive does not. Reports are not copied: 'heedaudit report' makes them anew, \
            but keep a copy of those that were handed out, for they pin the ledger's head. Without --organization all of the \
            archive's are copied.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Where the copies are; made when needed, on another disk if it is to help.",
            valueName: "dir"
        )
    )
    var folder: String

    @Flag(help: "Print one JSON object in place of the lines.")
    var json = false

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let configuration = try ToolConfiguration.resolve([archive, general])
        let root = ArchiveRoot(path: configuration.archive)
        let present = try root.organizations()
        var folders = present
        if configuration.organization != nil || present.isEmpty {
            // Says what there is where there is not what was named.
            folders = [(try root.open(organization: configuration.organization).path as NSString).lastPathComponent]
        }
        let others = try BackupFolder.others(in: folder, of: configuration.archive, holding: present)
        for settings in [configuration] + ToolConfiguration.listed([archive, general]) {
            try BackupFolder.requireApart(folder, settings)
        }
        if !others.isEmpty {
            configuration.logger.warning(
                "\(folder) holds copies of others, which are left as they are: \(others.joined(separator: ", "))"
            )
        }
        var (done, failed): ([ArchiveBackup.Outcome], [Problem]) = ([], [])
        for name in folders {
            do {
                let archive = try root.open(folder: name)
                done.append(try ArchiveBackup.bring(archive, into: folder, locks: configuration.locks))
            } catch {
                failed.append(Problem(from: error))
            }
        }
        for outcome in done where !outcome.mended.isEmpty {
            let files = Counted.text(outcome.mended.count, "file was", "files were")
            configuration.logger.warning(
                "\(outcome.copy): \(files) not what the ledger says, first \(outcome.mended[0]), and copied anew: is that disk sound?"
            )
        }
        if json || configuration.json {
            StandardStreams.output(JSONText.object(["copies": .array(done.map(\.json))]).rendered)
        } else if !configuration.quiet {
            for outcome in done { StandardStreams.output(outcome.line) }
        }
        // One that fails stops no other; the last word is the first one's that did.
        for problem in failed.dropFirst() { configuration.logger.warning("\(problem.summary)") }
        if let first = failed.first { throw first }
    }
}

extension ArchiveBackup.Outcome {
    fileprivate var line: String {
        TerminalText.clean(
            "\(organization): \(Counted.text(entries, "new entry", "new entries")), \(Counted.text(files, "file")) copied to "
                + "\(copy); \(Counted.text(filesChecked, "file")) of the copy read and sound, head \(head.sha256) "
                + "entry \(head.entry)"
        )
    }

    fileprivate var json: JSONText {
        .object([
            "organization": .string(organization), "copy": .string(copy), "entry": .number(head.entry),
            "head": .string(head.sha256), "entries_added": .number(entries), "files_copied": .number(files),
            "bytes_copied": .number(bytes), "files_mended": .array(mended.map(JSONText.string)),
            "files_checked": .number(filesChecked),
        ])
    }
}

/// The folder of the copies, as it was named.
private enum BackupFolder {
    /// Ends where copies would lie among evidence or reports, or these among them: `verify` would take either for tampering.
    ///
    /// - Throws: `Problem` with status 64.
    static func requireApart(_ folder: String, _ settings: ToolConfiguration) throws {
        func problem(_ what: String, _ place: String) -> Problem {
            let hint = "name a folder of its own, on another disk"
            return Problem(.usage, "\(folder) is the \(what) \(place), or in it, or around it", hint: hint)
        }
        let isInside = { FolderNesting.steps(from: $0, to: folder) != nil }
        let isAround = { FolderNesting.steps(from: folder, to: $0) != nil }
        if isInside(settings.archive) || isAround(settings.archive) { throw problem("archive", settings.archive) }
        // A folder that nobody named and that is not there is nobody's.
        let isMeant = settings.origins.contains { $0.key == .output } || PlainFile.kind(settings.output) != nil
        if isInside(settings.output) || (isMeant && isAround(settings.output)) {
            throw problem("folder of reports", settings.output)
        }
    }

    /// Which organizations' copies it holds, besides those of the archive.
    ///
    /// - Throws: `Problem` with status 64 for a folder that is none to keep the copies of this archive in.
    static func others(in folder: String, of archive: String, holding organizations: [String]) throws -> [String] {
        guard !folder.isEmpty else { throw Problem(.usage, "the folder for copies has no name") }
        guard !Verifier.looksLikeArchive(folder) else {
            throw Problem(
                .usage,
                "\(folder) is the archive of one organization, not a folder of copies",
                hint: "name the folder above it"
            )
        }
        let present = try ArchiveRoot(path: folder).organizations()
        let others = present.filter { name in !organizations.contains { $0.isSameInBytes(as: name) } }
        guard others.isEmpty || others.count < present.count else {
            throw Problem(
                .usage,
                "\(folder) holds the archive of another organization: \(others.joined(separator: ", "))",
                hint: "name a folder of its own for the copies of \(archive)"
            )
        }
        return others
    }
}
