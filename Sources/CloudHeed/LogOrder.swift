/// The order in which the service sends its log.
public enum LogOrder: String, Sendable, Hashable, Codable {
    case newestFirst = "newest_first"
    case oldestFirst = "oldest_first"
    /// Neither: always read in full.
    case neither
    /// Too few different times to tell.
    case unknown
}

/// What the pager needs to know of a page of the log.
public struct AuditLogPageFacts: Sendable, Hashable {
    /// The page's number as asked for.
    public var number: Int
    /// The events' identities: equal for equal ids, different for different ones.
    public var ids: [Int]
    /// Their times, as seconds and nanoseconds since 1970; nil for undated ones.
    public var times: [Time?]
    /// Whether the archive holds each id since an earlier pull or import.
    public var archived: [Bool]
    /// `meta.total`, nil when absent.
    public var total: Int?
    /// `meta.per_page`, nil when absent.
    public var perPage: Int?
    /// The server's clock when it answered.
    public var serverTime: Int64?
    /// Elements of the list that are no events.
    public var unreadable: Int

    /// Elements of the list, whatever they are.
    var elements: Int { ids.count + unreadable }

    /// A time, comparable.
    public struct Time: Sendable, Hashable, Comparable {
        /// Seconds since 1970.
        public var seconds: Int64
        /// Nanoseconds after them.
        public var nanoseconds: UInt32

        /// Makes a time of its parts.
        public init(seconds: Int64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// The earlier one is less.
        public static func < (left: Time, right: Time) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }
    }

    /// Gathers the facts of a page.
    public init(
        number: Int,
        ids: [Int],
        times: [Time?],
        archived: [Bool],
        total: Int?,
        perPage: Int?,
        serverTime: Int64?,
        unreadable: Int = 0
    ) {
        self.number = number
        self.ids = ids
        self.times = times
        self.archived = archived
        self.total = total
        self.perPage = perPage
        self.serverTime = serverTime
        self.unreadable = unreadable
    }
}

/// Tells the order from the pages seen: within each page, and from page to page.
struct LogOrderObserver: Sendable {
    private var rises = false
    private var falls = false
    private var edges: [Int: (first: AuditLogPageFacts.Time, last: AuditLogPageFacts.Time)] = [:]

    var order: LogOrder {
        switch (rises, falls) {
        case (false, false): .unknown
        case (true, false): .oldestFirst
        case (false, true): .newestFirst
        case (true, true): .neither
        }
    }

    mutating func observe(_ page: AuditLogPageFacts) {
        let times = page.times.compactMap { $0 }
        for (earlier, later) in zip(times, times.dropFirst()) { note(earlier, later) }
        guard let first = times.first, let last = times.last else { return }
        // The same page read again may have moved; only neighbours of one reading are compared.
        if edges[page.number] == nil {
            if let before = edges[page.number - 1] { note(before.first, first) }
            if let after = edges[page.number + 1] { note(first, after.first) }
        }
        edges[page.number] = (first, last)
    }

    private mutating func note(_ earlier: AuditLogPageFacts.Time, _ later: AuditLogPageFacts.Time) {
        if earlier < later { rises = true }
        if later < earlier { falls = true }
    }
}
