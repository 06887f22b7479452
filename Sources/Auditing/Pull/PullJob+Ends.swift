import CloudHeed
import Evidence
import Foundation

/// How a pull begins and ends: what earlier attempts left, how much is to be read, and what is known of it at the end.
extension PullJob {
    /// Begins a pull, or goes on with one.
    ///
    /// A reading of the whole log that an earlier attempt left is given up where it is in the way of new events: where it
    /// is not asked for, or has failed, and an incremental reading can be made. What it read is archived before.
    ///
    /// - Parameters:
    ///   - writer: Where to.
    ///   - stageSnapshots: Hands the snapshots to a session.
    /// - Returns: The pull, how much to read, and the entry of what was given up.
    /// - Throws: `EvidenceError`; what was staged is then still there.
    func begin(
        _ writer: ArchiveWriter,
        _ stageSnapshots: (PullSession) -> Void
    ) throws -> (PullSession, AuditLogPager.Mode, givenUp: LedgerEntry?) {
        let session = try writer.beginPull()
        stageSnapshots(session)
        let mode = PullBasis.mode(writer.archive.entries, settings, now: context.now())
        let checkpoint = session.resumption?.forPager?.checkpoint
        let isIncremental = session.isOfUse && checkpoint?.isIncremental == true
        // What was interrupted behind another that was given up shows that the log has to be read whole: it is gone on with.
        let isInTheWay = mode != .full && writer.archive.lastPull?.refusedPage == nil
        guard !settings.full, session.resumedPageCount > 0, !isIncremental, session.stalls > 0 || isInTheWay,
            PullBasis.incremental(writer.archive.entries) != nil
        else { return (session, mode, nil) }
        let entry = try session.commit(account(givingUp: session, checkpoint), now: context.now())
        context.warn(
            "\(entry.incompleteBecause.joined(separator: "; ")); what it read is archived, and what is new is read now"
        )
        let next = try writer.beginPull()
        stageSnapshots(next)
        return (next, PullBasis.incremental(writer.archive.entries) ?? .full, entry)
    }

    /// What is known of a reading of the whole log that earlier attempts left.
    private func account(givingUp session: PullSession, _ checkpoint: LogCheckpoint?) -> PullAccount {
        let order = checkpoint?.order ?? .unknown
        let next = Self.firstUnread(Set(session.resumedPageNumbers), order)
        let attempts = session.attempts - 1
        let why = session.stallReason ?? "it was interrupted, and new events come first"
        var account = PullAccount(
            mode: .full,
            complete: false,
            incompleteBecause: [
                "the reading of the whole log was given up at page \(next) after "
                    + "\(attempts) \(attempts == 1 ? "attempt" : "attempts"): \(why)"
            ],
            order: order.rawValue,
            requests: 0,
            retries: 0,
            pages: 0,
            pageSize: checkpoint?.pageSize ?? 0,
            totalAtStart: session.resumedTotals.first,
            totalAtEnd: session.resumedTotals.last
        )
        account.plausible = PlausibleTimes(now: context.now())
        account.refusedPage = next
        return account
    }

    /// The first page from the newest end on that no attempt read.
    private static func firstUnread(_ read: Set<Int>, _ order: LogOrder) -> Int {
        // Where the newest events come last, the first page is read before all others, to tell that they do.
        if order == .oldestFirst, let newest = read.max(),
            let unread = stride(from: newest, to: 0, by: -1).first(where: { !read.contains($0) })
        {
            return unread
        }
        return (1...read.count + 1).first { !read.contains($0) } ?? 1
    }

    /// What a reading says of itself when it has ended.
    func account(
        _ pager: AuditLogPager,
        _ counters: ServiceClient.Counters,
        _ organization: Organization
    ) -> PullAccount {
        let outcome = pager.outcome
        var account = PullAccount(
            mode: outcome.readWholeLog ? .full : .incremental,
            complete: outcome.complete,
            incompleteBecause: outcome.reasons,
            order: outcome.order.rawValue,
            requests: counters.requests,
            retries: counters.retries,
            pages: outcome.pages,
            pageSize: outcome.pageSize,
            passes: outcome.passes,
            leftWhileRead: outcome.left,
            totalAtStart: outcome.totalAtStart,
            totalAtEnd: outcome.totalAtEnd
        )
        let now = context.now()
        let (server, local) = (outcome.began?.server, outcome.began?.local)
        account.clock = LedgerEntry.Clock(
            server: server.map { Instant(seconds: $0) },
            local: local.map { Instant(seconds: $0) } ?? now
        )
        account.plausible = PlausibleTimes(now: max(now, server.map { Instant(seconds: $0) } ?? now))
        account.refusedPage = outcome.refusedPage
        account.organizationCreated = organization.createdAt.flatMap(Instant.init(rfc3339:))
        account.lastPass = PullAccount.LastPass(
            events: outcome.served - outcome.unreadable,
            unreadable: outcome.unreadable
        ) { pager.isStillServed($0) }
        return account
    }
}

extension PullSession {
    /// Whether what earlier attempts staged can be gone on from: an incremental reading has to know of all of it.
    var isOfUse: Bool {
        resumedPageCount == 0 || (resumption?.coversAll == true && resumption?.forPager != nil)
    }

    /// Journals the page staged last with what the pager says of it and what it has cost.
    func note(_ checkpoint: LogCheckpoint, _ cost: ServiceClient.Counters) throws {
        try note(
            checkpoint: checkpoint.json(),
            pass: checkpoint.pass,
            isResumed: checkpoint.isResumed,
            requests: cost.requests,
            retries: cost.retries
        )
    }
}

extension PullSession.Resumption {
    /// What the pager goes on from; nil for words that it does not know.
    var forPager: (checkpoint: LogCheckpoint, ids: Set<Int>)? {
        guard let known = try? JSONDecoder().decode(LogCheckpoint.self, from: Data(checkpoint.utf8)) else { return nil }
        return (known, known.isIncremental ? unarchived : identities)
    }
}

extension LogCheckpoint {
    /// Events read from where the pass began, without those that came since: what an attempt has to exceed to have got further.
    var depth: Int { contiguous - grown }
}
