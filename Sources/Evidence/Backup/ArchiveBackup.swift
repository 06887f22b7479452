import Foundation

/// A copy of one organization's archive, brought up to the archive's head while others may go on adding to it.
///
/// The copy is an archive, too, and grows as one: for each entry the files that it names are staged and synced, the entry's
/// line is appended, the files are moved into place. So a process killed at any instant leaves what a killed pull leaves,
/// which the next backup continues.
package struct ArchiveBackup {
    /// What was done, and what the copy is now.
    package struct Outcome: Sendable, Hashable {
        /// The organization's id.
        package var organization: String
        /// The folder of the copy.
        package var copy: String
        /// The head of archive and copy.
        package var head: LedgerHead
        /// Entries that the copy did not hold before.
        package var entries = 0
        /// Files that were copied.
        package var files = 0
        /// Their bytes.
        package var bytes = 0
        /// Files among them that stood in the copy, or should have, and were not what its ledger says.
        package var mended: [String] = []
        /// Files of the copy whose digest was reckoned at the end.
        package var filesChecked = 0
    }

    private let source: Archive
    private let writer: ArchiveWriter
    private var outcome: Outcome

    /// Copies what is new.
    ///
    /// - Parameters:
    ///   - source: The archive, as its ledger stands: entries added later are left to the next backup.
    ///   - root: The folder of copies, which holds a folder for each organization, as an archive does.
    ///   - locks: Whether to keep other writers away from the copy.
    /// - Returns: What was done. Every file of the copy was read and is what its ledger says.
    /// - Throws: `EvidenceError`: `.damaged` for an archive or a copy that is not what its ledger says, `.diverged` for a copy
    ///   of what the archive does not hold, `.newer`, `.locked`, `.cannotCreate`, `.cannotWrite`. What was copied before stays.
    package static func bring(_ source: Archive, into root: String, locks: Bool = true) throws -> Outcome {
        try source.requireKnownEntries([])
        try source.requireEntries([])
        if let fault = source.ledger.faults.first { throw damaged(source, fault) }
        let writer: ArchiveWriter
        do {
            writer = try ArchiveWriter(
                root: root,
                organization: source.organization,
                tool: "",
                locks: locks,
                mendsLater: true
            )
        } catch let error as EvidenceError where error.code == .damaged {
            throw EvidenceError(.damaged, "the copy can't be continued: \(error.summary)", hint: moveAway)
        }
        var backup = ArchiveBackup(source, writer)
        try backup.requireAncestor()
        try backup.copyNewEntries()
        try backup.mend(backup.check())
        return backup.outcome
    }

    private init(_ source: Archive, _ writer: ArchiveWriter) {
        self.source = source
        self.writer = writer
        outcome = Outcome(organization: source.organization, copy: writer.folder, head: source.head)
    }

    private static let moveAway =
        "run 'heedaudit verify' on it, move it away, and run this again: then a new copy is made"

    private static func damaged(_ source: Archive, _ fault: String) -> EvidenceError {
        EvidenceError(
            .damaged,
            "\(source.path) is damaged: \(fault); nothing is copied from an archive that can't be trusted",
            hint: "keep the copy there is, run 'heedaudit verify', and restore the archive from the copy"
        )
    }

    /// Ends where the copy holds an entry that the archive does not: it never goes back.
    private func requireAncestor() throws {
        let (held, wanted) = (writer.archive.ledger.digests, source.ledger.digests)
        guard let place = held.indices.first(where: { $0 >= wanted.count || held[$0] != wanted[$0] }) else { return }
        throw EvidenceError(
            .diverged,
            place < wanted.count
                ? "entry \(place + 1) of the copy \(writer.folder) is not the one that \(source.path) holds"
                : "the copy \(writer.folder) holds \(held.count) entries, \(source.path) only the first \(wanted.count) of them",
            hint:
                "the copy is left as it is, for it may hold what the archive lost: compare both by 'heedaudit verify'; if the "
                + "archive was restored from a backup, go on in another folder"
        )
    }

    // MARK: Copying

    private mutating func copyNewEntries() throws {
        let known = writer.archive.entries.count
        let lines = try Files.read("\(source.path)/\(Ledger.fileName)")
            .split(separator: 10, maxSplits: source.entries.count, omittingEmptySubsequences: false)
        for index in known..<source.entries.count {
            guard index < lines.count, Digest.sha256(lines[index]) == source.ledger.digests[index] else {
                throw Self.damaged(source, "entry \(index + 1) changed while it was copied")
            }
            do { try stage(source.entries[index], at: index) } catch {
                // The room that they take may be what somebody needs.
                Files.removeTree(writer.sealed)
                throw error
            }
            try writer.adopt(source.entries[index], line: Array(lines[index]))
            outcome.entries += 1
        }
        if outcome.entries > 0 { try writer.finishAdopting() }
    }

    /// Writes the files of an entry that the copy does not hold where a commit looks for them.
    private mutating func stage(_ entry: LedgerEntry, at index: Int) throws {
        var folders: Set<String> = []
        for file in entry.files {
            // Many entries name one snapshot; what it holds is looked at in the end, as that of all files.
            if PlainFile.kind("\(writer.folder)/\(file.path)") != nil { continue }
            let target = "\(writer.sealed)/\(file.path)"
            if folders.insert(PathNames.parent(of: target)).inserted {
                try Files.makeFolder(PathNames.parent(of: target))
            }
            try copy(file, at: index, to: target)
        }
        for folder in folders { try Files.syncFolder(folder) }
        if !folders.isEmpty { try Files.syncFolder(writer.sealed) }
    }

    /// Copies a file, whose digest must be the one that the ledger tells; else nothing is left of it.
    private mutating func copy(_ file: LedgerEntry.NamedFile, at index: Int, to target: String) throws {
        let descriptor = try open(file, at: index)
        defer { close(descriptor) }
        do {
            let writer = try SyncedWriter(path: target, .sealing)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw EvidenceError.cannotRead("\(source.path)/\(file.path)", errno) }
                if count == 0 { break }
                try writer.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            guard try writer.finish().isSameInBytes(as: file.sha256) else {
                throw Self.damaged(source, "\(file.path) is not what the ledger says")
            }
            outcome.files += 1
            outcome.bytes += writer.byteCount
        } catch {
            unlink(target)
            throw error
        }
    }

    /// Opens a file of the archive; that of its last entry may be moved into its place at this moment.
    private func open(_ file: LedgerEntry.NamedFile, at index: Int) throws -> Int32 {
        for _ in 0..<3 {
            guard let place = source.place(of: file.path, isOfLastEntry: index == source.entries.count - 1) else {
                break
            }
            if let found = try PlainFile.open("\(source.path)/\(place)") { return found.descriptor }
        }
        throw Self.damaged(source, "\(file.path) is missing")
    }

    // MARK: Checking

    /// What of the copy is not what its ledger says, every file read.
    private mutating func check() throws -> [Discrepancy] {
        let verified = try Verifier.verify(archiveAt: writer.folder)
        outcome.filesChecked = verified.filesChecked
        return verified.discrepancies
    }

    /// Puts sound files in the place of those that are not, once.
    private mutating func mend(_ found: [Discrepancy]) throws {
        guard !found.isEmpty else { return }
        let broken = Set(found.map { ExactText($0.file) })
        var seen: Set<String> = []
        for (index, entry) in source.entries.enumerated() {
            for file in entry.files where broken.contains(ExactText("\(writer.folder)/\(file.path)")) {
                guard seen.insert(file.path).inserted else { continue }
                let aside = "\(writer.staging)/mended"
                try copy(file, at: index, to: aside)
                try Files.rename(aside, to: "\(writer.folder)/\(file.path)")
                try Files.syncFolder(PathNames.parent(of: "\(writer.folder)/\(file.path)"))
                outcome.mended.append(file.path)
            }
        }
        guard let first = try check().first else { return }
        throw EvidenceError(
            .damaged,
            "the copy \(writer.folder) does not verify: \(first.file): \(first.detail)",
            hint: first.kind == .added ? "move that file away, and run this again" : Self.moveAway
        )
    }
}
