import ArgumentParser
import Evidence
import Foundation
import Logging

/// `verify`: re-checks archives and bundles from their files alone.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Re-check archives and bundles; name every file that is missing, added or changed.",
        discussion: """
            Without a path: the archive, and the bundles under --output. Every bundle pins the head of the ledger it was \
            made from; verify looks for it in the chain, so that a shortened ledger is found.

            \(ExitStatus.helpSection)
            """
    )

    @Argument(help: ArgumentHelp("Archives, bundles, or folders that hold some.", valueName: "path"))
    var paths: [String] = []

    @Option(help: ArgumentHelp("Where reports landed. Default: ./output.", valueName: "dir"))
    var output: String?

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        var configuration = try ToolConfiguration.resolve([archive, general])
        if let output { configuration.output = output }
        var verification = Verification()
        if paths.isEmpty {
            let root = ArchiveRoot(path: configuration.archive)
            let archive = configuration.organization.map { try? root.open(organization: $0) }
            if let organization = configuration.organization, archive == nil {
                _ = try root.open(organization: organization)
            }
            try verification.visit(archive??.path ?? configuration.archive)
            if FileManager.default.fileExists(atPath: configuration.output) {
                try verification.visit(configuration.output)
            }
            if !verification.foundArchive {
                throw EvidenceError(
                    .notFound,
                    "no archive in \(configuration.archive)",
                    hint: "name it by --archive, or name a path"
                )
            }
        }
        for path in paths {
            let before = verification.visited
            try verification.visit(path)
            if verification.visited == before {
                throw Problem(.usage, "\(path) is neither an archive nor a bundle, and holds none")
            }
        }
        try verification.finish(configuration)
    }
}

/// Collects archives and bundles, checks each, and holds the bundles' pins against the archives.
private struct Verification {
    private(set) var visited = 0
    private(set) var foundArchive = false
    private var archives: [Archive] = []
    private var pins: [Verifier.Pin] = []
    private var discrepancies: [Discrepancy] = []
    private var files = 0
    private var bundles = 0

    /// Looks at a folder: an archive of one organization, a bundle, or a folder with some of them inside.
    mutating func visit(_ path: String, depth: Int = 0) throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: path + "/ledger.ndjson") { return try visitArchive(path) }
        if manager.fileExists(atPath: path + "/SHA256SUMS") { return try visitBundle(path) }
        guard depth < 4 else { return }
        let names = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).sorted()
        for name in names where !name.hasPrefix(".") {
            let inner = path + "/" + name
            let isLink = (try? manager.destinationOfSymbolicLink(atPath: inner)) != nil
            var isFolder: ObjCBool = false
            if !isLink, manager.fileExists(atPath: inner, isDirectory: &isFolder), isFolder.boolValue {
                try visit(inner, depth: depth + 1)
            }
        }
    }

    private mutating func visitArchive(_ path: String) throws {
        visited += 1
        foundArchive = true
        let outcome = try Verifier.verify(archiveAt: path)
        files += outcome.filesChecked + 1
        discrepancies += outcome.discrepancies
        let root = ArchiveRoot(path: (path as NSString).deletingLastPathComponent)
        guard let archive = try? root.open(folder: (path as NSString).lastPathComponent) else { return }
        archives.append(archive)
    }

    private mutating func visitBundle(_ path: String) throws {
        visited += 1
        bundles += 1
        let outcome = try Verifier.verify(bundleAt: path)
        files += outcome.filesChecked
        discrepancies += outcome.discrepancies
        if let pin = try Verifier.pin(ofBundleAt: path) { pins.append(pin) }
    }

    mutating func finish(_ configuration: ToolConfiguration) throws {
        var unmatched = 0
        for pin in pins {
            guard let archive = archives.first(where: { $0.organization == pin.organization }) else {
                unmatched += 1
                continue
            }
            if let discrepancy = Verifier.check(pin, against: archive) { discrepancies.append(discrepancy) }
        }
        for discrepancy in discrepancies {
            StandardStreams.output("\(discrepancy.kind.rawValue): \(discrepancy.file): \(discrepancy.detail)")
        }
        guard discrepancies.isEmpty else {
            throw Problem(
                .unusableData,
                "\(discrepancies.count) of what was sealed is not as it was sealed, first \(discrepancies[0].file)",
                hint: "restore the named files from a backup, and find out who changed them"
            )
        }
        guard !configuration.quiet else { return }
        for archive in archives {
            StandardStreams.output(
                "\(archive.path): sound, \(archive.entries.count) entries, head \(archive.head.sha256) entry \(archive.head.entry)"
            )
        }
        StandardStreams.output("\(files) files and \(bundles) bundles are as they were sealed")
        if unmatched > 0 {
            configuration.logger.notice(
                "\(unmatched) bundles belong to no archive looked at; their heads were not compared"
            )
        }
    }
}
