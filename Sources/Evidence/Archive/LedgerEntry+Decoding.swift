extension LedgerEntry {
    /// Keys that earlier or other writers left out read as empty, so that an entry written by another version is no error.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        entry = try values.decode(Int.self, forKey: .entry)
        previous = try values.decode(String.self, forKey: .previous)
        at = try values.decode(String.self, forKey: .at)
        tool = try values.decodeIfPresent(String.self, forKey: .tool) ?? ""
        kind = try values.decode(Kind.self, forKey: .kind)
        mode = try values.decodeIfPresent(Mode.self, forKey: .mode)
        organization = try values.decode(String.self, forKey: .organization)
        complete = try values.decodeIfPresent(Bool.self, forKey: .complete)
        incompleteBecause = try values.decodeIfPresent([String].self, forKey: .incompleteBecause) ?? []
        proven = try values.decodeIfPresent(Span.self, forKey: .proven)
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
        snapshots = try values.decodeIfPresent(Snapshots.self, forKey: .snapshots)
        anomalies = try values.decodeIfPresent([Anomaly].self, forKey: .anomalies) ?? []
        superseded = try values.decodeIfPresent([Superseded].self, forKey: .superseded) ?? []
        sources = try values.decodeIfPresent([String].self, forKey: .sources)
        format = try values.decodeIfPresent(Int.self, forKey: .format) ?? 1
        acknowledged = try values.decodeIfPresent(Acknowledgement.self, forKey: .acknowledged)
        clock = try values.decodeIfPresent(Clock.self, forKey: .clock)
        oldestServed = try values.decodeIfPresent(String.self, forKey: .oldestServed)
        refusedPage = try values.decodeIfPresent(Int.self, forKey: .refusedPage)
        unreadableFiles = try values.decodeIfPresent([SegmentReference].self, forKey: .unreadableFiles)
    }
}
