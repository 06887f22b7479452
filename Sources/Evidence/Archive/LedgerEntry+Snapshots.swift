/// What of the service is kept as it answered, beside the log; the name is the ledger's.
package enum SnapshotResource: String, CaseIterable, Sendable {
    case organization
    case settings
}

/// A value for each answer that is kept.
package struct PerSnapshot<Value: Sendable & Hashable>: Sendable, Hashable {
    private var organization: Value?
    private var settings: Value?

    /// The value of an answer; nil where there is none.
    subscript(resource: SnapshotResource) -> Value? {
        get { resource == .organization ? organization : settings }
        set { if resource == .organization { organization = newValue } else { settings = newValue } }
    }

    /// The answers that have one, in the order of their names.
    var inOrder: [(resource: SnapshotResource, value: Value)] {
        SnapshotResource.allCases.compactMap { resource in self[resource].map { (resource, $0) } }
    }

    /// How many have one.
    package var count: Int { (organization == nil ? 0 : 1) + (settings == nil ? 0 : 1) }
}

extension LedgerEntry {
    /// The snapshots a pull took, by the name of what was asked for.
    package struct Snapshots: Sendable, Hashable {
        /// Digest of each answer.
        package var digests = PerSnapshot<String>()
        /// How many bytes each has; empty in an entry of format 1.
        var bytes = PerSnapshot<Int>()
        /// The server's time when they were read, RFC 3339.
        package var servedAt: String?
        /// The lists that came, whole or not.
        package var lists: [ListResource: ArchivedList] = [:]
        /// Why a list did not come, or not all of it.
        package var unavailable: [ListResource: String] = [:]

        /// The digest of an answer; nil where there is none.
        package subscript(resource: SnapshotResource) -> String? { digests[resource] }

        /// The answers in the order of their names, with their digests.
        var inOrder: [(resource: SnapshotResource, digest: String)] {
            digests.inOrder.map { ($0.resource, $0.value) }
        }
    }
}

extension LedgerEntry.Snapshots {
    /// What an entry says of answers of the service.
    init(_ answers: [SnapshotResource: [UInt8]], servedAt: Instant?) {
        for (resource, answer) in answers {
            digests[resource] = Digest.sha256(answer)
            bytes[resource] = answer.count
        }
        self.servedAt = servedAt?.rfc3339
    }
}

extension LedgerEntry.Snapshots: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init(_ resource: SnapshotResource) { stringValue = resource.rawValue }
        init(_ list: ListResource) { stringValue = list.rawValue }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }

        static let servedAt = Key("served_at")
        static let bytes = Key("bytes")
        static let lists = Key("lists")
        static let unavailable = Key("unavailable")
    }

    /// Names that nobody here knows are passed over.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        servedAt = try values.decodeIfPresent(String.self, forKey: .servedAt)
        func inner(_ key: Key) throws -> KeyedDecodingContainer<Key>? {
            guard try values.contains(key), try !values.decodeNil(forKey: key) else { return nil }
            return try values.nestedContainer(keyedBy: Key.self, forKey: key)
        }
        let sizes = try inner(.bytes)
        for resource in SnapshotResource.allCases {
            digests[resource] = try values.decodeIfPresent(String.self, forKey: Key(resource))
            bytes[resource] = try sizes?.decodeIfPresent(Int.self, forKey: Key(resource))
        }
        let (pages, reasons) = (try inner(.lists), try inner(.unavailable))
        for list in ListResource.allCases {
            lists[list] = try pages?.decodeIfPresent(LedgerEntry.ArchivedList.self, forKey: Key(list))
            unavailable[list] = try reasons?.decodeIfPresent(String.self, forKey: Key(list))
        }
    }

    /// Writes each digest under its resource's name, beside `served_at` and `bytes`; lists in objects of their own, so that who
    /// knows none reads the others.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        for (resource, digest) in digests.inOrder { try values.encode(digest, forKey: Key(resource)) }
        try values.encodeIfPresent(servedAt, forKey: .servedAt)
        if bytes.count > 0 {
            var sizes = values.nestedContainer(keyedBy: Key.self, forKey: .bytes)
            for (resource, count) in bytes.inOrder { try sizes.encode(count, forKey: Key(resource)) }
        }
        if !lists.isEmpty {
            var pages = values.nestedContainer(keyedBy: Key.self, forKey: .lists)
            for (list, archived) in lists { try pages.encode(archived, forKey: Key(list)) }
        }
        if !unavailable.isEmpty {
            var reasons = values.nestedContainer(keyedBy: Key.self, forKey: .unavailable)
            for (list, reason) in unavailable { try reasons.encode(reason, forKey: Key(list)) }
        }
    }
}
