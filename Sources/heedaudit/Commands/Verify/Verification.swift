import Analysis
import Evidence
import Foundation
import Logging
import Publishing

/// Collects archives and bundles, checks each, and holds the bundles' pins against the archives.
struct Verification {
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
    /// What bundles pin that are none of the organizations' that have a turn of their own.
    private var pinsOfOthers: [Pin] = []
    /// The archives that have a turn of their own, and that such bundles pin entries of.
    private var archivesOfOthers: [Archive] = []
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
        var holdsOrganizations = !visitOverview(path).isEmpty
        var links: [String] = []
        for name in (try? PlainFile.names(in: path)) ?? [] where !name.hasPrefix(".") {
            let inner = path + "/" + name
            let isOrganization = Verifier.looksLikeArchive(inner) || BundleVerifier.looksLikeOrganization(inner)
            switch PlainFile.kind(inner) {
            case .folder:
                holdsOrganizations = holdsOrganizations || isOrganization
                try visit(inner, depth: depth + 1)
            case .link where isOrganization: links.append(inner)
            default: continue
            }
        }
        // Elsewhere links are the administrator's business.
        for link in links {
            guard holdsOrganizations else {
                outcome.notices.append("\(link) is a symbolic link, and was not looked at")
                continue
            }
            outcome.add(.changed, link, "it is a symbolic link, not the folder itself")
        }
    }

    /// Looks at a folder of organizations' archives, in which the folders `others` may lie, too.
    ///
    /// `left`: names that are not looked at.
    mutating func visitArchives(_ root: String, besides others: [String], butFor left: Set<ExactText> = []) throws {
        for name in try PlainFile.names(in: root) where !left.contains(ExactText(name)) {
            let path = root + "/" + name
            switch PlainFile.kind(path) {
            case .folder where name == "lost+found":
                outcome.notices.append("\(path) is the file system's own, and was not looked at")
            case .folder where others.contains { PathShown.isFolder(path, onTheWayTo: $0) }: continue
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
    ///
    /// `left`: names that are not looked at.
    mutating func visitOutput(_ output: String, butFor left: Set<ExactText> = []) throws {
        let overview = visitOverview(output)
        for name in try PlainFile.names(in: output) where !overview.contains(name) && !left.contains(ExactText(name)) {
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

    /// Looks at what stands beside the folders that are looked at in an organization's turn: no list of organizations makes
    /// anything there nobody's business.
    ///
    /// Done in the first turn of those that share a folder.
    mutating func visitOthers(_ configuration: ToolConfiguration, _ owners: FolderOwners) throws {
        let count = pins.count
        for place in [configuration.output, configuration.archive] where owners.isFirst(in: place) {
            var left = owners.names(in: place)
            for name in try PlainFile.names(in: place) where !left.contains(ExactText(name)) {
                let path = "\(place)/\(name)"
                let isOnTheWay = owners.places.contains { PathShown.isFolder(path, onTheWayTo: $0) }
                let isHidden = PlainFile.isFolder(path) && access(path, R_OK | X_OK) != 0
                if isHidden { outcome.notices.append("\(path) can't be read, and was not looked at") }
                if isHidden || isOnTheWay { left.insert(ExactText(name)) }
            }
            if place == configuration.output {
                try visitOutput(place, butFor: left)
            } else {
                try visitArchives(place, besides: [], butFor: left)
            }
        }
        pinsOfOthers = Array(pins[count...])
        pins.removeSubrange(count...)
        for organization in Set(pinsOfOthers.map { ExactText($0.organization) }) {
            archivesOfOthers += owners.archive(of: organization.text).map { [$0] } ?? []
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
        let all = pins.map { ($0, isEverything) } + pinsOfOthers.map { ($0, false) }
        for (pin, isItsArchiveDue) in all where !pin.isOfDamagedEvidence {
            var found = check(pin)
            if found.contains(where: { $0 != nil }), !isReread {
                // A run may have added entries and bundles since the ledger was read.
                isReread = true
                archives = archives.map { (try? $0.reopened()) ?? $0 }
                archivesOfOthers = archivesOfOthers.map { (try? $0.reopened()) ?? $0 }
                found = check(pin)
            }
            // Of several copies of an archive each must hold it: none speaks for another.
            outcome.discrepancies += found.compactMap(\.self)
            lost += found.count { $0 != nil }
            guard found.isEmpty else { continue }
            if isItsArchiveDue {
                let whose = "entry \(pin.entry) of organization '\(pin.organization)'"
                outcome.add(.missing, pin.manifest, "it pins \(whose), whose archive is not there")
            } else {
                unmatched += 1
            }
        }
        return unmatched
    }

    private func check(_ pin: Pin) -> [Discrepancy?] {
        (archives + archivesOfOthers).filter { $0.isPinned(by: pin) }.map { Verifier.check(pin, against: $0) }
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

/// A path as it was typed, unless its last part names no folder of its own.
enum PathShown {
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
