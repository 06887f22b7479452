import Analysis
import Auditing
import CloudHeed
import Foundation
import Logging
import Publishing
import Sandbox
import Synchronization
import Templates
import TestSupport
import Testing

@testable import Evidence

/// Random histories of organizations that the sandbox serves, pulled at random moments and reported at last: state, drift and
/// verdicts are those of the plain way.
///
/// `HEEDAUDIT_HISTORIES` says how many; each is named by its seed.
@Suite("Access as served, beside a plain re-implementation")
struct ServedAccessTests {
    @Test("State, drift and verdicts are those of the plain way", arguments: AccessHistory.seeds(32))
    func access(_ seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            let history = AccessHistory(seed: seed)
            let clock = ServedClock()
            let entries = try await pull(history, seed, clock, folder)
            let last = try #require(entries.last)
            var policy = PlainAccess.Policy()
            if seed % 6 == 0 { policy.domains = nil }
            let asOf = try #require(last.writtenAt?.seconds)
            // Half of the reports are made long behind the last pull.
            clock.set(asOf + (seed % 2 == 0 ? 0 : 20 * 86_400))
            let isAll = seed % 5 == 0
            let span = PlainAccess.Span(
                begin: isAll ? nil : AccessHistory.begin,
                end: isAll ? nil : AccessHistory.end,
                asOf: asOf,
                proven: try #require(last.provenTo?.seconds),
                created: AccessHistory.created,
                hasEnded: !isAll && max(asOf, clock.now) >= AccessHistory.end
            )
            let plain = PlainAccess(history.events, lists(history, entries, saysStatus: seed % 7 != 0), span, policy)
            let outcome = try report(folder, span, policy, clock)
            let found = outcome.findings.map { ($0.control, $0.subject, $0.subjectKey, $0.status.rawValue) }
            #expect(plain.differences(from: found) == [], "seed \(seed)")
            let bundle = try #require(outcome.bundle?.path)
            let tables = [
                ("members", 2, plain.memberRows), ("api_keys", 7, plain.keyRows),
                ("invitations", 1, plain.invitationRows),
            ]
            for (name, mail, expected) in tables {
                let rows = Set(try rows("\(bundle)/\(name).csv", mail: mail))
                #expect(rows.subtracting(expected).sorted() == [], "seed \(seed), \(name).csv alone")
                #expect(Set(expected).subtracting(rows).sorted() == [], "seed \(seed), plainly alone of \(name).csv")
            }
        }
    }

    // MARK: Pulls

    private func pull(_ history: AccessHistory, _ seed: UInt64, _ clock: ServedClock, _ folder: String) async throws
        -> [LedgerEntry]
    {
        var configuration = SandboxConfiguration(until: AccessHistory.created + 545 * 86_400)
        configuration.events = .lines([])
        configuration.limitPerWindow = nil
        configuration.largestPerPage = seed % 4 == 0 ? 3 : 100
        // Without a total no pull is complete.
        let envelopes = SandboxConfiguration.Envelope.allCases.filter { $0 != .bare }
        configuration.envelope = envelopes[Int(seed) % envelopes.count]
        configuration.now = { Double(clock.tick()) }
        if seed % 7 == 0 { configuration.faults = try FaultPlan(parsing: ["members=other", "invitations=other"]) }
        let server = SandboxServer(configuration)
        let client = try ServiceClient(
            ServiceConfiguration(
                baseURL: "http://127.0.0.1:\(try server.start())",
                token: AccessToken("ch_live_sandbox"),
                userAgent: "test"
            ),
            logger: Logger(label: "test")
        )
        let context = AuditContext(tool: "heedaudit test", now: { Instant(seconds: clock.now) })
        var entries: [LedgerEntry] = []
        var served = 0
        let result: Result<Void, any Error>
        do {
            for pull in history.pulls {
                clock.set(pull.from, ticks: history.isSlow)
                let lines = history.events[served..<pull.events].map(Self.json)
                served = pull.events
                try #require(server.control("append", Array(lines.joined(separator: [10]))))
                try #require(server.control("access", Self.json(pull)))
                let job = PullJob(PullSettings(archive: folder + "/archive"), context)
                entries.append(try await job.run(client).entry)
                #expect(entries.last?.complete == true, "seed \(seed): \(entries.last?.incompleteBecause ?? [])")
                #expect(clock.now <= pull.from + AccessHistory.slowSeconds)
            }
            result = .success(())
        } catch { result = .failure(error) }
        await client.shutdown()
        await server.stop()
        try result.get()
        return entries
    }

    /// The lists with the times at which they were served, as the ledger has them.
    private func lists(_ history: AccessHistory, _ entries: [LedgerEntry], saysStatus: Bool) -> [PlainLists] {
        zip(history.pulls, entries).map { plain, entry in
            var plain = plain
            let lists = entry.snapshots?.lists.values.map { $0 } ?? []
            func seconds(_ text: String?) -> Int64? { text.flatMap(Instant.init(rfc3339:))?.seconds }
            plain.from = lists.compactMap { seconds($0.servedAt) }.min() ?? seconds(entry.snapshots?.servedAt) ?? 0
            plain.to = lists.compactMap { seconds($0.lastServedAt ?? $0.servedAt) }.max() ?? plain.from
            if !saysStatus { plain.invitations = plain.invitations?.map(\.withoutStatus) }
            return plain
        }
    }

    private func report(_ folder: String, _ span: PlainAccess.Span, _ plain: PlainAccess.Policy, _ clock: ServedClock)
        throws -> ReportOutcome
    {
        var settings = ReportSettings(archive: folder + "/archive", output: folder + "/output")
        settings.formats = [.csv]
        settings.from = span.begin.map { Instant(seconds: $0).rfc3339 }
        settings.to = span.end.map { Instant(seconds: $0).rfc3339 }
        settings.policy.approvedDomains = plain.domains.map(Array.init)
        settings.policy.thresholds = [
            "MEM-ADMINS": plain.administrators, "MEM-INACTIVE": Int(plain.inactiveDays),
            "INV-STALE": Int(plain.staleDays), "KEY-UNUSED": Int(plain.unusedDays), "KEY-AGE": Int(plain.ageDays),
        ]
        let context = AuditContext(tool: "heedaudit test", now: { Instant(seconds: clock.now) })
        return try ReportJob.prepared(settings, context).run(afterPull: nil)
    }

    /// The rows of a table, the e-mail in lower case.
    private func rows(_ file: String, mail: Int) throws -> [String] {
        try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map { row in
            var cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if cells.indices.contains(mail) { cells[mail] = cells[mail].lowercased() }
            return cells.joined(separator: ",")
        }
    }

    // MARK: What the service says

    private static func json(_ object: [String: Any]) -> [UInt8] {
        (try? Array(JSONSerialization.data(withJSONObject: object, options: .sortedKeys))) ?? []
    }

    private static func text(_ text: String) -> Any { text.isEmpty ? NSNull() : text }

    private static func time(_ seconds: Int64) -> String { Instant(seconds: seconds).rfc3339 }

    private static func json(_ event: PlainEvent) -> [UInt8] {
        json([
            "id": event.id, "action": event.action, "ip_address": text(event.address),
            "actor": ["id": text(event.actorID), "email": text(event.actorEmail)],
            "resource": [
                "type": event.resourceType, "id": text(event.resourceID), "name": text(event.resourceName),
            ],
            "created_at": time(event.seconds ?? 0).dropLast() + event.fraction + "Z",
        ])
    }

    private static func json(_ lists: PlainLists) -> [UInt8] {
        let members = lists.members?.map { member in
            [
                "id": member.memberID, "role": member.role, "joined_at": time(member.joinedAt),
                "user": ["id": text(member.userID), "email": text(member.mail)],
            ]
        }
        let invitations = lists.invitations?.map { invitation in
            [
                "id": invitation.id, "email": invitation.mail, "role": invitation.role,
                "status": text(invitation.status), "created_at": invitation.createdAt.map(time) ?? NSNull(),
                "expires_at": invitation.expiresAt.map(time) ?? NSNull(),
            ] as [String: Any]
        }
        return json([
            "members": members ?? NSNull(), "invitations": invitations ?? NSNull(),
            "api_keys": lists.keys?.map(json) ?? NSNull(),
        ])
    }

    private static func json(_ key: PlainLists.Key) -> [String: Any] {
        var object: [String: Any] = ["id": key.id, "prefix": key.prefix]
        object["created_at"] = key.createdAt.map(time)
        object["scopes"] = key.scopes
        for (name, time) in [("last_used_at", key.lastUsed), ("expires_at", key.expires)] {
            switch time {
            case .never: object[name] = NSNull()
            case .unknown: break
            case .at(let seconds): object[name] = Self.time(seconds)
            }
        }
        return object
    }
}

/// A clock that a test sets, for service and machine; it goes on by a second at each request where it ticks.
private final class ServedClock: Sendable {
    private let state = Mutex<(now: Int64, ticks: Bool)>((0, false))

    var now: Int64 { state.withLock { $0.now } }

    func set(_ now: Int64, ticks: Bool = false) { state.withLock { $0 = (now, ticks) } }

    func tick() -> Int64 {
        state.withLock { state in
            if state.ticks { state.now += 1 }
            return state.now
        }
    }
}
