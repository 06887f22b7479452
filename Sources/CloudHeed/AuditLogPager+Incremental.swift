/// Reading what is new: from the newest end to the first archived event, or, where the log is oldest first, from the
/// last archived event to the end. The overlap and `total` together prove that nothing lies between.
extension AuditLogPager {
    mutating func beginIncremental(_ knownTotal: Int, _ order: LogOrder) {
        stage = .reading
        pass = LogPass()
        // The page that holds the last archived event is the overlap.
        next = order == .oldestFirst ? lastPage(of: max(knownTotal, 1)) : 1
        begin = next
        limit = next
    }

    mutating func advanceIncremental(_ page: AuditLogPageFacts, _ knownTotal: Int, _ order: LogOrder) {
        outcome.order = order
        let contradicts = observer.order != .unknown && observer.order != order
        guard let total = lastTotal, impediment == nil, !contradicts else { return becomeFull() }
        if let resumption, stage == .reading {
            guard resumption.checkpoint.order == order, resumption.checkpoint.pageSize == pageSize else {
                return becomeFull()
            }
            pass.resume(resumption.checkpoint, ids: resumption.ids)
            unknownInIncremental = resumption.ids.count
            self.resumption = nil
            stage = order == .newestFirst ? .catchUp : .reading
            beginWalk()
        }
        let unseen = pass.meet(page, newestLast: order == .oldestFirst, onlyUnarchived: true)
        if pass.totalAtBegin == nil { pass.totalAtBegin = total }
        unknownInIncremental += unseen.count
        switch order {
        case .newestFirst: advanceNewestFirst(page, total, knownTotal, unseen)
        case .oldestFirst: advanceOldestFirst(page, total, knownTotal)
        case .neither, .unknown: becomeFull()
        }
    }

    private mutating func advanceNewestFirst(
        _ page: AuditLogPageFacts,
        _ total: Int,
        _ known: Int,
        _ unseen: LogPass.Unseen
    ) {
        let isEnd = page.ids.isEmpty || page.number >= lastPage(of: total)
        let hasOverlap = page.archived.contains(true)
        switch stage {
        case .newest:
            pass.grow(unseen.atNewestEnd)
            // Everything here is new: what came between it and what is known is on the pages behind.
            if unseen.isWholePage, !isEnd, walkStepsLeft() { return ask(page.number + 1) }
            closeIncremental(total, known, isAtNewestEnd: page.number == 1)
        case .catchUp:
            pass.grow(unseen.atNewestEnd)
            if hasOverlap || isEnd { return endReading(page, total, known) }
            if unseen.isWholePage, walkStepsLeft() { return ask(page.number + 1) }
            stage = .reading
            pass.setWalking(false)
            ask(max(page.number + 1, pass.contiguous / pageSize))
            begin = next
        default:
            guard isSound(page.archived) else { return becomeFull() }
            pass.advance(distance: page.number - begin, unseen: unseen.count)
            if hasOverlap || isEnd { return endReading(page, total, known) }
            // A log that grows by pages between two answers never lets a reading through.
            guard page.number <= 3 * lastPage(of: pass.totalAtBegin ?? total) + 16 else { return becomeFull() }
            ask(page.number + 1)
        }
    }

    /// Behind the first archived event stands no unarchived one: otherwise there may be more of them on the next page.
    private func isSound(_ archived: [Bool]) -> Bool {
        guard let first = archived.firstIndex(of: true) else { return true }
        return !archived[first...].contains(false)
    }

    private mutating func endReading(_ page: AuditLogPageFacts, _ total: Int, _ known: Int) {
        if page.number == 1 { return closeIncremental(total, known, isAtNewestEnd: true) }
        stage = .newest
        beginWalk()
        ask(1)
    }

    private mutating func ask(_ page: Int) {
        next = page
        limit = page
    }

    private mutating func advanceOldestFirst(_ page: AuditLogPageFacts, _ total: Int, _ knownTotal: Int) {
        // The page may show nothing of the archive only when the archived log was empty.
        if page.number == begin, knownTotal > 0, page.archived.first != true { return becomeFull() }
        let newest = lastPage(of: total)
        if page.number < newest, !page.ids.isEmpty {
            ask(page.number + 1)
        } else {
            closeIncremental(total, knownTotal, isAtNewestEnd: true)
        }
    }

    private mutating func closeIncremental(_ total: Int, _ knownTotal: Int, isAtNewestEnd: Bool) {
        if total == knownTotal + unknownInIncremental { return finishComplete() }
        if !isAtNewestEnd, rounds < Self.lateRounds {
            rounds += 1
            beginWalk()
            return ask(1)
        }
        becomeFull()
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
