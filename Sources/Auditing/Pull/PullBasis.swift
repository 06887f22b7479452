import CloudHeed
import Evidence

/// What earlier pulls leave to build on: whether what is new is enough to read.
enum PullBasis {
    /// How much to read.
    ///
    /// Incremental needs a pull whose sums closed to build on, and a full one that is not too long ago.
    static func mode(_ entries: [LedgerEntry], _ settings: PullSettings, now: Instant) -> AuditLogPager.Mode {
        guard !settings.full, let incremental = incremental(entries),
            let full = entries.last(where: { $0.mode == .full && ($0.complete == true || $0.refusedPage != nil) }),
            let fullAt = Instant(rfc3339: full.at)
        else { return .full }
        let age = now.seconds - fullAt.seconds
        // One that lies ahead tells of a clock that was wrong, not of when the whole log was read.
        let isRecent = !fullAt.isAhead(of: now) && age < settings.fullEvery.components.seconds
        return isRecent ? incremental : .full
    }

    /// What an incremental reading builds on: the last pull whose sums closed, and what those behind it archived that were
    /// refused a page; nil where there is none, or others came between.
    static func incremental(_ entries: [LedgerEntry]) -> AuditLogPager.Mode? {
        guard let place = entries.lastIndex(where: { $0.kind == .pull && $0.refusedPage == nil }) else { return nil }
        let base = entries[place]
        guard base.complete == true, var total = base.totalAtEnd,
            let order = base.order.flatMap(LogOrder.init(rawValue:)),
            order == .newestFirst || order == .oldestFirst
        else { return nil }
        for pull in entries[(place + 1)...] where pull.kind == .pull { total += pull.new + pull.unreadableCount }
        return .incremental(knownTotal: total, order: order, pageSize: base.pageSize)
    }
}
