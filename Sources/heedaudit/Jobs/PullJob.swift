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
        /// Whether the sums close and those of the pull before did not, or the other way round.
        var completenessChanged: Bool
        /// What an earlier reading of the whole log had brought that was given up for this one; nil for none.
        var givenUp: LedgerEntry?

        /// Whether the pull brought nothing that a report could show.
        var broughtNothing: Bool {
            [entry, givenUp].allSatisfy { $0.map { $0.new == 0 && $0.anomalies.isEmpty } ?? true } && !snapshotsChanged
                && !completenessChanged
        }

        func print(_ configuration: ToolConfiguration) {
            guard !configuration.quiet else { return }
            StandardStreams.output(
                "\(organization): \(entry.new + (givenUp?.new ?? 0)) new events, \(entry.complete == true ? "complete" : "not complete")"
                    + ", head \(head.sha256) entry \(head.entry)"
            )
        }
    }

    static let perPage = 100

    let configuration: ToolConfiguration

    init(_ configuration: ToolConfiguration) {
        self.configuration = configuration
    }

    func run() async throws -> Outcome {
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
    ) async throws -> Outcome {
        let before = writer.archive
        let (session, mode, givenUp) = try begin(writer) {
            $0.stageSnapshots(
                organization: organization.value.source.bytes,
                settings: settings.value.bytes,
                servedAt: stamp
            )
        }
        let bears = LastingFailure(session, before)
        var pager = AuditLogPager(
            mode: session.isOfUse ? mode : .full,
            perPage: Self.perPage,
            connections: configuration.connections,
            resuming: session.resumption?.forPager
        )
        do {
            try await read(client, session, bears, &pager)
            try await requireSame(organization.value, client, session)
        } catch {
            let counters = client.counters
            // Where no page was served at all, it says nothing of any.
            let words = pager.outcome.pages > 0 ? LastingFailure.words(of: error) : nil
            try session.pause(
                requests: counters.requests,
                retries: counters.retries,
                failure: words.map { ($0, pager.checkpoint.depth) }
            )
            throw error
        }
        let entry = try session.commit(
            account(pager, client.counters, organization.value),
            now: Clock.now()
        )
        PullWarnings(entry, before: before).log(to: configuration.logger)
        return Outcome(
            organization: writer.organization,
            entry: entry,
            head: writer.archive.head,
            snapshotsChanged: entry.snapshots?.organization != before.lastPull?.snapshots?.organization
                || entry.snapshots?.settings != before.lastPull?.snapshots?.settings,
            completenessChanged: entry.complete != before.lastPull?.complete,
            givenUp: givenUp
        )
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
    private func read(
        _ client: ServiceClient,
        _ session: PullSession,
        _ bears: LastingFailure,
        _ pager: inout AuditLogPager
    ) async throws {
        let bar = ProgressBar(title: "audit log", isEnabled: !configuration.quiet)
        var received = 0
        try await withThrowingTaskGroup(
            of: (Int, Instant, Result<ServiceAnswer<AuditLogPageContents>, ServiceError>).self
        ) {
            group in
            // What is under way when a reading is refused a page is taken in, too.
            while true {
                for number in pager.nextPages() {
                    group.addTask { (number, Clock.now(), try await Self.page(number, client, bears)) }
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
                        because: bears.reason(refusal),
                        isNotFound: refusal.status == 404,
                        at: asked.seconds
                    )
                }
            }
        }
        ProgressBar.clearLine()
    }

    /// A page, or why it can't be had: of all but the first, what was read is worth keeping without it.
    private static func page(
        _ number: Int,
        _ client: ServiceClient,
        _ bears: LastingFailure
    ) async throws -> Result<ServiceAnswer<AuditLogPageContents>, ServiceError> {
        do {
            return .success(try await contents(of: number, client))
        } catch let error as ServiceError where number > 1 && bears.isLasting(error) {
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
}
