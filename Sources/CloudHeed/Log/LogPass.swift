/// One pass over the log: which events it met, and what can be reckoned from them.
///
/// A pass goes from the newest end to the oldest, whichever way the service counts its pages: new events and expiring
/// ones then only push what is unread towards the part that is still to be read. So a gap needs an event that goes from
/// the middle, or two answers that overtake each other; both show in the sums.
struct LogPass: Sendable {
    /// Identities of the events met.
    private(set) var ids: Set<Int> = []
    /// `total` of the first answer.
    var totalAtBegin: Int?
    /// The clocks at the first answer of this attempt.
    var began: AuditLogPager.Clocks?
    /// Answers that are part of the pass.
    var answers = 0
    /// Events that came to the newest end since the first answer.
    var grown = 0
    /// Whether an earlier attempt began the pass.
    var isResumed = false
    /// Whether events may have slipped from a page not yet read to one that was, more often than was looked after.
    var isDoubtful = false
    /// Whether an answer served what its own `total` has no room for.
    var isBehindTotal = false
    /// Events of the pages read without a gap from the newest end on.
    private(set) var contiguous = 0
    /// Unseen events of each page, by its distance from where the pass began.
    private var unseenAt: [Int: Int] = [:]
    private var arrived: Set<Int> = []
    private var nextDistance = 0
    /// Events met on a walk from the newest end: they are no sign that the walk has reached what was known before it.
    private var walked: Set<Int>?
    /// What the walk under way has met that was unseen, and that was known before it.
    private var (unseenOnWalk, knownOnWalk) = (0, 0)
    /// Events met on walks that were broken off: to meet them again does not mean to have got through.
    private var unfinishedBefore = 0
    /// Elements that are no events, by their texts' identities: how many there are of each.
    private var unreadable: [Int: Int] = [:]
    /// By the number of a page read, the texts of what is no event at its edges.
    private var edges: [Int: Edges] = [:]

    /// What stands before the first event of a page and behind the last one: on a page without events all of it.
    private struct Edges: Sendable {
        var first: Set<Int>
        var last: Set<Int>
    }

    private static let mostReserved = 1 << 20

    /// Begins a walk from the newest end to what is known.
    mutating func beginWalk() {
        unfinishedBefore = unfinished
        (unseenOnWalk, knownOnWalk) = (0, 0)
        walked = []
    }

    /// Ends a walk that has got through, or come to the log's other end.
    mutating func endWalk() {
        (unseenOnWalk, knownOnWalk, unfinishedBefore) = (0, 0, 0)
        walked = nil
    }

    /// Events met on walks that have not got through.
    var unfinished: Int { unfinishedBefore + unseenOnWalk }

    /// Whether a walk has come to events that were met before it, and not only on another that was broken off.
    var isThrough: Bool { knownOnWalk > unfinishedBefore }

    /// What a page showed that the pass had not met.
    struct Unseen {
        /// Unseen events.
        var count = 0
        /// Those of them that stand at the page's newest end, before any that was met: what came meanwhile.
        var atNewestEnd = 0
        /// Whether nothing on the page was met before, or before this walk.
        var isWholePage = false
    }

    /// Gives the elements of a page that are no events identities of their own.
    ///
    /// They have no id, so those with one text are told apart by counting: on a page, and from page to page as long as
    /// nothing shows that the log has moved between them. Where one page ends and the next begins with the same text, it
    /// may be one element that has moved from page to page, and counts once; so does one on pages without any event, which
    /// never show that the log has moved.
    mutating func tellApart(_ page: inout AuditLogPageFacts, lastPage: Int) {
        let isFirstReading = edges[page.number] == nil && page.number <= lastPage
        let places = page.unreadable.filter(page.ids.indices.contains).sorted()
        let leading = zip(places, 0...).prefix { $0 == $1 }.map(\.0)
        let trailing = zip(places.reversed(), 1...).prefix { $0 == page.ids.count - $1 }.map(\.0)
        let own = Edges(first: Set(leading.map { page.ids[$0] }), last: Set(trailing.map { page.ids[$0] }))
        defer { edges[page.number] = own }
        guard !places.isEmpty else { return }
        let isUnmoved = totalAtBegin == nil || page.total == totalAtBegin
        let noEvents = Set(places)
        let isNews =
            isFirstReading && isUnmoved
            && !page.ids.indices.contains { !noEvents.contains($0) && ids.contains(page.ids[$0]) }
        let (before, behind) = (edges[page.number - 1]?.last ?? [], edges[page.number + 1]?.first ?? [])
        let hasEvents = places.count < page.ids.count
        let shown = Set(
            hasEvents
                ? leading.filter { before.contains(page.ids[$0]) } + trailing.filter { behind.contains(page.ids[$0]) }
                : places.filter { unreadable[page.ids[$0]] != nil }
        )
        var (again, new): ([Int: Int], [Int: Int]) = ([:], [:])
        for place in places {
            let text = page.ids[place]
            let known = unreadable[text] ?? 0
            let number: Int
            if isNews && !shown.contains(place) {
                number = known + new[text, default: 0]
                new[text, default: 0] += 1
            } else {
                number = again[text, default: 0]
                again[text, default: 0] += 1
            }
            page.ids[place] = text &+ number &* 0x5851_F42D_4C95_7F2D
        }
        for (text, count) in new { unreadable[text, default: 0] += count }
        for (text, count) in again { unreadable[text] = max(unreadable[text] ?? 0, count) }
    }

    /// How many elements that are no events the pass has met.
    var unreadableCount: Int { unreadable.values.reduce(0, +) }

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
            let isNews = !(onlyUnarchived && page.archived[index]) && ids.insert(id).inserted
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
        if walked != nil {
            unseenOnWalk += unseen.count
            knownOnWalk += different - unseen.count
            walked?.formUnion(page.ids)
        }
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
        while nextDistance > max(0, distance) {
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
        ids = known
        totalAtBegin = checkpoint.totalAtBegin
        grown = checkpoint.grown
        contiguous = checkpoint.contiguous
        unfinishedBefore = checkpoint.unfinished
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
