/// What a pull knows about itself when it ends: the sums that make or break its completeness.
package struct PullAccount: Sendable {
    /// How much of the log was read.
    var mode: LedgerEntry.Mode
    /// Whether the sums close.
    var complete: Bool
    /// Why they don't.
    var incompleteBecause: [String]
    /// `newest_first`, `oldest_first`, `neither` or `unknown`.
    var order: String
    /// Requests sent, retries included.
    var requests: Int
    /// Requests that were repeated.
    var retries: Int
    /// Pages of the log read in this attempt.
    var pages: Int
    /// Events a page.
    var pageSize: Int
    /// Passes over the log.
    var passes: Int
    /// Events that left the log while it was read, as far as the totals tell.
    var leftWhileRead: Int
    /// `total` of the first page.
    var totalAtStart: Int?
    /// `total` of the last page.
    var totalAtEnd: Int?
    /// What the clocks said when the last pass began; nil when nobody looked.
    package var clock: LedgerEntry.Clock?
    /// When the organization was made; nil when the service does not say.
    package var organizationCreated: Instant?
    /// When events can have happened; nil for any time.
    package var plausible: PlausibleTimes?
    /// The page at which the reading ended because the service refuses it; nil where it refused none.
    package var refusedPage: Int?
    /// What the last pass met, where the sums close: the whole log as it stood then.
    package var lastPass: LastPass?

    /// What the last pass of a full reading met.
    package struct LastPass: Sendable {
        /// Different events.
        var events: Int
        /// Elements that are no events.
        var unreadable: Int
        /// Whether it met an event, told by `AuditLogPageContents.Event.identity`.
        var holds: @Sendable (Int) -> Bool

        /// Describes what a pass met.
        package init(events: Int, unreadable: Int, holds: @escaping @Sendable (Int) -> Bool) {
            self.events = events
            self.unreadable = unreadable
            self.holds = holds
        }
    }

    /// An account with nothing in it.
    package init(
        mode: LedgerEntry.Mode,
        complete: Bool,
        incompleteBecause: [String] = [],
        order: String,
        requests: Int,
        retries: Int,
        pages: Int,
        pageSize: Int = 0,
        passes: Int = 1,
        leftWhileRead: Int = 0,
        totalAtStart: Int?,
        totalAtEnd: Int?
    ) {
        self.mode = mode
        self.complete = complete
        self.incompleteBecause = incompleteBecause
        self.order = order
        self.requests = requests
        self.retries = retries
        self.pages = pages
        self.pageSize = pageSize
        self.passes = passes
        self.leftWhileRead = leftWhileRead
        self.totalAtStart = totalAtStart
        self.totalAtEnd = totalAtEnd
    }
}

extension LedgerEntry.Clock {
    /// Two clocks at one moment; the earlier one is relied on, so that no clock that is ahead proves the future.
    package init(server: Instant?, local: Instant) {
        self.init(
            server: server?.rfc3339,
            local: local.rfc3339,
            used: server.map { $0 <= local } == true ? "server" : "local"
        )
    }

    /// The earlier of both.
    var relied: Instant? {
        Instant(rfc3339: used == "server" ? server ?? local : local)
    }

    /// How many seconds the server's clock is ahead of the local one; nil where it told no time.
    package var difference: Int64? {
        guard let server = server.flatMap(Instant.init(rfc3339:)), let local = Instant(rfc3339: local) else {
            return nil
        }
        return server.seconds - local.seconds
    }
}
