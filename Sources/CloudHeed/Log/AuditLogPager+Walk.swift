/// A walk from the newest end, where new events stand, to what is known: what came since an earlier attempt, or since the
/// pass began.
extension AuditLogPager {
    /// Where a walk stands.
    struct Walk: Sendable {
        /// Page with which it begins.
        var begin = 1
        /// How many pages it may take: a log that grows by pages between two answers has no end.
        var limit = Int.max
        /// Pages it took.
        var steps = 0
        /// Whether the page behind its first one is empty.
        var isEmptyBehind = false
        /// Events met that were not before.
        var unseen = 0
    }

    /// Begins a walk from the newest end, where new events stand, to what is known.
    mutating func beginWalk() {
        pass.beginWalk()
        let events = lastTotal ?? pass.ids.count
        // Where the newest page is the last one: behind a full page, or one that says so, stands what came since, or nothing.
        let last = max(events / pageSize + 1, highest.promisedBy == nil ? 1 : highest.page + 1)
        walk = Walk(begin: descends ? last : 1, limit: lastPage(of: events) + 16)
        next = walk.begin
    }

    /// Counts a page of a walk; false when it has gone far enough.
    mutating func walkStepsLeft() -> Bool {
        walk.steps += 1
        return walk.steps < walk.limit
    }

    /// A page of the way from the newest end to what is known; true when it has got there.
    mutating func walkOn(_ page: AuditLogPageFacts) -> Bool {
        let unseen = pass.meet(page, newestLast: descends)
        pass.grow(unseen.count)
        noteTotalThatIsBelied(page, unseen.count)
        notePromise(page, unseen.count)
        walk.unseen += unseen.count
        guard walkStepsLeft() else { return true }
        let mayHaveMoreBehind = !walk.isEmptyBehind || lastPage(of: lastTotal ?? 0) > page.number
        if descends, page.number == walk.begin, page.ids.count >= pageSize, mayHaveMoreBehind {
            // A full page is not the newest one: that stands behind it.
            walk.begin += 1
            walk.isEmptyBehind = false
            next = walk.begin
            return false
        }
        if descends, page.ids.isEmpty, page.number > 1 {
            walk.isEmptyBehind = true
            walk.begin = page.number - 1
            next = walk.begin
            return false
        }
        let goesOn = unseen.isWholePage || (!pass.isThrough && !page.ids.isEmpty)
        guard goesOn, descends ? page.number > 1 : true else {
            pass.endWalk()
            return true
        }
        next = page.number + (descends ? -1 : 1)
        return false
    }
}
