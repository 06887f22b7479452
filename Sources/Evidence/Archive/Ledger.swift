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
    private(set) var entries: [LedgerEntry] = []
    /// What the entries name.
    private(set) var lists = LedgerLists()
    /// SHA-256 of each entry's line.
    package var digests: [String] { lineDigests.prefix(entries.count).map(\.hex) }
    /// What is wrong with the chain and with the folder around it, in words; empty for a sound one.
    package internal(set) var faults: [String] = []
    /// Bytes behind the last newline: a line torn by a crash, which was never committed.
    private(set) var tornBytes = 0
    /// Whether nothing but its line feed is missing from the last entry, whose files stand in their places.
    private(set) var lacksLineFeed = false
    /// SHA-256 of each whole line, entry or not.
    private(set) var lineDigests: [Digest] = []
    /// The first entry of a newer version; none behind it is read.
    private(set) var novelty: Novelty?
    /// Entries at whose line, or before it, something is wrong; nil where nothing is.
    private(set) var firstFaultyEntry: Int?
    /// Entries whose clock stands before that of the entry before.
    private(set) var setBack: [Int] = []

    static let fileName = "ledger.ndjson"

    /// The last entry.
    var head: LedgerHead { head(ofEntry: entries.count) }

    /// The head as it was when the ledger ended with an entry; the empty one for 0.
    package func head(ofEntry number: Int) -> LedgerHead {
        guard number > 0, number <= entries.count else { return .empty }
        return LedgerHead(entry: number, sha256: lineDigests[number - 1].hex, at: entries[number - 1].at)
    }

    /// The last entry that the chain supports: its digest stands in an entry behind it, or nothing is wrong at all.
    var supported: LedgerHead {
        guard let faulty = firstFaultyEntry else { return head }
        // Either the faulty line or the one before it was changed.
        return head(ofEntry: max(0, faulty - 2))
    }

    /// Whether the chain holds an entry of this number and digest.
    package func holds(entry: Int, head: String) -> Bool {
        entries.indices.contains(entry &- 1) && lineDigests[entry - 1] == Digest(hex: head)
    }

    /// Reads the ledger of an organization's folder; an absent file is an empty ledger.
    ///
    /// - Throws: `EvidenceError` when the file is there but can't be read.
    init(folder: String) throws {
        let path = folder + "/" + Self.fileName
        checkRooms(of: folder)
        var reading = Reading(folder: folder)
        if case .file(let bytes) = PlainFile.kind(path) { reading.bytes = min(bytes, Files.largest) }
        guard let tail = try Files.forEachLine(of: path, { read($0, &reading) }) else { return }
        if !tail.isEmpty {
            lacksLineFeed = isCommitted(tail, at: lineDigests.count, in: folder)
            if lacksLineFeed { read(tail, &reading) } else { tornBytes = tail.count }
        }
        if let stranger = reading.stranger { judge(stranger, owner: reading.owner, following: nil) }
        for place in entries.indices { entries[place].segments = lists.segments(ofEntry: place) }
    }

    /// What is known of the lines before one.
    private struct Reading {
        let folder: String
        /// Of the whole file.
        var bytes = 0
        var known: [String] = []
        /// What the entry before refers to, where it was read by the short way and nothing was taken out of it.
        var plain: LedgerEntry.Common?
        /// The shape of its line.
        var shape: PlainShape?
        var owner: ExactText?
        var before: Instant?
        var format = 1
        /// A line that is no entry of this version: none behind it is read, and the next one tells whether it is damage.
        var stranger: [UInt8]?
        var isEnded = false

        /// Reads an entry by the short way, or one that is shorter still.
        mutating func entry(_ line: UnsafeBufferPointer<UInt8>) -> LedgerEntry? {
            if let plain, let shape, let entry = LedgerEntry(line, like: plain, shape) { return entry }
            let read = LedgerEntry.read(plain: line, knowing: &known, after: plain)
            shape = read?.shape
            return read?.entry
        }
    }

    /// Whether bytes without a line feed are an entry that was committed: files come into their places behind a commit.
    private func isCommitted(_ tail: ArraySlice<UInt8>, at index: Int, in folder: String) -> Bool {
        guard let entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(tail)),
            entry.format <= LedgerEntry.newestFormat, chainFault(entry.previousDigest, entry.entry, at: index) == nil
        else { return false }
        return entry.files.allSatisfy { file in
            guard ArchiveRoom.holds(file.path), case .file(let bytes) = PlainFile.kind("\(folder)/\(file.path)") else {
                return false
            }
            return bytes == file.bytes ?? bytes
        }
    }

    /// Makes room for about so many entries: tens of thousands would be moved each time that the room is doubled.
    private mutating func reserve(_ estimate: Int) {
        // Some more, for those that are appended, and never more than a few megabytes on a file's word.
        let count = min(estimate + estimate / 8, 1 << 17)
        entries.reserveCapacity(count)
        lineDigests.reserveCapacity(count)
        lists.reserve(count)
    }

    private mutating func read(_ line: ArraySlice<UInt8>, _ reading: inout Reading) {
        let index = lineDigests.count
        if index == 0 { reserve(reading.bytes / (line.count + 1)) }
        lineDigests.append(line.withUnsafeBytes { Digest(of: $0) })
        if let stranger = reading.stranger { judge(stranger, owner: reading.owner, following: line) }
        reading.stranger = nil
        guard !reading.isEnded else { return }
        let plain = line.withUnsafeBufferPointer { reading.entry($0) }
        let common = plain?.common
        guard var entry = plain ?? (try? JSONDecoder().decode(LedgerEntry.self, from: Data(line))),
            entry.format <= LedgerEntry.newestFormat
        else {
            (reading.stranger, reading.isEnded) = (Array(line), true)
            return
        }
        if let fault = chainFault(entry.previousDigest, entry.entry, at: index) { note(fault, at: index) }
        if entry.format < reading.format {
            note("is of format \(entry.format), where format \(reading.format) is due", at: index)
        }
        reading.format = max(reading.format, entry.format)
        entry.entry = index + 1
        let problems = lists.add(&entry, after: reading.plain)
        for problem in problems { note("entry \(index + 1) \(problem)", at: index) }
        reading.plain = common.flatMap { problems.isEmpty && entry.common.isSame(as: $0) ? $0 : nil }
        if let owner = reading.owner {
            if owner != ExactText(entry.organization) {
                note("names another organization than the entries before it", at: index)
                entry.organization = owner.text
            }
        } else {
            reading.owner = ExactText(entry.organization)
            checkName(of: reading.folder, for: entry.organization, at: index)
        }
        if let at = entry.writtenAt, let before = reading.before, at < before { setBack.append(index + 1) }
        reading.before = entry.writtenAt ?? reading.before
        // They stand in the lists, and are lent from there when all is read.
        entry.segments = []
        entries.append(entry)
    }

    /// Takes in an entry that was appended to the file, with its line, as reading the file again would.
    mutating func append(_ written: LedgerEntry, line: [UInt8]) {
        let index = entries.count
        var entry = written
        for problem in lists.add(&entry) { note("entry \(index + 1) \(problem)", at: index) }
        let times = (entries.last?.writtenAt, entry.writtenAt)
        if let before = times.0, let at = times.1, at < before { setBack.append(entry.entry) }
        entries.append(entry)
        lineDigests.append(line.withUnsafeBytes { Digest(of: $0) })
    }

    /// What is wrong with the place of a line in the chain.
    private func chainFault(_ previous: Digest?, _ number: Int, at index: Int) -> String? {
        if previous != (index == 0 ? Digest.zeros : lineDigests[index - 1]) {
            return "does not follow the line before: the chain is broken"
        }
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
        guard let found = preamble(line), chainFault(Digest(hex: found.previous), found.entry, at: index) == nil,
            owner.map({ $0 == ExactText(found.organization) }) != false
        else { return note("is no ledger entry", at: index) }
        let isNewFormat = found.format.map { $0 > LedgerEntry.newestFormat } ?? false
        let isNewKind = found.kind.map { LedgerEntry.Kind(rawValue: $0) == nil } ?? false
        guard isNewFormat || isNewKind else { return note("is no ledger entry", at: index) }
        if let following {
            guard let next = preamble(following),
                chainFault(Digest(hex: next.previous), next.entry, at: index + 1) == nil
            else {
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

    /// Puts a reference in the place of a segment's own, by its place in the archive.
    mutating func replace(segment place: Int, by segment: SegmentReference) {
        let owner = lists.owner(ofSegment: place)
        let begin = entries[owner.entry].segments.startIndex
        entries[owner.entry].segments[begin + owner.segment] = segment
        lists.replace(segment: place, by: segment)
    }

    /// An entry as its line, without newline.
    static func line(of entry: LedgerEntry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(entry))
    }
}
