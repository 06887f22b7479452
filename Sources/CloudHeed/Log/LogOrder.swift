/// The order in which the service sends its log.
package enum LogOrder: String, Sendable, Hashable, Codable {
    case newestFirst = "newest_first"
    case oldestFirst = "oldest_first"
    /// Neither: always read in full.
    case neither
    /// Too few different times to tell.
    case unknown
}

/// What the pager needs to know of a page of the log.
package struct AuditLogPageFacts: Sendable, Hashable {
    /// The page's number as asked for.
    package var number: Int
    /// The elements' identities: equal for equal ids, different for different ones; of an element that is no event, a
    /// number that is equal for equal texts.
    package var ids: [Int] = []
    /// Their times, as seconds and nanoseconds since 1970; nil for undated ones, for times that can't be, and for elements
    /// that are no events.
    package var times: [Time?] = []
    /// Whether the archive holds each id since an earlier pull or import.
    package var archived: [Bool] = []
    /// `meta.total`, nil when absent.
    package var total: Int?
    /// `meta.per_page`, nil when absent.
    package var perPage: Int?
    /// The server's clock when it answered, seconds since 1970; nil when it sent none that can be read.
    package var serverTime: Int64?
    /// This machine's clock when the page was asked for, seconds since 1970.
    package var localTime: Int64?
    /// Places of the elements that are no events.
    package var unreadable: [Int] = []
    /// Whether the answer says that more follow this page.
    package var hasMore = false

    /// The same with numbers that can be reckoned with: nothing that a service sends may overflow.
    var bounded: AuditLogPageFacts {
        var page = self
        page.total = total.flatMap { $0 < 0 ? nil : min($0, LogBounds.mostEvents) }
        page.perPage = perPage.flatMap { LogBounds.pageSizes.contains($0) ? $0 : nil }
        return page
    }

    /// A time, comparable.
    package struct Time: Sendable, Hashable, Comparable {
        /// Seconds since 1970.
        package var seconds: Int64
        /// Nanoseconds after them.
        package var nanoseconds: UInt32

        /// Makes a time of its parts.
        package init(seconds: Int64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// The earlier one is less.
        package static func < (left: Time, right: Time) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }
    }
}

extension AuditLogPageFacts {
    /// A page with nothing on it.
    package init(number: Int) { self.number = number }
}

/// Tells the order from the pages seen: within each page, and from page to page.
///
/// Disorder within bounds is part of an order: an event may stand up to a page's length from its place. So neighbours
/// are counted, and pages with another between them decide.
struct LogOrderObserver: Sendable {
    private struct Votes: Sendable {
        var rises = 0
        var falls = 0

        mutating func note(_ earlier: AuditLogPageFacts.Time, _ later: AuditLogPageFacts.Time) {
            if earlier < later { rises += 1 }
            if later < earlier { falls += 1 }
        }
    }

    private struct Extent: Sendable {
        var first: AuditLogPageFacts.Time
        var earliest: AuditLogPageFacts.Time
        var latest: AuditLogPageFacts.Time
    }

    /// Neighbouring events, and the begins of neighbouring pages.
    private var near = Votes()
    /// Pages that have one between them: more than a page's length lies between their events.
    private var far = Votes()
    private var extents: [Int: Extent] = [:]

    /// Of three neighbours that tell, two more must say the one than the other.
    private static let clearMajority = 3

    var order: LogOrder {
        if far.rises > 0 || far.falls > 0 {
            if far.rises > 0, far.falls > 0 { return .neither }
            return far.rises > 0 ? .oldestFirst : .newestFirst
        }
        if near.rises == 0, near.falls == 0 { return .unknown }
        if near.falls >= Self.clearMajority * near.rises { return .newestFirst }
        return near.rises >= Self.clearMajority * near.falls ? .oldestFirst : .neither
    }

    /// Whether the pages seen can't be those of a log in this order.
    func contradicts(_ expected: LogOrder) -> Bool {
        switch order {
        case .unknown: false
        case .neither: far.rises > 0 && far.falls > 0
        case .newestFirst, .oldestFirst: order != expected
        }
    }

    mutating func observe(_ page: AuditLogPageFacts) {
        let times = page.times.compactMap { $0 }
        for (earlier, later) in zip(times, times.dropFirst()) { near.note(earlier, later) }
        guard let first = times.first, let earliest = times.min(), let latest = times.max() else { return }
        // The same page read again may have moved; only neighbours of one reading are compared.
        guard extents[page.number] == nil else { return }
        let extent = Extent(first: first, earliest: earliest, latest: latest)
        if let before = extents[page.number - 1] { near.note(before.first, first) }
        if let after = extents[page.number + 1] { near.note(first, after.first) }
        if let before = extents[page.number - 2] { compare(before, extent) }
        if let after = extents[page.number + 2] { compare(extent, after) }
        extents[page.number] = extent
    }

    private mutating func compare(_ before: Extent, _ after: Extent) {
        if before.earliest < after.latest { far.rises += 1 }
        if after.earliest < before.latest { far.falls += 1 }
    }
}
