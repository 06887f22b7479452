import CloudHeed
import Evidence
import Foundation
import Logging

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
        let mode = mode(writer.archive)
        let checkpoint = session.resumption?.forPager?.checkpoint
        let isIncremental = session.isOfUse && checkpoint?.isIncremental == true
        guard !configuration.full, session.resumedPageCount > 0, !isIncremental, session.stalls > 0 || mode != .full,
            incremental(writer.archive) != nil
        else { return (session, mode, nil) }
        let entry = try session.commit(account(givingUp: session, checkpoint), now: Clock.now())
        configuration.logger.warning(
            "\(entry.incompleteBecause.joined(separator: "; ")); what it read is archived, and what is new is read now"
        )
        let next = try writer.beginPull()
        stageSnapshots(next)
        return (next, incremental(writer.archive) ?? .full, entry)
    }

    /// What is known of a reading of the whole log that earlier attempts left.
    private func account(givingUp session: PullSession, _ checkpoint: LogCheckpoint?) -> PullAccount {
        let (pages, order) = (session.resumedPageNumbers, checkpoint?.order ?? .unknown)
        let next = order == .oldestFirst ? (pages.min() ?? 2) - 1 : (pages.max() ?? 0) + 1
        let attempts = session.attempts - 1
        let why = session.stallReason ?? "it was interrupted, and new events come first"
        var account = PullAccount(
            mode: .full,
            complete: false,
            incompleteBecause: [
                "the reading of the whole log was given up at page \(max(1, next)) after "
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
        account.plausible = PlausibleTimes(now: Clock.now())
        account.refusedPage = max(1, next)
        return account
    }

    /// Incremental needs a pull whose sums closed to build on, and a full one that is not too long ago.
    private func mode(_ archive: Archive) -> AuditLogPager.Mode {
        guard !configuration.full, let incremental = incremental(archive),
            let full = archive.entries.last(where: {
                $0.mode == .full && ($0.complete == true || $0.refusedPage != nil)
            }),
            let fullAt = Instant(rfc3339: full.at)
        else { return .full }
        let age = Clock.now().seconds - fullAt.seconds
        // One that lies ahead tells of a clock that was wrong, not of when the whole log was read.
        let isRecent =
            age >= -PullWarnings.toleratedDifference && age < configuration.fullEvery.components.seconds
        return isRecent ? incremental : .full
    }

    /// What an incremental reading builds on: the last pull whose sums closed, and what those behind it archived that were
    /// refused a page; nil where there is none, or others came between.
    private func incremental(_ archive: Archive) -> AuditLogPager.Mode? {
        let pulls = archive.entries.filter { $0.kind == .pull }
        guard let place = pulls.lastIndex(where: { $0.refusedPage == nil }) else { return nil }
        let base = pulls[place]
        guard base.complete == true, var total = base.totalAtEnd,
            let order = base.order.flatMap(LogOrder.init(rawValue:)),
            order == .newestFirst || order == .oldestFirst
        else { return nil }
        for pull in pulls[(place + 1)...] { total += pull.new + pull.unreadableCount }
        return .incremental(knownTotal: total, order: order, pageSize: base.pageSize)
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
        let now = Clock.now()
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
