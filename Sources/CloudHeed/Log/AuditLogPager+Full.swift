/// Reading every page: a pass from the newest end to the oldest, the newest end again, and the sums.
extension AuditLogPager {
    mutating func beginPass() {
        stage = .first
        next = 1
        begin = 1
        limit = 1
        descends = false
        rounds = 0
        walk = Walk()
        largestFullPage = 0
        (totalBefore, readAgainFrom, singleUntil, pageBefore) = (nil, nil, nil, nil)
        movements = 0
        (lookedBack, turnsUpwards, trustsTotal, emptyPages) = (0, false, true, 0)
        highest = (0, nil)
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
        if trustsTotal, observer.order == .oldestFirst, let total = lastTotal, lastPage(of: total) > 1 {
            return beginDown(from: total)
        }
        noteLeaving(sinceEarlierPass: page.total)
        pass.totalAtBegin = page.total
        pageBefore = page.total.map { (page.number, $0) }
        meetInPass(page)
        guard !page.ids.isEmpty else { return judge(isAtNewestEnd: true) }
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
        guard !isGap(page) else { return readUpwards() }
        noteLeaving(sinceEarlierPass: page.total)
        pass.totalAtBegin = page.total
        begin = page.number
        meetInPass(page)
        stage = .reading
        next = page.number - 1
        limit = 1
        endPassIfRead()
    }

    /// Whether a page is empty although its own `total` says that events stand there.
    private func isGap(_ page: AuditLogPageFacts) -> Bool {
        page.ids.isEmpty && page.number > 1 && lastPage(of: page.total ?? LogBounds.mostEvents) >= page.number
    }

    /// Begins the pass again at the first page: `total` does not tell where the newest events stand, so it is no guide,
    /// and this pass is none whose sums can close.
    private mutating func readUpwards() {
        let began = pass.began
        pass = LogPass()
        pass.began = began
        (trustsTotal, turnsUpwards, descends, emptyPages) = (false, false, false, 0)
        stage = .first
        (next, begin, limit) = (1, 1, 1)
    }

    /// Where the newest page is refused, or one on the way down, what can be read is read from the first page on.
    mutating func turnUpwards(_ refused: AuditLogPageFacts) {
        inFlight.remove(refused.number)
        turnsUpwards = true
        if inFlight.isEmpty { readUpwards() }
    }

    private mutating func meetInPass(_ page: AuditLogPageFacts) {
        let unseen = pass.meet(page, newestLast: descends)
        pass.advance(distance: descends ? begin - page.number : page.number - begin, unseen: unseen.count)
        // Unseen events before others that were met can only have come since: more than a page of them.
        if !descends, page.number > begin, isNewestAnswer(page.number), !unseen.isWholePage {
            pass.grown += unseen.atNewestEnd
        }
        if passNumber == 1, unseen.count > 0, !hasRisen { pagesThatBrought += 1 }
        noteTotalThatIsBelied(page, unseen.count)
        notePromise(page, unseen.count)
        if page.ids.count >= pageSize { largestFullPage = max(largestFullPage, page.number) }
    }

    /// Notes an answer that serves what its own `total` has no room for.
    mutating func noteTotalThatIsBelied(_ page: AuditLogPageFacts, _ unseen: Int) {
        guard let total = page.total, unseen > 0 else { return }
        if page.number > lastPage(of: total) || unseen > total { pass.isBehindTotal = true }
    }

    /// Notes whether more are said to follow the highest page.
    ///
    /// The promise of the page before it is kept by one with something new on it, and taken back by an empty one, but not by
    /// one that repeats what came.
    mutating func notePromise(_ page: AuditLogPageFacts, _ unseen: Int) {
        guard page.number >= highest.page else { return }
        let repeats = page.number > highest.page && unseen == 0 && !page.ids.isEmpty
        let promises = page.hasMore && !page.ids.isEmpty
        highest = (page.number, promises ? page.number : repeats ? highest.promisedBy : nil)
    }

    // MARK: An earlier attempt's pass

    private func canResume(_ checkpoint: LogCheckpoint) -> Bool {
        passNumber == 1 && observer.order != .unknown && checkpoint.order == observer.order
            && checkpoint.pageSize == pageSize && lastTotal != nil
            && checkpoint.contiguous > 0 && checkpoint.isBelievable(met: resumption?.ids.count ?? 0)
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
        guard walkOn(page) else { return }
        if descends {
            let unread = (pass.totalAtBegin ?? 0) + pass.grown - pass.contiguous
            next = max(0, unread) / pageSize + 1
            limit = 1
        } else {
            next = max(page.number + 1, pass.contiguous / pageSize)
            setLimit()
        }
        stage = .reading
        pass.endWalk()
        begin = next
        endPassIfRead()
    }

    // MARK: The pages

    private mutating func setLimit() {
        guard let total = lastTotal, total <= LogBounds.mostToldEvents else {
            limit = LogBounds.mostUntoldPages
            return
        }
        let pages = lastPage(of: total)
        let bound = 3 * lastPage(of: pass.totalAtBegin ?? total) + 16
        limit = max(next - 1, min(pages, bound))
    }

    private mutating func advanceReading(_ page: AuditLogPageFacts) {
        let before = pass.ids.count
        if descends, page.ids.isEmpty { emptyPages += 1 }
        turnsUpwards = turnsUpwards || (descends && isGap(page)) || emptyPages > Self.emptyPagesBorne
        if turnsUpwards {
            if inFlight.isEmpty { readUpwards() }
            return
        }
        meetInPass(page)
        noteMovement(page)
        lookBack(from: page)
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

    /// Where pages go up one at a time and `total` falls between two of them, what stood behind the one may have slipped to
    /// it before the other was read: both are read again.
    private mutating func lookBack(from page: AuditLogPageFacts) {
        let before = pageBefore
        pageBefore = width == 1 && !descends ? page.total.map { (page.number, $0) } : nil
        guard !descends, let before, let total = page.total, before.number == page.number - 1, total < before.total
        else { return }
        let pages = (before.total - total - 1) / pageSize + 1
        lookedBack += pages
        guard lookedBack <= Self.lookBacksBorne else {
            pass.isDoubtful = true
            return
        }
        let back = max(begin, page.number - pages)
        readAgainFrom = min(readAgainFrom ?? back, back)
        pass.goBack(to: back - begin)
        pageBefore = nil
    }

    private var leavesSumsShort: Bool { pass.ids.count < pass.totalAtBegin ?? 0 }

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
        if refusal != nil {
            beginNewest()
        } else if !descends, limit == LogBounds.mostUntoldPages, next > limit {
            finish(because: "nothing tells where the log ends, and it went on for \(limit) pages; \(sumsInWords)")
        } else if !descends, largestFullPage == next - 1 || leavesSumsShort || highest.promisedBy != nil {
            stage = .beyond
        } else {
            beginNewest()
        }
    }

    private mutating func advanceBeyond(_ page: AuditLogPageFacts) {
        let before = pass.ids.count
        meetInPass(page)
        guard pass.ids.count > before else { return beginNewest() }
        // A service that makes up events for ever is not followed for ever.
        guard page.number < 3 * limit + LogBounds.mostPagesBeyond else {
            return finish(because: "the log goes on behind the end that its total names; \(sumsInWords)")
        }
        next = page.number + 1
    }

    // MARK: The newest end again

    private mutating func beginNewest() {
        // A log of one page was read in one answer: there is nothing that could have moved.
        let isOnePage = !descends && pass.answers == 1 && largestFullPage == 0 && !pass.isResumed
        if isOnePage && rounds == 0 { return judge(isAtNewestEnd: true) }
        stage = .newest
        rounds += 1
        beginWalk()
    }

    private mutating func advanceNewest(_ page: AuditLogPageFacts) {
        guard walkOn(page) else { return }
        // What came at the last moment may have company; and only the newest page's answer speaks of its own time.
        let isLate = descends ? page.number < lastPage(of: lastTotal ?? 0) : page.number != 1
        if (isLate && rounds < Self.lateRounds) || (walk.unseen > 0 && rounds < Self.newestRounds) {
            beginNewest()
        } else {
            judge(isAtNewestEnd: !isLate)
        }
    }
}
