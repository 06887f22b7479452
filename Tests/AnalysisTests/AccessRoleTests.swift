import Evidence
import TestSupport
import Testing

@testable import Analysis

/// What members did, beside what their roles allow and when they did something last; keys of the log beside listed ones.
@Suite("Members and keys beside what was done")
struct AccessRoleTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    private static let (first, middle, last) = (
        at("2026-03-01T00:00:00Z"), at("2026-03-15T00:00:00Z"), at("2026-04-01T00:00:00Z")
    )
    private static let acted = at("2026-03-10T00:00:00Z")

    private static func member(_ role: String?, id: String? = "u2", mail: String? = "bea@example.com") -> AccessMember {
        AccessMember(memberID: "m2", userID: id, email: mail, role: role)
    }

    private static let other = AccessMember(memberID: "mbr-7", userID: "u7", email: "cid@example.com", role: "viewer")

    private static func lists(_ members: [[AccessMember]], keys: [AccessKey] = [], unreadable: Int = 0) -> [AccessLists]
    {
        zip([first, middle, last], members).map { at, members in
            AccessLists(
                servedAt: at,
                members: .read(members, unreadable: unreadable),
                invitations: .read([], unreadable: 0),
                keys: .read(keys, unreadable: 0)
            )
        }
    }

    private static func event(
        _ action: String,
        _ at: Instant? = acted,
        id: String = "x",
        by actor: String = "u2",
        mail: String = "bea@example.com"
    ) -> PlainEvent {
        var event = PlainEvent(id: "e-\(action)-\(at?.seconds ?? 0)-\(id)-\(actor)")
        event.seconds = at?.seconds
        (event.action, event.resourceType, event.resourceID) = (action, "thing", id)
        (event.actorID, event.actorEmail) = (actor, mail)
        return event
    }

    private func judged(
        _ control: String,
        _ lists: [AccessLists]?,
        _ events: [PlainEvent],
        _ change: (inout JudgedFacts) -> Void = { _ in }
    ) throws -> [Finding] {
        let facts = try AccessControlTests.facts(lists) { facts in
            facts.log = try? watch(
                events,
                policy: ControlPolicy(),
                period: facts.period,
                access: lists.map { AccessWatch($0) }
            )
            change(&facts)
        }
        return Verdicts.judge(facts).filter { $0.control == control }
    }

    // MARK: ROLE-BREACH

    @Test("ROLE-BREACH: what a role does not allow, by the lists on both sides of the act")
    func roles() throws {
        func same(_ role: String?) -> [[AccessMember]] { Array(repeating: [Self.member(role)], count: 3) }
        func changed(_ roles: String...) -> [[AccessMember]] { roles.map { [Self.member($0)] } }
        let (settings, invited) = (Self.event("settings.updated"), Self.event("member.invited", id: "u7"))
        let (made, key) = (Self.event("database.created"), Self.event("api_key.created"))
        let promoted = Self.event("member.role_changed", Self.at("2026-03-12T00:00:00Z"), id: "u2", by: "u1", mail: "")
        let cases: [(String, [[AccessMember]], [PlainEvent], Status)] = [
            ("owner", same("owner"), [settings, invited, made, key], .pass),
            ("admin", same("Admin"), [settings, invited, made, key], .pass),
            ("developer builds", same("developer"), [made, key], .pass),
            ("developer administers", same("developer"), [settings], .fail),
            ("developer invites", same("developer"), [invited], .fail),
            ("viewer builds", same("viewer"), [made], .fail), ("viewer makes a key", same("viewer"), [key], .fail),
            ("viewer does nothing", same("viewer"), [], .pass),
            ("viewer does what nobody documents", same("viewer"), [Self.event("backup.restored")], .pass),
            ("viewer leaves", same("viewer"), [Self.event("member.removed", id: "u2")], .pass),
            ("viewer removes", same("viewer"), [Self.event("member.removed", id: "u3")], .fail),
            (
                "viewer leaves by an e-mail that the list has",
                same("viewer"), [Self.event("member.removed", id: "BEA@example.com", mail: "")], .pass
            ),
            (
                "promoted by an e-mail that the list has", same("developer"),
                [
                    Self.event("settings.updated", mail: ""),
                    Self.event("member.role_changed", Self.acted, id: "bea@example.com", by: "u1", mail: ""),
                ], .notProven
            ),
            ("unknown role builds", same("pilot"), [made], .notProven),
            ("role of the other vocabulary makes a key", same("member"), [key], .notProven),
            ("no role builds", same(nil), [made], .notProven),
            ("unknown role does what nobody documents", same("pilot"), [Self.event("backup.restored")], .pass),
            ("unknown role leaves", same("pilot"), [Self.event("member.removed", id: "u2")], .pass),
            ("unknown role on one side", changed("admin", "pilot", "pilot"), [made], .notProven),
            ("unknown role administers", same("pilot"), [settings], .notProven),
            ("no role administers", same(nil), [settings], .notProven),
            ("promoted behind", changed("developer", "admin", "admin"), [settings, promoted], .notProven),
            ("promoted and back", same("developer"), [settings, promoted], .notProven),
            (
                "promoted by member id", same("developer"),
                [settings, Self.event("member.role_changed", Self.acted, id: "m2", by: "u1")], .notProven
            ),
            (
                "another promoted", same("developer"),
                [settings, Self.event("member.role_changed", Self.acted, id: "u5", by: "u1", mail: "")], .fail
            ),
            (
                "somebody promoted by an id of another kind", same("developer"),
                [settings, Self.event("member.role_changed", Self.acted, id: "mbr-5", by: "u1", mail: "")], .notProven
            ),
            (
                "another member promoted", same("developer").map { $0 + [Self.other] },
                [settings, Self.event("member.role_changed", Self.acted, id: "mbr-7", by: "u1", mail: "")], .fail
            ),
            ("from viewer to developer", changed("viewer", "developer", "developer"), [settings], .fail),
            ("on the later list alone", [[], [Self.member("viewer")], [Self.member("viewer")]], [made], .fail),
            ("on the earlier list alone", [[Self.member("viewer")], [], []], [made], .fail),
            ("on no list", [[], [], []], [made], .notProven),
            ("on no list, what nobody documents", [[], [], []], [Self.event("backup.restored")], .pass),
            ("on no list, leaves", [[], [], []], [Self.event("member.removed", id: "u2")], .pass),
            (
                "on a list of later on", [[], [], [Self.member("admin")]], [made], .notProven
            ),
            (
                "at last on no list", [[Self.member("admin")], [], []],
                [made, Self.event("database.created", Self.last.adding(seconds: -1))], .notProven
            ),
            (
                "before the period", same("viewer"), [Self.event("database.created", Self.first.adding(seconds: -1))],
                .pass
            ),
            (
                "at last before a list that has them", [[], [], [Self.member("admin")]],
                [Self.event("database.created", Self.middle.adding(seconds: 1))], .pass
            ),
            ("in the second of a list", same("viewer"), [Self.event("database.created", Self.middle)], .fail),
            (
                "in the second of a list on which the role changed", changed("admin", "viewer", "viewer"),
                [Self.event("database.created", Self.middle)], .notProven
            ),
            (
                "by an e-mail of another id", same("viewer"),
                [Self.event("database.created", by: "u9")], .notProven
            ),
            (
                "by an e-mail of another id, who may do it", same("admin"),
                [Self.event("database.created", by: "u9")], .notProven
            ),
            (
                "by e-mail", Array(repeating: [Self.member("viewer", id: nil)], count: 3),
                [Self.event("database.created", by: "u9")], .fail
            ),
        ]
        for (name, members, events, status) in cases {
            // Whoever promotes is on none of the lists.
            let found = try judged("ROLE-BREACH", Self.lists(members), events).filter {
                status != .fail || $0.subjectKey != "members"
            }
            #expect(Set(found.map(\.status)) == [status], "\(name): \(found.map(\.detail))")
        }
        let both = try judged("ROLE-BREACH", Self.lists(same("viewer")), [made, key, settings])
        #expect(both.count == 1 && both[0].eventIDs.count == 3 && both[0].detail.contains("viewer"))
        #expect(both[0].subject == "bea@example.com (u2)")
        // What changed a role behind the end is not looked at, so that a list of then alone accuses nobody.
        for (before, status) in [([], Status.notProven), ([Self.member("viewer")], .fail)] {
            var beyond = Self.lists([before, [], [Self.member("viewer")]])
            beyond.remove(at: 1)
            beyond[1].servedAt = Self.last.adding(seconds: 5 * 86_400)
            beyond[1].earliest = beyond[1].servedAt
            let found = try judged("ROLE-BREACH", beyond, [made])
            #expect(found.map(\.status) == [status], "\(found.map(\.detail))")
        }
    }

    @Test("ROLE-BREACH is not proven where the list gives two roles, none that is understood, or one from later on")
    func doubtfulRoles() throws {
        let made = [Self.event("database.created")]
        func with(_ change: (inout AccessMember) -> Void) -> AccessMember {
            var member = Self.member("viewer")
            change(&member)
            return member
        }
        let unclear = with { ($0.role, $0.isRoleUnclear) = (nil, true) }
        let cases: [(String, [AccessMember], [PlainEvent], Status, String)] = [
            (
                "twice", [Self.member("viewer"), with { ($0.memberID, $0.role) = ("m3", "admin") }], made, .notProven,
                "more than once"
            ),
            ("twice the same", [Self.member("viewer"), with { $0.memberID = "m3" }], made, .fail, "viewer"),
            ("joined later", [with { $0.joinedAt = Self.acted.adding(seconds: 1) }], made, .notProven, "joined after"),
            ("joined before", [with { $0.joinedAt = Self.acted }], made, .fail, "viewer"),
            (
                "joined later, and may", [with { ($0.role, $0.joinedAt) = ("admin", Self.acted.adding(seconds: 1)) }],
                made, .notProven, "which role they had"
            ),
            ("nobody documents it", [with { $0.role = "pilot" }], made, .notProven, "does not document"),
            ("not understood", [unclear], made, .notProven, "not understood"),
            ("not understood, and did nothing", [unclear], [], .notProven, "gives 1 role"),
        ]
        for (name, members, events, status, detail) in cases {
            let found = try judged("ROLE-BREACH", Self.lists([members, members, members]), events)
            #expect(
                found.map(\.status) == [status] && found.allSatisfy { $0.detail.contains(detail) },
                "\(name): \(found.map(\.detail))"
            )
        }
        // What the list before says counts, whenever they joined by the one behind.
        let back = with { ($0.role, $0.joinedAt) = ("admin", Self.acted.adding(seconds: 9)) }
        #expect(
            try judged("ROLE-BREACH", Self.lists([[Self.member("viewer")], [back], [back]]), made).map(\.status) == [
                .fail
            ]
        )
        var partial = Self.lists(Array(repeating: [Self.member("developer")], count: 3))
        for place in partial.indices { partial[place].members = partial[place].members.missing("cut") }
        #expect(try judged("ROLE-BREACH", partial, made).map(\.status) == [.notProven])
        for place in partial.indices {
            partial[place].members = .read([Self.member("viewer")], unreadable: 0, missing: "cut")
        }
        #expect(try judged("ROLE-BREACH", partial, made).map(\.status) == [.fail])
    }

    @Test("ROLE-BREACH is not proven where lists or log are missing, and without lists there is nothing to judge")
    func rolesUnproven() throws {
        let viewers = Self.lists(Array(repeating: [Self.member("viewer")], count: 3))
        let made = [Self.event("database.created")]
        func status(_ lists: [AccessLists]?, _ events: [PlainEvent], _ change: (inout JudgedFacts) -> Void = { _ in })
            throws -> Set<Status>
        {
            Set(try judged("ROLE-BREACH", lists, events, change).map(\.status))
        }
        #expect(try status(nil, made) == [.notApplicable])
        for change: (inout JudgedFacts) -> Void in [
            { $0.isComplete = false }, { $0.damage = ["x"] }, { $0.proven?.from = Self.at("2026-03-10T00:00:00Z") },
            { $0.log = nil },
        ] {
            #expect(try status(viewers, made, change) == [.notProven])
            #expect(try status(viewers, [], change) == [.notProven])
        }
        #expect(try status(Self.lists([[], [], []], unreadable: 1), []) == [.notProven])
        var refused = viewers[0]
        refused.members = .unavailable("403")
        #expect(try status([refused], made) == [.notApplicable])
    }

    // MARK: MEM-INACTIVE

    @Test("MEM-INACTIVE: who did nothing in the last ninety days, and was there")
    func inactive() throws {
        let end = Self.last
        func ago(_ days: Int64, _ seconds: Int64 = 0) -> Instant { end.adding(seconds: -days * 86_400 + seconds) }
        func joined(_ at: Instant?) -> [[AccessMember]] {
            var member = Self.member("viewer")
            member.joinedAt = at
            return Array(repeating: [member], count: 3)
        }
        let old = joined(nil)
        let other = Self.event("database.created", by: "u9")
        let cases: [(String, [[AccessMember]], [PlainEvent], Status)] = [
            ("acts", old, [Self.event("database.created")], .pass), ("never acted", old, [], .manual),
            ("acted a second too early", old, [Self.event("database.created", ago(90))], .manual),
            ("acted just in time", old, [Self.event("database.created", ago(90, 1))], .pass),
            ("joined of late", joined(ago(90, 1)), [], .pass), ("joined long ago", joined(ago(90)), [], .manual),
            ("another acts under the e-mail", old, [other], .manual), ("nobody", [[], [], []], [], .pass),
            ("acted without a time", old, [Self.event("database.created", nil)], .manual),
        ]
        for (name, members, events, status) in cases {
            let found = try judged("MEM-INACTIVE", Self.lists(members), events)
            #expect(found.map(\.status) == [status], "\(name): \(found.map(\.detail))")
        }
        #expect(try judged("MEM-INACTIVE", nil, []).map(\.status) == [.notApplicable])
        for change: (inout JudgedFacts) -> Void in [
            { $0.isComplete = false }, { $0.damage = ["x"] }, { $0.proven?.from = Self.at("2026-03-10T00:00:00Z") },
            { $0.log = nil },
        ] {
            #expect(try judged("MEM-INACTIVE", Self.lists(old), [], change).map(\.status) == [.notProven])
            let active = [Self.event("database.created")]
            #expect(try judged("MEM-INACTIVE", Self.lists(old), active, change).map(\.status) == [.notProven])
        }
        #expect(
            try judged("MEM-INACTIVE", Self.lists(old), []) { $0.organizationCreated = Self.first }.map(\.status)
                == [.pass]
        )
        // Days that nobody looked at are none on which nobody acted: of a period that goes on those up to what is proven count,
        // of one that is over those up to its end.
        for (day, status) in [("2026-03-05", Status.pass), ("2026-02-10", .manual)] {
            let acted = Self.event("database.created", Self.at("\(day)T00:00:00Z"))
            let running = try judged("MEM-INACTIVE", Self.lists(old), [acted]) {
                ($0.period, $0.periodHasEnded, $0.asOf) = (.all, false, end)
                $0.proven?.to = Self.at("2026-03-10T00:00:00Z")
                $0.policy.thresholds = ["MEM-INACTIVE": 20]
            }
            #expect(running.map(\.status) == [status], "\(day): \(running.map(\.detail))")
            let over = try judged("MEM-INACTIVE", Array(Self.lists(old)[..<2]), [acted]) {
                $0.asOf = Self.middle.adding(seconds: 600)
                $0.proven?.to = Self.middle.adding(seconds: 300)
                $0.policy.thresholds = ["MEM-INACTIVE": 20]
            }
            #expect(over.map(\.status) == [.notProven], "\(day): \(over.map(\.detail))")
        }
        let loose = try judged("MEM-INACTIVE", Self.lists(old), []) { $0.policy.thresholds = ["MEM-INACTIVE": 400] }
        #expect(loose.map(\.status) == [.fail])
    }

    @Test("MEM-INACTIVE: what is known of those whose events can't be told from others', or have no time")
    func inactiveInDoubt() throws {
        let (second, old) = (
            Self.member("viewer", id: "u3"), Self.event("database.created", Self.at("2025-06-01T00:00:00Z"))
        )
        let mail = Self.event("database.created", by: "", mail: "Bea@example.com")
        let never = "No archived event up to the end is theirs."
        let shared = "2026-03-10"
        let cases: [(String, [AccessMember], [PlainEvent], tells: [String], not: [String])] = [
            ("nothing", [Self.member("viewer")], [], [never], ["address"]),
            (
                "two of one e-mail", [Self.member("viewer"), second], [mail], ["e-mail address", shared],
                ["No archived"]
            ),
            (
                "another acts under the e-mail", [Self.member("viewer")], [Self.event("database.created", by: "u9")],
                ["e-mail address", shared], ["No archived"]
            ),
            (
                "one of them acted long ago", [Self.member("viewer")],
                [old, Self.event("database.created", by: "u9")], ["2025-06-01", "e-mail address", shared],
                ["No archived"]
            ),
            (
                "acted without a time", [Self.member("viewer")], [Self.event("database.created", nil)],
                ["at an unknown time"], ["No archived"]
            ),
        ]
        for (name, members, events, tells, not) in cases {
            let found = try judged("MEM-INACTIVE", Self.lists(Array(repeating: members, count: 3)), events)
            #expect(found.count == members.count, "\(name)")
            for finding in found {
                #expect(finding.status == .manual, "\(name)")
                #expect(tells.allSatisfy(finding.detail.contains), "\(name): \(finding.detail)")
                #expect(!not.contains(where: finding.detail.contains), "\(name): \(finding.detail)")
                #expect((finding.short == nil) == (name != "nothing"), "\(name): \(finding.short ?? "")")
            }
        }
    }

    // MARK: MEM-GHOST and KEY-ORPHAN

    @Test("Whoever stands on a list behind their removal may have come back past the log")
    func returned() throws {
        let (removal, act) = (Self.at("2026-02-10T00:00:00Z"), Self.acted)
        let removed = Self.event("member.removed", removal, id: "u2", by: "u1", mail: "")
        let made = Self.event("api_key.created", act, id: "k1")
        func lists(_ member: AccessMember?, invited: Instant? = nil) -> [AccessLists] {
            var lists = Self.lists(Array(repeating: [member].compactMap { $0 }, count: 3))
            guard let invited else { return lists }
            let invitation = AccessInvitation(email: "BEA@example.com", status: "accepted", createdAt: invited)
            for place in lists.indices { lists[place].invitations = .read([invitation], unreadable: 0) }
            return lists
        }
        func joined(_ at: Instant?) -> AccessMember {
            var member = Self.member("developer")
            member.joinedAt = at
            return member
        }
        let between = Self.at("2026-02-20T00:00:00Z")
        let cases: [(String, [AccessLists], Status)] = [
            ("on no list", lists(nil), .fail), ("joined between", lists(joined(between)), .notProven),
            ("joined in the second of the act", lists(joined(act)), .notProven),
            ("joined behind the act", lists(joined(act.adding(seconds: 1))), .fail),
            ("joined nobody knows when", lists(joined(nil)), .notProven),
            ("never gone from the list", lists(joined(removal.adding(seconds: -1))), .notProven),
            ("invited between", lists(nil, invited: between), .notProven),
            ("invited before the removal", lists(nil, invited: removal.adding(seconds: -1)), .fail),
            ("invited behind the act", lists(nil, invited: act.adding(seconds: 1)), .fail),
        ]
        for (name, lists, status) in cases {
            for control in ["MEM-GHOST", "KEY-ORPHAN"] {
                let found = try judged(control, lists, [removed, made])
                #expect(found.map(\.status) == [status], "\(control), \(name): \(found.map(\.detail))")
            }
        }
    }

    // MARK: KEY-AGE and KEY-ORPHAN

    @Test("KEY-AGE and KEY-ORPHAN take the list of keys for what the log does not tell")
    func keys() throws {
        let made = Self.at("2025-06-01T00:00:00Z")
        func key(_ change: (inout AccessKey) -> Void = { _ in }) -> AccessKey {
            var key = AccessKey(id: "k1", name: "deploy", createdAt: made, expiresAt: .never)
            change(&key)
            return key
        }
        let created = Self.event("api_key.created", made, id: "k1")
        let removed = Self.event("member.removed", Self.acted, id: "u2", by: "u1", mail: "")
        let unnamed = Self.event("api_key.revoked", Self.at("2026-02-01T00:00:00Z"), id: "", by: "u1", mail: "")
        let late = Self.event("api_key.revoked", Self.at("2026-03-31T23:59:59Z"), id: "", by: "u1", mail: "")
        func revoked(_ at: Instant) -> PlainEvent { Self.event("api_key.revoked", at, id: "k1", by: "u1", mail: "") }
        let young = Self.at("2026-01-01T00:00:00Z")
        let ended = key { $0.expiresAt = .at(Self.last.adding(seconds: -1)) }
        let cases: [(String, String, [AccessKey], [PlainEvent], Set<Status>)] = [
            ("KEY-AGE", "in the log alone", [], [created], [.fail]),
            ("KEY-AGE", "in both", [key()], [created], [.fail]),
            ("KEY-AGE", "on the list alone", [key()], [], [.fail]),
            ("KEY-AGE", "young enough", [key { $0.createdAt = young }], [], [.pass]),
            ("KEY-AGE", "a day too old", [key { $0.createdAt = young.adding(seconds: -86_400) }], [], [.fail]),
            ("KEY-AGE", "of no time", [key { $0.createdAt = nil }], [], [.notProven]),
            ("KEY-AGE", "of no time on the list", [key { $0.createdAt = nil }], [created], [.fail]),
            (
                "KEY-AGE", "of no time, revoked behind the list", [key { $0.createdAt = nil }], [revoked(Self.last)],
                [.notProven]
            ),
            ("KEY-AGE", "expired", [ended], [], [.pass]), ("KEY-AGE", "made and expired", [ended], [created], [.pass]),
            ("KEY-AGE", "ends with the period", [key { $0.expiresAt = .at(Self.last) }], [created], [.fail]),
            ("KEY-AGE", "on the list alone, too", [key { $0.expiresAt = .at(Self.last) }], [], [.fail]),
            ("KEY-AGE", "revoked before the list", [key()], [revoked(Self.acted)], [.notProven]),
            ("KEY-AGE", "revoked behind the list", [key()], [created, revoked(Self.last)], [.fail]),
            ("KEY-AGE", "something revoked, not listed", [], [created, unnamed], [.notProven]),
            ("KEY-AGE", "something revoked, listed behind", [key()], [created, unnamed], [.fail]),
            ("KEY-AGE", "younger by the list", [key { $0.createdAt = young }], [created], [.notProven]),
            (
                "KEY-AGE", "older by the list", [key()], [Self.event("api_key.created", young, id: "k1")],
                [.notProven]
            ),
            (
                "KEY-AGE", "too old by both", [key { $0.createdAt = made.adding(seconds: 86_400) }], [created],
                [.fail]
            ),
            ("KEY-AGE", "as clocks differ", [key { $0.createdAt = made.adding(seconds: 300) }], [created], [.fail]),
            ("KEY-ORPHAN", "in the log alone", [], [created, removed], [.fail]),
            ("KEY-ORPHAN", "in both", [key()], [created, removed], [.fail]),
            ("KEY-ORPHAN", "expired", [ended], [created, removed], [.pass]),
            ("KEY-ORPHAN", "something revoked, not listed", [], [created, removed, unnamed], [.notProven]),
            ("KEY-ORPHAN", "something revoked, listed behind", [key()], [created, removed, unnamed], [.fail]),
            ("KEY-ORPHAN", "revoked before the list", [key()], [created, removed, revoked(Self.acted)], [.notProven]),
            ("KEY-ORPHAN", "revoked, not listed", [], [created, removed, revoked(Self.acted)], [.pass]),
            ("KEY-ORPHAN", "revoked before the list, of a member", [key()], [created, revoked(Self.acted)], [.pass]),
            ("KEY-ORPHAN", "something revoked late", [key()], [created, removed, late], [.fail]),
            ("KEY-ORPHAN", "revoked and not listed", [], [created, removed, revoked(Self.acted)], [.pass]),
            ("KEY-ORPHAN", "revoked before the list", [key()], [created, removed, revoked(Self.acted)], [.notProven]),
            ("KEY-ORPHAN", "revoked, expired", [ended], [created, removed, revoked(Self.acted)], [.pass]),
            ("KEY-ORPHAN", "revoked, of a member", [key()], [created, revoked(Self.acted)], [.pass]),
        ]
        for (control, name, keys, events, status) in cases {
            let found = try judged(control, Self.lists([[], [], []], keys: keys), events)
            #expect(Set(found.map(\.status)) == status, "\(control) \(name): \(found.map(\.detail))")
        }
        // A list of the middle of the month says nothing of what is revoked behind it.
        let early = Array(Self.lists([[], [], []], keys: [key()])[..<2])
        let again = Self.event("api_key.created", Self.at("2026-03-20T00:00:00Z"), id: "k1")
        #expect(try judged("KEY-AGE", early, [again]).map(\.status) == [.pass], "the list knows nothing of it yet")
        #expect(try judged("KEY-AGE", early, [created, late]).map(\.status) == [.notProven])
        #expect(try judged("KEY-AGE", early, [revoked(Self.at("2026-03-20T00:00:00Z"))]).map(\.status) == [.pass])
        #expect(try judged("KEY-AGE", early, []) { $0.damage = ["x"] }.map(\.status) == [.notProven])
        // An event of that name, without an id, may be the key's: neither control says that there is none.
        var nameless = Self.event("api_key.created", made, id: "")
        nameless.resourceName = "deploy"
        let members = Array(repeating: [Self.member("admin")], count: 3)
        let nobodys = try judged("KEY-ORPHAN", Self.lists(members, keys: [key()]), [nameless])
        let told = "no event up to the end that gives its id, which would tell who made it: "
        #expect(nobodys.map(\.status) == [.notProven] && nobodys[0].detail.contains(told), "\(nobodys.map(\.detail))")
    }

    @Test(
        "KEY-AGE never passes for a list of keys that is lost, partial, not understood or came later; what it shows counts"
    )
    func listsOfNoUse() throws {
        let old = AccessKey(id: "k1", name: "ci", createdAt: Self.at("2023-06-01T00:00:00Z"), expiresAt: .never)
        var (ended, young) = (old, old)
        ended.expiresAt = .at(Self.at("2026-02-01T00:00:00Z"))
        young.createdAt = Self.last
        let day: Int64 = 86_400
        func read(_ keys: [AccessKey], after seconds: Int64 = 0, unreadable: Int = 0, missing: String? = nil)
            -> AccessLists
        {
            AccessLists(
                servedAt: Self.last.adding(seconds: seconds),
                keys: .read(keys, unreadable: unreadable, missing: missing)
            )
        }
        let refused = AccessLists(servedAt: Self.last, keys: .unavailable("403"))
        func unknown(_ keys: [AccessKey]) -> AccessLists {
            var lists = read(keys)
            lists.isTimeKnown = false
            return lists
        }
        let cases: [(String, ([AccessKey]) -> [AccessLists], old: Set<Status>)] = [
            ("lost", { [read($0, after: -day), refused] }, [.fail, .notProven]),
            ("read later", { [read($0, after: day)] }, [.fail, .notProven]),
            ("cut", { [read($0, missing: "page 2: 403")] }, [.fail, .notProven]),
            ("not understood", { [read($0, unreadable: 1)] }, [.fail, .notProven]),
            ("of no time", { [unknown($0)] }, [.notProven]),
        ]
        for (name, lists, status) in cases {
            for keys in [[], [young]] {
                let found = try judged("KEY-AGE", lists(keys), [])
                #expect(found.map(\.status) == [.notProven], "\(name): \(found.map(\.detail))")
                #expect(try judged("KEY-EXPIRY", lists([]), []).map(\.status) == [.notProven], "\(name)")
            }
            let found = try judged("KEY-AGE", lists([old]), [])
            #expect(Set(found.map(\.status)) == status, "\(name): \(found.map(\.detail))")
        }
        // What the log alone knows has ended by itself, as the nearest list says: nobody left a key open.
        let made = Self.event("api_key.created", Self.at("2025-06-01T00:00:00Z"), id: "k1")
        let removed = Self.event("member.removed", Self.acted, id: "u2", by: "u1", mail: "")
        for lists in [[read([ended], after: -day), refused], [read([ended], after: day)]] {
            #expect(try judged("KEY-AGE", lists, [made]).map(\.status) == [.notProven])
            #expect(try judged("KEY-ORPHAN", lists, [made, removed]).map(\.status) == [.pass])
        }
        // Where the service never gives it, the log decides, if it reaches back to when there were no keys.
        #expect(try judged("KEY-AGE", [refused], []).map(\.status) == [.pass])
        #expect(try judged("KEY-AGE", [refused], [made]).map(\.status) == [.fail])
        for control in ["KEY-AGE", "KEY-ORPHAN"] {
            for change: (inout JudgedFacts) -> Void in [
                { $0.proven?.from = Self.at("2025-01-01T00:00:01Z") }, { $0.organizationCreated = nil },
                { $0.organizationCreated = Self.at("2024-12-31T23:59:59Z") },
            ] {
                #expect(try judged(control, [refused], [], change).map(\.status) == [.notProven], "\(control)")
                #expect(try judged(control, nil, [], change).map(\.status) == [.notProven], "\(control)")
            }
        }
    }

    @Test("KEY-AGE: a key that became too old behind what is proven may have been revoked, unless a list has it")
    func ageBehindProof() throws {
        let (end, young) = (Self.last, Self.at("2025-12-20T00:00:00Z"))
        func status(_ made: Instant, _ keys: [AccessKey], listedAt: Instant = end, isLogged: Bool = true) throws
            -> [Status]
        {
            let lists = [AccessLists(servedAt: listedAt, keys: .read(keys, unreadable: 0))]
            let events = isLogged ? [Self.event("api_key.created", made, id: "k1")] : []
            let found = try judged("KEY-AGE", lists, events) {
                ($0.period, $0.periodHasEnded, $0.asOf) = (.all, false, end)
                $0.proven?.to = Self.at("2026-02-01T00:00:00Z")
            }
            return found.map(\.status)
        }
        let listed = AccessKey(id: "k1", name: "deploy", createdAt: young, expiresAt: .never)
        #expect(try status(young, []) == [.notProven])
        #expect(try status(Self.at("2025-10-01T00:00:00Z"), []) == [.fail])
        #expect(try status(young, [listed]) == [.fail])
        #expect(try status(young, [listed], isLogged: false) == [.fail])
        let early = Self.at("2026-02-01T00:00:00Z")
        #expect(try status(young, [listed], listedAt: early) == [.notProven])
        #expect(try status(young, [listed], listedAt: early, isLogged: false) == [.notProven])
    }

    @Test("KEY-ORPHAN does not pass for a listed key of which no event says who made it")
    func keysOfNobody() throws {
        let made = Self.at("2026-03-05T00:00:00Z")
        func key(_ change: (inout AccessKey) -> Void = { _ in }) -> AccessKey {
            var key = AccessKey(id: "k1", name: "deploy", createdAt: made, expiresAt: .never)
            change(&key)
            return key
        }
        let created = Self.event("api_key.created", made, id: "k1")
        let cases: [(String, [AccessKey], [PlainEvent], Status)] = [
            ("with its event", [key()], [created], .pass), ("without one", [key()], [], .notProven),
            ("without an id", [key { $0.id = nil }], [created], .notProven),
            ("of another", [key { $0.id = "k2" }], [created], .notProven),
            ("expired", [key { $0.expiresAt = .at(Self.last.adding(seconds: -1)) }], [], .pass),
            ("revoked behind the list", [key()], [Self.event("api_key.revoked", Self.last, id: "k1")], .notProven),
        ]
        for (name, keys, events, status) in cases {
            let found = try judged(
                "KEY-ORPHAN",
                Self.lists(Array(repeating: [Self.member("admin")], count: 3), keys: keys),
                events
            )
            #expect(found.map(\.status) == [status], "\(name): \(found.map(\.detail))")
        }
        let one = try judged(
            "KEY-ORPHAN",
            Self.lists(Array(repeating: [Self.member("admin")], count: 3), keys: [key()]),
            []
        )
        #expect(one.first?.detail.contains("1 key") == true, "\(one.map(\.detail))")
    }
}
