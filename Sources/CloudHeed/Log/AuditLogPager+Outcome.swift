/// What a reading is asked for, and what becomes of it.
extension AuditLogPager {
    /// How much is read.
    package enum Mode: Sendable, Hashable {
        /// Every page.
        case full
        /// What is new since an earlier pull whose sums closed: its `total`, the log's order and its page size.
        case incremental(knownTotal: Int, order: LogOrder, pageSize: Int?)
    }

    /// What became of the reading.
    package struct Outcome: Sendable, Hashable {
        /// Whether the sums close.
        package var complete = false
        /// Why they don't.
        package var reasons: [String] = []
        /// The order that the answers showed.
        package var order = LogOrder.unknown
        /// `total` of the first answer.
        package var totalAtStart: Int?
        /// `total` of the last answer.
        package var totalAtEnd: Int?
        /// Answers taken in.
        package var pages = 0
        /// Events a page.
        package var pageSize = 0
        /// Passes over the log: one, and those that mended.
        package var passes = 1
        /// Events that left the log while it was read, as far as the totals tell.
        package var left = 0
        /// Different elements that the last pass met.
        package var served = 0
        /// Elements among them that are no events.
        package var unreadable = 0
        /// Whether every page was read, be it because it was asked for or because an incremental reading did not close.
        package var readWholeLog = false
        /// The clocks when the last pass began.
        package var began: Clocks?
        /// The page at which the reading ended because the service refuses it; nil where it refused none.
        package var refusedPage: Int?
    }

    /// What two clocks said at one moment, seconds since 1970.
    package struct Clocks: Sendable, Hashable {
        /// The server's; nil when it sent no date that can be read.
        package var server: Int64?
        /// This machine's; nil when nobody looked.
        package var local: Int64?
    }
}
