/// Decides which pages of the audit log to read and when the reading is complete.
///
/// Pure: no clock, no network, no disk.
///
/// The service documents neither the order of its log nor what happens to pages while it grows, so nothing is assumed
/// that the answers don't show. A pass over the log closes when the different events it met are as many as `total` says
/// in its last answer, and what came and what `total` gained are the same number, so that nothing went meanwhile.
///
/// The caller starts the pages that `nextPages` names, several at a time, and hands each answer to `received`.
package struct AuditLogPager: Sendable {
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
    static let lookBacksBorne = 32
    static let emptyPagesBorne = 4

    /// How the reading ended; final once it is complete or tells reasons.
    package internal(set) var outcome = Outcome()
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
    /// Whether the last answer that held anything had no `total`.
    var lacksTotal = false
    var observer = LogOrderObserver()
    var resumption: (checkpoint: LogCheckpoint, ids: Set<Int>)?
    var inFlight: Set<Int> = []
    /// Pages of the first pass that brought something: they are no sign of a log that outruns its reader.
    var pagesThatBrought = 0
    /// Whether `total` is larger than in the answer before.
    var hasRisen = false
    /// The first `total` of all.
    var firstTotal: Int?
    /// Different elements met, of the pass that met most.
    var met = 0
    /// Pages that were not empty: no more than so many are under way beside each other.
    private var pagesWithContent = 0
    /// Whether the newest events stand where `total` says.
    var trustsTotal = true
    /// Empty pages of a pass that goes down.
    var emptyPages = 0
    /// Whether the pass is to go up from the first page once everything under way has arrived.
    var turnsUpwards = false
    /// `total` of the last pass's last answer, and what it said had left.
    var totalOfEarlierPass: Int?
    /// Pages read again because events may have slipped to them.
    var lookedBack = 0
    /// The page read last while pages went one at a time, and its `total`.
    var pageBefore: (number: Int, total: Int)?
    /// Whether an incremental reading has read on behind the first archived event.
    var hasReadOn = false
    /// Whether an incremental reading has looked behind a last page that is full, or says that more follow.
    var hasLookedBehind = false
    /// Highest page of an incremental reading.
    var farthest = 1
    var largestFullPage = 0
    /// Highest page of the pass, and the one that says that more follow it, where nothing shows that none do.
    var highest: (page: Int, promisedBy: Int?) = (0, nil)
    /// The walk from the newest end that is under way, or the last one.
    var walk = Walk()
    var rounds = 0
    /// `total` of the answer before.
    var totalBefore: Int?
    /// How often the log moved between answers that were under way together.
    var movements = 0
    /// Where to go back to once everything under way has arrived.
    var readAgainFrom: Int?
    /// Pages before this one are read one after the other.
    var singleUntil: Int?
    var earlierSums: [Int] = []
    /// What the service said when it refused a page that its `total` knows of, or another for good.
    var refusal: (page: Int, reason: String)?
    /// Whether the reading ends with it once everything under way has arrived.
    var isRefused = false

    /// - Parameters:
    ///   - mode: How much to read.
    ///   - perPage: Events asked for a page.
    ///   - connections: Pages that may be under way at a time.
    ///   - resuming: How far an earlier attempt came, and the identities of the events that its pass met.
    package init(
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
            pageSize = known.flatMap { LogBounds.pageSizes.contains($0) ? $0 : nil } ?? perPage
            let isKnown = (0...LogBounds.mostEvents).contains(knownTotal)
            if resuming?.checkpoint.isIncremental == false || !isKnown {
                becomeFull()
            } else {
                beginIncremental(knownTotal, order)
            }
        }
    }

    /// How far the reading has come.
    package var checkpoint: LogCheckpoint {
        let isRightWay = descends == (observer.order == .oldestFirst) || !isFull
        let isUsable =
            pass.totalAtBegin != nil && isRightWay && observer.order != .neither && !pass.isDoubtful
            && trustsTotal
        return LogCheckpoint(
            pass: passNumber,
            isResumed: pass.isResumed,
            isIncremental: !isFull,
            order: isUsable ? observer.order : .unknown,
            pageSize: pageSize,
            totalAtBegin: pass.totalAtBegin ?? 0,
            grown: pass.grown,
            contiguous: pass.contiguous,
            unfinished: pass.unfinished
        )
    }

    /// Pages to start now.
    ///
    /// None while it depends on answers that are under way, and none at the end.
    package mutating func nextPages() -> [Int] {
        guard stage == .reading else {
            guard stage != .finished, inFlight.isEmpty else { return [] }
            inFlight = [next]
            return [next]
        }
        var pages: [Int] = []
        guard readAgainFrom == nil, !turnsUpwards, !isRefused else { return [] }
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
        return max(1, min(connections, pagesWithContent))
    }

    var isFull: Bool {
        if case .full = mode { true } else { false }
    }

    /// Whether the pass has asked for all its pages and got them.
    var isPassRead: Bool { inFlight.isEmpty && (descends ? next < limit : next > limit) }

    /// Takes in an answer.
    package mutating func received(_ answer: AuditLogPageFacts) {
        var page = answer.bounded
        inFlight.remove(page.number)
        outcome.pages += 1
        if outcome.pages == 1 { outcome.totalAtStart = answer.total }
        if let total = page.total {
            hasRisen = lastTotal.map { total > $0 } ?? false
            lastTotal = total
            firstTotal = firstTotal ?? total
            outcome.totalAtEnd = answer.total
        }
        if !page.ids.isEmpty {
            pagesWithContent += 1
            lacksTotal = page.total == nil
        }
        observer.observe(page)
        outcome.order = observer.order
        learnPageSize(page)
        // No content says nothing of the total.
        if page.ids.isEmpty, page.total == nil { page.total = lastTotal }
        pass.tellApart(&page, lastPage: lastPage(of: page.total ?? LogBounds.mostEvents))
        pass.answers += 1
        if pass.began == nil { pass.began = Clocks(server: page.serverTime, local: page.localTime) }
        switch mode {
        case .full: advanceFull(page)
        case .incremental(let knownTotal, let order, _): advanceIncremental(page, knownTotal, order)
        }
        if isRefused, inFlight.isEmpty, stage != .finished { endRefused(sums: nil) }
        endWithoutEnd()
        outcome.pageSize = pageSize
        outcome.passes = passNumber
        outcome.served = pass.ids.count
        outcome.unreadable = pass.unreadableCount
        outcome.began = pass.began
    }

    /// Whether the last pass met an element, told by its identity: once the sums close, whether the service still has it.
    package func isStillServed(_ identity: Int) -> Bool { pass.ids.contains(identity) }

    /// What a service that serves fewer than asked although there are more shows of its page size is more than it says.
    private mutating func learnPageSize(_ page: AuditLogPageFacts) {
        let count = page.ids.count
        guard count > 0, count != pageSize || page.perPage != pageSize else { return }
        if page.number == 1, let total = page.total, count < asked, total > count {
            pageSize = count
        } else if let perPage = page.perPage, count <= perPage, perPage <= max(asked, count) {
            pageSize = perPage
        } else if count > pageSize, LogBounds.pageSizes.contains(count), Set(page.ids).count == count {
            pageSize = count
        }
    }

    /// Whether no page behind this one was asked for and none before it is under way.
    func isNewestAnswer(_ number: Int) -> Bool { inFlight.isEmpty && number == next - 1 }

    func lastPage(of total: Int) -> Int { max(1, (total + pageSize - 1) / pageSize) }
}
