import Evidence
import TestSupport
import Testing

@testable import Analysis

/// Who had access at the end, by lists and log together.
@Suite("The state of access")
struct AccessStateTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    private static let end = at("2026-04-01T00:00:00Z")
    private static let read = at("2026-03-20T00:00:00Z")
    private static let before = at("2026-03-10T00:00:00Z")
    private static let behind = at("2026-03-25T00:00:00Z")
    private static let ann = AccessMember(memberID: "m1", userID: "u1", email: "ann@example.com", role: "owner")
    private static let bea = AccessMember(memberID: "m2", userID: "u2", email: "bea@example.com", role: "viewer")

    private static func event(
        _ action: String,
        _ at: Instant? = before,
        id: String = "x",
        name: String = "",
        by actor: String = "u1",
        mail: String = "ann@example.com"
    ) -> PlainEvent {
        var event = PlainEvent(id: "e-\(action)-\(at?.seconds ?? 0)-\(id)-\(name)-\(actor)")
        event.seconds = at?.seconds
        (event.action, event.resourceType, event.resourceID, event.resourceName) = (action, "thing", id, name)
        (event.actorID, event.actorEmail) = (actor, mail)
        return event
    }

    private static func state(
        _ members: [AccessMember],
        invitations: [AccessInvitation] = [],
        invitationsMissing: String? = nil,
        keys: [AccessKey] = [],
        _ events: [PlainEvent]
    ) throws -> AccessState {
        let lists = [
            AccessLists(
                servedAt: read,
                members: .read(members, unreadable: 0),
                invitations: .read(invitations, unreadable: 0, missing: invitationsMissing),
                keys: .read(keys, unreadable: 0)
            )
        ]
        let period = try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc)
        let log = try watch(events, policy: ControlPolicy(), period: period, access: AccessWatch(lists))
        return AccessState(lists, log, at: end)
    }

    @Test("A person's status follows from the list, and from the log behind it")
    func people() throws {
        let (removed, invited) = ("member.removed", "member.invited")
        typealias Case = (String, [AccessMember], [PlainEvent], [String])
        let acts = Self.event("database.created", by: "u9", mail: "x@else.where")
        let cases: [Case] = [
            ("listed", [Self.bea], [], ["bea@example.com member list"]),
            ("acts", [Self.ann], [Self.event("database.created")], ["ann@example.com member both"]),
            ("listed twice", [Self.bea, Self.bea], [], ["bea@example.com member list"]),
            ("a stranger", [], [acts], ["x@else.where unknown log"]),
            (
                "a stranger who was removed", [], [acts, Self.event(removed, Self.behind, id: "u9")],
                ["ann@example.com unknown log", "x@else.where removed log"]
            ),
            (
                "removed behind the list", [Self.ann, Self.bea], [Self.event(removed, Self.behind, id: "u2")],
                ["ann@example.com member both", "bea@example.com removed both"]
            ),
            (
                "removed before the list that has them", [Self.ann, Self.bea], [Self.event(removed, id: "u2")],
                ["ann@example.com member both", "bea@example.com member both"]
            ),
            (
                "removed and invited again", [Self.ann],
                [Self.event(removed, id: "u2"), Self.event(invited, Self.behind, id: "u2")],
                ["ann@example.com member both", " invited log"]
            ),
            (
                "invited by e-mail", [Self.ann], [Self.event(invited, Self.behind, id: "", name: "New@example.com")],
                ["New@example.com invited log", "ann@example.com member both"]
            ),
            (
                "invited before a list of invitations that does not hold it", [Self.ann],
                [Self.event(invited, id: "", name: "New@example.com")],
                ["New@example.com unknown log", "ann@example.com member both"]
            ),
            (
                "told by id, by e-mail and by both", [Self.ann],
                [
                    Self.event(invited, Self.behind, id: "", name: "New@example.com"),
                    Self.event("member.role_changed", Self.behind, id: "u7", name: "new@example.com"),
                    Self.event(removed, Self.behind.adding(seconds: 60), id: "u7"),
                ], ["New@example.com removed log", "ann@example.com member both"]
            ),
            (
                "removed who never acted", [Self.ann], [Self.event(removed, id: "u5", name: "z@example.com")],
                ["ann@example.com member both", "z@example.com removed log"]
            ),
        ]
        for (name, members, events, people) in cases {
            let state = try Self.state(members, events)
            let found = state.people.map { "\($0.member.email ?? "") \($0.status.rawValue) \($0.source.rawValue)" }
            #expect(found.sorted() == people.sorted(), "\(name)")
        }
    }

    @Test("What somebody did is counted in the period, and when they did it last before it, too")
    func acts() throws {
        let state = try Self.state(
            [Self.ann],
            invitations: [AccessInvitation(id: "i1", email: "new@example.com", role: "admin", status: "pending")],
            [
                Self.event("database.created", Self.at("2026-02-01T00:00:00Z")), Self.event("settings.updated"),
                Self.event("database.created", Self.behind), Self.event("api_key.created", id: "k1"),
                Self.event("member.role_changed", id: "u1"), Self.event("member.invited", name: "NEW@example.com"),
            ]
        )
        let ann = try #require(state.people.first { $0.status == .member })
        #expect(ann.actions == 5 && ann.privilegedActions == 4 && ann.openKeys == 1 && ann.roleChanges == 1)
        #expect(ann.lastActionAt == Self.behind)
        let new = try #require(state.people.first { $0.status == .invited })
        #expect(new.invited?.by == "ann@example.com" && new.source == .both)
        #expect(state.invitations.map(\.source) == [.both] && state.invitations[0].by == "ann@example.com")
        #expect(state.membersAt == Self.read)
    }

    @Test("Who stands among the invitations is invited with its role, be they removed by an event before")
    func invitations() throws {
        let new = AccessInvitation(id: "i1", email: "bea@example.com", role: "admin", status: "pending")
        for (at, status) in [(Self.before, AccessState.Person.Status.invited), (Self.behind, .removed)] {
            let removal = Self.event("member.removed", at, id: "u2", name: "bea@example.com")
            let state = try Self.state([Self.ann], invitations: [new], [removal])
            let bea = try #require(state.people.first { $0.member.email == "bea@example.com" })
            #expect(bea.status == status && bea.source == .both && bea.member.role == "admin")
            #expect((bea.removed == nil) == (status == .invited))
        }
        let twice = try Self.state([Self.ann], invitations: [new, new], [])
        #expect(twice.people.map(\.status) == [.member, .invited])
    }

    @Test("An invitation that a list does not hold is over only where the list is whole")
    func invitationsThatAreCut() throws {
        let event = Self.event("member.invited", id: "", name: "new@example.com")
        for (missing, status) in [(nil, .unknown), ("page 2 is empty", .invited)]
            as [(String?, AccessState.Person.Status)]
        {
            let state = try Self.state([Self.ann], invitationsMissing: missing, [event])
            let new = try #require(state.people.first { $0.member.email == "new@example.com" })
            #expect(new.status == status, "\(missing ?? "whole")")
        }
    }

    @Test("Of several invitations of one e-mail each has the event that made it")
    func inviters() throws {
        func invitation(_ id: String, _ at: Instant?) -> AccessInvitation {
            AccessInvitation(id: id, email: "new@example.com", status: "pending", createdAt: at)
        }
        func event(_ at: Instant, by actor: String) -> PlainEvent {
            Self.event("member.invited", at, id: "New@example.com", by: actor, mail: "")
        }
        let state = try Self.state(
            [Self.ann],
            invitations: [invitation("i1", Self.before), invitation("i2", Self.read)],
            [
                event(Self.before.adding(seconds: -3600), by: "u3"), event(Self.before, by: "u4"),
                event(Self.read, by: "u5"),
            ]
        )
        #expect(state.invitations.map { "\($0.invitation.id ?? "") \($0.by)" } == [" u3", "i1 u4", "i2 u5"])
        let undated = try Self.state([Self.ann], invitations: [invitation("i1", nil)], [event(Self.before, by: "u4")])
        #expect(undated.invitations.map { "\($0.invitation.id ?? "") \($0.by) \($0.source)" } == ["i1 u4 both"])
    }

    @Test("An address that one person uses under an id and under an e-mail counts once")
    func addresses() throws {
        func acts(_ address: String, id: String, mail: String) -> PlainEvent {
            var event = Self.event("database.created", id: address + id, by: id, mail: mail)
            event.address = address
            return event
        }
        let state = try Self.state(
            [Self.ann, Self.bea],
            [
                acts("192.0.2.1", id: "u1", mail: "ann@example.com"), acts("192.0.2.2", id: "u1", mail: ""),
                acts("192.0.2.1", id: "", mail: "Ann@example.com"), acts("192.0.2.3", id: "", mail: "ann@example.com"),
                acts("", id: "u1", mail: ""), acts("192.0.2.1", id: "u2", mail: "bea@example.com"),
            ]
        )
        #expect(state.people.map(\.addresses) == [3, 1])
    }

    @Test("A key's status follows from the list, and from the log behind it")
    func keys() throws {
        func key(_ change: (inout AccessKey) -> Void = { _ in }) -> AccessKey {
            var key = AccessKey(id: "k1", createdAt: Self.before, expiresAt: .never)
            change(&key)
            return key
        }
        let created = Self.event("api_key.created", id: "k1")
        func revoked(_ at: Instant) -> PlainEvent { Self.event("api_key.revoked", at, id: "k1") }
        let left = Self.event("member.removed", Self.behind, id: "u1", by: "u3", mail: "")
        let again = Self.event("api_key.created", Self.before.adding(seconds: 60), id: "k1")
        let cases: [(String, [AccessKey], [PlainEvent], [String])] = [
            ("made again and listed", [key()], [created, revoked(Self.before), again], ["k1 active both"]),
            ("listed", [key()], [], ["k1 active list"]), ("in both", [key()], [created], ["k1 active both"]),
            ("in the log", [], [created], ["k1 active log"]),
            ("revoked", [key()], [created, revoked(Self.behind)], ["k1 revoked both"]),
            ("revoked before a list that has it", [key()], [created, revoked(Self.before)], ["k1 unknown both"]),
            ("revoked and not listed", [], [created, revoked(Self.behind)], ["k1 revoked log"]),
            ("revoked alone", [], [revoked(Self.behind)], ["k1 revoked log"]),
            (
                "made again", [], [created, revoked(Self.read), Self.event("api_key.created", Self.behind, id: "k1")],
                ["k1 active log"]
            ),
            ("expired", [key { $0.expiresAt = .at(Self.end) }], [created], ["k1 expired both"]),
            ("orphaned", [key()], [created, left], ["k1 orphaned both"]),
            ("without an id", [], [Self.event("api_key.created", id: "", name: "n")], [" unknown log"]),
        ]
        for (name, keys, events, expected) in cases {
            let state = try Self.state([Self.ann], keys: keys, events)
            let found = state.keys.map { "\($0.key.id ?? "") \($0.status.rawValue) \($0.source.rawValue)" }
            #expect(found == expected, "\(name)")
        }
        let one = try #require(try Self.state([Self.ann], keys: [key()], [created]).keys.first)
        #expect(one.ageDays == 22 && one.creator.mail == "ann@example.com")
        // Of two times that can't both be true, the older; the list's where they differ by no more than clocks do.
        let event = Instant(seconds: try #require(created.seconds))
        for (seconds, shown) in [(-86_400, -86_400), (86_400, 0), (300, 300), (-300, -300), (301, 0)]
            as [(Int64, Int64)]
        {
            let listed = key { $0.createdAt = event.adding(seconds: seconds) }
            let found = try Self.state([Self.ann], keys: [listed], [created]).keys.map(\.key.createdAt)
            #expect(found == [event.adding(seconds: shown)], "\(seconds)")
        }
    }

    @Test("Without lists nothing is told")
    func nothing() {
        let state = AccessState([], WatchedLog(), at: nil)
        #expect(state.people.isEmpty && state.keys.isEmpty && state.invitations.isEmpty && state.membersAt == nil)
    }
}
