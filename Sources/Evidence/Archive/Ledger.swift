import Foundation

/// The head of a ledger: what a bundle pins and what is worth sending elsewhere.
package struct LedgerHead: Sendable, Hashable {
    /// Number of the last entry; 0 for an empty ledger.
    package var entry: Int
    /// SHA-256 of the last line without its newline; 64 zeros for an empty ledger.
    package var sha256: String
    /// When the last entry was written, RFC 3339; empty for an empty ledger.
    package var at: String

    /// The head of a ledger without entries.
    package static let empty = LedgerHead(entry: 0, sha256: String(repeating: "0", count: 64), at: "")
}

/// The ledger as it stands in its file: entries, the digest of each line, and what is wrong with the chain.
///
/// What makes no sense in an entry is told among the faults and taken out of it, so that nobody acts on it.
package struct Ledger: Sendable {
    /// An entry that a newer version wrote: no damage as long as the chain holds around it.
    struct Novelty: Sendable, Hashable {
        /// Its number.
        var entry: Int
        /// Name and version of the tool that wrote it.
        var tool: String
        /// What is new, in words.
        var what: String
    }

    /// The entries in order; reading stops at the first line that is no entry.
    package private(set) var entries: [LedgerEntry] = []
    /// What the entries name.
    private(set) var lists = LedgerLists()
    /// SHA-256 of each entry's line.
    package private(set) var digests: [String] = []
    /// What is wrong with the chain and with the folder around it, in words; empty for a sound one.
    package internal(set) var faults: [String] = []
    /// Bytes behind the last newline: a line torn by a crash, which was never committed.
    private(set) var tornBytes = 0
    /// Whether nothing but its line feed is missing from the last entry, whose files stand in their places.
    private(set) var lacksLineFeed = false
    /// SHA-256 of each whole line, entry or not.
    private(set) var lineDigests: [String] = []
    /// The first entry of a newer version; none behind it is read.
    private(set) var novelty: Novelty?
    /// Entries at whose line, or before it, something is wrong; nil where nothing is.
    private(set) var firstFaultyEntry: Int?
    /// Entries whose clock stands before that of the entry before.
    private(set) var setBack: [Int] = []

    static let fileName = "ledger.ndjson"

    /// The last entry.
    package var head: LedgerHead { head(ofEntry: entries.count) }

    /// The head as it was when the ledger ended with an entry; the empty one for 0.
    func head(ofEntry number: Int) -> LedgerHead {
        guard number > 0, number <= entries.count else { return .empty }
        return LedgerHead(entry: number, sha256: lineDigests[number - 1], at: entries[number - 1].at)
    }

    /// The last entry that the chain supports: its digest stands in an entry behind it, or nothing is wrong at all.
    var supported: LedgerHead {
        guard let faulty = firstFaultyEntry else { return head }
        // Either the faulty line or the one before it was changed.
        return head(ofEntry: max(0, faulty - 2))
    }

    /// Whether the chain holds an entry of this number and digest.
    package func holds(entry: Int, head: String) -> Bool {
        digests.indices.contains(entry &- 1) && digests[entry - 1] == head
    }

    /// Reads the ledger of an organization's folder; an absent file is an empty ledger.
    ///
    /// - Throws: `EvidenceError` when the file is there but can't be read.
    init(folder: String) throws {
        let path = folder + "/" + Self.fileName
        checkRooms(of: folder)
        var reading = Reading(folder: folder)
        guard let tail = try Files.forEachLine(of: path, { read($0, &reading) }) else { return }
        if !tail.isEmpty {
            lacksLineFeed = isCommitted(tail, at: lineDigests.count, in: folder)
            if lacksLineFeed { read(tail, &reading) } else { tornBytes = tail.count }
        }
        if let stranger = reading.stranger { judge(stranger, owner: reading.owner, following: nil) }
    }

    /// What is known of the lines before one.
    private struct Reading {
        let folder: String
        var known: [String] = []
        var owner: ExactText?
        var before: Instant?
        var format = 1
        /// A line that is no entry of this version: none behind it is read, and the next one tells whether it is damage.
        var stranger: [UInt8]?
        var isEnded = false
    }

    /// Whether bytes without a line feed are an entry that was committed: files come into their places behind a commit.
    private func isCommitted(_ tail: ArraySlice<UInt8>, at index: Int, in folder: String) -> Bool {
        guard let entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(tail)),
            entry.format <= LedgerEntry.newestFormat, chainFault(entry.previous, entry.entry, at: index) == nil
        else { return false }
        return entry.files.allSatisfy { file in
            guard ArchiveRoom.holds(file.path), case .file(let bytes) = PlainFile.kind("\(folder)/\(file.path)") else {
                return false
            }
            return bytes == file.bytes ?? bytes
        }
    }

    private mutating func read(_ line: ArraySlice<UInt8>, _ reading: inout Reading) {
        let index = lineDigests.count
        lineDigests.append(Digest.sha256(line))
        if let stranger = reading.stranger { judge(stranger, owner: reading.owner, following: line) }
        reading.stranger = nil
        guard !reading.isEnded else { return }
        guard var entry = Self.entry(of: line, &reading.known), entry.format <= LedgerEntry.newestFormat else {
            (reading.stranger, reading.isEnded) = (Array(line), true)
            return
        }
        if let fault = chainFault(entry.previous, entry.entry, at: index) { note(fault, at: index) }
        if entry.format < reading.format {
            note("is of format \(entry.format), where format \(reading.format) is due", at: index)
        }
        reading.format = max(reading.format, entry.format)
        entry.entry = index + 1
        for problem in lists.add(&entry) { note("entry \(index + 1) \(problem)", at: index) }
        if let owner = reading.owner {
            if owner != ExactText(entry.organization) {
                note("names another organization than the entries before it", at: index)
                entry.organization = owner.text
            }
        } else {
            reading.owner = ExactText(entry.organization)
            checkName(of: reading.folder, for: entry.organization, at: index)
        }
        entry.share(previous: index > 0 ? lineDigests[index - 1] : nil, snapshots: entries.last?.snapshots)
        let kept = LedgerEntry(entry)
        if let at = kept.writtenAt, let before = reading.before, at < before { setBack.append(index + 1) }
        reading.before = kept.writtenAt ?? reading.before
        entries.append(kept)
        digests.append(lineDigests[index])
    }

    private static func entry(of line: ArraySlice<UInt8>, _ known: inout [String]) -> LedgerEntry.Told? {
        line.withUnsafeBufferPointer { LedgerEntry.Told(plain: $0, knowing: &known) }
            ?? (try? JSONDecoder().decode(LedgerEntry.Told.self, from: Data(line)))
    }

    /// Takes in an entry that was appended to the file, with its line, as reading the file again would.
    mutating func append(_ written: LedgerEntry, line: [UInt8]) {
        let digest = Digest.sha256(line)
        let index = entries.count
        var entry = written.told
        for problem in lists.add(&entry) { note("entry \(index + 1) \(problem)", at: index) }
        let times = (entries.last?.writtenAt, LedgerTime.instant(entry.at))
        if let before = times.0, let at = times.1, at < before { setBack.append(entry.entry) }
        entries.append(LedgerEntry(entry))
        digests.append(digest)
        lineDigests.append(digest)
    }

    /// What is wrong with the place of a line in the chain.
    private func chainFault(_ previous: String, _ number: Int, at index: Int) -> String? {
        let expected = index == 0 ? LedgerHead.empty.sha256 : lineDigests[index - 1]
        if !previous.isSameInBytes(as: expected) { return "does not follow the line before: the chain is broken" }
        return number == index + 1 ? nil : "is entry \(number), expected \(index + 1)"
    }

    private mutating func note(_ fault: String, at index: Int) {
        faults.append("\(Self.fileName):\(index + 1) \(fault)")
        if firstFaultyEntry == nil { firstFaultyEntry = index + 1 }
    }

    /// What every version writes, whatever else its entries hold.
    private struct Preamble: Decodable {
        var entry: Int
        var previous: String
        var kind: String?
        var tool: String?
        var format: Int?
        var organization: String
    }

    /// Tells an entry of a newer version, in whose place the chain holds, from a line that is damaged.
    private mutating func judge(_ line: [UInt8], owner: ExactText?, following: ArraySlice<UInt8>?) {
        let index = entries.count
        func preamble(_ line: some Sequence<UInt8>) -> Preamble? {
            try? JSONDecoder().decode(Preamble.self, from: Data(line))
        }
        guard let found = preamble(line), chainFault(found.previous, found.entry, at: index) == nil,
            owner.map({ $0 == ExactText(found.organization) }) != false
        else { return note("is no ledger entry", at: index) }
        let isNewFormat = found.format.map { $0 > LedgerEntry.newestFormat } ?? false
        let isNewKind = found.kind.map { LedgerEntry.Kind(rawValue: $0) == nil } ?? false
        guard isNewFormat || isNewKind else { return note("is no ledger entry", at: index) }
        if let following {
            guard let next = preamble(following), chainFault(next.previous, next.entry, at: index + 1) == nil else {
                return note("does not follow the line before: the chain is broken", at: index + 1)
            }
        }
        let what =
            isNewFormat
            ? "format \(found.format ?? 0)" : "kind '\(found.kind ?? "")'"
        novelty = Novelty(entry: index + 1, tool: found.tool ?? "another version", what: what)
    }

    /// Nothing inside an organization's folder is followed through a link.
    private mutating func checkRooms(of folder: String) {
        if PlainFile.kind(folder) == .link { faults.append("\(folder) is a symbolic link, not the folder itself") }
        for room in ArchiveRoom.all + ["staging", "staging/sealed"] {
            let kind = PlainFile.kind(folder + "/" + room)
            guard let kind, kind != .folder else { continue }
            if case .hidden = kind { continue }
            faults.append("\(room) is \(kind == .link ? "a symbolic link" : "no folder"), not the archive's own folder")
        }
    }

    private mutating func checkName(of folder: String, for organization: String, at index: Int) {
        let name = (folder as NSString).lastPathComponent
        if !name.isSameInBytes(as: ArchiveRoot.folderName(of: organization)) {
            note("is of organization '\(organization)', whose folder is not named '\(name)'", at: index)
        }
    }

    /// Puts a reference to a segment in the place of an entry's own.
    mutating func replace(segment index: Int, ofEntry entry: Int, by segment: SegmentReference) {
        entries[entry].segments[index] = segment
        lists.replace(segment: index, ofEntry: entry, by: segment)
    }

    /// An entry as its line, without newline.
    static func line(of entry: LedgerEntry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(entry))
    }
}
