/// What a pull knows about itself when it ends: the sums that make or break its completeness.
public struct PullAccount: Sendable {
    /// How much of the log was read.
    public var mode: LedgerEntry.Mode
    /// Whether the sums close.
    public var complete: Bool
    /// Why they don't.
    public var incompleteBecause: [String]
    /// The span proven; nil when not complete.
    public var proven: LedgerEntry.Span?
    /// `newest_first`, `oldest_first`, `neither` or `unknown`.
    public var order: String
    /// Requests sent, retries included.
    public var requests: Int
    /// Requests that were repeated.
    public var retries: Int
    /// Pages of the log read in this attempt.
    public var pages: Int
    /// Events a page.
    public var pageSize: Int
    /// Passes over the log.
    public var passes: Int
    /// Events that left the log while it was read.
    public var leftWhileRead: Int
    /// `total` of the first page.
    public var totalAtStart: Int?
    /// `total` of the last page.
    public var totalAtEnd: Int?

    /// An account with nothing in it.
    public init(
        mode: LedgerEntry.Mode,
        complete: Bool,
        incompleteBecause: [String] = [],
        proven: LedgerEntry.Span? = nil,
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
        self.proven = proven
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
