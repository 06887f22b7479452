import Analysis
import ArgumentParser
import Auditing
import Evidence
import Foundation
import Logging
import Publishing

/// `verify`: re-checks archives and bundles from their files alone.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Re-check archives and bundles; name every file that is missing, added or changed.",
        discussion: """
            Without a path: the archive, and the bundles under --output. Every bundle of an undamaged archive pins the head of \
            the ledger it was made from; verify looks for it in the chain, so that a shortened ledger is found as long as a \
            bundle pins what it lost.
            """
    )

    @Argument(help: ArgumentHelp("Archives, bundles, or folders that hold some.", valueName: "path"))
    var paths: [String] = []

    @Option(help: ArgumentHelp("Where reports landed. Default: ./output.", valueName: "dir"))
    var output: String?

    @Option(help: ArgumentHelp("Keys (as ssh-keygen -Y verify reads them) that must sign bundles.", valueName: "file"))
    var allowedSigners: String?

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Answer") var answer: AnswerOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let options: [any SettingOptions] = [archive, answer, general]
        let command = self
        guard paths.isEmpty else { return try verify(ToolConfiguration.resolve(options)) }
        let owners = FolderOwners()
        try await OrganizationLoop.each("verify", options, adjust: { if let output { $0.output = output } }) {
            try command.verify($0, owners)
        }
    }

    private func verify(_ configuration: ToolConfiguration, _ owners: FolderOwners = FolderOwners()) throws {
        var verification = Verification(
            isEverything: paths.isEmpty && (configuration.organization == nil || configuration.isOneOfSeveral)
        )
        verification.signers = try (allowedSigners ?? configuration.allowedSigners).map(AllowedSigners.init(path:))
        if paths.isEmpty {
            try visitConfigured(configuration, owners, &verification)
        }
        for path in paths {
            let before = verification.visited
            try verification.visit(PathShown.resolved(path))
            if verification.visited == before {
                throw Problem(.usage, "\(path) is neither an archive nor a bundle, and holds none")
            }
        }
        try verification.finish(configuration)
    }

    private func visitConfigured(
        _ configuration: ToolConfiguration,
        _ owners: FolderOwners,
        _ verification: inout Verification
    ) throws {
        let root = ArchiveRoot(path: configuration.archive)
        if let organization = configuration.organization {
            // Reports of one of several whose archive is gone tell that it was there.
            let isGone = configuration.isOneOfSeveral && !root.holds(organization)
            let reports = isGone ? owners.folders(of: organization, in: configuration.output) : []
            if reports.isEmpty { try verification.visitArchive(root.open(organization: organization).path) }
        } else {
            try verification.visitArchives(configuration.archive, besides: configuration.output)
        }
        if configuration.isOneOfSeveral, let organization = configuration.organization {
            // Those of the others are looked at in their turns.
            let folders = owners.folders(of: organization, in: configuration.output)
            // One of those that can't be read may be its own.
            if folders.isEmpty { try OrganizationFolder.requireReadable(in: configuration.output) }
            for folder in folders { try verification.visit("\(configuration.output)/\(folder)") }
            // The overview is everybody's, and looked at once.
            if owners.isFirst(in: configuration.output) { verification.visitOverview(configuration.output) }
            return
        }
        try verification.visitOutput(configuration.output)
        if !verification.foundArchive, verification.isClean {
            throw EvidenceError(
                .notFound,
                "no archive in \(configuration.archive)",
                hint: "name it by --archive, or name a path"
            )
        }
    }
}

/// A path as it was typed, unless its last part names no folder of its own.
private enum PathShown {
    static func resolved(_ path: String) -> String {
        let name = (path as NSString).lastPathComponent
        guard ["", ".", "..", "/"].contains(name) || PlainFile.kind(path) == .link else { return path }
        return PathNames.real(path) ?? path
    }

    /// Whether a folder is another one, or holds it.
    static func isFolder(_ path: String, onTheWayTo other: String) -> Bool {
        guard let path = PathNames.real(path), let other = PathNames.real(other) else { return false }
        return (other + "/").utf8.starts(with: (path + "/").utf8)
    }
}

/// Collects archives and bundles, checks each, and holds the bundles' pins against the archives.
private struct Verification {
    private(set) var visited = 0
    private(set) var foundArchive = false
    /// Whether every archive there is was looked at: then a pin without one is a discrepancy.
    private let isEverything: Bool
    /// Whose signature bundles must have; nil where none is asked for.
    var signers: AllowedSigners?
    /// What was found so far.
    private var outcome = Verifier.Outcome()
    private var archives: [Archive] = []
    private var pins: [Pin] = []
    private var lost = 0
    private var bundles = 0

    init(isEverything: Bool) { self.isEverything = isEverything }

    /// Whether nothing was found wrong so far, and nothing pinned.
    var isClean: Bool { outcome.discrepancies.isEmpty && pins.isEmpty }

    /// Looks at a folder: an archive of one organization, a bundle, an organization's bundles, or a folder with some of them.
    mutating func visit(_ path: String, depth: Int = 0) throws {
        guard access(path, R_OK | X_OK) == 0 || errno != EACCES else { throw EvidenceError.cannotRead(path, EACCES) }
        if Verifier.looksLikeArchive(path) { return try visitArchive(path) }
        if BundleVerifier.looksLikeBundle(path) { return try visitBundle(path) }
        if BundleVerifier.looksLikeOrganization(path) { return try visitBundles(path) }
        guard depth < 4 else { return }
        visitOverview(path)
        for name in (try? PlainFile.names(in: path)) ?? [] where !name.hasPrefix(".") {
            let inner = path + "/" + name
            if PlainFile.isFolder(inner) { try visit(inner, depth: depth + 1) }
        }
    }

    /// Looks at a folder of organizations' archives, in which reports may land, too.
    mutating func visitArchives(_ root: String, besides output: String) throws {
        for name in try PlainFile.names(in: root) {
            let path = root + "/" + name
            switch PlainFile.kind(path) {
            case .folder where name == "lost+found":
                outcome.notices.append("\(path) is the file system's own, and was not looked at")
            case .folder where PathShown.isFolder(path, onTheWayTo: output): continue
            // Whatever it holds: a folder here is an organization's, and one that is nobody's is told by what is in it.
            case .folder: try visitArchive(path)
            case .hidden(let failure): throw EvidenceError.cannotRead(path, failure)
            case .link:
                outcome.add(.changed, path, "it is a symbolic link, not an archive's own folder")
            default: outcome.notices.append("\(path) is no archive, and was not looked at")
            }
        }
    }

    /// Looks at a folder of organizations' bundles.
    mutating func visitOutput(_ output: String) throws {
        let overview = visitOverview(output)
        for name in try PlainFile.names(in: output) where !overview.contains(name) {
            let path = output + "/" + name
            switch PlainFile.kind(path) {
            case .folder where name == "lost+found":
                outcome.notices.append("\(path) is the file system's own, and was not looked at")
            case .folder:
                let before = visited
                try visit(path)
                guard visited == before,
                    try PlainFile.names(in: path).contains(where: { !BundleVerifier.isTemporary($0, in: path) })
                else { continue }
                // The organization's first report may have been published since.
                try visit(path)
                guard visited == before else { continue }
                outcome.add(.added, path, "it holds no bundle that can be told by its manifest")
            case .link:
                outcome.add(.changed, path, "it is a symbolic link, not a folder of bundles")
            case .hidden(let failure): throw EvidenceError.cannotRead(path, failure)
            case .file where FleetSeal.names.contains(name):
                outcome.add(.added, path, "it looks like an overview, and nothing seals it")
            default: outcome.notices.append("\(path) is no folder of bundles, and was not looked at")
            }
        }
    }

    /// Looks at an overview of organizations, where one stands.
    /// - Returns: The names of its files.
    @discardableResult
    mutating func visitOverview(_ path: String) -> [String] {
        guard let found = FleetSeal.verify(path) else { return [] }
        outcome.add(found)
        return FleetSeal.names
    }

    mutating func visitArchive(_ path: String) throws {
        visited += 1
        // What this user may not look into is neither sound nor changed.
        guard access(path, R_OK | X_OK) == 0 || errno != EACCES else { throw EvidenceError.cannotRead(path, EACCES) }
        let found = try Verifier.verify(archiveAt: path)
        if found.archive?.hasEntries == true { foundArchive = true }
        outcome.add(found)
        outcome.filesChecked += 1
        if let archive = found.archive { archives.append(archive) }
    }

    private mutating func visitBundle(_ path: String) throws {
        visited += 1
        bundles += 1
        outcome.add(try BundleVerifier.verify(bundleAt: path, signers: signers))
        if let pin = try? Pins.ofBundle(path) { pins.append(pin) }
    }

    private mutating func visitBundles(_ path: String) throws {
        visited += 1
        let checked = try BundleVerifier.verify(organizationAt: path, signers: signers)
        bundles += checked.bundles
        pins += checked.pins
        outcome.add(checked.outcome)
    }

    /// Looks for every pin in the archive that it belongs to.
    private mutating func compare() -> Int {
        var unmatched = 0
        var isReread = false
        for pin in pins where !pin.isOfDamagedEvidence {
            var found = check(pin)
            if found.contains(where: { $0 != nil }), !isReread {
                // A run may have added entries and bundles since the ledger was read.
                isReread = true
                archives = archives.map { (try? $0.reopened()) ?? $0 }
                found = check(pin)
            }
            // Of several copies of an archive each must hold it: none speaks for another.
            outcome.discrepancies += found.compactMap(\.self)
            lost += found.count { $0 != nil }
            guard found.isEmpty else { continue }
            if isEverything {
                let whose = "entry \(pin.entry) of organization '\(pin.organization)'"
                outcome.add(.missing, pin.manifest, "it pins \(whose), whose archive is not there")
            } else {
                unmatched += 1
            }
        }
        return unmatched
    }

    private func check(_ pin: Pin) -> [Discrepancy?] {
        archives.filter { $0.isPinned(by: pin) }.map { Verifier.check(pin, against: $0) }
    }

    mutating func finish(_ configuration: ToolConfiguration) throws {
        let unmatched = compare()
        for warning in outcome.warnings { configuration.logger.warning("\(warning)") }
        if outcome.signaturesUnchecked > 0 {
            let signed = Counted.text(outcome.signaturesUnchecked, "bundle is signed", "bundles are signed")
            outcome.notices.append("\(signed); by whom was not looked at: name the keys by --allowed-signers")
        }
        let answer = VerifyAnswer(
            archives: archives,
            outcome: outcome,
            lost: lost,
            bundles: bundles,
            unmatched: unmatched
        )
        let problem = answer.problem
        if problem == nil { for archive in archives { try archive.requireKnownEntries(pins) } }
        OrganizationTurn.current?.note { $0.message = answer.words }
        if configuration.json { JSONAnswer.give(answer.json) } else { answer.print(configuration) }
        if let problem { throw problem }
    }
}
