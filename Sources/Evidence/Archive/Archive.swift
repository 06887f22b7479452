import Foundation

/// The archive's folder: one folder an organization.
package struct ArchiveRoot: Sendable {
    /// Path of the archive.
    package let path: String

    /// Names an archive, which need not exist yet.
    package init(path: String) {
        self.path = path
    }

    /// The organizations that have a ledger or evidence, by the names of their folders, sorted.
    ///
    /// - Throws: ``EvidenceError`` when the folder can't be read.
    package func organizations() throws -> [String] {
        try Files.names(in: path).filter {
            !$0.hasPrefix(".") && $0 != Self.foundByRepair && Archive.holdsAnything("\(path)/\($0)")
        }
    }

    /// Whether an organization has a ledger or evidence, without a look at the others.
    package func holds(_ organization: String) -> Bool {
        Archive.holdsAnything("\(path)/\(Self.folderName(of: organization))")
    }

    /// What a repair of the file system leaves at its top, where an archive may be: nobody's evidence.
    static let foundByRepair = "lost+found"

    /// Opens one organization's archive for reading.
    ///
    /// - Parameter organization: Its id; nil for the archive's only one.
    /// - Returns: The archive as its ledger stands now.
    /// - Throws: `EvidenceError` with code `.notFound` when there is none, or several to choose from.
    package func open(organization: String?) throws -> Archive {
        if let organization {
            let name = Self.folderName(of: organization)
            guard Archive.holdsAnything(path + "/" + name) else {
                let present = try organizations()
                throw EvidenceError(
                    .notFound,
                    "no organization '\(organization)' in archive \(path)",
                    hint: present.isEmpty
                        ? "run 'heedaudit pull' or 'heedaudit import' first"
                        : "it holds: \(present.joined(separator: ", "))"
                )
            }
            return try Archive(path: path + "/" + name)
        }
        let present = try organizations()
        guard let only = present.first else {
            throw EvidenceError(
                .notFound,
                "no archive in \(path)",
                hint: "run 'heedaudit pull' or 'heedaudit import' first, or name it by --archive"
            )
        }
        guard present.count == 1 else {
            throw EvidenceError(
                .notFound,
                "archive \(path) holds several organizations: \(present.joined(separator: ", "))",
                hint: "name one by --organization"
            )
        }
        return try Archive(path: path + "/" + only)
    }

    /// Opens the archive in one of the folders that `organizations` names.
    ///
    /// - Throws: ``EvidenceError`` when its ledger can't be read or does not chain.
    package func open(folder: String) throws -> Archive { try Archive(path: path + "/" + folder) }

    /// An organization's id as one path component: letters, digits, `-`, `_` and inner dots stay, other bytes become `%XX`.
    package static func folderName(of organization: String) -> String {
        var name = ""
        for (index, byte) in organization.utf8.enumerated() {
            let character = Character(Unicode.Scalar(byte))
            let isPlain = character.isASCII && (character.isLetter || character.isNumber || byte == 45 || byte == 95)
            if isPlain || (byte == 46 && index > 0) {
                name.append(character)
            } else {
                name += "%" + [byte].hex.uppercased()
            }
        }
        if name.isEmpty { return "%" }
        return name.utf8.count <= 200 ? name : String(name.prefix(130)) + "%" + Digest.sha256(organization.utf8)
    }
}

/// One organization's archive as its ledger stood when it was opened; safe to read while another process pulls.
package struct Archive: Sendable {
    /// The organization's folder.
    package let path: String
    /// The ledger.
    package internal(set) var ledger: Ledger
    /// Whether the writer that handed it out has found every named file in its place, and has added none since.
    var hasFilesInPlace = false
    /// Whether who hands it out has just seen that no file stands in it that no entry names.
    package var hasNamedFilesOnly = false
    /// Whether an examination left to the reading of a report what it would have seen itself.
    package internal(set) var leavesToReading = false
    /// Segments that are read whole and put in order before anything is handed out, whatever the ledger says of their time.
    var sortedFirst: Set<String> = []

    init(path: String) throws {
        self.path = path
        ledger = try Ledger(folder: path)
    }

    /// The same archive as its ledger stands by now.
    ///
    /// - Throws: ``EvidenceError`` when its ledger can't be read or does not chain.
    package func reopened() throws -> Archive { try Archive(path: path) }

    /// Whether an organization's folder has a ledger or sealed files.
    static func holdsAnything(_ folder: String) -> Bool {
        Files.exists("\(folder)/\(Ledger.fileName)") || holdsEvidence(folder)
    }

    /// Whether an organization's folder has sealed files.
    static func holdsEvidence(_ folder: String) -> Bool {
        ArchiveRoom.all.contains { room in
            guard let kind = PlainFile.kind("\(folder)/\(room)") else { return false }
            return kind != .folder || (try? Files.names(in: "\(folder)/\(room)"))?.isEmpty != true
        }
    }

    /// The organization's id; the folder's name while the ledger is empty.
    package var organization: String {
        ledger.entries.first?.organization ?? (path as NSString).lastPathComponent
    }

    /// The entries in order.
    package var entries: [LedgerEntry] { ledger.entries }

    /// Whether there is an entry, be it one of a newer version.
    package var hasEntries: Bool { !entries.isEmpty || ledger.novelty != nil }

    /// The last entry's number, digest and time.
    package var head: LedgerHead { ledger.head }

    /// Every sealed segment in the order of the entries.
    package var segments: [SegmentReference] { ledger.lists.segments }

    /// The places of an entry's segments among ``segments``.
    package func segmentPlaces(ofEntry place: Int) -> Range<Int> {
        ledger.lists.firstSegment(behind: place)..<ledger.lists.firstSegment(behind: place + 1)
    }

    /// What the entries hold of a kind that few of them have (``LedgerLists/remarkable``), in their order.
    package func rare<Element>(_ list: (LedgerEntry) -> [Element]) -> [Element] {
        ledger.lists.remarkable.flatMap { list(entries[$0]) }
    }

    /// What reports no longer show, by segment file.
    var superseded: [String: EventSet] {
        var hidden: [String: EventSet] = [:]
        for place in ledger.lists.remarkable {
            for item in entries[place].superseded {
                hidden[item.file, default: EventSet()].insert(item.identified, format: entries[place].format)
            }
        }
        return hidden
    }

    /// Where a file is that an entry names: in its place, or, for the last entry, where a commit that did not end left it.
    func place(of file: String, isOfLastEntry: Bool) -> String? {
        if Files.exists("\(path)/\(file)") { return file }
        guard isOfLastEntry else { return nil }
        if Files.exists("\(path)/staging/sealed/\(file)") { return "staging/sealed/" + file }
        // Another run may have moved it between the two looks.
        return Files.exists("\(path)/\(file)") ? file : nil
    }

    /// The archived events of a span of time.
    ///
    /// A segment whose rename a crash prevented is found where the commit left it; the next pull moves it.
    package func events(in range: InstantRange?) -> EventSource {
        var hidden = superseded
        var sorted = sortedFirst
        var present = segments
        for index in present.indices.suffix(entries.last?.segments.count ?? 0) {
            let file = present[index].file
            if let place = place(of: file, isOfLastEntry: true), place != file {
                present[index].file = place
                hidden[place] = hidden[file]
                if sorted.contains(file) { sorted.insert(place) }
            }
        }
        return EventSource(root: path, segments: present, range: range, superseded: hidden, sortedFirst: sorted)
    }

    /// The bytes of a snapshot as received.
    ///
    /// - Throws: `EvidenceError` with code `.damaged` when they are not what their name says.
    package func snapshot(_ sha256: String) throws -> [UInt8] {
        let file = "snapshots/\(sha256).json"
        guard Digest.isHex(sha256) else { throw EvidenceError(.damaged, "\(path)/\(file) is no name of a snapshot") }
        let bytes =
            try PlainFile.bytes(path + "/" + file, atMost: Self.largestSnapshot)
            ?? PlainFile.bytes(path + "/staging/sealed/" + file, atMost: Self.largestSnapshot)
        guard let bytes else { throw EvidenceError.cannotRead(path + "/" + file, ENOENT) }
        guard Digest.sha256(bytes) == sha256 else {
            throw EvidenceError(.damaged, "\(path)/\(file) is not what its name says")
        }
        return bytes
    }

    /// The most bytes of an answer of the service that are read.
    private static let largestSnapshot = 64 << 20

    /// The newest pull's entry.
    package var lastPull: LedgerEntry? { entries.last { $0.kind == .pull } }

    /// The places of the entries of pulls.
    package var pulls: [Int] {
        var places: [Int] = []
        places.reserveCapacity(entries.count)
        entries.forEachGist { if $1.kind == .pull { places.append($0) } }
        return places
    }

    /// Time of the oldest event that a pull archived, of those whose time can be; nil without one.
    func oldestPulled(_ plausible: PlausibleTimes?) -> Instant? {
        let segments = segments
        var oldest: Instant?
        entries.forEachGist { place, entry in
            guard entry.kind == .pull else { return }
            for segment in segmentPlaces(ofEntry: place) {
                guard let first = segments[segment].first, plausible?.contains(first) != false else { continue }
                oldest = oldest.map { min($0, first) } ?? first
            }
        }
        return oldest
    }

    /// Whether events ever left the log at its oldest end.
    package var hasSeenExpiry: Bool {
        ledger.lists.remarkable.contains { place in
            entries[place].leftWhileRead ?? 0 > 0 || entries[place].anomalies.contains { $0.kind == "expired" }
        }
    }

    /// How many elements of the log are no events, of all that pulls received.
    package var unreadableCount: Int { rare(\.unreadable).reduce(0) { $0 + $1.count } }
}
