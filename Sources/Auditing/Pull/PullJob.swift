import CloudHeed
import Evidence

/// A pull from the first request to the ledger's entry: joins the service's client, the pager that decides what to
/// read, and the archive that keeps it.
package struct PullJob: Sendable {
    /// Events that are asked for at a time.
    package static let perPage = 100

    let settings: PullSettings
    let context: AuditContext

    /// Prepares a pull.
    package init(_ settings: PullSettings, _ context: AuditContext) {
        self.settings = settings
        self.context = context
    }

    /// Brings the archive up to date.
    ///
    /// - Parameter service: What is asked.
    /// - Returns: What the pull did.
    /// - Throws: `ServiceError`, `EvidenceError`, `AuditError`; the archive is then as it was, and what was read is kept for
    ///   the next attempt where it can be of use.
    package func run(_ service: some AuditedService) async throws -> PullOutcome {
        let organization = try await service.organization()
        guard let id = organization.value.id, !id.isEmpty else {
            throw ServiceError(.notUnderstood, "GET /v1/organization: the answer has no id")
        }
        // What is no character is shown as this one: two such ids would share an archive.
        guard !id.unicodeScalars.contains("\u{FFFD}") else {
            throw ServiceError(.notUnderstood, "GET /v1/organization: the id is no text that can be told from others")
        }
        if let expected = settings.organization, ExactText(expected) != ExactText(id) {
            throw settings.namesOrganization
                ? AuditError.answered(id, for: expected) : AuditError.token(of: id, for: expected)
        }
        context.described(organization.value)
        let writer = try ArchiveWriter(
            root: settings.archive,
            organization: id,
            tool: context.tool,
            locks: settings.locks
        )
        var snapshots: [SnapshotResource: [UInt8]] = [.organization: organization.value.source.bytes]
        var stamp = context.now()
        for subject in JSONObject.Subject.allCases where subject != .organization {
            guard let resource = SnapshotResource(rawValue: subject.rawValue) else { continue }
            let answer = try await service.answer(about: subject)
            if let other = answer.value.organization, ExactText(other) != ExactText(id) {
                throw AuditError(
                    .mixedOrganizations,
                    "the service answered for organization '\(id)', and with the \(subject.rawValue) of '\(other)'",
                    hint: "nothing was archived; is there a cache in between that mixes answers?"
                )
            }
            snapshots[resource] = answer.value.bytes
            stamp = min(stamp, answer.serverTime.map { Instant(seconds: $0) } ?? stamp)
        }
        let lists = try await lists(service, of: id, writer.archive)
        return try await pull(service, writer, organization.value) { [snapshots, stamp] in
            $0.stageSnapshots(snapshots, lists, servedAt: stamp)
        }
    }

    private func pull(
        _ service: some AuditedService,
        _ writer: ArchiveWriter,
        _ organization: Organization,
        _ stageSnapshots: (PullSession) -> Void
    ) async throws -> PullOutcome {
        // The archive itself, held here, would be copied where the entry is added.
        let (last, lastPull) = (writer.archive.entries.last, writer.archive.lastPull)
        let (session, mode, givenUp) = try begin(writer, stageSnapshots)
        let bears = LastingFailure(session, behind: lastPull, context.clean)
        var pager = AuditLogPager(
            mode: session.isOfUse ? mode : .full,
            perPage: Self.perPage,
            connections: settings.connections,
            resuming: session.resumption?.forPager
        )
        do {
            try await read(service, session, bears, &pager)
            try await requireSame(organization, service, session)
        } catch {
            let counters = service.counters
            context.halted(pager.checkpoint.contiguous, pager.outcome.totalAtEnd)
            // Where no page was served at all, it says nothing of any.
            let words = pager.outcome.pages > 0 ? bears.words(of: error) : nil
            try session.pause(
                requests: counters.requests,
                retries: counters.retries,
                failure: words.map { ($0, pager.checkpoint.depth) }
            )
            throw error
        }
        let entry = try session.commit(
            account(pager, service.counters, organization),
            now: context.now()
        )
        let warnings = PullWarnings(entry, behind: last, givenUp: givenUp, in: writer.archive)
        for line in warnings.lines { context.warn(line) }
        var archive = writer.archive
        archive.hasNamedFilesOnly = warnings.foundNamedFilesOnly
        MissingLists(entry, before: lastPull).tell(context)
        return PullOutcome(
            organization: writer.organization,
            entry: entry,
            archive: archive,
            head: writer.archive.head,
            snapshotsChanged: !Self.isSame(entry.snapshots, lastPull?.snapshots),
            completenessChanged: entry.complete != lastPull?.complete,
            givenUp: givenUp
        )
    }

    /// Asks again whose token it is: pages of another organization may have come between.
    private func requireSame(
        _ organization: Organization,
        _ service: some AuditedService,
        _ session: PullSession
    ) async throws {
        let again = try await service.organization().value
        let (first, last) = (organization.id ?? "", again.id ?? "")
        guard ExactText(first) != ExactText(last) else { return }
        session.discard()
        throw AuditError(
            .mixedOrganizations,
            "the service answered for organization '\(first)' when the pull began and for '\(last)' when it ended",
            hint: "nothing was archived, as pages of both may be mixed; give a token of one organization"
        )
    }
}
