/// What of the service is kept as it answered, beside the log; the name is the ledger's.
package enum SnapshotResource: String, CaseIterable, Sendable {
    case organization
    case settings
}

extension LedgerEntry {
    /// The snapshots a pull took, by the name of what was asked for.
    package struct Snapshots: Sendable, Hashable {
        /// Digest of each answer.
        package var digests: [SnapshotResource: String] = [:]
        /// How many bytes each has; empty in an entry of format 1.
        package var bytes: [SnapshotResource: Int] = [:]
        /// The server's time when they were read, RFC 3339.
        package var servedAt: String?
        /// The lists that came, whole or not.
        package var lists: [ListResource: ArchivedList] = [:]
        /// Why a list did not come, or not all of it.
        package var unavailable: [ListResource: String] = [:]

        /// The digest of an answer; nil where there is none.
        package subscript(resource: SnapshotResource) -> String? { digests[resource] }

        /// Whether the answers are the same, byte for byte.
        func hasSameBytes(as other: Self) -> Bool {
            SnapshotResource.allCases.allSatisfy { resource in
                let (digest, its) = (digests[resource] ?? "", other.digests[resource] ?? "")
                return digest.isSameInBytes(as: its) && bytes[resource] == other.bytes[resource]
                    && (digests[resource] == nil) == (other.digests[resource] == nil)
            }
        }

        /// The answers in the order of their names, with their digests.
        var inOrder: [(resource: SnapshotResource, digest: String)] {
            SnapshotResource.allCases.compactMap { resource in digests[resource].map { (resource, $0) } }
        }
    }
}

extension LedgerEntry.Snapshots {
    /// What an entry says of answers of the service.
    init(_ answers: [SnapshotResource: [UInt8]], servedAt: Instant?) {
        digests = answers.mapValues { Digest.sha256($0) }
        bytes = answers.mapValues(\.count)
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
        for (resource, digest) in digests { try values.encode(digest, forKey: Key(resource)) }
        try values.encodeIfPresent(servedAt, forKey: .servedAt)
        if !bytes.isEmpty {
            var sizes = values.nestedContainer(keyedBy: Key.self, forKey: .bytes)
            for (resource, count) in bytes { try sizes.encode(count, forKey: Key(resource)) }
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
