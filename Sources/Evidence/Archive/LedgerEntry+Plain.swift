/// Entries as they are written, of which a ledger may have tens of thousands.
extension LedgerEntry {
    /// Reads an entry of which everything is as this tool writes it, and nothing out of the ordinary; nil for any other, which
    /// `JSONDecoder` reads.
    ///
    /// - Parameters:
    ///   - line: The line, without its line feed.
    ///   - known: Long texts of the lines before, which are kept once.
    ///   - before: What an entry refers to that was read so, too, and as it was read; what both tell is kept once.
    init?(plain line: UnsafeBufferPointer<UInt8>, knowing known: inout [String], after before: Common? = nil) {
        guard let read = Self.read(plain: line, knowing: &known, after: before) else { return nil }
        self = read.entry
    }

    /// The same, with the line as lines behind it may be, too.
    static func read(plain line: UnsafeBufferPointer<UInt8>, knowing known: inout [String], after before: Common?)
        -> (entry: LedgerEntry, shape: PlainShape)?
    {
        var reader = PlainJSON(line, knowing: known)
        var read = Split.unread
        let isPlain = reader.object(&read, Split.members) && reader.isAtEnd
        known = reader.takeKnown()
        guard isPlain, read.isWhole else { return nil }
        return (LedgerEntry(read, sharing: before), reader.shape)
    }

    /// Reads an entry that tells what another one refers to, whose line had this shape, but for what each has of its own; nil for
    /// any other.
    init?(_ line: UnsafeBufferPointer<UInt8>, like before: Common, _ shape: PlainShape) {
        var own = Own()
        let isAlike = shape.read(line) { number, reader in
            Own.Value(rawValue: number).map { own.read($0, &reader) } ?? false
        }
        guard isAlike else { return nil }
        self.init(own, sharing: before)
    }
}

extension LedgerEntry.Own {
    /// What a line tells of it, each in a place of its own.
    fileprivate enum Value: UInt8 {
        case alreadyArchived, at, entry, localClock, new, pages, previous, provenTo, received, requests, segments
        case servedAt, serverClock, totalAtEnd, totalAtStart, unique
    }

    fileprivate mutating func read(_ value: Value, _ reader: inout PlainJSON) -> Bool {
        switch value {
        case .alreadyArchived: reader.number(&alreadyArchived)
        case .at: reader.time(&at)
        case .entry: reader.number(&entry)
        case .localClock: reader.time(&localClock)
        case .new: reader.number(&new)
        case .pages: reader.number(&pages)
        case .previous: reader.digest(&previous)
        case .provenTo: reader.time(&provenTo)
        case .received: reader.number(&received)
        case .requests: reader.number(&requests)
        case .segments: reader.segments(&segments)
        case .servedAt: reader.time(&servedAt)
        case .serverClock: reader.time(&serverClock)
        case .totalAtEnd: reader.number(&totalAtEnd)
        case .totalAtStart: reader.number(&totalAtStart)
        case .unique: reader.number(&unique)
        }
    }
}

extension PlainJSON {
    /// Reads references into a place.
    fileprivate mutating func segments(_ target: inout ArraySlice<SegmentReference>) -> Bool {
        var read: [SegmentReference] = []
        guard list(&read, { SegmentReference(&$0) }) else { return false }
        target = read[...]
        return true
    }

    fileprivate mutating func own(_ value: LedgerEntry.Own.Value, _ own: inout LedgerEntry.Own) -> Bool {
        noting(value.rawValue) { own.read(value, &$0) }
    }
}

extension LedgerEntry.Split {
    /// An entry of which nothing is told.
    fileprivate static let unread = {
        var told = LedgerEntry.Told(kind: .acknowledgement, at: Instant(seconds: 0))
        (told.at, told.format) = ("", 1)
        var read = LedgerEntry.Split(rest: told)
        read.own.entry = -1
        return read
    }()

    /// Whether all is there that every entry tells, and what belongs to what it tells; of this kind nothing is read.
    fileprivate var isWhole: Bool {
        own.entry >= 0 && own.previous != nil && own.at != nil && rest.kind != .acknowledgement
            && !rest.organization.isEmpty
            && rest.proven.map { !$0.from.isEmpty && own.provenTo != nil } ?? true
            && rest.clock.map { !$0.used.isEmpty && own.localClock != nil } ?? true
    }

    fileprivate static let members: [PlainJSON.Member<Self>] = [
        .init("already_archived") { $0.own(.alreadyArchived, &$1.own) },
        .init("anomalies") { $0.isEmptyList(&$1) },
        .init("at") { $0.own(.at, &$1.own) },
        .init("attempts") { $0.number(&$1.rest.attempts) },
        .init("clock") { reader, entry in
            entry.rest.clock = LedgerEntry.Clock(server: nil, local: "", used: "")
            return reader.object(&entry, clock)
        },
        .init("complete") { $0.flag(&$1.rest.complete) },
        .init("duplicates") { $0.number(&$1.rest.duplicates) },
        .init("entry") { $0.own(.entry, &$1.own) },
        .init("format") { $0.number(&$1.rest.format) },
        .init("incomplete_because") { $0.list(&$1.rest.incompleteBecause) { $0.text() } },
        .init("kind") { reader, entry in
            guard let kind = reader.text().flatMap(LedgerEntry.Kind.init(rawValue:)) else { return false }
            entry.rest.kind = kind
            return true
        },
        .init("left_while_read") { $0.number(&$1.rest.leftWhileRead) },
        .init("mode") { reader, entry in
            entry.rest.mode = reader.text().flatMap(LedgerEntry.Mode.init(rawValue:))
            return entry.rest.mode != nil
        },
        .init("new") { $0.own(.new, &$1.own) },
        .init("oldest_served") { $0.text(&$1.rest.oldestServed) },
        .init("order") { $0.text(&$1.rest.order) },
        .init("organization") { $0.text(&$1.rest.organization) },
        .init("page_size") { $0.number(&$1.rest.pageSize) },
        .init("pages") { $0.own(.pages, &$1.own) },
        .init("passes") { $0.number(&$1.rest.passes) },
        .init("previous") { $0.own(.previous, &$1.own) },
        .init("proven") { reader, entry in
            entry.rest.proven = LedgerEntry.Span(from: "", to: "")
            return reader.object(&entry, proven)
        },
        .init("received") { $0.own(.received, &$1.own) },
        .init("refused_page") { $0.number(&$1.rest.refusedPage) },
        .init("requests") { $0.own(.requests, &$1.own) },
        .init("retries") { $0.number(&$1.rest.retries) },
        .init("segments") { $0.own(.segments, &$1.own) },
        .init("snapshots") { reader, entry in
            var read: LedgerEntry.Snapshots.Read = (LedgerEntry.Snapshots(), entry.own)
            guard reader.object(&read, LedgerEntry.Snapshots.members) else { return false }
            (entry.snapshots, entry.own) = read
            return true
        },
        .init("sources") { reader, entry in
            var sources: [String] = []
            guard reader.list(&sources, { $0.text() }) else { return false }
            entry.rest.sources = sources
            return true
        },
        .init("superseded") { $0.isEmptyList(&$1) },
        .init("tool") { $0.text(&$1.rest.tool) },
        .init("total_at_end") { $0.own(.totalAtEnd, &$1.own) },
        .init("total_at_start") { $0.own(.totalAtStart, &$1.own) },
        .init("undated") { $0.number(&$1.rest.undated) },
        .init("unique") { $0.own(.unique, &$1.own) },
        .init("variants") { $0.isEmptyList(&$1) },
    ]

    private static let clock: [PlainJSON.Member<Self>] = [
        .init("local") { $0.own(.localClock, &$1.own) },
        .init("server") {
            $1.rest.clock?.server = ""
            return $0.own(.serverClock, &$1.own)
        },
        .init("used") { reader, entry in
            guard let used = reader.text() else { return false }
            entry.rest.clock?.used = used
            return true
        },
    ]

    private static let proven: [PlainJSON.Member<Self>] = [
        .init("from") { reader, entry in
            guard let from = reader.text() else { return false }
            entry.rest.proven?.from = from
            return true
        },
        .init("to") { $0.own(.provenTo, &$1.own) },
    ]
}

extension PlainJSON {
    /// Reads `true` or `false` into a place.
    fileprivate mutating func flag(_ target: inout Bool?) -> Bool {
        target = flag()
        return target != nil
    }

    /// Passes over a list without elements: what is rare is left to the reader of all JSON.
    fileprivate mutating func isEmptyList(_: inout LedgerEntry.Split) -> Bool {
        var none: [Int] = []
        return list(&none) { _ in nil }
    }
}

extension LedgerEntry.Snapshots {
    /// Snapshots as they are read: their time is the entry's own.
    fileprivate typealias Read = (snapshots: LedgerEntry.Snapshots, own: LedgerEntry.Own)

    fileprivate static let members: [PlainJSON.Member<Read>] = [
        .init("bytes") { $0.object(&$1.snapshots.bytes, sizes) },
        .init("lists") { $0.object(&$1.snapshots.lists, listsByName) },
        .init("organization") { $0.text(&$1.snapshots.digests[.organization]) },
        .init("served_at") {
            $1.snapshots.servedAt = ""
            return $0.own(.servedAt, &$1.own)
        },
        .init("settings") { $0.text(&$1.snapshots.digests[.settings]) },
        .init("unavailable") { $0.object(&$1.snapshots.unavailable, reasons) },
    ]

    private static let listsByName: [PlainJSON.Member<[ListResource: LedgerEntry.ArchivedList]>] = [
        .init("api_keys") { $0.list(&$1[.apiKeys]) },
        .init("invitations") { $0.list(&$1[.invitations]) },
        .init("members") { $0.list(&$1[.members]) },
    ]

    private static let reasons: [PlainJSON.Member<[ListResource: String]>] = [
        .init("api_keys") { $0.text(&$1[.apiKeys]) },
        .init("invitations") { $0.text(&$1[.invitations]) },
        .init("members") { $0.text(&$1[.members]) },
    ]

    private static let sizes: [PlainJSON.Member<PerSnapshot<Int>>] = [
        .init("organization") { $0.number(&$1[.organization]) },
        .init("settings") { $0.number(&$1[.settings]) },
    ]
}

extension PlainJSON {
    /// Reads what an entry says of a list, of which all but the times must be told.
    fileprivate mutating func list(_ target: inout LedgerEntry.ArchivedList?) -> Bool {
        var read = LedgerEntry.ArchivedList(from: "", pages: [], count: -1)
        guard object(&read, LedgerEntry.ArchivedList.members), !read.from.isEmpty, read.count >= 0 else { return false }
        target = read
        return true
    }
}

extension LedgerEntry.ArchivedList {
    fileprivate static let members: [PlainJSON.Member<Self>] = [
        .init("count") { $0.number(&$1.count) },
        .init("from") { $0.text(&$1.from) },
        .init("last_served_at") { $0.text(&$1.lastServedAt) },
        .init("pages") { $0.list(&$1.pages) { Page(&$0) } },
        .init("served_at") { $0.text(&$1.servedAt) },
    ]
}

extension LedgerEntry.ArchivedList.Page {
    fileprivate init?(_ reader: inout PlainJSON) {
        var read = Self(sha256: "", bytes: -1)
        guard reader.object(&read, Self.members), !read.sha256.isEmpty, read.bytes >= 0 else { return nil }
        self = read
    }

    private static let members: [PlainJSON.Member<Self>] = [
        .init("bytes") { $0.number(&$1.bytes) },
        .init("sha256") { $0.text(&$1.sha256) },
    ]
}
