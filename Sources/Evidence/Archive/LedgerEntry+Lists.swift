/// A list of the service that is kept beside the log, page by page; the name is the ledger's.
package enum ListResource: String, CaseIterable, Sendable {
    case members
    case invitations
    case apiKeys = "api_keys"
}

/// What came of asking for a list, before it is archived.
package struct ReceivedList: Sendable, Hashable {
    /// What answered, such as `GET /v1/organization/members`; nil where nothing did.
    var from: String?
    /// The answers as received, one page after the other.
    var pages: [[UInt8]]
    /// How many elements they hold, what one repeats of those before it aside.
    var count: Int
    /// When the first page was served.
    var servedAt: Instant?
    /// When the last one was.
    var lastServedAt: Instant?
    /// Why the list can't be had, or not all of it, in words; nil for one that is whole.
    var unavailable: String?

    /// Describes what came.
    package init(
        from: String? = nil,
        pages: [[UInt8]] = [],
        count: Int = 0,
        servedAt: Instant? = nil,
        lastServedAt: Instant? = nil,
        unavailable: String? = nil
    ) {
        self.from = from
        self.pages = pages
        self.count = count
        self.servedAt = servedAt
        self.lastServedAt = lastServedAt
        self.unavailable = unavailable
    }
}

extension LedgerEntry {
    /// A list as an entry names it.
    package struct ArchivedList: Codable, Sendable, Hashable {
        /// An answer of the service, as received.
        package struct Page: Codable, Sendable, Hashable {
            /// Its digest.
            package var sha256: String
            /// How many bytes it has.
            package var bytes: Int
        }

        /// What answered, such as `GET /v1/organization/members`: it is asked first the next time.
        package var from: String
        /// The answers, one page after the other.
        package var pages: [Page]
        /// How many elements they hold, what one repeats of those before it aside.
        package var count: Int
        /// The server's time when the first page was served, RFC 3339.
        package var servedAt: String?
        /// The same of the last page.
        package var lastServedAt: String?

        enum CodingKeys: String, CodingKey {
            case from, pages, count
            case servedAt = "served_at"
            case lastServedAt = "last_served_at"
        }
    }
}

extension LedgerEntry.ArchivedList {
    /// What an entry says of a list; nil where nothing came of it.
    init?(_ list: ReceivedList) {
        guard let from = list.from else { return nil }
        self.from = from
        pages = list.pages.map { Page(sha256: Digest.sha256($0), bytes: $0.count) }
        count = list.count
        servedAt = list.servedAt?.rfc3339
        lastServedAt = list.lastServedAt?.rfc3339
    }
}

extension LedgerEntry.Snapshots {
    /// Adds what an entry says of lists.
    mutating func add(_ lists: [ListResource: ReceivedList]) {
        self.lists = lists.compactMapValues { LedgerEntry.ArchivedList($0) }
        unavailable = lists.compactMapValues { $0.unavailable.map(Self.plain) }
    }

    /// Words of the service in ASCII without what JSON escapes: nearly every entry of an organization without such a list has
    /// them, and is to be read as fast as any other.
    private static func plain(_ reason: String) -> String {
        let bytes = reason.utf8.prefix(500).map { byte -> UInt8 in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                ? UInt8(ascii: "'") : (0x20..<0x7F).contains(byte) ? byte : UInt8(ascii: "?")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether organization, settings, members and invitations are those of other snapshots.
    ///
    /// Keys are left out: they tell when they were used last, which changes nearly every time.
    package func isSame(as other: LedgerEntry.Snapshots) -> Bool {
        digests == other.digests
            && [ListResource.members, .invitations].allSatisfy { lists[$0]?.pages == other.lists[$0]?.pages }
    }
}

extension Archive {
    /// What answered last for a list; nil where nothing ever did.
    package func answered(for list: ListResource) -> String? {
        let entries = entries
        return entries.indices.reversed().lazy.compactMap { entries[$0].answers?.lists[list]?.from }.first
    }
}
