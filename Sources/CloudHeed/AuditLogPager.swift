/// Decides which pages of the audit log to read and when the reading is complete.
///
/// Pure: no clock, no network, no disk.
///
/// The service documents neither the order of its log nor what happens to pages while it grows, so nothing is assumed
/// that the answers don't show. A pass over the log closes when the different events it met are as many as `total` says
/// in its last answer, and what came and what `total` gained are the same number, so that nothing went meanwhile.
///
/// The caller starts the pages that `nextPages` names, several at a time, and hands each answer to `received`.
public struct AuditLogPager: Sendable {
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
        /// Events that left the log while a pass of several attempts read it.
        public var left = 0
        /// Whether every page was read, be it because it was asked for or because an incremental reading did not close.
        public var readWholeLog = false
        /// The server's time, seconds since 1970, when the last clean pass began; nil without one.
        public var cleanSince: Int64?
    }

    enum Stage: Sendable {
        /// Page 1, which tells order, page size and total.
        case first
        /// The newest page of a log that is oldest first: there the pass begins.
        case anchor
        /// What came since an earlier attempt.
        case catchUp
        case reading
        /// Behind the end by `total`, as long as pages bring something unseen.
        case beyond
        /// The newest end again.
        case newest
        case finished
    }

    static let mendingPasses = 3
    static let newestRounds = 2
    static let lateRounds = 8
    static let movementsBorne = 4

    /// How the reading ended; final once `isFinished`.
    public internal(set) var outcome = Outcome()
    let asked: Int
    let connections: Int
    var mode: Mode
    var stage = Stage.first
    var pass = LogPass()
    var passNumber = 1
    /// Next page to ask for.
    var next = 1
    /// Last page of the pass: the highest number, or, where the pass goes down, the lowest.
    var limit = 1
    /// Whether the pass goes from the highest page to the first.
    var descends = false
    /// Page with which the pass began.
    var begin = 1
    var pageSize: Int
    var lastTotal: Int?
    var observer = LogOrderObserver()
    var resumption: (checkpoint: LogCheckpoint, ids: Set<Int>)?
    var unknownInIncremental = 0
    var inFlight: Set<Int> = []
    private var unreadable = 0
    /// Pages behind the end by `total`: they are no sign of a log that outruns its reader.
    var pagesBeyond = 0
    var largestFullPage = 0
    /// Page with which a walk from the newest end began, the pages it took, and how many it may take: a log that grows
    /// by pages between two answers has no end.
    var walkBegin = 1
    var walkSteps = 0
    var walkLimit = Int.max
    var rounds = 0
    /// `total` of the answer before.
    var totalBefore: Int?
    /// How often the log moved between answers that were under way together.
    var movements = 0
    /// Where to go back to once everything under way has arrived.
    var readAgainFrom: Int?
    /// Pages before this one are read one after the other.
    var singleUntil: Int?
    var unseenInRound = 0
    var earlierSums: [Int] = []

    /// - Parameters:
    ///   - mode: How much to read.
    ///   - perPage: Events asked for a page.
    ///   - connections: Pages that may be under way at a time.
    ///   - resuming: How far an earlier attempt came, and the identities of the events that its pass met.
    public init(
        mode: Mode,
        perPage: Int,
        connections: Int,
        resuming: (checkpoint: LogCheckpoint, ids: Set<Int>)? = nil
    ) {
        self.mode = mode
        self.asked = perPage
        self.connections = max(1, connections)
        resumption = resuming
        pageSize = perPage
        switch mode {
        case .full: beginPass()
        case .incremental(let knownTotal, let order, let known):
            pageSize = known ?? perPage
            if resuming?.checkpoint.isIncremental == false { becomeFull() } else { beginIncremental(knownTotal, order) }
        }
    }

    /// Whether nothing more is to be read.
    public var isFinished: Bool { stage == .finished }

    /// How far the reading has come.
    public var checkpoint: LogCheckpoint {
        let isRightWay = descends == (observer.order == .oldestFirst) || !isFull
        let isUsable = pass.totalAtBegin != nil && isRightWay && observer.order != .neither
        return LogCheckpoint(
            pass: passNumber,
            isResumed: pass.isResumed,
            isIncremental: !isFull,
            order: isUsable ? observer.order : .unknown,
            pageSize: pageSize,
            totalAtBegin: pass.totalAtBegin ?? 0,
            grown: pass.grown,
            contiguous: pass.contiguous
        )
    }

    /// Pages to start now.
    ///
    /// None while it depends on answers that are under way, and none at the end.
    public mutating func nextPages() -> [Int] {
        guard stage == .reading else {
            guard stage != .finished, inFlight.isEmpty else { return [] }
            inFlight = [next]
            return [next]
        }
        var pages: [Int] = []
        guard readAgainFrom == nil else { return [] }
        while inFlight.count < width, descends ? next >= limit : next <= limit {
            inFlight.insert(next)
            pages.append(next)
            next += descends ? -1 : 1
        }
        return pages
    }

    /// Pages that may be under way at a time: one where answers that overtake each other could hide something.
    var width: Int {
        if passNumber > 1 || !isFull || movements > Self.movementsBorne { return 1 }
        if let singleUntil, descends ? next > singleUntil : next < singleUntil { return 1 }
        return connections
    }

    var isFull: Bool {
        if case .full = mode { true } else { false }
    }

    /// Whether the pass has asked for all its pages and got them.
    var isPassRead: Bool { inFlight.isEmpty && (descends ? next < limit : next > limit) }

    /// Takes in an answer.
    public mutating func received(_ page: AuditLogPageFacts) {
        inFlight.remove(page.number)
        outcome.pages += 1
        unreadable += page.unreadable
        if outcome.pages == 1 { outcome.totalAtStart = page.total }
        if let total = page.total { lastTotal = total }
        outcome.totalAtEnd = lastTotal
        observer.observe(page)
        outcome.order = observer.order
        learnPageSize(page)
        if pass.began == nil { pass.began = page.serverTime }
        switch mode {
        case .full: advanceFull(page)
        case .incremental(let knownTotal, let order, _): advanceIncremental(page, knownTotal, order)
        }
        if stage != .finished, isFull, outcome.pages - pagesBeyond > patience { giveUpFollowing() }
        outcome.pageSize = pageSize
        outcome.passes = passNumber
    }

    /// Pages after which a log that grows by pages between two answers is no longer followed.
    private var patience: Int { 8 * lastPage(of: outcome.totalAtStart ?? 0) + 64 }

    private mutating func learnPageSize(_ page: AuditLogPageFacts) {
        let count = page.elements
        if let perPage = page.perPage, perPage > 0 {
            pageSize = perPage
        } else if page.number == 1, let total = page.total, count < asked, count > 0, total > count {
            // The service gives fewer than asked although there are more: that is its page size.
            pageSize = count
        } else if count > pageSize, Set(page.ids).count == page.ids.count {
            pageSize = count
        }
    }

    /// Begins a walk from the newest end, where new events stand, to what is known.
    mutating func beginWalk() {
        pass.setWalking(true)
        unseenInRound = 0
        walkSteps = 0
        walkLimit = lastPage(of: lastTotal ?? pass.ids.count) + 16
        // Where the newest page is the last one: behind a full page stands what came since, or nothing.
        walkBegin = descends ? (lastTotal ?? pass.ids.count) / pageSize + 1 : 1
        next = walkBegin
    }

    /// Counts a page of a walk; false when it has gone far enough.
    mutating func walkStepsLeft() -> Bool {
        walkSteps += 1
        return walkSteps < walkLimit
    }

    /// Whether no page behind this one was asked for and none before it is under way.
    func isNewestAnswer(_ number: Int) -> Bool { inFlight.isEmpty && number == next - 1 }

    func lastPage(of total: Int) -> Int { max(1, (total + pageSize - 1) / pageSize) }

    mutating func finish(because reason: String) {
        outcome.reasons.append(reason)
        stage = .finished
    }

    mutating func finishComplete() {
        outcome.complete = true
        outcome.cleanSince = pass.began
        stage = .finished
    }

    /// Why no sum can close, whatever was read; nil when one can.
    var impediment: String? {
        if unreadable > 0 { return "\(unreadable) elements of the log are no events" }
        return lastTotal == nil ? "the service sends no total to reckon with" : nil
    }
}
