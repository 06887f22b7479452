/// How a reading ends: with sums that close, with a reason why they do not, or at a page that is refused.
extension AuditLogPager {
    mutating func finish(because reason: String) {
        outcome.reasons.append(reason)
        stage = .finished
    }

    mutating func finishComplete() {
        outcome.complete = true
        stage = .finished
    }

    /// Why no sum can close, whatever was read; nil when one can.
    var impediment: String? { lastTotal == nil || lacksTotal ? "the service sends no total to reckon with" : nil }

    /// The sums as they stand.
    var sumsInWords: String {
        let count = pass.ids.count
        guard let total = outcome.totalAtEnd else {
            if count == 1 { return "1 event was served" }
            return "\(count) different events were served"
        }
        switch (total, count) {
        case (1, 1): return "the service says 1 event, 1 was served"
        case (1, _): return "the service says 1 event, \(count) different ones were served"
        case (_, 1): return "the service says \(total) events, 1 was served"
        case (_, _): return "the service says \(total) events, \(count) different ones were served"
        }
    }

    // MARK: The sums

    /// Closes the reading when the sums of the pass do, and nothing unseen stands at the newest end.
    ///
    /// A pass of several attempts may have lost events at its oldest end before it came there; one attempt's is made
    /// again.
    mutating func judge(isAtNewestEnd: Bool) {
        if let impediment { return refusal == nil ? finish(because: impediment) : endRefused(sums: impediment) }
        guard let total = lastTotal else { return }
        let served = pass.ids.count
        let left = pass.left(total: total) ?? 0
        outcome.left += max(0, left)
        totalOfEarlierPass = total
        let isExpiry = pass.isResumed && left > 0 && !pass.isDoubtful
        let isClean = trustsTotal && isAtNewestEnd && highest.promisedBy == nil
        if served == total, isClean, left == 0 || isExpiry { return finishComplete() }
        if refusal != nil { return endRefused(sums: reason(served: served, total: total, left: left)) }
        let sums = [served, total, left]
        let isStuck = earlierSums == sums && left == 0
        earlierSums = sums
        // A total that an answer itself belies is none to reckon with, however often the log is read.
        guard passNumber <= Self.mendingPasses, !isStuck, !pass.isBehindTotal else {
            return finish(because: reason(served: served, total: total, left: left))
        }
        passNumber += 1
        beginPass()
    }

    /// What left between the end of a pass and the begin of the next left while the log was read, too.
    mutating func noteLeaving(sinceEarlierPass total: Int?) {
        guard let total, let before = totalOfEarlierPass else { return }
        outcome.left += max(0, before - total)
        totalOfEarlierPass = nil
    }

    /// Ends the reading of a log that can't be caught up with.
    mutating func giveUpFollowing() {
        let (served, total) = (pass.ids.count, lastTotal ?? 0)
        finish(
            because: impediment
                ?? reason(served: served, total: total, left: min(-1, pass.left(total: total) ?? 0))
        )
    }

    private func reason(served: Int, total: Int, left: Int) -> String {
        let sums = sumsInWords
        if !trustsTotal { return "the newest events do not stand where the total says; \(sums)" }
        if left == 0, let page = highest.promisedBy {
            return "the service says that more follow page \(page), and shows nothing new there; \(sums)"
        }
        if left == 0 { return sums }
        return left > 0
            ? "\(left) events left the log while it was read; \(sums)"
            : "the log grows faster than it can be read; \(sums)"
    }

    // MARK: What is refused, and what has no end

    /// Takes in that the service refuses a page for good, once it has served another.
    ///
    /// The reading ends there; what was read stays read. A page that is not found behind the end that `total` names is an
    /// empty one.
    ///
    /// - Parameters:
    ///   - number: The page.
    ///   - reason: What the service said.
    ///   - isNotFound: Whether it said 404.
    ///   - localTime: This machine's clock when the page was asked for, seconds since 1970.
    package mutating func refused(_ number: Int, because reason: String, isNotFound: Bool, at localTime: Int64) {
        guard stage != .finished else { return }
        var empty = AuditLogPageFacts(number: number)
        empty.localTime = localTime
        let isBehindEnd = lastTotal.map { number > lastPage(of: $0) } ?? true
        if isNotFound, isBehindEnd { return received(empty) }
        if outcome.pages == 0 {
            // An incremental reading that begins far behind: the first page tells.
            inFlight.remove(number)
            return becomeFull()
        }
        if isFull, descends { return turnUpwards(empty) }
        if refusal.map({ number < $0.page }) ?? true { refusal = (number, reason) }
        if isNotFound, isFull, stage == .reading { return received(empty) }
        inFlight.remove(number)
        isRefused = true
        if inFlight.isEmpty { endRefused(sums: nil) }
    }

    /// Ends a reading that was refused a page.
    mutating func endRefused(sums: String?) {
        guard let refusal else { return }
        outcome.refusedPage = refusal.page
        if let sums { outcome.reasons.append(sums) }
        finish(
            because: "the service refuses page \(refusal.page) of the log, which is read up to there: \(refusal.reason)"
        )
    }

    /// Ends a reading that would have none: more answers than what was met needs, or a log that outruns its reader.
    mutating func endWithoutEnd() {
        guard stage != .finished else { return }
        met = max(met, pass.ids.count)
        if outcome.pages >= LogBounds.mostAnswers(pages: lastPage(of: met)) {
            return finish(because: "after \(outcome.pages) pages the sums do not close; \(sumsInWords)")
        }
        guard isFull, let firstTotal else { return }
        let patience = LogBounds.mostAnswers(pages: lastPage(of: firstTotal))
        if outcome.pages - pagesThatBrought > patience { giveUpFollowing() }
    }
}
