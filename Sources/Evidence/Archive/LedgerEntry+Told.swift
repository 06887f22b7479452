extension LedgerEntry {
    /// What an entry tells, by the names that ``LedgerEntry`` explains.
    struct Told: Codable, Sendable, Hashable {
        var entry: Int
        var previous: String
        var at: String
        var tool: String
        var kind: Kind
        var mode: Mode?
        var organization: String
        var complete: Bool?
        var incompleteBecause: [String]
        var proven: Span?
        var order: String?
        var attempts: Int
        var requests: Int
        var retries: Int
        var pages: Int
        var pageSize: Int?
        var passes: Int?
        var leftWhileRead: Int?
        var totalAtStart: Int?
        var totalAtEnd: Int?
        var received: Int
        var unique: Int
        var duplicates: Int
        var alreadyArchived: Int
        var new: Int
        var undated: Int
        var segments: [SegmentReference]
        var variants: [SegmentReference]
        var snapshots: Snapshots?
        var anomalies: [Anomaly]
        var superseded: [Superseded]
        var sources: [String]?
        var format: Int
        var acknowledged: Acknowledgement?
        var clock: Clock?
        var oldestServed: String?
        var refusedPage: Int?
        var unreadableFiles: [SegmentReference]?

        enum CodingKeys: String, CodingKey {
            case entry, previous, at, tool, kind, mode, organization, complete
            case incompleteBecause = "incomplete_because"
            case proven, order, attempts, requests, retries, pages
            case pageSize = "page_size"
            case passes
            case leftWhileRead = "left_while_read"
            case totalAtStart = "total_at_start"
            case totalAtEnd = "total_at_end"
            case received, unique, duplicates
            case alreadyArchived = "already_archived"
            case new, undated, segments, variants, snapshots, anomalies, superseded, sources
            case format, acknowledged, clock
            case oldestServed = "oldest_served"
            case refusedPage = "refused_page"
            case unreadableFiles = "unreadable"
        }
    }
}

extension LedgerEntry.Told {
    /// Files with elements of the log that are no events.
    var unreadable: [SegmentReference] {
        get { unreadableFiles ?? [] }
        set { unreadableFiles = newValue.isEmpty ? nil : newValue }
    }

    /// Keeps what the entry before says, too, as the same memory: there are tens of thousands.
    mutating func share(previous digest: String?, snapshots before: LedgerEntry.Snapshots?) {
        if let digest, previous.isSameInBytes(as: digest) { previous = digest }
        guard let before, let snapshots, snapshots.hasSameBytes(as: before) else { return }
        self.snapshots?.digests = before.digests
        self.snapshots?.bytes = before.bytes
    }
}

extension LedgerEntry.Told {
    /// Keys that earlier or other writers left out read as empty, so that an entry written by another version is no error.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        entry = try values.decode(Int.self, forKey: .entry)
        previous = try values.decode(String.self, forKey: .previous)
        at = try values.decode(String.self, forKey: .at)
        tool = try values.decodeIfPresent(String.self, forKey: .tool) ?? ""
        kind = try values.decode(LedgerEntry.Kind.self, forKey: .kind)
        mode = try values.decodeIfPresent(LedgerEntry.Mode.self, forKey: .mode)
        organization = try values.decode(String.self, forKey: .organization)
        complete = try values.decodeIfPresent(Bool.self, forKey: .complete)
        incompleteBecause = try values.decodeIfPresent([String].self, forKey: .incompleteBecause) ?? []
        proven = try values.decodeIfPresent(LedgerEntry.Span.self, forKey: .proven)
        order = try values.decodeIfPresent(String.self, forKey: .order)
        attempts = try values.decodeIfPresent(Int.self, forKey: .attempts) ?? 1
        requests = try values.decodeIfPresent(Int.self, forKey: .requests) ?? 0
        retries = try values.decodeIfPresent(Int.self, forKey: .retries) ?? 0
        pages = try values.decodeIfPresent(Int.self, forKey: .pages) ?? 0
        pageSize = try values.decodeIfPresent(Int.self, forKey: .pageSize)
        passes = try values.decodeIfPresent(Int.self, forKey: .passes)
        leftWhileRead = try values.decodeIfPresent(Int.self, forKey: .leftWhileRead)
        totalAtStart = try values.decodeIfPresent(Int.self, forKey: .totalAtStart)
        totalAtEnd = try values.decodeIfPresent(Int.self, forKey: .totalAtEnd)
        received = try values.decodeIfPresent(Int.self, forKey: .received) ?? 0
        unique = try values.decodeIfPresent(Int.self, forKey: .unique) ?? 0
        duplicates = try values.decodeIfPresent(Int.self, forKey: .duplicates) ?? 0
        alreadyArchived = try values.decodeIfPresent(Int.self, forKey: .alreadyArchived) ?? 0
        new = try values.decodeIfPresent(Int.self, forKey: .new) ?? 0
        undated = try values.decodeIfPresent(Int.self, forKey: .undated) ?? 0
        segments = try values.decodeIfPresent([SegmentReference].self, forKey: .segments) ?? []
        variants = try values.decodeIfPresent([SegmentReference].self, forKey: .variants) ?? []
        snapshots = try values.decodeIfPresent(LedgerEntry.Snapshots.self, forKey: .snapshots)
        anomalies = try values.decodeIfPresent([LedgerEntry.Anomaly].self, forKey: .anomalies) ?? []
        superseded = try values.decodeIfPresent([LedgerEntry.Superseded].self, forKey: .superseded) ?? []
        sources = try values.decodeIfPresent([String].self, forKey: .sources)
        format = try values.decodeIfPresent(Int.self, forKey: .format) ?? 1
        acknowledged = try values.decodeIfPresent(LedgerEntry.Acknowledgement.self, forKey: .acknowledged)
        clock = try values.decodeIfPresent(LedgerEntry.Clock.self, forKey: .clock)
        oldestServed = try values.decodeIfPresent(String.self, forKey: .oldestServed)
        refusedPage = try values.decodeIfPresent(Int.self, forKey: .refusedPage)
        unreadableFiles = try values.decodeIfPresent([SegmentReference].self, forKey: .unreadableFiles)
    }
}
