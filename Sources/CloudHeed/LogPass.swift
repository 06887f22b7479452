/// One pass over the log: which events it met, and what can be reckoned from them.
///
/// A pass goes from the newest end to the oldest, whichever way the service counts its pages: new events and expiring
/// ones then only push what is unread towards the part that is still to be read. So a gap needs an event that goes from
/// the middle, or two answers that overtake each other; both show in the sums.
struct LogPass: Sendable {
    /// Identities of the events met.
    private(set) var ids = IdentitySet()
    /// `total` of the first answer.
    var totalAtBegin: Int?
    /// The server's clock at the first answer of this attempt.
    var began: Int64?
    /// Events that came to the newest end since the first answer.
    var grown = 0
    /// Whether an earlier attempt began the pass.
    var isResumed = false
    /// Events of the pages read without a gap from the newest end on.
    private(set) var contiguous = 0
    /// Unseen events of each page, by its distance from where the pass began.
    private var unseenAt: [Int: Int] = [:]
    private var arrived: Set<Int> = []
    private var nextDistance = 0
    /// Events met on a walk from the newest end: they are no sign that the walk has reached what was known before it.
    private var walked: Set<Int>?

    private static let mostReserved = 1 << 20

    /// Begins or ends a walk from the newest end to what is known.
    mutating func setWalking(_ isWalking: Bool) { walked = isWalking ? [] : nil }

    /// What a page showed that the pass had not met.
    struct Unseen {
        /// Unseen events.
        var count = 0
        /// Those of them that stand at the page's newest end, before any that was met: what came meanwhile.
        var atNewestEnd = 0
        /// Whether nothing on the page was met before, or before this walk.
        var isWholePage = false
    }

    /// Takes in the ids of a page.
    ///
    /// - Parameters:
    ///   - page: The page.
    ///   - newestLast: Whether the page's newest end is its last event.
    ///   - onlyUnarchived: Whether archived events are no part of the pass.
    /// - Returns: What was unseen.
    mutating func meet(_ page: AuditLogPageFacts, newestLast: Bool, onlyUnarchived: Bool = false) -> Unseen {
        var unseen = Unseen()
        var isAtEnd = true
        /// How many different ones the page has; which, is asked only from the first on that was met before.
        var different = 0
        var onThisPage: Set<Int>?
        // What the service says of its size is believed up to a point.
        if ids.count == 0, let total = page.total { ids.reserveCapacity(min(total, Self.mostReserved)) }
        for place in page.ids.indices {
            let index = newestLast ? page.ids.count - 1 - place : place
            let id = page.ids[index]
            guard walked?.contains(id) != true else { continue }
            let isNews = !(onlyUnarchived && page.archived[index]) && ids.insert(id)
            if !isNews || onThisPage != nil {
                // What a page holds twice tells nothing of what was met before it.
                var seen = onThisPage.take() ?? Set(newestLast ? page.ids[(index + 1)...] : page.ids[..<index])
                let isFirst = seen.insert(id).inserted
                onThisPage = seen
                guard isFirst else { continue }
            }
            different += 1
            isAtEnd = isAtEnd && isNews
            if isNews { unseen.count += 1 }
            if isAtEnd { unseen.atNewestEnd += 1 }
        }
        unseen.isWholePage = unseen.count == different && !page.ids.isEmpty
        walked?.formUnion(page.ids)
        return unseen
    }

    /// A page was read, so many pages from where the pass began.
    mutating func advance(distance: Int, unseen: Int) {
        unseenAt[distance, default: 0] += unseen
        arrived.insert(distance)
        while arrived.remove(nextDistance) != nil {
            contiguous += unseenAt[nextDistance] ?? 0
            nextDistance += 1
        }
    }

    /// Pages from a distance on are to be read again: what lies behind it may have a gap.
    mutating func goBack(to distance: Int) {
        while nextDistance > distance {
            nextDistance -= 1
            contiguous -= unseenAt[nextDistance] ?? 0
        }
        arrived = []
    }

    /// Events came to the newest end.
    mutating func grow(_ count: Int) {
        grown += count
        contiguous += count
    }

    /// Goes on where an earlier attempt stopped.
    mutating func resume(_ checkpoint: LogCheckpoint, ids known: Set<Int>) {
        ids = IdentitySet()
        ids.reserveCapacity(known.count)
        for identity in known { ids.insert(identity) }
        totalAtBegin = checkpoint.totalAtBegin
        grown = checkpoint.grown
        contiguous = checkpoint.contiguous
        isResumed = true
    }

    /// Events that left the log since the pass began, given its present `total`; nil without totals.
    ///
    /// total = total at the begin + what came - what left.
    func left(total: Int?) -> Int? {
        guard let total, let totalAtBegin else { return nil }
        return totalAtBegin + grown - total
    }
}
