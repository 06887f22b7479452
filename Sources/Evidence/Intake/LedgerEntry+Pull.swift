extension LedgerEntry.Told {
    /// What the entry tells of a pull that has ended, as far as its own reading and what is archived tell it.
    ///
    /// - Parameters:
    ///   - account: What the reading says of itself.
    ///   - comparison: What its events are beside the archive.
    ///   - archive: As it was before.
    ///   - now: When the entry is written.
    init(_ account: PullAccount, _ comparison: BatchComparison, beside archive: Archive, at now: Instant) {
        self.init(kind: .pull, at: now)
        mode = account.mode
        complete = account.complete && comparison.goneFromTheMiddle == 0
        incompleteBecause = account.incompleteBecause
        if comparison.goneFromTheMiddle > 0 {
            incompleteBecause.append(
                "\(comparison.goneFromTheMiddle) events that were served went from the log while it was read"
            )
        }
        order = account.order
        (requests, retries, pages) = (account.requests, account.retries, account.pages)
        pageSize = account.pageSize > 0 ? account.pageSize : nil
        passes = account.passes
        // Totals that do not close tell nothing of what left.
        let left = account.complete ? max(account.leftWhileRead, comparison.gone) : 0
        leftWhileRead = left > 0 ? left : nil
        clock = account.clock
        refusedPage = account.refusedPage
        totalAtStart = account.totalAtStart
        totalAtEnd = account.totalAtEnd
        prove(account, comparison, archive)
    }

    /// Names the span for which nothing can be missing (docs/completeness.md).
    ///
    /// It begins at the organization's creation, or the oldest event if that is older, as long as nothing was ever seen to
    /// leave at the oldest end, by this pull included; else at the oldest event that the service still serves. It ends
    /// five minutes before the last pass began, by the earlier of both clocks.
    private mutating func prove(_ account: PullAccount, _ comparison: BatchComparison, _ archive: Archive) {
        guard complete == true else { return }
        let base = archive.entries.last { $0.kind == .pull && $0.refusedPage == nil }
        let isCounted = leftWhileRead != nil || comparison.anomalies.contains { $0.kind == "expired" }
        let hasExpired = isCounted || archive.hasSeenExpiry
        var served = comparison.oldestServed
        if account.mode == .incremental {
            // What was there before is still there, or the sums would not close.
            let earlier = base?.oldestServed.flatMap(Instant.init(rfc3339:))
            served = [served, earlier].compactMap { $0 }.min()
        }
        let isWhole = account.mode == .full || base?.oldestServed != nil
        oldestServed = isWhole ? served?.rfc3339 : nil
        let created = account.organizationCreated.flatMap { account.plausible?.contains($0) == false ? nil : $0 }
        let oldest = [created, served, archive.oldestPulled(account.plausible)].compactMap { $0 }.min()
        let begin = hasExpired ? served : oldest
        guard let begin, let end = account.clock?.relied?.adding(seconds: -300), begin < end else { return }
        proven = LedgerEntry.Span(from: begin.rfc3339, to: end.rfc3339)
    }
}
