import CloudHeed
import Evidence
import Foundation
import Logging

/// A pull from the first request to the ledger's entry: joins the service's client, the pager that decides what to
/// read, and the archive that keeps it.
struct PullJob {
    /// What a pull did.
    struct Outcome: Sendable {
        var organization: String
        var entry: LedgerEntry
        var head: LedgerHead
        /// Whether the snapshots differ from the ones before.
        var snapshotsChanged: Bool

        /// Whether the pull brought anything that a report could show.
        var broughtNothing: Bool { entry.new == 0 && entry.anomalies.isEmpty && !snapshotsChanged }

        func print(_ configuration: ToolConfiguration) {
            guard !configuration.quiet else { return }
            StandardStreams.output(
                "\(organization): \(entry.new) new events, \(entry.complete == true ? "complete" : "not complete")"
                    + ", head \(head.sha256) entry \(head.entry)"
            )
        }
    }

    private static let perPage = 100

    private let configuration: ToolConfiguration

    init(_ configuration: ToolConfiguration) {
        self.configuration = configuration
    }

    func run() async throws -> Outcome {
        try await ServiceAccess.withClient(configuration) { client in
            let organization = try await client.organization()
            guard let id = organization.value.id, !id.isEmpty else {
                throw ServiceError(.notUnderstood, "GET /v1/organization: the answer has no id")
            }
            if let expected = configuration.organization, expected != id {
                throw Problem(
                    .noPermission,
                    "the token belongs to organization '\(id)', not to '\(expected)'",
                    hint: "use the other organization's token, or change --organization"
                )
            }
            let writer = try ArchiveWriter(
                root: configuration.archive,
                organization: id,
                tool: ToolVersion.name
            )
            let settings = try await client.settings()
            return try await pull(client, writer, organization, settings)
        }
    }

    private func pull(
        _ client: ServiceClient,
        _ writer: ArchiveWriter,
        _ organization: ServiceAnswer<Organization>,
        _ settings: ServiceAnswer<JSONObject>
    ) async throws -> Outcome {
        let before = writer.archive
        let session = try writer.beginPull()
        session.stageSnapshots(
            organization: organization.body,
            settings: settings.body,
            servedAt: settings.serverTime.map { Instant(seconds: $0) }
        )
        var pager = AuditLogPager(
            mode: mode(before),
            perPage: Self.perPage,
            connections: configuration.connections,
            resuming: session.resumption?.forPager
        )
        do {
            try await read(client, session, &pager)
        } catch {
            let counters = client.counters
            try session.pause(requests: counters.requests, retries: counters.retries)
            throw error
        }
        let entry = try session.commit(
            account(pager.outcome, client.counters, session, writer, organization.value),
            now: Clock.now()
        )
        warn(entry)
        return Outcome(
            organization: writer.organization,
            entry: entry,
            head: writer.archive.head,
            snapshotsChanged: entry.snapshots?.organization != before.lastPull?.snapshots?.organization
                || entry.snapshots?.settings != before.lastPull?.snapshots?.settings
        )
    }

    /// Incremental needs a pull whose sums closed to build on, and a full one that is not too long ago.
    private func mode(_ archive: Archive) -> AuditLogPager.Mode {
        guard !configuration.full, let last = archive.lastPull, last.complete == true, let total = last.totalAtEnd,
            let order = last.order.flatMap(LogOrder.init(rawValue:)), order == .newestFirst || order == .oldestFirst,
            let full = archive.entries.last(where: { $0.mode == .full && $0.complete == true }),
            let fullAt = Instant(rfc3339: full.at),
            Clock.now().seconds - fullAt.seconds < configuration.fullEvery.components.seconds
        else { return .full }
        return .incremental(knownTotal: total, order: order, pageSize: last.pageSize)
    }

    /// Reads pages as the pager asks for them, several at a time, and stages each as it comes.
    private func read(_ client: ServiceClient, _ session: PullSession, _ pager: inout AuditLogPager) async throws {
        let bar = ProgressBar(title: "audit log", isEnabled: !configuration.quiet)
        var received = 0
        try await withThrowingTaskGroup(of: (Int, ServiceAnswer<AuditLogPageContents>).self) { group in
            while !pager.isFinished {
                for number in pager.nextPages() {
                    group.addTask { (number, try await Self.page(number, client)) }
                }
                guard let (number, answer) = try await group.next() else { break }
                let page = answer.value
                let archived = try session.stage(page, number: number)
                pager.received(Self.facts(page, number, archived, answer.serverTime))
                try session.note(pager.checkpoint, client.counters)
                received += page.events.count
                bar.show(done: received, total: page.total)
            }
        }
        ProgressBar.clearLine()
    }

    private static func page(_ number: Int, _ client: ServiceClient) async throws -> ServiceAnswer<AuditLogPageContents>
    {
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
        _ serverTime: Int64?
    ) -> AuditLogPageFacts {
        AuditLogPageFacts(
            number: number,
            ids: page.events.map(\.identity),
            times: page.events.map { event in
                event.instant.map { AuditLogPageFacts.Time(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
            },
            archived: archived,
            total: page.total,
            perPage: page.perPage,
            serverTime: serverTime,
            unreadable: page.unreadable.count
        )
    }

    private func account(
        _ outcome: AuditLogPager.Outcome,
        _ counters: ServiceClient.Counters,
        _ session: PullSession,
        _ writer: ArchiveWriter,
        _ organization: Organization
    ) -> PullAccount {
        PullAccount(
            mode: outcome.readWholeLog ? .full : .incremental,
            complete: outcome.complete,
            incompleteBecause: outcome.reasons,
            proven: outcome.complete ? proven(outcome, session, writer.archive, organization) : nil,
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
    }

    /// The span for which nothing can be missing (DESIGN section 3): up to five minutes before the clean sweep began, by
    /// the server's clock; from the organization's creation, or the oldest event if that is older.
    private func proven(
        _ outcome: AuditLogPager.Outcome,
        _ session: PullSession,
        _ archive: Archive,
        _ organization: Organization
    ) -> LedgerEntry.Span? {
        guard let clean = outcome.cleanSince else { return nil }
        let oldest = [session.oldestReceived, archive.oldestPulled].compactMap { $0 }.min()
        let created = organization.createdAt.flatMap(Instant.init(rfc3339:))
        let hasExpired = archive.entries.flatMap(\.anomalies).contains { $0.kind == "expired" }
        let begin = hasExpired ? oldest : [created, oldest].compactMap { $0 }.min()
        let end = Instant(seconds: clean - 300)
        guard let begin, begin < end else { return nil }
        return LedgerEntry.Span(from: begin.rfc3339, to: end.rfc3339)
    }

    private func warn(_ entry: LedgerEntry) {
        if entry.complete != true {
            let reasons = entry.incompleteBecause.joined(separator: "; ")
            configuration.logger.warning("the pull is not complete: \(reasons)")
        }
        let alarms = entry.anomalies.filter { $0.kind == "altered" || $0.kind == "vanished" }
        if !alarms.isEmpty {
            configuration.logger.warning("\(alarms.count) archived events were altered or vanished at the service")
        }
    }
}

extension PullSession {
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
