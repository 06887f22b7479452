import Evidence
import TestSupport
import Testing

@testable import Analysis

/// Random histories of organizations, of which some events never reach the log, judged by the tool and in the plainest way.
@Suite("Lists beside a plain re-implementation")
struct AccessPropertyTests {
    private static func list<Plain, Element>(_ plain: [Plain]?, _ element: (Plain) -> Element)
        -> AccessLists.List<Element>
    {
        plain.map { .read($0.map(element), unreadable: 0) } ?? .unavailable("404")
    }

    /// Of each list what tells of the period: what was read before the last time before it is left out.
    private static func telling(_ lists: [AccessLists]) -> [AccessLists] {
        func last(_ isRead: (AccessLists) -> Bool) -> Int {
            lists.lastIndex { $0.servedAt.seconds < AccessHistory.begin && isRead($0) } ?? 0
        }
        let members = last { $0.members.elements != nil }
        return lists.enumerated().map { place, list in
            var list = list
            if place < members { list.members = .notAsked }
            return list
        }
    }

    private static func text(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func time(_ time: PlainLists.Time) -> AccessKey.Time {
        switch time {
        case .never: .never
        case .unknown: .unknown
        case .at(let seconds): .at(Instant(seconds: seconds))
        }
    }

    private static func lists(_ plain: PlainLists) -> AccessLists {
        AccessLists(
            servedAt: Instant(seconds: plain.to),
            earliest: Instant(seconds: plain.from),
            members: list(plain.members) {
                AccessMember(
                    memberID: $0.memberID,
                    userID: text($0.userID),
                    email: text($0.mail),
                    role: $0.role,
                    joinedAt: Instant(seconds: $0.joinedAt)
                )
            },
            invitations: list(plain.invitations) {
                AccessInvitation(
                    id: $0.id,
                    email: $0.mail,
                    role: $0.role,
                    status: text($0.status),
                    createdAt: $0.createdAt.map { Instant(seconds: $0) },
                    expiresAt: $0.expiresAt.map { Instant(seconds: $0) }
                )
            },
            keys: list(plain.keys) {
                AccessKey(
                    id: $0.id,
                    prefix: $0.prefix,
                    scopes: $0.scopes,
                    createdAt: $0.createdAt.map { Instant(seconds: $0) },
                    lastUsedAt: time($0.lastUsed),
                    expiresAt: time($0.expires)
                )
            }
        )
    }

    @Test("The verdicts are those of the plain way", arguments: AccessHistory.seeds(300))
    func verdicts(_ seed: UInt64) throws {
        let history = AccessHistory(seed: seed)
        let span = Self.span(history)
        let facts = try AccessControlTests.facts(Self.telling(history.pulls.map(Self.lists))) { facts in
            facts.policy = Self.policy
            facts.asOf = Instant(seconds: span.asOf)
            facts.organizationCreated = Instant(seconds: span.created)
            facts.proven = InstantRange(from: facts.organizationCreated, to: Instant(seconds: span.proven))
            facts.log = try? watch(
                history.events,
                policy: facts.policy,
                period: facts.period,
                access: AccessWatch(facts.access)
            )
        }
        let plain = PlainAccess(history.events, history.pulls, span)
        let found = Verdicts.judge(facts).map { ($0.control, $0.subject, $0.subjectKey, $0.status.rawValue) }
        #expect(plain.differences(from: found) == [], "seed \(seed)")
    }

    @Test("The histories hold what they are for: every verdict of each control", .enabled(if: !isSeedGiven))
    func variety() {
        let all = Set(
            AccessHistory.seeds(300).flatMap { seed in
                let history = AccessHistory(seed: seed)
                return PlainAccess(history.events, history.pulls, Self.span(history)).said.map {
                    "\($0.control) \($0.status)"
                }
            }
        )
        let statuses: [String: [String]] = [
            "MEM-DRIFT": ["fail"], "MEM-UNKNOWN": ["fail"], "ROLE-BREACH": ["fail"], "MEM-ADMINS": ["fail"],
            "MEM-INACTIVE": ["manual"], "INV-STALE": ["fail"], "MEM-DOMAIN": ["fail"], "KEY-EXPIRY": ["fail"],
            "KEY-UNUSED": ["fail"], "KEY-SCOPES": ["manual"], "KEY-DRIFT": ["fail"], "MEM-GHOST": ["fail"],
            "KEY-ORPHAN": ["fail"], "KEY-AGE": ["fail"],
        ]
        for (control, found) in statuses {
            for status in found + ["not_proven", "pass"] {
                #expect(all.contains("\(control) \(status)"), "\(control) \(status)")
            }
        }
    }

    private static func span(_ history: AccessHistory) -> PlainAccess.Span {
        let asOf = history.pulls.last?.to ?? 0
        return PlainAccess.Span(
            begin: AccessHistory.begin,
            end: AccessHistory.end,
            asOf: asOf,
            proven: asOf - 300,
            created: AccessHistory.created,
            hasEnded: true
        )
    }

    private static let policy: ControlPolicy = {
        let plain = PlainAccess.Policy()
        var policy = ControlPolicy()
        policy.approvedDomains = plain.domains.map(Array.init)
        policy.thresholds = [
            "MEM-ADMINS": plain.administrators, "MEM-INACTIVE": Int(plain.inactiveDays),
            "INV-STALE": Int(plain.staleDays), "KEY-UNUSED": Int(plain.unusedDays), "KEY-AGE": Int(plain.ageDays),
        ]
        return policy
    }()
}
