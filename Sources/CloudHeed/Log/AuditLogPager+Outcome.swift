/// What a reading is asked for, and what becomes of it.
extension AuditLogPager {
    /// How much is read.
    public enum Mode: Sendable, Hashable {
        /// Every page.
        case full
        /// What is new since an earlier pull whose sums closed: its `total`, the log's order and its page size.
        case incremental(knownTotal: Int, order: LogOrder, pageSize: Int?)
    }

    /// What became of the reading.
    public struct Outcome: Sendable, Hashable {
        /// Whether the sums close.
        public var complete = false
        /// Why they don't.
        public var reasons: [String] = []
        /// The order that the answers showed.
        public var order = LogOrder.unknown
        /// `total` of the first answer.
        public var totalAtStart: Int?
        /// `total` of the last answer.
        public var totalAtEnd: Int?
        /// Answers taken in.
        public var pages = 0
        /// Events a page.
        public var pageSize = 0
        /// Passes over the log: one, and those that mended.
        public var passes = 1
        /// Events that left the log while it was read, as far as the totals tell.
        public var left = 0
        /// Different elements that the last pass met.
        public var served = 0
        /// Elements among them that are no events.
        public var unreadable = 0
        /// Whether every page was read, be it because it was asked for or because an incremental reading did not close.
        public var readWholeLog = false
        /// The clocks when the last pass began.
        public var began: Clocks?
        /// The page at which the reading ended because the service refuses it; nil where it refused none.
        public var refusedPage: Int?
    }

    /// What two clocks said at one moment, seconds since 1970.
    public struct Clocks: Sendable, Hashable {
        /// The server's; nil when it sent no date that can be read.
        public var server: Int64?
        /// This machine's; nil when nobody looked.
        public var local: Int64?
    }
}
