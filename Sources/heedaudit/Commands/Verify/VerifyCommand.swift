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
        var listed = ToolConfiguration.listed(options)
        if let output { for place in listed.indices { listed[place].output = output } }
        let owners = FolderOwners(of: listed)
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
            try verification.visitArchives(configuration.archive, besides: [configuration.output])
        }
        if configuration.isOneOfSeveral, let organization = configuration.organization {
            // Those of the others are looked at in their turns.
            let folders = owners.folders(of: organization, in: configuration.output)
            // One of those that can't be read may be its own.
            if folders.isEmpty { try OrganizationFolder.requireReadable(in: configuration.output) }
            for folder in folders { try verification.visit("\(configuration.output)/\(folder)") }
            return try verification.visitOthers(configuration, owners)
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
