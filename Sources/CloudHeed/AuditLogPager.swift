/// Decides which pages of the audit log to read and when the reading is complete. Pure: no clock, no network, no disk.
///
/// The service documents neither the order of its log nor what happens to pages while it grows, so nothing is assumed
/// that the answers don't show. A *sweep* reads every page once; it is clean when the different ids it met are as many
/// as the `total` of the last answer says, and the newest page, read again, shows nothing unseen.
///
/// The caller starts the pages that `nextPages` names, several at a time, and hands each answer to `received`.
public struct AuditLogPager: Sendable {
    /// How much is read.
    public enum Mode: Sendable, Hashable {
        /// Every page.
        case full
        /// What is new since an earlier pull whose sums closed.
        case incremental(knownTotal: Int, order: LogOrder)
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
        /// Whether every page was read, be it because it was asked for or because an incremental reading did not close.
        public var readWholeLog = false
        /// The server's time, seconds since 1970, when the last clean sweep began; nil without one.
        public var cleanSince: Int64?
    }

    /// Why a sweep is being made, and how far it is.
    private enum Stage: Sendable {
        case firstPage
        case reading
        /// Behind the end by `total`, as long as pages bring something unseen.
        case beyondEnd
        case recheck
        case finished
    }

    private static let mendingSweeps = 3
    private static let rechecksInSweep = 3

    /// How the reading ended; final once `isFinished`.
    public private(set) var outcome = Outcome()
    private let asked: Int
    private let connections: Int
    private var mode: Mode
    private var stage = Stage.firstPage
    private var sweep = 1
    private var rechecks = 0
    private var next = 1
    private var limit = Int.max
    private var inFlight: Set<Int> = []
    private var sweepIDs: Set<Int> = []
    private var sweepBegan: Int64?
    private var pageSize: Int
    private var lastTotal: Int?
    private var lastPageFacts: [Int: (count: Int, unseen: Int)] = [:]
    private var unreadable = 0
    private var unknownInIncremental = 0
    private var observer = LogOrderObserver()
    private var previousSweepSize: Int?
    private let staged: Set<Int>
    private var skipped = false

    /// - Parameters:
    ///   - mode: How much to read.
    ///   - perPage: Events asked for a page.
    ///   - connections: Pages that may be under way at a time.
    ///   - staged: Identities that an interrupted attempt received; they need not be read again.
    public init(mode: Mode, perPage: Int, connections: Int, staged: Set<Int> = []) {
        self.mode = mode
        self.asked = perPage
        self.connections = max(1, connections)
        self.staged = staged
        pageSize = perPage
        if case .full = mode { beginSweep() } else { sweepIDs = [] }
    }

    /// Whether nothing more is to be read.
    public var isFinished: Bool {
        if case .finished = stage { true } else { false }
    }

    /// Pages to start now. None while it depends on answers that are under way, and none at the end.
    public mutating func nextPages() -> [Int] {
        switch stage {
        case .finished: return []
        case .firstPage, .recheck, .beyondEnd:
            guard inFlight.isEmpty else { return [] }
            inFlight = [next]
            return [next]
        case .reading:
            var pages: [Int] = []
            // Sweeps that mend read one page after the other: pages that shift between two answers can't hide then.
            let width = sweep == 1 && isFull ? connections : 1
            while inFlight.count < width, next <= limit {
                inFlight.insert(next)
                pages.append(next)
                next += 1
            }
            return pages
        }
    }

    private var isFull: Bool {
        if case .full = mode { true } else { false }
    }

    /// Takes in an answer.
    public mutating func received(_ page: AuditLogPageFacts) {
        inFlight.remove(page.number)
        outcome.pages += 1
        unreadable += page.unreadable
        if outcome.pages == 1 { outcome.totalAtStart = page.total }
        if let total = page.total { lastTotal = total }
        outcome.totalAtEnd = lastTotal
        observer.observe(page)
        learnPageSize(page)
        let unseen = page.ids.filter { sweepIDs.insert($0).inserted }.count
        lastPageFacts[page.number] = (page.ids.count, unseen)
        switch mode {
        case .full: advanceFull(page, unseen: unseen)
        case .incremental(let knownTotal, let order): advanceIncremental(page, unseen, knownTotal, order)
        }
    }

    private mutating func learnPageSize(_ page: AuditLogPageFacts) {
        if let perPage = page.perPage, perPage > 0 {
            pageSize = perPage
        } else if page.number == 1, let total = page.total, page.ids.count < asked, page.ids.count > 0,
            total > page.ids.count
        {
            // The service gives fewer than asked although there are more: that is its page size.
            pageSize = page.ids.count
        } else if page.ids.count > pageSize {
            pageSize = page.ids.count
        }
    }

    private func lastPage(of total: Int) -> Int { max(1, (total + pageSize - 1) / pageSize) }

    // MARK: Full

    private mutating func beginSweep() {
        stage = .firstPage
        next = 1
        limit = Int.max
        rechecks = 0
        sweepIDs = []
        lastPageFacts = [:]
        sweepBegan = nil
        outcome.readWholeLog = true
    }

    private mutating func advanceFull(_ page: AuditLogPageFacts, unseen: Int) {
        if sweepBegan == nil { sweepBegan = page.serverTime }
        switch stage {
        case .firstPage:
            guard !page.ids.isEmpty else { return judgeSweep() }
            stage = .reading
            next = 2
            setLimit()
            resumeBehindStaged(page)
            endReadingIfDone()
        case .reading:
            setLimit()
            if page.ids.isEmpty || (lastTotal == nil && unseen == 0) { limit = min(limit, page.number) }
            endReadingIfDone()
        case .beyondEnd:
            if unseen > 0 { next = page.number + 1 } else { beginRecheck() }
        case .recheck:
            if unseen == 0 {
                judgeSweep()
            } else if unseen == page.ids.count, observer.order != .oldestFirst {
                // Everything on the newest page is new: what came between it and what is known is on the pages behind.
                next = page.number + 1
            } else if rechecks < Self.rechecksInSweep {
                beginRecheck()
            } else {
                judgeSweep(growing: true)
            }
        case .finished: break
        }
    }

    private mutating func setLimit() {
        if let total = lastTotal { limit = max(next - 1, lastPage(of: total)) }
    }

    /// After an interruption the pages whose events are staged are passed over, as far as the log's order allows.
    private mutating func resumeBehindStaged(_ page: AuditLogPageFacts) {
        guard sweep == 1, !skipped, !staged.isEmpty, observer.order == .newestFirst else { return }
        let unstaged = page.ids.filter { !staged.contains($0) }.count
        guard unstaged < page.ids.count else { return }
        skipped = true
        sweepIDs.formUnion(staged)
        // One page of overlap, so that a log that moved meanwhile shows it.
        next = max(2, (staged.count + unstaged) / pageSize)
    }

    private mutating func endReadingIfDone() {
        guard next > limit, inFlight.isEmpty else { return }
        let lastRead = lastPageFacts.filter { $0.value.count > 0 }.keys.max() ?? 1
        let isFullPage = (lastPageFacts[lastRead]?.count ?? 0) >= pageSize
        if lastTotal != nil, isFullPage, lastPageFacts[lastRead + 1] == nil {
            // A full last page may have another behind it, whatever `total` says.
            stage = .beyondEnd
            next = lastRead + 1
        } else {
            beginRecheck()
        }
    }

    private mutating func beginRecheck() {
        // A log of one page was read in one answer: there is nothing that could have moved.
        if outcome.pages == 1 || (lastPageFacts.filter { $0.value.count > 0 }.count <= 1 && rechecks == 0) {
            return judgeSweep()
        }
        stage = .recheck
        rechecks += 1
        next = observer.order == .oldestFirst ? lastPage(of: lastTotal ?? sweepIDs.count) : 1
    }

    private mutating func judgeSweep(growing: Bool = false) {
        outcome.order = observer.order
        let served = sweepIDs.count
        if unreadable > 0 { return finish(because: "\(unreadable) elements of the log are no events") }
        guard let total = lastTotal else { return finish(because: "the service sends no total to reckon with") }
        if served == total, !growing {
            outcome.complete = true
            outcome.cleanSince = sweepBegan
            stage = .finished
            return
        }
        let isStuck = previousSweepSize == served && !growing
        previousSweepSize = served
        guard sweep <= Self.mendingSweeps, !isStuck else {
            return finish(
                because: growing
                    ? "the log grows faster than it can be read"
                    : "the service says \(total) events, \(served) different ones were served"
            )
        }
        sweep += 1
        beginSweep()
    }

    private mutating func finish(because reason: String) {
        outcome.order = observer.order
        outcome.reasons.append(reason)
        stage = .finished
    }

    // MARK: Incremental

    private mutating func advanceIncremental(
        _ page: AuditLogPageFacts,
        _ unseen: Int,
        _ knownTotal: Int,
        _ order: LogOrder
    ) {
        if sweepBegan == nil { sweepBegan = page.serverTime }
        outcome.order = order
        let contradicts = observer.order != .unknown && observer.order != order
        guard let total = lastTotal, unreadable == 0, !contradicts else { return becomeFull() }
        unknownInIncremental += zip(page.ids, page.known).filter { !$0.1 }.count
        switch order {
        case .newestFirst: advanceNewestFirst(page, total, knownTotal)
        case .oldestFirst: advanceOldestFirst(page, total, knownTotal)
        case .neither, .unknown: becomeFull()
        }
    }

    private mutating func advanceNewestFirst(_ page: AuditLogPageFacts, _ total: Int, _ knownTotal: Int) {
        let firstKnown = page.known.firstIndex(of: true)
        if case .recheck = stage {
            return page.known.contains(false) ? again(page) : closeIncremental(total, knownTotal)
        }
        guard let firstKnown else {
            // All new: the overlap is on a later page, unless the log ends here.
            if page.ids.isEmpty || page.number >= lastPage(of: total) {
                return closeIncremental(total, knownTotal)
            }
            next = page.number + 1
            return
        }
        guard !page.known[firstKnown...].contains(false) else { return becomeFull() }
        if page.number == 1 { return closeIncremental(total, knownTotal) }
        stage = .recheck
        next = 1
    }

    /// The newest page shows unknown events at the end of an incremental reading: they came meanwhile.
    private mutating func again(_ page: AuditLogPageFacts) {
        rechecks += 1
        guard rechecks <= Self.rechecksInSweep, page.known.contains(true) else { return becomeFull() }
        next = 1
    }

    private mutating func advanceOldestFirst(_ page: AuditLogPageFacts, _ total: Int, _ knownTotal: Int) {
        if case .firstPage = stage {
            stage = .reading
            // The page that holds the last known event is the overlap.
            next = max(1, lastPage(of: max(knownTotal, 1)))
            limit = lastPage(of: total)
            if next == 1 {
                guard page.known.first ?? (total == 0) else { return becomeFull() }
                next = 2
            }
        } else if page.number == lastPage(of: max(knownTotal, 1)), !(page.known.first ?? false) {
            return becomeFull()
        }
        limit = lastPage(of: total)
        if next > limit, inFlight.isEmpty { closeIncremental(total, knownTotal) }
    }

    private mutating func closeIncremental(_ total: Int, _ knownTotal: Int) {
        guard total == knownTotal + unknownInIncremental else { return becomeFull() }
        outcome.complete = true
        outcome.cleanSince = sweepBegan
        stage = .finished
    }

    /// The sums don't close: the same pull reads everything.
    private mutating func becomeFull() {
        mode = .full
        sweep = 1
        beginSweep()
    }
}
