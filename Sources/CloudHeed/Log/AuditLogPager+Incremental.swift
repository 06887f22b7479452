/// Reading what is new: from the newest end to the first archived event, or, where the log is oldest first, from the
/// newest page to that of the last archived event. The overlap and `total` together prove that nothing lies between.
extension AuditLogPager {
    mutating func beginIncremental(_ knownTotal: Int, _ order: LogOrder) {
        stage = .first
        pass = LogPass()
        // The page that holds the last archived event is the overlap.
        next = order == .oldestFirst ? lastPage(of: max(knownTotal, 1)) : 1
        begin = next
        limit = next
    }

    mutating func advanceIncremental(_ page: AuditLogPageFacts, _ knownTotal: Int, _ order: LogOrder) {
        outcome.order = order
        guard let total = lastTotal, !lacksTotal, !observer.contradicts(order) else { return becomeFull() }
        if let resumption {
            guard resumption.checkpoint.order == order, resumption.checkpoint.pageSize == pageSize,
                resumption.checkpoint.isBelievable(met: resumption.ids.count)
            else { return becomeFull() }
            let began = pass.began
            pass.resume(resumption.checkpoint, ids: resumption.ids)
            pass.began = began
            self.resumption = nil
            if order == .newestFirst {
                stage = .catchUp
                beginWalk()
            }
        }
        let unseen = pass.meet(page, newestLast: order == .oldestFirst, onlyUnarchived: true)
        if pass.totalAtBegin == nil { pass.totalAtBegin = total }
        farthest = order == .newestFirst ? max(farthest, page.number) : farthest
        // Where the newest events come first, only what is said at the log's end promises more than what is known.
        if order == .oldestFirst || page.number >= lastPage(of: total) { notePromise(page, unseen.count) }
        switch order {
        case .newestFirst: advanceNewestFirst(page, total, knownTotal, unseen)
        case .oldestFirst: advanceOldestFirst(page, total, knownTotal, unseen)
        case .neither, .unknown: becomeFull()
        }
    }

    private func hasOverlap(_ page: AuditLogPageFacts) -> Bool {
        page.archived.indices.contains { page.archived[$0] && !page.unreadable.contains($0) }
    }

    private mutating func advanceNewestFirst(
        _ page: AuditLogPageFacts,
        _ total: Int,
        _ known: Int,
        _ unseen: LogPass.Unseen
    ) {
        let isEnd = page.ids.isEmpty || page.number >= lastPage(of: total)
        switch stage {
        case .newest:
            pass.grow(unseen.count)
            // Everything here is new: what came between it and what is known is on the pages behind.
            let goesOn = unseen.isWholePage || (!pass.isThrough && !hasOverlap(page))
            if goesOn, !isEnd, walkStepsLeft() { return ask(page.number + 1) }
            pass.endWalk()
            closeIncremental(total, known, isAtNewestEnd: page.number == 1)
        case .beyond:
            guard page.ids.isEmpty else { return becomeFull() }
            readNewestAgain()
        case .catchUp:
            pass.grow(unseen.count)
            if hasOverlap(page) || isEnd { return endReading(page, total, known) }
            if unseen.isWholePage || !pass.isThrough, walkStepsLeft() { return ask(page.number + 1) }
            stage = .reading
            pass.endWalk()
            ask(max(page.number + 1, pass.contiguous / pageSize))
            begin = next
        default:
            stage = .reading
            pass.advance(distance: page.number - begin, unseen: unseen.count)
            if hasOverlap(page) || isEnd { return endReading(page, total, known) }
            // A log that grows by pages between two answers never lets a reading through.
            guard page.number <= 3 * lastPage(of: pass.totalAtBegin ?? total) + 16 else { return becomeFull() }
            ask(page.number + 1)
        }
    }

    private mutating func endReading(_ page: AuditLogPageFacts, _ total: Int, _ known: Int) {
        if page.number == 1 { return closeIncremental(total, known, isAtNewestEnd: true) }
        readNewestAgain()
    }

    private mutating func ask(_ page: Int) {
        next = page
        limit = page
    }

    /// Down from the newest page, as what goes from behind it can then hide nothing, and the newest page again.
    private mutating func advanceOldestFirst(
        _ page: AuditLogPageFacts,
        _ total: Int,
        _ known: Int,
        _ unseen: LogPass.Unseen
    ) {
        let newest = lastPage(of: total)
        switch stage {
        case .first:
            // The page may show nothing of the archive only when the archived log was empty.
            guard known == 0 || hasOverlap(page) else { return becomeFull() }
            (pass.totalAtBegin, pass.grown) = (total, 0)
            guard newest > page.number else {
                // A total that goes no further than a full page may be one that counts no further.
                guard page.ids.count >= pageSize, !hasLookedBehind else {
                    return closeIncremental(total, known, isAtNewestEnd: true)
                }
                return lookBehind(page.number)
            }
            stage = .anchor
            ask(newest)
        case .beyond:
            guard page.ids.isEmpty, newest < page.number else { return becomeFull() }
            if descends { return readNewestAgain() }
            stage = .first
            ask(begin)
        case .anchor:
            guard page.number == newest else {
                rounds += 1
                return rounds < 5 && newest > begin ? ask(newest) : becomeFull()
            }
            (rounds, descends) = (0, true)
            pass.totalAtBegin = total
            stage = .reading
            ask(page.number - 1)
        case .newest:
            pass.grow(unseen.count)
            // Behind an empty page stands the newest one.
            let goesOn = unseen.isWholePage || !pass.isThrough || page.ids.isEmpty
            if goesOn, page.number > begin, walkStepsLeft() { return ask(page.number - 1) }
            pass.endWalk()
            closeIncremental(total, known, isAtNewestEnd: page.number >= newest)
        default:
            if page.number > begin { return ask(page.number - 1) }
            readNewestAgain()
        }
    }

    private mutating func lookBehind(_ page: Int) {
        hasLookedBehind = true
        stage = .beyond
        ask(page + 1)
    }

    private mutating func readNewestAgain() {
        stage = .newest
        beginWalk()
        if descends { walk.begin = lastPage(of: lastTotal ?? 1) }
        ask(walk.begin)
    }

    /// Ends the reading when `total` is what was known and what is new, nothing went meanwhile, and nothing is said to follow.
    private mutating func closeIncremental(_ total: Int, _ known: Int, isAtNewestEnd: Bool) {
        let missing = total - known - pass.ids.count
        if isAtNewestEnd, missing == 0, pass.left(total: total) == 0 {
            guard let page = highest.promisedBy else { return finishComplete() }
            return hasLookedBehind ? becomeFull() : lookBehind(page)
        }
        if !isAtNewestEnd, rounds < Self.lateRounds {
            rounds += 1
            return readNewestAgain()
        }
        // An event that came late may stand up to a page's length behind archived ones.
        if missing > 0, missing <= pageSize, !hasReadOn { return readOn(total) }
        becomeFull()
    }

    private mutating func readOn(_ total: Int) {
        hasReadOn = true
        if descends || begin > 1 {
            guard begin > 1 else { return becomeFull() }
            begin -= 1
            (stage, descends) = (.reading, true)
            return ask(begin)
        }
        guard farthest < lastPage(of: total) else { return becomeFull() }
        stage = .reading
        ask(farthest + 1)
    }

    /// The sums don't close: the same pull reads everything.
    mutating func becomeFull() {
        mode = .full
        passNumber = 1
        rounds = 0
        if let checkpoint = resumption?.checkpoint, checkpoint.isIncremental { resumption = nil }
        beginPass()
    }
}
