extension LedgerEntry {
    /// What an entry tells.
    package struct Told: Codable, Sendable, Hashable {
        /// Number of the entry, from 1.
        var entry: Int
        /// SHA-256 of the line before, without its newline; 64 zeros in the first.
        var previous: String
        /// When the entry was written, RFC 3339 in UTC.
        var at: String
        /// Name and version of the tool.
        var tool: String
        /// What kind of work it was.
        var kind: Kind
        /// How much was read; nil for an import.
        var mode: Mode?
        /// The organization's id.
        var organization: String
        /// Whether the sums close; nil for an import, which proves nothing.
        var complete: Bool?
        /// Why they don't.
        package var incompleteBecause: [String]
        /// The span for which the archive holds every event of the log; nil when not proven.
        var proven: Span?
        /// `newest_first`, `oldest_first`, `neither` or `unknown`.
        package var order: String?
        /// How many times the work was begun, this time included.
        package var attempts: Int
        /// Requests sent, retries included.
        var requests: Int
        /// Requests that were repeated.
        package var retries: Int
        /// Pages of the log read.
        var pages: Int
        /// Events a page, as the service cut the log; nil for an import.
        package var pageSize: Int?
        /// Passes over the log that the pull made; nil for an import.
        var passes: Int?
        /// Events that left the log while a pull of several attempts read it; nil for none.
        package var leftWhileRead: Int?
        /// `total` of the first page read.
        var totalAtStart: Int?
        /// `total` of the last page read.
        var totalAtEnd: Int?
        /// Events received, repetitions included.
        var received: Int
        /// Different ids among them.
        var unique: Int
        /// `received` less `unique`.
        package var duplicates: Int
        /// Ids that the archive already held.
        var alreadyArchived: Int
        /// Events that this entry adds.
        var new: Int
        /// Events without a usable time among the new ones.
        package var undated: Int
        /// Segments that this entry adds.
        var segments: [SegmentReference]
        /// Files with other contents of known ids that this entry adds.
        package var variants: [SegmentReference]
        /// Snapshots this entry took; nil for an import.
        var snapshots: Snapshots?
        /// What was found odd.
        package var anomalies: [Anomaly]
        /// Earlier imported contents that this entry's replace in reports.
        package var superseded: [Superseded]
        /// Names of the imported files, without folders; nil for a pull.
        var sources: [String]?
        /// The format: 1 where the entry names none.
        package var format: Int
        /// What was acknowledged; nil for other work.
        package var acknowledged: Acknowledgement?
        /// What the clocks said; nil for an import.
        var clock: Clock?
        /// Time of the oldest event that the service served at the end of a complete pull; nil where nothing tells it.
        var oldestServed: String?
        /// The page of the log that the service refused, so that the reading ended there; nil for none.
        package var refusedPage: Int?
        /// The same as `unreadable`, nil for none: most logs hold nothing but events.
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
    /// Files with elements of the log that are no events that this entry adds.
    var unreadable: [SegmentReference] {
        get { unreadableFiles ?? [] }
        set { unreadableFiles = newValue.isEmpty ? nil : newValue }
    }
}

extension LedgerEntry {
    /// What an entry tells, taken apart into what it has of its own and the rest.
    struct Split {
        /// Numbers and lists that are in ``own`` are blank, and so are texts that are just as it would write them.
        var rest: Told
        var own = Own()
        var snapshots: Snapshots?
    }
}

extension LedgerEntry.Split {
    init(_ told: LedgerEntry.Told) {
        rest = told
        (own.entry, own.pages, own.requests, own.received) = (told.entry, told.pages, told.requests, told.received)
        (own.unique, own.alreadyArchived, own.new) = (told.unique, told.alreadyArchived, told.new)
        (own.totalAtStart, own.totalAtEnd, own.segments) = (told.totalAtStart, told.totalAtEnd, told.segments[...])
        (rest.entry, rest.pages, rest.requests, rest.received) = (0, 0, 0, 0)
        (rest.unique, rest.alreadyArchived, rest.new) = (0, 0, 0)
        (rest.totalAtStart, rest.totalAtEnd, rest.segments) = (nil, nil, [])
        own.previous = Digest(hex: told.previous)
        if own.previous != nil { rest.previous = "" }
        own.at = Self.take(&rest.at)
        if var proven = rest.proven {
            own.provenTo = Self.take(&proven.to)
            rest.proven = proven
        }
        if var clock = rest.clock {
            own.localClock = Self.take(&clock.local)
            own.serverClock = Self.take(&clock.server)
            rest.clock = clock
        }
        snapshots = told.snapshots
        rest.snapshots = nil
        if var taken = snapshots {
            own.servedAt = Self.take(&taken.servedAt)
            snapshots = taken
        }
    }

    /// All of it.
    var told: LedgerEntry.Told {
        var told = rest
        (told.entry, told.pages, told.requests, told.received) = (own.entry, own.pages, own.requests, own.received)
        (told.unique, told.alreadyArchived, told.new) = (own.unique, own.alreadyArchived, own.new)
        (told.totalAtStart, told.totalAtEnd, told.segments) = (own.totalAtStart, own.totalAtEnd, Array(own.segments))
        if rest.previous.isEmpty, let previous = own.previous { told.previous = previous.hex }
        Self.put(own.at, &told.at)
        if var proven = told.proven {
            Self.put(own.provenTo, &proven.to)
            told.proven = proven
        }
        if var clock = told.clock {
            Self.put(own.localClock, &clock.local)
            Self.put(own.serverClock, &clock.server)
            told.clock = clock
        }
        if var snapshots {
            Self.put(own.servedAt, &snapshots.servedAt)
            told.snapshots = snapshots
        }
        return told
    }

    /// The instant of a text, of which nothing is left where the instant tells all of it.
    private static func take(_ text: inout String) -> Instant? {
        let (instant, isWritten) = LedgerTime.read(text)
        if isWritten { text = "" }
        return instant
    }

    private static func take(_ text: inout String?) -> Instant? {
        guard var known = text else { return nil }
        defer { text = known }
        return take(&known)
    }

    private static func put(_ instant: Instant?, _ text: inout String) {
        if text.isEmpty, let instant { text = instant.rfc3339 }
    }

    private static func put(_ instant: Instant?, _ text: inout String?) {
        if text?.isEmpty == true, let instant { text = instant.rfc3339 }
    }
}

extension LedgerEntry.Told {
    /// Keys that earlier or other writers left out read as empty, so that an entry written by another version is no error.
    ///
    /// - Throws: `DecodingError` when a key that every version writes is missing, or a value has another type.
    package init(from decoder: any Decoder) throws {
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
