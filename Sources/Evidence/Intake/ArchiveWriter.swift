import Foundation

/// The right to add to one organization's archive, held until the writer goes.
///
/// Opening takes the lock and recovers: it cuts a torn last line of the ledger and finishes the renames that the last
/// entry names. After that the archive is what its last entry says, whatever the process before died of.
package final class ArchiveWriter {
    /// The organization's id.
    package let organization: String
    /// The archive as it stood when the writer was opened, or after its last commit.
    package private(set) var archive: Archive

    let folder: String
    private let lock: ArchiveLock
    private let tool: String

    var staging: String { folder + "/staging" }
    var sealed: String { folder + "/staging/sealed" }

    /// Opens an organization's archive for writing, and makes it where there is none.
    ///
    /// - Parameters:
    ///   - root: Path of the archive's folder.
    ///   - organization: The organization's id.
    ///   - tool: Name and version, for the ledger.
    ///   - locks: Whether to keep other writers away; without it the caller sees to it that there is none.
    ///   - givesUp: Whether what no entry names is about to be given up, and with it a torn line that may have named it.
    ///   - mendsLater: Whether files that are missing or have another size are about to be put back.
    /// - Throws: `EvidenceError`: `.locked`, `.damaged` for a ledger that can't be continued, `.cannotCreate`,
    ///   `.unsupported` where nothing can be locked.
    package init(
        root: String,
        organization: String,
        tool: String,
        locks: Bool = true,
        givesUp: Bool = false,
        mendsLater: Bool = false
    ) throws {
        self.organization = organization
        self.tool = tool
        folder = root + "/" + ArchiveRoot.folderName(of: organization)
        try Files.makeFolder(root)
        try FolderRights.close(root: root)
        try Files.makeOwnFolder(folder)
        try FolderRights.close(own: folder)
        for name in Self.rooms { try Files.makeOwnFolder(folder + "/" + name) }
        lock = try ArchiveLock(folder: folder, isTaken: locks)
        for name in Self.rooms { try FolderRights.close(own: folder + "/" + name) }
        try FolderRights.requireNoLinks(in: folder)
        archive = try Archive(path: folder)
        try recover(givesUp)
        if !mendsLater {
            if let absence = try archive.absences().first { throw damaged(absence) }
            archive.hasFilesInPlace = true
        }
        Files.removeTree(sealed)
    }

    private static let rooms = ["events", "snapshots", "variants", "staging"]

    private func recover(_ givesUp: Bool) throws {
        let path = folder + "/" + Ledger.fileName
        if archive.ledger.lacksLineFeed {
            try append([10], to: path)
            archive = try Archive(path: folder)
        }
        if archive.ledger.tornBytes > 0 {
            if !givesUp, let strange = try archive.unnamedInWords() {
                throw damaged("the last line of the ledger has no end, and \(strange)")
            }
            // What was read through no link is cut through none either: nobody else writes here under the lock.
            let size = try Files.read(path).count - archive.ledger.tornBytes
            try Files.cut(path, to: size)
            archive = try Archive(path: folder)
        }
        try archive.requireKnownEntries([])
        if let fault = archive.ledger.faults.first { throw damaged(fault) }
        if archive.entries.isEmpty, Archive.holdsEvidence(folder) {
            throw damaged("there is evidence, and no ledger entry that names it")
        }
        if let last = archive.entries.last { try moveIntoPlace(last, checked: true) }
    }

    private func damaged(_ fault: String) -> EvidenceError {
        EvidenceError(
            .damaged,
            "\(folder) is damaged: \(fault); nothing is added to an archive that can't be trusted",
            hint: "run 'heedaudit verify', and restore the archive from a backup"
        )
    }

    /// Finishes what a commit promised: the files that an entry names stand in their places.
    ///
    /// What stands in its place is sealed, and nothing is moved over it. `checked`: whether what is moved must first be
    /// shown to be what the entry tells; who has just written it knows.
    private func moveIntoPlace(_ entry: LedgerEntry, checked: Bool = false) throws {
        // There is none in an archive whose service sent nothing but events.
        if !entry.unreadable.isEmpty { try Files.makeOwnFolder(folder + "/unreadable") }
        for file in entry.files where PlainFile.kind(sealed + "/" + file.path) != nil {
            guard PlainFile.kind(folder + "/" + file.path) == nil else { continue }
            if checked, try !PlainFile.digest(sealed + "/" + file.path).sha256.isSameInBytes(as: file.sha256) {
                throw EvidenceError.changed(sealed + "/" + file.path)
            }
            try Files.rename(sealed + "/" + file.path, to: folder + "/" + file.path)
        }
        for name in ArchiveRoom.all where PlainFile.isFolder(folder + "/" + name) {
            try Files.syncFolder(folder + "/" + name)
        }
    }

    /// Begins a pull, or continues the one that staging holds.
    ///
    /// - Throws: ``EvidenceError`` when staging can't be read or created.
    package func beginPull() throws -> PullSession { try PullSession(writer: self) }

    /// Begins an import; what an interrupted one left in staging is thrown away, since its input is still there.
    ///
    /// - Throws: ``EvidenceError`` when staging can't be emptied or created.
    package func beginImport() throws -> ImportSession { try ImportSession(writer: self) }

    /// Seals a batch: writes and syncs everything in staging, appends the entry (that is the commit), moves the files.
    func commit(
        _ draft: LedgerEntry,
        _ comparison: BatchComparison,
        _ spool: EventSpool,
        snapshots: [[UInt8]],
        unreadable: UnreadableElements? = nil
    ) throws -> LedgerEntry {
        Files.removeTree(sealed)
        try Files.makeFolder(sealed)
        var entry = draft
        var segments = try SegmentWriter(
            folder: sealed,
            kind: "events",
            // Whoever adds no events has no use for the names of tens of thousands of files.
            nextNumber: comparison.new.isEmpty ? 0 : try nextNumber(in: "events", behind: archive.segments.count)
        )
        try segments.write(comparison.new, of: spool, splittingMonths: true)
        var variants = try SegmentWriter(
            folder: sealed,
            kind: "variants",
            nextNumber: try nextNumber(in: "variants", behind: archive.rare(\.variants).count)
        )
        try variants.write(comparison.variants, of: spool, splittingMonths: false)
        let number = try nextNumber(in: "unreadable", behind: archive.rare(\.unreadable).count)
        entry.unreadable = try unreadable?.seal(below: sealed, number: number).map { [$0] } ?? []
        try Files.makeFolder(sealed + "/snapshots")
        for snapshot in Set(snapshots) {
            let path = "/snapshots/\(Digest.sha256(snapshot)).json"
            if !Files.exists(folder + path) { try Files.write(snapshot, to: sealed + path) }
        }
        for name in ["events", "variants", "snapshots", ""] { try Files.syncFolder(sealed + "/" + name) }
        try Files.syncFolder(staging)

        entry.entry = archive.head.entry + 1
        entry.previous = archive.head.sha256
        entry.tool = tool
        entry.organization = organization
        // What is no event counts in the sums, too: the service's total counts it.
        entry.unique = comparison.unique + draft.unique
        entry.duplicates = entry.received - entry.unique
        entry.alreadyArchived = comparison.alreadyArchived + max(0, draft.unique - entry.unreadableCount)
        entry.new = comparison.new.count
        entry.undated = comparison.new.count { spool.key($0).isUndated }
        entry.segments = segments.written[...]
        entry.variants = variants.written
        entry.anomalies = comparison.anomalies
        if entry.unreadableCount > 0 {
            entry.anomalies.append(LedgerEntry.Anomaly(kind: "unreadable", count: entry.unreadableCount))
        }
        entry.superseded = comparison.superseded
        try append(entry)
        try moveIntoPlace(entry)
        Files.removeTree(sealed)
        return entry
    }

    /// A number that no file has: one that the ledger does not name is somebody's trace, and is left for `verify` to find.
    private func nextNumber(in room: String, behind count: Int) throws -> Int {
        let present = try Files.names(in: folder + "/" + room).compactMap { name -> Int? in
            let digits = name.utf8.prefix { (0x30...0x39).contains($0) }
            return digits.count > 15 ? nil : Int(String(decoding: digits, as: UTF8.self))
        }
        return max(count, present.max() ?? 0) + 1
    }

    /// Appends an entry that takes note of pins whose entries are gone, and of the files that these may have named.
    ///
    /// - Parameters:
    ///   - restoration: What is gone.
    ///   - person: Who takes note.
    ///   - reason: Why they are gone.
    ///   - now: The time that the entry carries.
    /// - Returns: The entry.
    /// - Throws: `EvidenceError`.
    package func acknowledge(_ restoration: Restoration, by person: String, reason: String, now: Instant) throws
        -> LedgerEntry
    {
        let left = try archive.unnamed().compactMap { file in
            // What can't be read is no file of an archive, and stays for `verify` to name.
            (try? PlainFile.digest("\(folder)/\(file)")).map {
                LedgerEntry.Acknowledgement.LeftFile(file: file, sha256: $0.sha256)
            }
        }
        var entry = LedgerEntry(kind: .acknowledgement, at: now)
        entry.entry = archive.head.entry + 1
        entry.previous = archive.head.sha256
        entry.tool = tool
        entry.organization = organization
        entry.acknowledged = LedgerEntry.Acknowledgement(
            by: person,
            reason: reason,
            pins: restoration.pins.map { .init(bundle: $0.bundle, entry: $0.entry, head: $0.head) },
            lastCommon: restoration.lastCommon,
            entries: restoration.entries,
            files: left.isEmpty ? nil : left
        )
        try append(entry)
        return entry
    }

    private func append(_ entry: LedgerEntry) throws {
        let path = folder + "/" + Ledger.fileName
        let isFirst = !Files.exists(path)
        let line = try Ledger.line(of: entry)
        try append(line + [10], to: path)
        if isFirst { try Files.syncFolder(folder) }
        let known = archive.entries.last?.snapshots?.files ?? []
        if !entry.lineReferences.isEmpty || entry.snapshots?.files.allSatisfy(known.contains) == false {
            archive.hasFilesInPlace = false
        }
        archive.ledger.append(entry, line: line)
    }

    /// Commits an entry of the archive that this one is a copy of; its files stand in staging.
    ///
    /// The archive is read again by ``finishAdopting()``, once for all entries. Where there is no room for the line nothing is
    /// left of it.
    func adopt(_ entry: LedgerEntry, line: [UInt8]) throws {
        let path = folder + "/" + Ledger.fileName
        let kind = PlainFile.kind(path)
        do { try append(line + [10], to: path) } catch {
            if case .file(let size) = kind { try? Files.cut(path, to: size) } else { unlink(path) }
            throw error
        }
        if kind == nil { try Files.syncFolder(folder) }
        try moveIntoPlace(entry)
    }

    /// Ends what `adopt` began.
    func finishAdopting() throws {
        Files.removeTree(sealed)
        archive = try Archive(path: folder)
    }

    private func append(_ bytes: [UInt8], to path: String) throws {
        let writer = try SyncedWriter(path: path, .appending)
        try bytes.withUnsafeBytes { try writer.write($0) }
        try writer.finish()
    }
}
