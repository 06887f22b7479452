import Templates
import Evidence
import Foundation

/// Re-checks bundles, and what stands beside them, by their sums and pins; changes nothing.
package enum BundleVerifier {
    /// What was wrong, and what was looked at.
    package typealias Outcome = Verifier.Outcome

    private static let sumsFile = Checksums.fileName
    private static let manifestFile = Manifest.fileName

    /// Where the digests of the page beside bundles stand while the page is moved into its place.
    static let nextSumsFile = ".SHA256SUMS.next"

    /// Whether a folder has what only a bundle has.
    package static func looksLikeBundle(_ path: String) -> Bool {
        Verifier.holds(manifestFile, in: path) || (Verifier.holds(sumsFile, in: path) && !standsBesideBundles(path))
    }

    /// Whether a folder has what stands beside an organization's bundles, or bundles themselves.
    package static func looksLikeOrganization(_ path: String) -> Bool {
        if Verifier.holds(manifestFile, in: path) { return false }
        return standsBesideBundles(path)
            || ((try? PlainFile.names(in: path)) ?? []).contains { name in
                PlainFile.isFolder("\(path)/\(name)") && looksLikeBundle("\(path)/\(name)")
            }
    }

    /// Whether a name beside bundles is one that a run gives to what it has not finished, and that a killed one leaves.
    package static func isTemporary(_ name: String, in folder: String) -> Bool {
        let kinds: [(prefix: String, kind: PlainFile.Kind?)] = [
            (".partial-", .folder), (".latest-", .link), (".index-", nil), (nextSumsFile, nil),
        ]
        guard let own = kinds.first(where: { name.utf8.starts(with: $0.prefix.utf8) }) else { return false }
        guard let kind = PlainFile.kind("\(folder)/\(name)") else { return true }
        if let expected = own.kind { return kind == expected }
        if case .file = kind { return true }
        return false
    }

    /// Where the digests of an overview's files stand.
    static let overviewSumsFile = "fleet.SHA256SUMS"
    /// Names that nothing but an overview and its making has.
    static let overviewFiles = ["fleet.csv", "fleet.xml", "fleet.xsd", overviewSumsFile, ".\(overviewSumsFile).next"]

    /// Whether an overview of organizations stands in a folder, whose page has the name of one that lists bundles.
    static func isOverview(_ folder: String) -> Bool {
        overviewFiles.contains { Files.exists("\(folder)/\($0)") }
    }

    private static func standsBesideBundles(_ path: String) -> Bool {
        ["latest", Pins.keptFile].contains { Verifier.holds($0, in: path) }
            || (Verifier.holds("index.html", in: path) && !isOverview(path))
    }

    /// Checks one bundle by its `SHA256SUMS`: files missing, added, changed.
    ///
    /// `signers`: whose signature each bundle must have; nil where none is asked for.
    ///
    /// - Throws: What ``BundleVerifier/verify(organizationAt:signers:)`` throws; what is wrong with the bundle is no
    ///   error but told.
    package static func verify(bundleAt path: String, signers: AllowedSigners? = nil) throws -> Outcome {
        var outcome = Outcome()
        guard let sums = check(sumsAt: path, &outcome) else { return outcome }
        var named: Set<ExactText> = [ExactText(sumsFile), ExactText(SigningKey.signatureFile)]
        for (name, digest) in sums {
            named.insert(ExactText(name))
            outcome.filesChecked += 1
            let file = path + "/" + name
            if !Files.exists(file) {
                outcome.add(.missing, file, "SHA256SUMS names it, and it is not there")
            } else {
                outcome.compare(file, at: file, with: digest, of: sumsFile)
            }
        }
        if !named.contains(ExactText(manifestFile)) {
            let isThere = Files.exists("\(path)/\(manifestFile)")
            outcome.add(isThere ? .added : .missing, "\(path)/\(manifestFile)", "SHA256SUMS does not name it")
        } else if (try? Pins.ofBundle(path) == nil) == true, Files.exists("\(path)/\(manifestFile)") {
            outcome.add(.changed, "\(path)/\(manifestFile)", "it pins no entry of a ledger")
        }
        for name in try Files.names(in: path) where !named.contains(ExactText(name)) && name != manifestFile {
            outcome.add(.added, path + "/" + name, "SHA256SUMS does not name it")
        }
        try checkSignature(of: path, signers, &outcome)
        return outcome
    }

    /// The files that a folder's `SHA256SUMS` names, with their digests; nil where it can't be read.
    private static func check(sumsAt folder: String, _ outcome: inout Outcome) -> [(name: String, digest: String)]? {
        let path = "\(folder)/\(sumsFile)"
        let bytes: [UInt8]
        do {
            guard let found = try PlainFile.bytes(path, atMost: Pins.largestManifest) else {
                outcome.add(.missing, path, "nothing tells what the files beside it were")
                return []
            }
            bytes = found
        } catch {
            outcome.add(unread: path, at: path, error)
            return nil
        }
        var sums: [(name: String, digest: String)] = []
        var named: Set<ExactText> = []
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        for line in bytes.last == 10 ? lines.dropLast() : lines[...] {
            guard let (name, digest) = Checksums.line(line), named.insert(ExactText(name)).inserted else {
                outcome.add(.changed, path, "a line of it names no file")
                continue
            }
            sums.append((name, digest))
        }
        if bytes.last != 10 { outcome.add(.changed, path, "its last line has no end") }
        return sums
    }

    /// An organization's bundles, and what stands beside them.
    package struct CheckedOrganization: Sendable {
        /// What was wrong.
        package var outcome = Outcome()
        /// How many bundles there are.
        package var bundles = 0
        /// What they pin.
        package var pins: [Pin] = []
    }

    /// Checks an organization's output folder: every bundle, the link to the latest, the page that lists them.
    ///
    /// - Throws: ``EvidenceError`` when the folder can't be read.
    package static func verify(organizationAt path: String, signers: AllowedSigners? = nil) throws
        -> CheckedOrganization
    {
        var checked = CheckedOrganization()
        // Bundles that are as they were sealed, and those of which nothing can be said.
        var (sound, unread): (Set<ExactText>, Set<ExactText>) = ([], [])
        for name in try Files.names(in: path) where !isTemporary(name, in: path) {
            let inner = "\(path)/\(name)"
            switch (name, PlainFile.kind(inner)) {
            case ("latest", .link), (sumsFile, .file): continue
            case (_, .file) where FolderSeal.isSealed(name): continue
            case (_, .hidden(let failure)): throw EvidenceError.cannotRead(inner, failure)
            case (_, nil):
                // Gone meanwhile, or a name that is no text.
                guard try Files.names(in: path).contains(where: { $0.isSameInBytes(as: name) }) else { continue }
                checked.outcome.add(.added, inner, "it does not belong beside bundles")
            case (_, .folder) where looksLikeBundle(inner):
                let looked = Result { try verify(bundleAt: inner, signers: signers) }
                // One that is removed at this moment has its pin among those kept, which are read behind all bundles.
                guard PlainFile.isFolder(inner) else { continue }
                let outcome = try looked.get()
                checked.bundles += 1
                checked.outcome.add(outcome)
                if outcome.discrepancies.contains(where: { $0.kind == .unreadable }) { unread.insert(ExactText(name)) }
                guard let pin = try? Pins.ofBundle(inner) else { continue }
                checked.pins.append(pin)
                if !pin.isNamed(name) {
                    checked.outcome.add(.added, inner, "its manifest is that of the bundle '\(pin.name)'")
                } else if outcome.discrepancies.isEmpty {
                    sound.insert(ExactText(name))
                }
            case (_, .folder):
                checked.outcome.add(.added, inner, "it is no bundle: it has neither manifest.json nor SHA256SUMS")
            default: checked.outcome.add(.added, inner, "it does not belong beside bundles")
            }
        }
        checked.pins += (try? Pins.kept(in: path)) ?? []
        for (name, pin) in ListedBundles(in: path).gone() {
            let bundle = "\(path)/\(name)"
            if let pin, FolderPins.isKept(pin) {
                checked.outcome.notices.append("\(FolderPins.told(gone: bundle)); what it pinned is kept")
            } else if let pin {
                checked.outcome.add(.missing, bundle, "\(pin.manifest) lists it, and it is not there")
                checked.pins.append(pin)
            } else if BundleIndex.latest(in: path) != name {
                checked.outcome.add(.missing, bundle, "the page that lists it is as it was sealed, and it is not there")
            }
        }
        checkLatest(path, sound.union(unread), checked.bundles, &checked.outcome)
        var seal = Outcome()
        for attempt in 0..<3 {
            // A run that publishes at this moment moves the page and its digest one after the other.
            if attempt > 0 { usleep(100_000) }
            seal = Outcome()
            checkSeal(path, checked.pins, &seal)
            if seal.discrepancies.isEmpty { break }
        }
        checked.outcome.add(seal)
        return checked
    }

    private static func checkLatest(_ path: String, _ sound: Set<ExactText>, _ bundles: Int, _ outcome: inout Outcome) {
        let link = "\(path)/latest"
        switch PlainFile.kind(link) {
        case .link:
            let target = PlainFile.target(ofLink: link)
            if target.map({ sound.contains(ExactText($0)) || isSoundBundle($0, in: path) }) != true {
                outcome.add(.changed, link, "it does not lead to a sound bundle beside it")
            }
        case nil:
            if bundles > 0 { outcome.notices.append("\(link) is missing; the next report makes it") }
        default: break
        }
    }

    /// Whether a bundle stands in a folder that was not there when the others were looked at.
    private static func isSoundBundle(_ name: String, in folder: String) -> Bool {
        let path = "\(folder)/\(name)"
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), ![".", ".."].contains(name),
            PlainFile.isFolder(path), let outcome = try? verify(bundleAt: path), outcome.discrepancies.isEmpty
        else { return false }
        return (try? Pins.ofBundle(path))?.isNamed(name) ?? false
    }

    /// Compares the page and the kept pins with the `SHA256SUMS` beside them.
    private static func checkSeal(
        _ path: String,
        _ pins: [Pin],
        _ outcome: inout Outcome
    ) {
        let sealed = ((try? Files.names(in: path)) ?? []).filter(FolderSeal.isSealed)
        let seal = FolderSeal(folder: path, mode: .group)
        guard Files.exists("\(path)/\(sumsFile)") else {
            guard !sealed.isEmpty else {
                if !pins.isEmpty {
                    outcome.notices.append("\(path) has no index.html and no SHA256SUMS; the next report makes them")
                }
                return
            }
            // Bundles of the first version say nothing of the state of their evidence, and their page is sealed by nothing.
            if pins.contains(where: { $0.evidenceState != nil }) {
                outcome.add(.missing, "\(path)/\(sumsFile)", "nothing seals \(sealed.joined(separator: " and "))")
            } else {
                outcome.notices.append("\(path)/index.html is sealed by nothing; the next report seals it")
            }
            return
        }
        guard let sums = check(sumsAt: path, &outcome) else { return }
        for (name, digest) in sums {
            outcome.filesChecked += 1
            let file = "\(path)/\(name)"
            guard sealed.contains(where: { $0.isSameInBytes(as: name) }) else {
                if FolderSeal.isSealed(name), seal.isUnderWay(name) { continue }
                outcome.add(.missing, file, "SHA256SUMS names it, and it is not there")
                continue
            }
            var looked = Outcome()
            looked.compare(file, at: file, with: digest, of: sumsFile)
            if !looked.discrepancies.isEmpty, seal.isUnderWay(name) {
                outcome.notices.append("\(file) is newer than its digest; the next report seals it")
            } else {
                outcome.discrepancies += looked.discrepancies
            }
        }
        for name in sealed where !sums.contains(where: { $0.name.isSameInBytes(as: name) }) && !seal.isUnderWay(name) {
            outcome.add(.added, "\(path)/\(name)", "SHA256SUMS does not name it")
        }
    }
}

extension Verifier.Outcome {
    /// Adds what another look found, but for the archive.
    package mutating func add(_ other: Verifier.Outcome) {
        filesChecked += other.filesChecked
        discrepancies += other.discrepancies
        warnings += other.warnings
        notices += other.notices
        signaturesUnchecked += other.signaturesUnchecked
    }
}
