/// Reading every page: a pass from the newest end to the oldest, the newest end again, and the sums.
extension AuditLogPager {
    mutating func beginPass() {
        stage = .first
        next = 1
        begin = 1
        limit = 1
        descends = false
        rounds = 0
        unseenInRound = 0
        largestFullPage = 0
        (totalBefore, readAgainFrom, singleUntil) = (nil, nil, nil)
        movements = 0
        pass = LogPass()
        outcome.readWholeLog = true
        guard passNumber > 1, observer.order == .oldestFirst, let total = lastTotal else { return }
        beginDown(from: total)
    }

    mutating func advanceFull(_ page: AuditLogPageFacts) {
        switch stage {
        case .first: advanceFirst(page)
        case .anchor: advanceAnchor(page)
        case .catchUp: advanceCatchUp(page)
        case .reading: advanceReading(page)
        case .beyond: advanceBeyond(page)
        case .newest: advanceNewest(page)
        case .finished: break
        }
    }

    // MARK: The begin of a pass

    private mutating func advanceFirst(_ page: AuditLogPageFacts) {
        if let resumption, canResume(resumption.checkpoint) { return resume(page) }
        resumption = nil
        if observer.order == .oldestFirst, let total = lastTotal, lastPage(of: total) > 1 {
            return beginDown(from: total)
        }
        pass.totalAtBegin = page.total
        meetInPass(page)
        guard !page.ids.isEmpty else { return judge() }
        stage = .reading
        next = 2
        setLimit()
        endPassIfRead()
    }

    private mutating func beginDown(from total: Int) {
        descends = true
        stage = .anchor
        next = lastPage(of: total)
    }

    /// The newest page of a log that is oldest first; should it be no longer the newest, the pass begins at that one.
    private mutating func advanceAnchor(_ page: AuditLogPageFacts) {
        if let total = page.total, lastPage(of: total) != page.number, rounds < 5 {
            rounds += 1
            next = lastPage(of: total)
            return
        }
        rounds = 0
        pass.totalAtBegin = page.total
        begin = page.number
        meetInPass(page)
        stage = .reading
        next = page.number - 1
        limit = 1
        endPassIfRead()
    }

    private mutating func meetInPass(_ page: AuditLogPageFacts) {
        let unseen = pass.meet(page, newestLast: descends)
        pass.advance(distance: abs(page.number - begin), unseen: unseen.count)
        // Unseen events before others that were met can only have come since: more than a page of them.
        if !descends, page.number > begin, isNewestAnswer(page.number), !unseen.isWholePage {
            pass.grown += unseen.atNewestEnd
        }
        if page.elements >= pageSize { largestFullPage = max(largestFullPage, page.number) }
    }

    // MARK: An earlier attempt's pass

    private func canResume(_ checkpoint: LogCheckpoint) -> Bool {
        passNumber == 1 && observer.order != .unknown && checkpoint.order == observer.order
            && checkpoint.pageSize == pageSize && lastTotal != nil
            && checkpoint.contiguous > 0
    }

    /// Page 1 tells that the log is still the one that the earlier attempt read.
    private mutating func resume(_ page: AuditLogPageFacts) {
        guard let resumption else { return }
        self.resumption = nil
        pass.resume(resumption.checkpoint, ids: resumption.ids)
        stage = .catchUp
        descends = observer.order == .oldestFirst
        beginWalk()
        if !descends { advanceCatchUp(page) }
    }

    /// Reads what came since, down to what is staged, and goes on behind that, with an overlap.
    private mutating func advanceCatchUp(_ page: AuditLogPageFacts) {
        guard walk(page) else { return }
        if descends {
            let unread = (pass.totalAtBegin ?? 0) + pass.grown - pass.contiguous
            next = unread / pageSize + 1
            limit = 1
        } else {
            next = max(page.number + 1, pass.contiguous / pageSize)
            setLimit()
        }
        stage = .reading
        pass.setWalking(false)
        begin = next
        endPassIfRead()
    }

    /// A page of the way from the newest end to what is known; true when it has got there.
    private mutating func walk(_ page: AuditLogPageFacts) -> Bool {
        let unseen = pass.meet(page, newestLast: descends)
        pass.grow(unseen.atNewestEnd)
        unseenInRound += unseen.count
        guard walkStepsLeft() else { return true }
        if descends, page.number == walkBegin, page.elements >= pageSize {
            // A full page is not the newest one: that stands behind it.
            walkBegin += 1
            next = walkBegin
            return false
        }
        if descends, page.ids.isEmpty, page.number > 1 {
            guard pass.left(total: lastTotal) != 0 else { return true }
            walkBegin = page.number - 1
            next = walkBegin
            return false
        }
        guard unseen.isWholePage, descends ? page.number > 1 : true else { return true }
        next = page.number + (descends ? -1 : 1)
        return false
    }

    // MARK: The pages

    private mutating func setLimit() {
        guard let total = lastTotal else {
            limit = Int.max
            return
        }
        let pages = lastPage(of: total)
        let bound = 3 * lastPage(of: pass.totalAtBegin ?? total) + 16
        limit = max(next - 1, min(pages, bound))
    }

    private mutating func advanceReading(_ page: AuditLogPageFacts) {
        let before = pass.ids.count
        meetInPass(page)
        noteMovement(page)
        if !descends {
            setLimit()
            if page.ids.isEmpty || (lastTotal == nil && pass.ids.count == before) { limit = min(limit, page.number) }
        }
        endPassIfRead()
    }

    /// Answers that were under way together and tell different totals: what moved between them may have slipped past
    /// both, so these pages are read again, one after the other.
    private mutating func noteMovement(_ page: AuditLogPageFacts) {
        defer { totalBefore = page.total }
        guard let totalBefore, let total = page.total, total != totalBefore, width > 1 else { return }
        movements += 1
        let together = inFlight.union([page.number])
        let first = (descends ? together.max() : together.min()) ?? page.number
        let back = descends ? min(begin, first + connections) : max(begin, first - connections)
        readAgainFrom = readAgainFrom.map { descends ? max($0, back) : min($0, back) } ?? back
        pass.goBack(to: abs(back - begin))
    }

    private mutating func readAgainIfDrained() {
        guard let back = readAgainFrom, inFlight.isEmpty else { return }
        singleUntil = next
        next = back
        readAgainFrom = nil
    }

    private mutating func endPassIfRead() {
        readAgainIfDrained()
        guard isPassRead else { return }
        // A full last page may have another behind it, whatever `total` says; so may one that left the sums short.
        if !descends, largestFullPage == next - 1 || pass.ids.count < pass.totalAtBegin ?? 0 {
            stage = .beyond
        } else {
            beginNewest()
        }
    }

    private mutating func advanceBeyond(_ page: AuditLogPageFacts) {
        let before = pass.ids.count
        if page.total == pass.totalAtBegin { pagesBeyond += 1 }
        meetInPass(page)
        // A service that makes up events for ever is not followed for ever.
        if pass.ids.count > before, page.number < 3 * limit + 1_000 { next = page.number + 1 } else { beginNewest() }
    }

    // MARK: The newest end again

    private mutating func beginNewest() {
        // A log of one page was read in one answer: there is nothing that could have moved.
        let isOnePage = !descends && pass.ids.count <= pageSize && largestFullPage == 0 && !pass.isResumed
        if isOnePage && rounds == 0 { return judge() }
        stage = .newest
        rounds += 1
        beginWalk()
    }

    private mutating func advanceNewest(_ page: AuditLogPageFacts) {
        guard walk(page) else { return }
        // What came at the last moment may have company; and only the newest page's answer speaks of its own time.
        let isLate = page.number != walkBegin
        if (isLate && rounds < Self.lateRounds) || (unseenInRound > 0 && rounds < Self.newestRounds) {
            beginNewest()
        } else {
            judge()
        }
    }

    // MARK: The sums

    private mutating func judge() {
        if let impediment { return finish(because: impediment) }
        guard let total = lastTotal else { return }
        let served = pass.ids.count
        let left = pass.left(total: total) ?? 0
        if served == total, left == 0 || (pass.isResumed && left > 0) {
            outcome.left = left
            return finishComplete()
        }
        let sums = [served, total, left]
        let isStuck = earlierSums == sums && left == 0
        earlierSums = sums
        guard passNumber <= Self.mendingPasses, !isStuck else {
            return finish(because: Self.reason(served: served, total: total, left: left))
        }
        passNumber += 1
        beginPass()
    }

    /// Ends the reading of a log that can't be caught up with.
    mutating func giveUpFollowing() {
        let (served, total) = (pass.ids.count, lastTotal ?? 0)
        finish(
            because: impediment
                ?? Self.reason(served: served, total: total, left: min(-1, pass.left(total: total) ?? 0))
        )
    }

    private static func reason(served: Int, total: Int, left: Int) -> String {
        let sums = "the service says \(total) events, \(served) different ones were served"
        if left == 0 { return sums }
        return left > 0
            ? "\(left) events left the log while it was read; \(sums)"
            : "the log grows faster than it can be read; \(sums)"
    }
}
