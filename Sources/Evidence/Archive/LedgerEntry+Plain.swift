/// Entries as they are written, of which a ledger may have tens of thousands.
extension LedgerEntry.Told {
    /// Reads an entry of which everything is as this tool writes it, and nothing out of the ordinary; nil for any other, which
    /// `JSONDecoder` reads.
    ///
    /// `known`: long texts of the lines before, which are kept once.
    init?(plain line: UnsafeBufferPointer<UInt8>, knowing known: inout [String]) {
        var reader = PlainJSON(line, knowing: known)
        // Texts that are empty, a number below zero and this kind stand for what is not told.
        var read = Self(kind: .acknowledgement, at: Instant(seconds: 0))
        (read.entry, read.at, read.format) = (-1, "", 1)
        let isPlain = reader.object(&read, Self.members) && reader.isAtEnd
        known = reader.takeKnown()
        guard isPlain, read.entry >= 0, read.kind != .acknowledgement,
            ![read.previous, read.at, read.organization].contains("")
        else { return nil }
        self = read
    }

    private static let members: [PlainJSON.Member<Self>] = [
        .init("already_archived") { $0.number(&$1.alreadyArchived) },
        .init("anomalies") { $0.isEmptyList(&$1) },
        .init("at") { $0.text(&$1.at) },
        .init("attempts") { $0.number(&$1.attempts) },
        .init("clock") {
            $0.object(&$1.clock, LedgerEntry.Clock(server: nil, local: "", used: ""), LedgerEntry.Clock.members)
        },
        .init("complete") { $0.flag(&$1.complete) },
        .init("duplicates") { $0.number(&$1.duplicates) },
        .init("entry") { $0.number(&$1.entry) },
        .init("format") { $0.number(&$1.format) },
        .init("incomplete_because") { $0.list(&$1.incompleteBecause) { $0.text() } },
        .init("kind") { reader, entry in
            guard let kind = reader.text().flatMap(LedgerEntry.Kind.init(rawValue:)) else { return false }
            entry.kind = kind
            return true
        },
        .init("left_while_read") { $0.number(&$1.leftWhileRead) },
        .init("mode") { reader, entry in
            entry.mode = reader.text().flatMap(LedgerEntry.Mode.init(rawValue:))
            return entry.mode != nil
        },
        .init("new") { $0.number(&$1.new) },
        .init("oldest_served") { $0.text(&$1.oldestServed) },
        .init("order") { $0.text(&$1.order) },
        .init("organization") { $0.text(&$1.organization) },
        .init("page_size") { $0.number(&$1.pageSize) },
        .init("pages") { $0.number(&$1.pages) },
        .init("passes") { $0.number(&$1.passes) },
        .init("previous") { $0.text(&$1.previous) },
        .init("proven") { $0.object(&$1.proven, LedgerEntry.Span(from: "", to: ""), LedgerEntry.Span.members) },
        .init("received") { $0.number(&$1.received) },
        .init("refused_page") { $0.number(&$1.refusedPage) },
        .init("requests") { $0.number(&$1.requests) },
        .init("retries") { $0.number(&$1.retries) },
        .init("segments") { $0.list(&$1.segments) { SegmentReference(&$0) } },
        .init("snapshots") { $0.object(&$1.snapshots, LedgerEntry.Snapshots(), LedgerEntry.Snapshots.members) },
        .init("sources") { reader, entry in
            var sources: [String] = []
            guard reader.list(&sources, { $0.text() }) else { return false }
            entry.sources = sources
            return true
        },
        .init("superseded") { $0.isEmptyList(&$1) },
        .init("tool") { $0.text(&$1.tool) },
        .init("total_at_end") { $0.number(&$1.totalAtEnd) },
        .init("total_at_start") { $0.number(&$1.totalAtStart) },
        .init("undated") { $0.number(&$1.undated) },
        .init("unique") { $0.number(&$1.unique) },
        .init("variants") { $0.isEmptyList(&$1) },
    ]
}

extension PlainJSON {
    /// Reads `true` or `false` into a place.
    fileprivate mutating func flag(_ target: inout Bool?) -> Bool {
        target = flag()
        return target != nil
    }

    /// Reads an object into a place, beginning with one of which nothing is told.
    fileprivate mutating func object<Value>(_ target: inout Value?, _ blank: Value, _ members: [Member<Value>]) -> Bool
    {
        var value = blank
        guard object(&value, members) else { return false }
        target = value
        return true
    }

    /// Passes over a list without elements: what is rare is left to the reader of all JSON.
    fileprivate mutating func isEmptyList(_: inout LedgerEntry.Told) -> Bool {
        var none: [Int] = []
        return list(&none) { _ in nil }
    }
}

extension LedgerEntry.Clock {
    fileprivate static let members: [PlainJSON.Member<Self>] = [
        .init("local") { $0.text(&$1.local) && !$1.local.isEmpty },
        .init("server") { $0.text(&$1.server) },
        .init("used") { $0.text(&$1.used) && !$1.used.isEmpty },
    ]
}

extension LedgerEntry.Span {
    fileprivate static let members: [PlainJSON.Member<Self>] = [
        .init("from") { $0.text(&$1.from) },
        .init("to") { $0.text(&$1.to) },
    ]
}

extension LedgerEntry.Snapshots {
    fileprivate static let members: [PlainJSON.Member<Self>] = [
        .init("bytes") { $0.object(&$1.bytes, sizes) },
        .init("lists") { $0.object(&$1.lists, listsByName) },
        .init("organization") { $0.text(&$1.digests[.organization]) },
        .init("served_at") { $0.text(&$1.servedAt) },
        .init("settings") { $0.text(&$1.digests[.settings]) },
        .init("unavailable") { $0.object(&$1.unavailable, reasons) },
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

    private static let sizes: [PlainJSON.Member<[SnapshotResource: Int]>] = [
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

extension SegmentReference {
    fileprivate init?(_ reader: inout PlainJSON) {
        var read = Told(file: "", sha256: "", count: -1)
        guard reader.object(&read, Self.members), !read.file.isEmpty, !read.sha256.isEmpty, read.count >= 0 else {
            return nil
        }
        self.init(read)
    }

    private static let members: [PlainJSON.Member<Told>] = [
        .init("bytes") { $0.number(&$1.bytes) },
        .init("count") { $0.number(&$1.count) },
        .init("file") { $0.text(&$1.file) },
        .init("first_at") { $0.text(&$1.firstAt) },
        .init("last_at") { $0.text(&$1.lastAt) },
        .init("sha256") { $0.text(&$1.sha256) },
    ]
}
