import Auditing
import CloudHeed
import Evidence
import Foundation
import Logging

/// A pull from the first request to the ledger's entry: joins the service's client, the pager that decides what to
/// read, and the archive that keeps it.
struct PullJob {
    private static let perPage = 100

    private let configuration: ToolConfiguration

    init(_ configuration: ToolConfiguration) {
        self.configuration = configuration
    }

    func run() async throws -> PullOutcome {
        try await ServiceAccess.withClient(configuration) { client in
            let organization = try await client.organization()
            guard let id = organization.value.id, !id.isEmpty else {
                throw ServiceError(.notUnderstood, "GET /v1/organization: the answer has no id")
            }
            if let expected = configuration.organization, ExactText(expected) != ExactText(id) {
                throw Problem(
                    .noPermission,
                    "the token belongs to organization '\(id)', not to '\(expected)'",
                    hint: "use the other organization's token, or change --organization"
                )
            }
            let writer = try ArchiveWriter(
                root: configuration.archive,
                organization: id,
                tool: ToolVersion.name,
                locks: configuration.locks
            )
            let asked = Clock.now()
            let settings = try await client.settings()
            let stamp = [settings.serverTime.map { Instant(seconds: $0) }, asked].compactMap { $0 }.min()
            return try await pull(client, writer, organization, settings, stamp)
        }
    }

    private func pull(
        _ client: ServiceClient,
        _ writer: ArchiveWriter,
        _ organization: ServiceAnswer<Organization>,
        _ settings: ServiceAnswer<JSONObject>,
        _ stamp: Instant?
    ) async throws -> PullOutcome {
        let before = writer.archive
        let (session, mode) = try begin(writer)
        session.stageSnapshots(
            organization: organization.value.source.bytes,
            settings: settings.value.bytes,
            servedAt: stamp
        )
        var pager = AuditLogPager(
            mode: session.isOfUse ? mode : .full,
            perPage: Self.perPage,
            connections: configuration.connections,
            resuming: session.resumption?.forPager
        )
        do {
            try await read(client, session, &pager)
            try await requireSame(organization.value, client, session)
        } catch {
            let counters = client.counters
            let lasting: [ServiceError.Code] = [.unavailable, .notUnderstood, .rejected]
            let mayFailAgain = (error as? ServiceError).map { lasting.contains($0.code) } ?? false
            try session.pause(requests: counters.requests, retries: counters.retries, failed: mayFailAgain)
            throw error
        }
        let entry = try session.commit(
            account(pager, client.counters, organization.value),
            now: Clock.now()
        )
        PullWarnings(entry, before: before).log(to: configuration.logger)
        return PullOutcome(
            organization: writer.organization,
            entry: entry,
            head: writer.archive.head,
            snapshotsChanged: entry.snapshots?.organization != before.lastPull?.snapshots?.organization
                || entry.snapshots?.settings != before.lastPull?.snapshots?.settings,
            completenessChanged: entry.complete != before.lastPull?.complete
        )
    }

    /// Begins or goes on with a pull.
    ///
    /// A reading of the whole log that an earlier attempt left is given up where it is in the way of new events: where it
    /// is not asked for, or has failed, and an incremental reading can be made.
    private func begin(_ writer: ArchiveWriter) throws -> (PullSession, AuditLogPager.Mode) {
        let session = try writer.beginPull()
        let mode = mode(writer.archive)
        let isIncremental = session.isOfUse && session.resumption?.forPager?.checkpoint.isIncremental == true
        guard !configuration.full, session.resumedPageCount > 0, !isIncremental, session.hasFailed || mode != .full,
            let incremental = incremental(writer.archive)
        else { return (session, mode) }
        configuration.logger.info("an unfinished reading of the whole log is given up: what is new comes first")
        session.discard()
        return (try writer.beginPull(), incremental)
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

    /// Asks again whose token it is: pages of another organization may have come between.
    private func requireSame(
        _ organization: Organization,
        _ client: ServiceClient,
        _ session: PullSession
    ) async throws {
        let again = try await client.organization().value
        let (first, last) = (organization.id ?? "", again.id ?? "")
        guard ExactText(first) != ExactText(last) else { return }
        session.discard()
        throw Problem(
            .unusableData,
            "the service answered for organization '\(first)' when the pull began and for '\(last)' when it ended",
            hint: "nothing was archived, as pages of both may be mixed; give a token of one organization"
        )
    }

    /// Reads pages as the pager asks for them, several at a time, and stages each as it comes.
    private func read(_ client: ServiceClient, _ session: PullSession, _ pager: inout AuditLogPager) async throws {
        let bar = ProgressBar(title: "audit log", isEnabled: !configuration.quiet)
        var received = 0
        try await withThrowingTaskGroup(
            of: (Int, Instant, Result<ServiceAnswer<AuditLogPageContents>, ServiceError>).self
        ) {
            group in
            // What is under way when a reading is refused a page is taken in, too.
            while true {
                for number in pager.nextPages() {
                    group.addTask { (number, Clock.now(), try await Self.page(number, client)) }
                }
                guard let (number, asked, result) = try await group.next() else { break }
                switch result {
                case .success(let answer):
                    let page = answer.value
                    let archived = try session.stage(page, number: number)
                    pager.received(Self.facts(page, number, archived, answer.serverTime, asked))
                    try session.note(pager.checkpoint, client.counters)
                    received += page.events.count
                    bar.show(done: received, total: page.total)
                case .failure(let refusal):
                    pager.refused(
                        number,
                        because: TerminalText.clean(refusal.summary),
                        isNotFound: refusal.status == 404,
                        at: asked.seconds
                    )
                }
            }
        }
        ProgressBar.clearLine()
    }

    /// A page, or why the service refuses it for good: of all but the first, what was read is worth keeping without it.
    private static func page(
        _ number: Int,
        _ client: ServiceClient
    ) async throws -> Result<ServiceAnswer<AuditLogPageContents>, ServiceError> {
        do {
            return .success(try await contents(of: number, client))
        } catch let error as ServiceError where number > 1 && error.isLastingRefusal {
            return .failure(error)
        }
    }

    static func contents(
        of number: Int,
        _ client: ServiceClient
    ) async throws -> ServiceAnswer<AuditLogPageContents> {
        try await client.auditLog(page: number, perPage: perPage) { body in
            do {
                return try AuditLogPageContents(body: body)
            } catch AuditLogPageContents.Refusal.notJSON {
                throw UnreadableBody.notJSON
            } catch AuditLogPageContents.Refusal.withoutEvents {
                throw UnreadableBody.otherShape("a list of events was expected")
            } catch AuditLogPageContents.Refusal.tooLarge {
                throw ServiceError(
                    .notUnderstood,
                    "GET /v1/organization/audit-log, page \(number): an answer of more than 64 MiB or 100,000 events",
                    hint: "the service was asked for \(perPage) events; is the base URL the service's?"
                )
            }
        }
    }

    private static func facts(
        _ page: AuditLogPageContents,
        _ number: Int,
        _ archived: [Bool],
        _ serverTime: Int64?,
        _ asked: Instant
    ) -> AuditLogPageFacts {
        let plausible = PlausibleTimes(now: max(asked, serverTime.map { Instant(seconds: $0) } ?? asked))
        let times = page.events.map { event in
            event.instant.flatMap { instant in
                plausible.contains(instant)
                    ? AuditLogPageFacts.Time(seconds: instant.seconds, nanoseconds: instant.nanoseconds) : nil
            }
        }
        return AuditLogPageFacts(
            number: number,
            ids: page.identities,
            times: page.inOrder(times, page.unreadable.map { _ in nil }),
            archived: archived,
            total: page.total,
            perPage: page.perPage,
            serverTime: serverTime,
            localTime: asked.seconds,
            unreadable: page.unreadablePlaces
        )
    }

    private func account(
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
    fileprivate var isOfUse: Bool {
        resumedPageCount == 0 || (resumption?.coversAll == true && resumption?.forPager != nil)
    }

    /// Journals the page staged last with what the pager says of it and what it has cost.
    func note(_ checkpoint: LogCheckpoint, _ cost: ServiceClient.Counters) throws {
        try note(
            checkpoint: checkpoint.json,
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
