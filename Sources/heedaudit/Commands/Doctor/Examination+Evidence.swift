import Publishing
import Analysis
import Evidence
import Foundation
import Reporting

extension Examination {
    /// The archive: can be written, and what it holds can be read and hangs together.
    mutating func lookAtArchive(_ configuration: ToolConfiguration) {
        guard isKnown("archive", [.archive]) else { return }
        let path = configuration.archive
        do {
            let probe = try FolderProbe(path)
            guard probe.exists else { return good("archive", "\(path), will be made") }
            good("archive", "\(path) can be written to")
        } catch {
            bad("archive", Problem(from: error))
        }
        guard PlainFile.kind(path) != nil else { return }
        do {
            let root = ArchiveRoot(path: path)
            let own = configuration.isOneOfSeveral ? configuration.organization.map(ArchiveRoot.folderName) : nil
            let names = try PlainFile.names(in: path).filter { !$0.hasPrefix(".") && (own == nil || $0 == own) }
            for name in names { lookAtRights("\(path)/\(name)") }
            let organizations = try root.organizations().filter { own == nil || $0 == own }
            for folder in organizations { lookAtEvidence(root, folder, configuration) }
            compare(organizations, configuration)
        } catch {
            bad("evidence", Problem(from: error))
        }
    }

    /// What cannot be looked into is not empty.
    private mutating func lookAtRights(_ path: String) {
        switch PlainFile.kind(path) {
        case .folder: if let problem = Self.barred(path) { bad("evidence", problem) }
        case .hidden(let failure): bad("evidence", Self.noRight(path, failure))
        case .link:
            bad(
                "evidence",
                .cannotCreate,
                "\(path) is a symbolic link, and nothing in an archive is followed through one",
                hint: "put the folder itself there, or name its place by --archive"
            )
        default: return
        }
    }

    private mutating func lookAtEvidence(_ root: ArchiveRoot, _ folder: String, _ configuration: ToolConfiguration) {
        let path = "\(root.path)/\(folder)"
        guard access(path, R_OK | X_OK) == 0, PlainFile.isFolder(path) else {
            return unknown("evidence", "\(path): not looked at, see above")
        }
        do {
            let archive = try root.open(folder: folder)
            // Of no time at all: the files' contents are for 'verify' to read.
            let nothing = InstantRange(from: Instant(seconds: 0), to: Instant(seconds: 0))
            let pins = isKnown(.output) ? pins(archive, configuration) : []
            let examined = try archive.examined(pins, in: nothing)
            guard let first = examined.ledger.faults.first else {
                lookAtTime(of: archive)
                let entries = archive.entries.count
                let count = Counted.text(entries, "entry", "entries")
                return good(
                    "evidence",
                    "\(path): \(count), the chain holds and the files it names are there (their contents: 'heedaudit verify')"
                )
            }
            let more = examined.ledger.faults.count - 1
            bad(
                "evidence",
                .unusableData,
                "\(path) is damaged: \(first)" + (more > 0 ? " and \(more) more" : ""),
                hint: "run 'heedaudit verify', and restore it from a backup"
            )
        } catch {
            bad("evidence", Problem(from: error))
        }
    }

    private mutating func lookAtTime(of archive: Archive) {
        guard let at = archive.entries.last?.at, Instant(rfc3339: at)?.isAhead(of: Clock.now()) == true else { return }
        warn(
            "evidence",
            Problem(
                .configuration,
                "\(archive.path): the newest entry is dated \(at), in the future: a clock is or was wrong",
                hint: "set up NTP; the next complete pull by a right clock puts it right"
            )
        )
    }

    /// Says what an archive of several organizations, or of another one, means.
    private mutating func compare(_ organizations: [String], _ configuration: ToolConfiguration) {
        guard !organizations.isEmpty, isKnown("organization", [.organization]) else { return }
        if let expected = configuration.organization {
            guard !organizations.contains(ArchiveRoot.folderName(of: expected)) else { return }
            warn(
                "archive",
                "\(configuration.archive) holds \(organizations.joined(separator: ", ")), and nothing of '\(expected)'",
                hint: "a pull begins an archive of its own beside; is --archive or --organization another's?"
            )
        } else if organizations.count > 1 {
            warn(
                "archive",
                "\(configuration.archive) holds several organizations: \(organizations.joined(separator: ", "))",
                hint: "'heedaudit report' needs one named by --organization"
            )
        }
    }

    /// The output: can be written; its bundles rest on the archive; `latest` points to one of them.
    mutating func lookAtOutput(_ configuration: ToolConfiguration) {
        guard isKnown("output", [.output]) else { return }
        do {
            let probe = try FolderProbe(configuration.output)
            good("output", configuration.output + (probe.exists ? "" : ", will be made"))
            if isKnown(.archive) { try lookAtNesting(configuration) }
        } catch {
            bad("output", Problem(from: error))
        }
        var bundles = Set<ExactText>()
        for name in folders(configuration) where !name.hasPrefix(".") {
            let folder = "\(configuration.output)/\(name)"
            guard PlainFile.isFolder(folder) else { continue }
            if access(folder, R_OK | W_OK | X_OK) != 0 { bad("output", Self.noRight(folder, errno)) }
            for bundle in (try? PlainFile.names(in: folder)) ?? [] { bundles.insert(ExactText(bundle)) }
            lookAtLatest(folder)
            lookAtPins(folder, configuration)
        }
        if let name = configuration.compare, isKnown("compare", [.compare]), !bundles.contains(ExactText(name)) {
            bad(
                "compare",
                .usage,
                "there is no bundle '\(name)' in \(configuration.output)",
                hint: "--compare takes the name of a bundle's folder"
            )
        }
    }

    /// Archive and output are apart.
    ///
    /// - Throws: `Problem` where a run would end with it.
    private mutating func lookAtNesting(_ configuration: ToolConfiguration) throws {
        try configuration.requireSeparateFolders()
        let places = [configuration.archive, configuration.output]
        guard zip(places, places.reversed()).contains(where: { FolderNesting.steps(from: $0, to: $1) != nil }) else {
            return
        }
        warn(
            "output",
            Problem(
                .configuration,
                "\(configuration.output) and the archive \(configuration.archive) stand in each other",
                hint: "name two folders beside each other by --archive and --output: the one is copied with the other"
            )
        )
    }

    /// The folders of reports that are looked at.
    private func folders(_ configuration: ToolConfiguration) -> [String] {
        if let owners, let organization = configuration.organization {
            let folders = owners.folders(of: organization, in: configuration.output)
            if !folders.isEmpty { return folders }
        }
        // A folder that can't be read may be anybody's.
        return (try? PlainFile.names(in: configuration.output)) ?? []
    }

    /// `latest` is a link to a bundle beside it.
    private mutating func lookAtLatest(_ folder: String) {
        let latest = "\(folder)/latest"
        switch PlainFile.kind(latest) {
        case nil: return
        case .hidden(let failure): bad("latest", Self.noRight(latest, failure))
        case .link:
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: latest)) ?? ""
            guard target.contains("/") || !PlainFile.isFolder("\(folder)/\(target)") else { return }
            bad(
                "latest",
                .unusableData,
                "\(latest) points to '\(target)', which is no bundle beside it",
                hint: "remove the link; the next report makes it anew"
            )
        case let kind:
            let isFile = if case .file = kind { true } else { false }
            let hint =
                isFile
                ? "the next report puts the link in its place" : "move it away; the next report makes the link anew"
            bad("latest", .unusableData, "\(latest) is no link", hint: hint)
        }
    }

    /// What bundles pin, the archive holds.
    private mutating func lookAtPins(_ folder: String, _ configuration: ToolConfiguration) {
        let pinned = FolderPins(of: folder)
        let pins = pinned.pins
        for fault in pinned.faults { warn("bundles", Problem(from: fault.error)) }
        let bundles = ((try? PlainFile.folders(in: folder)) ?? []).filter { $0 != "latest" }
        for pin in pinned.gone {
            warn("bundles", FolderPins.told(gone: "\(folder)/\(pin.bundle)"), hint: "restore it from a backup")
        }
        for bundle in bundles where !BundleVerifier.looksLikeBundle("\(folder)/\(bundle)") {
            warn(
                "bundles",
                "\(folder)/\(bundle) has no manifest, or one that pins no entry of a ledger",
                hint: "run 'heedaudit verify'"
            )
        }
        guard !pins.isEmpty, isKnown("bundles", [.archive]) else { return }
        let root = ArchiveRoot(path: configuration.archive)
        var seen = Set<ExactText>()
        for organization in pins.map(\.organization) where seen.insert(ExactText(organization)).inserted {
            let name = ArchiveRoot.folderName(of: organization)
            guard let archive = try? root.open(folder: name) else {
                unknown("bundles", "\(folder): not compared with the archive of '\(organization)', which can't be read")
                continue
            }
            guard !archive.entries.isEmpty else {
                bad(
                    "bundles",
                    .unusableData,
                    "bundles in \(folder) rest on an archive of '\(organization)', and \(configuration.archive) holds none",
                    hint: "is --archive or --output another's? Else restore the archive from a backup"
                )
                continue
            }
            if let restoration = archive.restoration(pins) {
                bad("bundles", .unusableData, "\(folder): \(restoration.words)", hint: Restoration.remedy)
            } else {
                let count = pins.count { ExactText($0.organization) == ExactText(organization) }
                good("bundles", "\(folder): what \(count) of them \(count == 1 ? "pins" : "pin") is in the ledger")
            }
        }
    }

    private func pins(_ archive: Archive, _ configuration: ToolConfiguration) -> [Pin] {
        let folders = folders(configuration).filter {
            !$0.hasPrefix(".") && PlainFile.isFolder("\(configuration.output)/\($0)")
        }
        // What can't be read is told where reports are looked at.
        return folders.flatMap { FolderPins(of: "\(configuration.output)/\($0)").pins }.filter(archive.isPinned)
    }

    /// Why this user can't work in an organization's folder; nil when nothing bars it.
    private static func barred(_ path: String) -> Problem? {
        guard access(path, R_OK | W_OK | X_OK) == 0 else { return noRight(path, errno) }
        for name in (try? PlainFile.names(in: path)) ?? [] {
            let inner = "\(path)/\(name)"
            switch PlainFile.kind(inner) {
            case .folder:
                if access(inner, R_OK | W_OK | X_OK) != 0 { return noRight(inner, errno) }
            case .file:
                if access(inner, R_OK | W_OK) != 0 { return noRight(inner, errno) }
            case .hidden(let failure): return noRight(inner, failure)
            default: continue
            }
        }
        return nil
    }

    private static func noRight(_ path: String, _ failure: Int32) -> Problem {
        var status = stat()
        let owner = lstat(path, &status) == 0 ? status.st_uid : geteuid()
        guard failure == EACCES, owner != geteuid() else {
            return Problem(
                .cannotCreate,
                "\(path) can't be used: \(String(cString: strerror(failure)))",
                hint: failure == EACCES ? "type: chmod -R u+rwX \(path)" : "is it mounted for reading only?"
            )
        }
        return Problem(
            .cannotCreate,
            "\(path) belongs to \(AccessHint.name(of: owner)), and \(AccessHint.name(of: geteuid())) runs heedaudit",
            hint: AccessHint.handOver(path, from: owner)
        )
    }
}
