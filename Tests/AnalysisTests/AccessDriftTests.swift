import Evidence
import TestSupport
import Testing

@testable import Analysis

/// The controls that compare lists with the log: what each says of a table of cases.
@Suite("Lists of access beside the log")
struct AccessDriftTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    /// The lists that are compared: at the begin, in the middle and at the end of the period.
    private static let (first, middle, last) = (
        at("2026-03-01T00:00:00Z"), at("2026-03-15T00:00:00Z"), at("2026-04-01T00:00:00Z")
    )
    private static let ann = AccessMember(memberID: "m1", userID: "u1", email: "ann@example.com", role: "owner")
    private static let bea = AccessMember(memberID: "m2", userID: "u2", email: "bea@example.com", role: "developer")

    private static func with(_ member: AccessMember, _ change: (inout AccessMember) -> Void) -> AccessMember {
        var member = member
        change(&member)
        return member
    }

    private static func lists(_ members: [[AccessMember]], keys: [AccessKey] = [], unreadable: Int = 0) -> [AccessLists]
    {
        zip([first, middle, last], members).map { at, members in
            AccessLists(
                servedAt: at,
                members: .read(members, unreadable: unreadable),
                invitations: .read([], unreadable: 0),
                keys: .read(keys, unreadable: unreadable)
            )
        }
    }

    private static func event(
        _ action: String,
        _ at: Instant?,
        id: String = "",
        name: String = "",
        by actor: String = "u1"
    )
        -> PlainEvent
    {
        var event = PlainEvent(id: "e-\(action)-\(at?.seconds ?? 0)-\(id)-\(name)-\(actor)")
        event.seconds = at?.seconds
        (event.action, event.resourceType) = (action, "member")
        (event.resourceID, event.resourceName) = (id, name)
        (event.actorID, event.actorEmail) = (actor, actor == "u1" ? "ann@example.com" : "\(actor)@else.where")
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
                access: AccessWatch(facts.access)
            )
            change(&facts)
        }
        return Verdicts.judge(facts).filter { $0.control == control }
    }

    // MARK: MEM-DRIFT

    @Test("MEM-DRIFT: who came, went or changed role is joined to the events that explain it, times respected")
    func drift() throws {
        let (ann, bea) = (Self.ann, Self.bea)
        let cid = AccessMember(memberID: "m3", userID: "u3", email: "cid@example.com", role: "viewer")
        let admin = Self.with(bea) { $0.role = "admin" }
        let (joins, leaves) = ([[ann], [ann, bea], [ann, bea]], [[ann, bea], [ann], [ann]])
        let changes = [[ann, bea], [ann, admin], [ann, admin]]
        func event(_ action: String, _ at: Instant?, _ id: String = "u2", _ name: String = "") -> [PlainEvent] {
            [Self.event(action, at, id: id, name: name)]
        }
        let between = Self.at("2026-03-10T00:00:00Z")
        let back = Self.with(admin) { $0.joinedAt = between.adding(seconds: 60) }
        let again = [[ann, bea], [ann, back], [ann, back]]
        let used =
            event("member.invited", Self.at("2025-06-01T00:00:00Z"))
            + event("member.removed", Self.at("2026-02-01T00:00:00Z"))
        let removedByMail = event("member.removed", Self.at("2026-02-01T00:00:00Z"), "", "bea@example.com")
        // Before the removal, which the list contradicts: what is said is that, and not that no invitation is left.
        let early = Self.with(bea) { $0.joinedAt = Self.at("2026-03-05T00:00:00Z") }
        let joined = [[ann], [ann, early], [ann, early]]
        let cases: [(String, [[AccessMember]], [PlainEvent], Status)] = [
            ("nothing", [[ann], [ann], [ann]], [], .pass),
            ("joined", joins, [], .fail),
            ("invited", joins, event("member.invited", between), .pass),
            ("invited by e-mail", joins, event("member.invited", between, "", "BEA@example.com"), .pass),
            ("invited long ago", joins, event("member.invited", Self.at("2025-06-01T00:00:00Z")), .pass),
            ("invited in the second", joins, event("member.invited", Self.middle), .pass),
            ("invited too late", joins, event("member.invited", Self.middle.adding(seconds: 1)), .fail),
            ("another invited", joins, event("member.invited", between, "u3"), .fail),
            ("an invitation", joins, event("member.invited", between, "invite-9"), .notProven),
            ("an invitation of another", joins, event("member.invited", between, "invite-9", "c@example.com"), .fail),
            (
                "removed by an id of another kind", leaves, event("member.removed", between, "mbr-0001", "Bea"),
                .notProven
            ),
            ("removed by a number", leaves, event("member.removed", between, "77"), .notProven),
            ("another membership removed", leaves, event("member.removed", between, "m3", "Bob"), .fail),
            ("an owner removed", [[ann, bea, cid], [ann], [ann]], event("member.removed", between, "m3"), .fail),
            ("changed by an id of another kind", changes, event("member.role_changed", between, "mbr-1"), .notProven),
            ("invited without a time", joins, event("member.invited", nil), .notProven),
            ("nobody invited", joins, event("member.invited", between, ""), .notProven),
            ("left", leaves, [], .fail), ("removed", leaves, event("member.removed", between), .pass),
            ("removed by member id", leaves, event("member.removed", between, "m2"), .pass),
            ("removed at the first second", leaves, event("member.removed", Self.first), .pass),
            ("removed before", leaves, event("member.removed", Self.first.adding(seconds: -1)), .fail),
            ("role", changes, [], .fail), ("changed", changes, event("member.role_changed", between), .pass),
            ("changed behind", changes, event("member.role_changed", Self.middle.adding(seconds: 1)), .fail),
            (
                "transfer", [[ann], [Self.with(ann) { $0.role = "admin" }], [Self.with(ann) { $0.role = "admin" }]], [],
                .notProven
            ),
            (
                "removed and listed", [[ann, bea], [ann, bea], [ann, bea]], event("member.removed", between), .notProven
            ),
            (
                "removed and invited again", [[ann, bea], [ann, bea], [ann, bea]],
                event("member.removed", between) + event("member.invited", between.adding(seconds: 60)), .pass
            ),
            (
                "removed and invited again with another role", changes,
                event("member.removed", between) + event("member.invited", between.adding(seconds: 60)), .pass
            ),
            ("removed and joined again", again, event("member.removed", between), .fail),
            (
                "removed and joined again by an old invitation", again,
                event("member.invited", Self.at("2025-06-01T00:00:00Z")) + event("member.removed", between), .notProven
            ),
            (
                "removed and joined again by a new invitation", again,
                event("member.invited", Self.at("2025-06-01T00:00:00Z")) + event("member.removed", between)
                    + event("member.invited", between.adding(seconds: 30)), .pass
            ),
            ("removed before the lists, invited before that", joins, used, .notProven),
            (
                "removed by e-mail", joins, event("member.invited", Self.at("2025-06-01T00:00:00Z")) + removedByMail,
                .notProven
            ),
            ("removed before the lists and invited since", joins, used + event("member.invited", between), .pass),
            (
                "removed before the lists and invited before it in that second", joins,
                used + event("member.invited", Self.at("2026-02-01T00:00:00Z")), .notProven
            ),
            ("removed before the lists and never invited", joins, [used[1]], .fail),
            ("another removed since the invitation", joins, [used[0]] + event("member.removed", between, "u3"), .pass),
            (
                "removed at a time unknown, invited long ago", joins, [used[0]] + event("member.removed", nil),
                .notProven
            ),
            (
                "removed at a time unknown, and invited between the lists", joins,
                event("member.invited", between) + event("member.removed", nil), .pass
            ),
            ("removed since they joined", joined, [used[0]] + event("member.removed", between), .notProven),
            ("no user id", [[ann, bea], [ann, Self.with(bea) { $0.userID = nil }], [ann, bea]], [], .pass),
            ("another e-mail", [[ann, bea], [ann, Self.with(bea) { $0.email = "b@x" }], [ann, bea]], [], .pass),
            ("without anything", [[ann, AccessMember(role: "viewer")], [ann], [ann]], [], .notProven),
            (
                "another e-mail, and no id",
                [
                    [ann, AccessMember(email: "bea@example.com")], [ann, AccessMember(email: "bee@example.com")],
                    [ann, AccessMember(email: "bee@example.com")],
                ], [], .notProven
            ),
            ("left, without an id", [[ann, AccessMember(email: "bea@example.com")], [ann], [ann]], [], .fail),
        ]
        for (name, members, events, status) in cases {
            let found = try judged("MEM-DRIFT", Self.lists(members), events)
            #expect(Set(found.map(\.status)) == [status], "\(name): \(found.map(\.detail))")
        }
        let spent = try #require(try judged("MEM-DRIFT", Self.lists(joins), used).first)
        #expect(spent.detail.contains("They were removed on 2026-02-01, every invitation"), "\(spent.detail)")
        #expect(spent.eventIDs.count == 2)
        let contradicted = try judged("MEM-DRIFT", Self.lists(joined), [used[0]] + event("member.removed", between))
        #expect(contradicted.count == 1 && contradicted[0].detail.contains("contradict each other"))
    }

    @Test("MEM-DRIFT is not proven where lists or log are missing, and without lists there is nothing to judge")
    func driftUnproven() throws {
        let members = [[Self.ann], [Self.ann, Self.bea], [Self.ann, Self.bea]]
        let same = Self.lists([[Self.ann], [Self.ann], [Self.ann]])
        func status(_ lists: [AccessLists]?, _ change: (inout JudgedFacts) -> Void = { _ in }) throws -> Set<Status> {
            Set(try judged("MEM-DRIFT", lists, [], change).map(\.status))
        }
        #expect(try status(nil) == [.notApplicable])
        #expect(try status([same[0]]) == [.notProven])
        #expect(try status(Array(same[1...])) == [.notProven])
        #expect(try status(Array(same[..<2])) == [.notProven])
        #expect(try status(same) { $0.isComplete = false } == [.notProven])
        #expect(try status(same) { $0.damage = ["x"] } == [.notProven])
        #expect(try status(same) { $0.log = nil } == [.notProven])
        for change: (inout JudgedFacts) -> Void in [
            { $0.isComplete = false }, { $0.damage = ["x"] }, { $0.proven?.from = Self.at("2026-03-10T00:00:00Z") },
            { $0.organizationCreated = nil },
        ] { #expect(try status(Self.lists(members), change) == [.notProven]) }
        #expect(try status(Self.lists(members, unreadable: 1)) == [.notProven])
        var pending = Self.lists(members)
        pending[0].invitations = .read([AccessInvitation(email: "bea@EXAMPLE.com")], unreadable: 0)
        #expect(try status(pending) == [.pass])
        // Whoever was removed comes back by what was open then, or made since.
        let removal = [Self.event("member.removed", Self.at("2026-02-01T00:00:00Z"), id: "u2")]
        let (old, new) = (Self.at("2026-01-01T00:00:00Z"), Self.at("2026-02-02T00:00:00Z"))
        for (invitation, expected) in [
            (AccessInvitation(email: "bea@example.com", createdAt: old), Status.pass),
            (AccessInvitation(email: "bea@example.com", status: "accepted", createdAt: old), .notProven),
            (AccessInvitation(email: "bea@example.com", status: "accepted", createdAt: new), .pass),
            (AccessInvitation(email: "bea@example.com", status: "accepted"), .notProven),
        ] {
            pending[0].invitations = .read([invitation], unreadable: 0)
            let found = try judged("MEM-DRIFT", pending, removal)
            #expect(Set(found.map(\.status)) == [expected], "\(invitation): \(found.map(\.detail))")
        }
        // A difference that shows behind the end only may be of behind the end.
        var beyond = Self.lists(members)
        beyond.remove(at: 1)
        beyond[1].servedAt = Self.last.adding(seconds: 1)
        #expect(try status(beyond) == [.notProven])
    }

    @Test("MEM-DRIFT: whoever comes with another role than that of the listed invitation is not explained by it")
    func invitedRoles() throws {
        let invited = Self.event("member.invited", Self.at("2026-03-10T00:00:00Z"), id: "u2")
        let changed = Self.event("member.role_changed", Self.at("2026-03-12T00:00:00Z"), id: "u2")
        let cases: [(String, [String?], [PlainEvent], Status, String)] = [
            ("as invited", ["developer"], [], .pass, "1 newcomer rests on a listed invitation alone"),
            ("as invited, with its event", ["Developer"], [invited], .pass, "listed invitation."),
            ("otherwise", ["viewer"], [invited], .notProven, "was invited as viewer"),
            ("otherwise, without an event", ["viewer"], [], .notProven, "as developer"),
            ("changed", ["viewer"], [invited, changed], .pass, "listed invitation."),
            ("no role given", [nil], [invited], .pass, "Which role 1 newcomer was invited with is not known."),
            ("invited anew", ["viewer", "developer"], [invited], .pass, "listed invitation."),
            ("in other words", ["member"], [invited], .notProven, "one and the same"),
            ("as nobody documents", ["pilot"], [invited], .notProven, "one and the same"),
            ("in other words, and changed", ["member"], [invited, changed], .pass, "listed invitation."),
        ]
        for (name, roles, events, status, told) in cases {
            var lists = Self.lists([[Self.ann], [Self.ann, Self.bea], [Self.ann, Self.bea]])
            let invitations = roles.map { AccessInvitation(email: "BEA@example.com", role: $0) }
            lists[0].invitations = .read(invitations, unreadable: 0)
            let found = try judged("MEM-DRIFT", lists, events)
            #expect(found.map(\.status) == [status], "\(name): \(found.map(\.detail))")
            #expect(found.first?.detail.contains(told) == true, "\(name): \(found.map(\.detail))")
        }
        // Of whom the list gives no role that is understood nothing can be compared, and of an event alone, neither.
        for (role, isUnclear) in [(nil, true), (nil, false), ("pilot", false)] {
            let bea = Self.with(Self.bea) { ($0.role, $0.isRoleUnclear) = (role, isUnclear) }
            var lists = Self.lists([[Self.ann], [Self.ann, bea], [Self.ann, bea]])
            lists[0].invitations = .read([AccessInvitation(email: "bea@example.com", role: "viewer")], unreadable: 0)
            let found = try judged("MEM-DRIFT", lists, [invited])
            let told = role == nil ? "A list that gives no role" : "one and the same"
            #expect(found.map(\.status) == [.notProven] && found[0].detail.contains(told), "\(found.map(\.detail))")
        }
        let alone = try judged(
            "MEM-DRIFT",
            Self.lists([[Self.ann], [Self.ann, Self.bea], [Self.ann, Self.bea]]),
            [invited]
        )
        #expect(alone.map(\.status) == [.pass] && alone[0].detail.contains("Which role 1 newcomer was invited with"))
    }

    @Test("MEM-DRIFT: a role in other words is another one only where one vocabulary of the service has both")
    func roleWords() throws {
        let cases: [(String?, String?, Status, String)] = [
            ("developer", "Developer", .pass, "were compared"), ("member", "MEMBER", .pass, "were compared"),
            ("pilot", "Pilot", .pass, "were compared"), (nil, "", .pass, "were compared"),
            ("viewer", "developer", .fail, "No event"), ("member", "admin", .fail, "No event"),
            ("developer", "member", .notProven, "one and the same"),
            ("member", "viewer", .notProven, "one and the same"),
            ("pilot", "captain", .notProven, "one and the same"), ("pilot", "admin", .notProven, "one and the same"),
            (nil, "developer", .notProven, "A list that gives no role"),
            ("viewer", "", .notProven, "was viewer on the list of"),
            ("viewer", nil, .notProven, "and no role on that of"),
            ("viewer", nil, .notProven, "A list that gives no role"),
            ("owner", "admin", .notProven, "transfer of ownership"),
        ]
        for (before, after, status, told) in cases {
            let (old, new) = (Self.with(Self.bea) { $0.role = before }, Self.with(Self.bea) { $0.role = after })
            let found = try judged("MEM-DRIFT", Self.lists([[Self.ann, old], [Self.ann, new], [Self.ann, new]]), [])
            #expect(
                found.map(\.status) == [status] && found[0].detail.contains(told),
                "\(before ?? "-") \(after ?? "-"): \(found.map(\.detail))"
            )
        }
        let (old, new) = (Self.bea, Self.with(Self.bea) { $0.role = "member" })
        let changed = Self.event("member.role_changed", Self.at("2026-03-12T00:00:00Z"), id: "u2")
        let told = try judged(
            "MEM-DRIFT",
            Self.lists([[Self.ann, old], [Self.ann, new], [Self.ann, new]]),
            [changed]
        )
        #expect(told.map(\.status) == [.pass])
    }

    @Test("An id is another's where it is of one kind with somebody's own, which no e-mail is")
    func kindsOfIDs() {
        func mayBe(_ id: String, _ ids: [String]) -> Bool {
            let event = AccessTrail.Event(kind: .removed, event: "e", at: nil, id: id, name: "")
            let mails = Set(ids.filter { $0.contains("@") }.map { ExactText($0) })
            return event.names(ids: ids, mails: mails)
                || !event.isOther(than: AccessTrail.Event.kinds(of: ids), hasMail: !mails.isEmpty)
        }
        #expect(mayBe("user-2", ["user-2"]) && !mayBe("user-3", ["user-2"]) && mayBe("mbr-3", ["user-2"]))
        #expect(mayBe("mbr-7", ["user-2", "mbr-b@example.com"]) && mayBe("77", ["78"]))
        #expect(!mayBe("c@example.com", ["user-2", "b@example.com"]))
    }

    // MARK: MEM-UNKNOWN

    @Test("MEM-UNKNOWN: who acts stands on a list, or was removed by an event")
    func strangers() throws {
        let lists = Self.lists([[Self.ann], [Self.ann], [Self.ann]])
        let early = Self.at("2026-03-05T00:00:00Z")
        let act = Self.event("database.created", early, id: "db", by: "u9")
        func removed(_ id: String, _ name: String = "") -> PlainEvent {
            Self.event("member.removed", early.adding(seconds: 60), id: id, name: name)
        }
        let cases: [(String, [PlainEvent], Set<Status>)] = [
            ("a member", [Self.event("database.created", early, id: "db")], [.pass]),
            ("a stranger", [act], [.fail]), ("removed", [act, removed("u9")], [.pass]),
            ("another removed", [act, removed("u8")], [.fail]),
            ("removed before", [Self.event("member.removed", Self.first, id: "u9"), act], [.pass]),
            (
                "removed before, and invited again",
                [
                    Self.event("member.removed", Self.at("2025-06-01T00:00:00Z"), id: "u9"),
                    Self.event("member.invited", Self.at("2025-07-01T00:00:00Z"), id: "u9"), act,
                ], [.notProven]
            ),
            (
                "removed before, invited again, and removed again",
                [
                    Self.event("member.removed", Self.at("2025-06-01T00:00:00Z"), id: "u9"),
                    Self.event("member.invited", Self.at("2025-07-01T00:00:00Z"), id: "u9"), act, removed("u9"),
                ], [.pass]
            ),
            ("a membership removed", [act, removed("member-77", "Bob")], [.notProven]),
            ("a member of the list removed", [act, removed("m1")], [.fail]),
            ("a name removed", [act, removed("", "Bob")], [.notProven]),
            ("another e-mail removed", [act, removed("member-77", "bob@else.where")], [.fail]),
            ("removed by e-mail", [act, removed("", "u9@ELSE.where")], [.pass]),
            ("removed with that e-mail", [act, removed("u8", "u9@else.where")], [.notProven]),
            ("nobody removed", [act, removed("")], [.notProven]),
            ("without a time", [Self.event("database.created", nil, id: "db", by: "u9")], [.notProven]),
            ("a key", [act, Self.event("api_key.created", early, id: "u9")], [.notProven]),
            ("before the period", [Self.event("database.created", Self.first.adding(seconds: -1), by: "u9")], [.pass]),
        ]
        for (name, events, status) in cases {
            // An event without a time lies in the tables of `all` alone.
            let found = try judged("MEM-UNKNOWN", lists, events) { facts in
                guard name == "without a time" else { return }
                facts.period = .all
                facts.log = try? watch(events, policy: ControlPolicy(), period: .all, access: AccessWatch(facts.access))
            }
            #expect(Set(found.map(\.status)) == status, "\(name): \(found.map(\.detail))")
        }
        // Of whom nothing can be compared with what a list, or a removal, gives of somebody.
        let withoutID = [Self.ann, Self.with(Self.bea) { $0.userID = nil }]
        var unmailed = act
        unmailed.actorEmail = ""
        let whole = Array(repeating: [Self.ann], count: 3)
        #expect(try judged("MEM-UNKNOWN", lists, [unmailed]).map(\.status) == [.fail])
        #expect(
            try judged("MEM-UNKNOWN", Self.lists(Array(repeating: withoutID, count: 3)), [unmailed]).map(\.status)
                == [.notProven]
        )
        for (mail, status) in [("x@else.where", Status.notProven), ("ann@example.com", .fail)] {
            let removal = removed("", mail)
            #expect(try judged("MEM-UNKNOWN", Self.lists(whole), [unmailed, removal]).map(\.status) == [status])
        }
        // Of nobody's acts nobody knows whose they are, and whom the organization names as its owner no list need have.
        var nameless = act
        (nameless.actorID, nameless.actorEmail) = ("", "")
        for control in ["MEM-UNKNOWN", "ROLE-BREACH"] {
            #expect(try judged(control, lists, [nameless]).map(\.status) == [.notProven], "\(control)")
            let found = try judged(control, lists, [act]) { $0.owners = Self.owners([("2026-03-01", "u9")]) }
            #expect(found.map(\.status) == [.notProven] && found[0].detail.contains("as its owner"), "\(control)")
        }
        // Whose e-mail a member with another id has.
        let other = [Self.with(Self.ann) { $0.email = "u9@else.where" }]
        #expect(try judged("MEM-UNKNOWN", Self.lists([other, other, other]), [act]).map(\.status) == [.notProven])
        // What removed somebody behind the end is not looked at, so that a list of then accuses nobody.
        var beyond = lists
        beyond.remove(at: 1)
        beyond[1].servedAt = Self.last.adding(seconds: 5 * 86_400)
        beyond[1].earliest = beyond[1].servedAt
        let unseen = try judged("MEM-UNKNOWN", beyond, [act])
        #expect(unseen.map(\.status) == [.notProven] && unseen[0].detail.contains("behind the end"))
        // Behind the last list somebody may have come since.
        let behind = Self.event("database.created", Self.at("2026-03-20T00:00:00Z"), by: "u9")
        #expect(try judged("MEM-UNKNOWN", Array(lists[..<2]), [behind]).map(\.status) == [.notProven])
        #expect(
            try judged("MEM-UNKNOWN", Self.lists([[Self.ann], [], []], unreadable: 1), [act]).map(\.status) == [
                .notProven
            ]
        )
        #expect(try judged("MEM-UNKNOWN", nil, [act]).map(\.status) == [.notApplicable])
        #expect(try judged("MEM-UNKNOWN", lists, [act]) { $0.isComplete = false }.map(\.status) == [.notProven])
    }

    private static func owners(_ readings: [(String, String)]) -> OwnersInTime {
        OwnersInTime(
            readings.map { day, owner in
                let at = at(day + "T00:00:00Z")
                return OwnersInTime.Reading(owner: owner, at: at, earliest: at, latest: at)
            }
        )
    }

    @Test("Who is named as the owner by a snapshot around what they did is not accused, and whoever was it once is")
    func ownersInTime() throws {
        let lists = Self.lists([[Self.ann], [Self.ann], [Self.ann]])
        func act(_ at: String) -> PlainEvent { Self.event("database.created", Self.at(at), id: "db", by: "u9") }
        let (early, late) = (act("2026-03-05T00:00:00Z"), act("2026-03-20T00:00:00Z"))
        let cases: [([PlainEvent], [(String, String)], Status, String?)] = [
            ([early], [("2026-02-20", "u9"), ("2026-03-10", "u9")], .notProven, "2026-02-20"),
            ([early], [("2026-02-20", "u9"), ("2026-03-10", "u2")], .notProven, "2026-02-20"),
            ([early], [("2026-02-20", "u2"), ("2026-03-10", "u9")], .notProven, "2026-03-10"),
            ([early], [("2026-03-05", "u9"), ("2026-03-10", "u2")], .notProven, "2026-03-05"),
            ([early], [("2026-03-10", "u9")], .notProven, "2026-03-10"),
            ([early], [("2026-03-01", "u9")], .notProven, "2026-03-01"),
            ([early], [("2026-02-20", "u9"), ("2026-03-03", "u2"), ("2026-03-10", "u2")], .fail, nil),
            ([early], [("2026-02-20", "u9"), ("2026-03-03", "u2")], .fail, nil),
            ([early], [("2026-03-03", "u2"), ("2026-03-10", "u2"), ("2026-03-20", "u9")], .fail, nil),
            ([early, late], [("2026-03-01", "u9"), ("2026-03-10", "u2"), ("2026-03-25", "u2")], .fail, nil),
            (
                [early, late], [("2026-03-01", "u9"), ("2026-03-10", "u2"), ("2026-03-25", "u9")], .notProven,
                "2026-03-01"
            ),
        ]
        for (events, owners, status, day) in cases {
            let found = try judged("MEM-UNKNOWN", lists, events) { $0.owners = Self.owners(owners) }
            #expect(found.map(\.status) == [status], "\(owners): \(found.map(\.detail))")
            #expect(found[0].detail.contains("as its owner") == (day != nil), "\(owners): \(found[0].detail)")
            if let day { #expect(found[0].detail.contains("read on \(day), names"), "\(found[0].detail)") }
            guard events.count == 1 else { continue }
            let breach = try judged("ROLE-BREACH", lists, events) { $0.owners = Self.owners(owners) }
            #expect(breach.map(\.status) == [.notProven])
            #expect(breach[0].detail.contains("as its owner") == (day != nil), "\(owners): \(breach[0].detail)")
        }
        // A snapshot of whose time clocks disagree may be of before and of behind.
        let unsure = Self.owners([("2026-03-01", "u9"), ("2026-03-03", "u2"), ("2026-03-10", "u2")]).readings
        var readings = unsure
        (readings[1].at, readings[1].latest) = (nil, Self.at("2026-03-10T00:00:00Z"))
        let found = try judged("MEM-UNKNOWN", lists, [early]) { $0.owners = OwnersInTime(readings) }
        #expect(found.map(\.status) == [.notProven])
        #expect(try judged("MEM-UNKNOWN", lists, [early]) { $0.owners = OwnersInTime(unsure) }.map(\.status) == [.fail])
    }

    @Test("Who acts behind a list that no longer has them, and before none that has them again, is no member")
    func departed() throws {
        let (ann, bea) = (Self.ann, Self.bea)
        let (left, back) = ([[ann, bea], [ann], [ann]], [[ann, bea], [ann], [ann, bea]])
        let act = Self.at("2026-03-20T00:00:00Z")
        func did(_ at: Instant? = act, _ action: String = "database.created", id: String = "db") -> PlainEvent {
            Self.event(action, at, id: id, by: "u2")
        }
        func about(_ action: String, _ at: Instant, _ id: String = "u2") -> PlainEvent {
            Self.event(action, at, id: id)
        }
        let invited = about("member.invited", act.adding(seconds: -60))
        let cases: [(String, [[AccessMember]], [PlainEvent], Status, Status)] = [
            ("gone", left, [did()], .fail, .notProven), ("came back", back, [did()], .pass, .pass),
            ("stays", [[ann, bea], [ann, bea], [ann, bea]], [did()], .pass, .pass),
            ("acted before", left, [did(Self.at("2026-03-10T00:00:00Z"))], .pass, .pass),
            ("acted in the second of the list", left, [did(Self.middle)], .pass, .pass),
            ("acted behind it", left, [did(Self.middle.adding(seconds: 1))], .fail, .notProven),
            ("acted in both", left, [did(Self.at("2026-03-10T00:00:00Z")), did()], .fail, .notProven),
            (
                "acted in the second of the last list", [[ann, bea], [ann, bea], [ann]], [did(Self.last)], .pass, .pass
            ),
            ("removed", left, [did(), about("member.removed", Self.at("2026-03-10T00:00:00Z"))], .pass, .notProven),
            ("invited again", left, [invited, did()], .notProven, .notProven),
            (
                "invited long ago", left, [about("member.invited", Self.at("2025-06-01T00:00:00Z")), did()], .fail,
                .notProven
            ),
            (
                "removed long ago, and invited again", left,
                [
                    about("member.removed", Self.at("2025-05-01T00:00:00Z")),
                    about("member.invited", Self.at("2025-06-01T00:00:00Z")), did(),
                ], .fail, .notProven
            ),
            (
                "removed long ago", left, [about("member.removed", Self.at("2025-05-01T00:00:00Z")), did()], .fail,
                .notProven
            ),
            ("another removed", left, [did(), about("member.removed", act, "u3")], .fail, .notProven),
            ("somebody removed", left, [did(), about("member.removed", act, "mbr-0001")], .notProven, .notProven),
            (
                "known by e-mail alone",
                [
                    [
                        ann,
                        Self.with(bea) {
                            $0.userID = nil; $0.email = "u2@else.where"
                        },
                    ], [ann], [ann],
                ], [did()], .fail, .notProven
            ),
            (
                "on the next list by e-mail",
                [
                    [ann, bea],
                    [ann, Self.with(bea) { ($0.userID, $0.memberID, $0.email) = (nil, nil, "u2@else.where") }], [ann],
                ], [did(Self.at("2026-03-10T00:00:00Z"))], .pass, .pass
            ),
        ]
        for (name, members, events, stranger, breach) in cases {
            let found = try judged("MEM-UNKNOWN", Self.lists(members), events)
            #expect(found.map(\.status) == [stranger], "\(name): \(found.map(\.detail))")
            let roles = try judged("ROLE-BREACH", Self.lists(members), events)
            #expect(roles.map(\.status) == [breach], "\(name): \(roles.map(\.detail))")
        }
        // Behind the last list they may have come back; a list that is not whole accuses nobody.
        let early = Array(Self.lists(left)[..<2])
        #expect(try judged("MEM-UNKNOWN", early, [did()]).map(\.status) == [.notProven])
        for place in [1, 2] {
            var cut = Self.lists(left)
            cut[place].members = cut[place].members.missing("1 of 2 came")
            #expect(try judged("MEM-UNKNOWN", cut, [did()]).map(\.status) == [.notProven], "\(place)")
            let roles = try judged("ROLE-BREACH", cut, [did()])
            #expect(roles.first?.status == .notProven && roles[0].detail.contains("1 of 2 came"), "\(place)")
        }
        var pending = Self.lists(left)
        pending[1].invitations = .read([AccessInvitation(email: "u2@ELSE.where")], unreadable: 0)
        #expect(try judged("MEM-UNKNOWN", pending, [did()]).map(\.status) == [.notProven])

        // Their keys stay open, and nothing tells since when they are nobody's: one made behind the last list of the period
        // is left behind where the first list behind that does not have them, either.
        for (members, status) in [([ann], Status.notProven), ([ann, bea], .pass)] {
            var beyond = Self.lists([[ann, bea], [ann], members])
            beyond[2].servedAt = Self.last.adding(seconds: 3600)
            let found = try judged("KEY-ORPHAN", beyond, [did(act, "api_key.created", id: "k2")])
            #expect(found.map(\.status) == [status], "\(found.map(\.detail))")
        }
        let key = did(Self.at("2026-03-05T00:00:00Z"), "api_key.created", id: "k1")
        let orphans: [(String, [[AccessMember]], [PlainEvent], Status)] = [
            ("gone", left, [key], .notProven), ("stays", [[ann], [ann], [ann, bea]], [key], .pass),
            ("revoked", left, [key, did(act, "api_key.revoked", id: "k1")], .pass),
            ("made behind the list", left, [did(Self.last, "api_key.created", id: "k1")], .pass),
            ("removed", left, [key, about("member.removed", Self.at("2026-03-10T00:00:00Z"))], .fail),
            ("a nameless member", [[ann], [ann], [ann, AccessMember(role: "viewer")]], [key], .pass),
        ]
        for (name, members, events, status) in orphans {
            let found = try judged("KEY-ORPHAN", Self.lists(members), events)
            #expect(found.map(\.status) == [status], "\(name): \(found.map(\.detail))")
        }
    }

    @Test("Nobody is accused for not standing on a list of which something is missing")
    func partial() throws {
        let act = Self.event("database.created", Self.at("2026-03-05T00:00:00Z"), id: "db", by: "u9")
        func cut(_ lists: [AccessLists], _ places: Set<Int>) -> [AccessLists] {
            var lists = lists
            for place in places { lists[place].members = lists[place].members.missing("20 of 30 came") }
            return lists
        }
        let ann = Self.lists([[Self.ann], [Self.ann], [Self.ann]])
        for places: Set<Int> in [[0, 1, 2], [2], [1, 2]] {
            let found = try judged("MEM-UNKNOWN", cut(ann, places), [act])
            #expect(found.map(\.status) == [.notProven] && found[0].detail.contains("20 of 30 came"), "\(places)")
        }
        #expect(try judged("MEM-UNKNOWN", cut(ann, [0]), [act]).map(\.status) == [.notProven])
        let unnamed = AccessMember(memberID: "m9", role: "developer")
        let found = try judged("MEM-UNKNOWN", Self.lists(Array(repeating: [Self.ann, unnamed], count: 3)), [act])
        #expect(
            found.map(\.status) == [.notProven] && found[0].detail.contains("of 1 member nothing that is known of them")
        )
        // Who is missing on it left nobody, and who is back on the next one did not come.
        let gone = Self.lists([[Self.ann], [], [Self.ann]])
        #expect(try Set(judged("MEM-DRIFT", gone, []).map(\.status)) == [.fail])
        #expect(try judged("MEM-DRIFT", cut(gone, [1]), []).map(\.status) == [.pass])
        #expect(try judged("MEM-DRIFT", cut(gone, [0, 1, 2]), []).map(\.status) == [.notProven])
        let left = Self.lists([[Self.ann], [Self.ann], []])
        let last = try judged("MEM-DRIFT", cut(left, [2]), [])
        #expect(
            last.map(\.status) == [.notProven] && last[0].detail.contains("20 of 30 came")
                || last[0].detail.contains("changed behind")
        )
        // Two roles of one member are no change from one to the other.
        let twice = [Self.ann, Self.with(Self.ann) { ($0.memberID, $0.role) = ("m-2", "viewer") }]
        let came = Self.with(Self.ann) { ($0.memberID, $0.userID, $0.email) = ("m8", "u8", "u8@example.com") }
        let roles = try judged("MEM-DRIFT", Self.lists([twice, twice + [came], twice + [came]]), [])
        #expect(roles.filter { $0.subjectKey == "u1" }.allSatisfy { $0.status == .notProven })
    }

    @Test("MEM-UNKNOWN: of two members of one e-mail, who acts under it alone may be either")
    func twins() throws {
        let early = Self.at("2026-03-05T00:00:00Z")
        let twin = Self.with(Self.ann) { ($0.memberID, $0.userID) = ("member-twin", "u77") }
        let twins = Self.lists(Array(repeating: [Self.ann, twin], count: 3))
        let cases: [(id: String, status: Status)] = [
            ("u1", .pass), ("u77", .pass), ("", .notProven), ("u9", .notProven),
        ]
        for (id, status) in cases {
            var event = Self.event("database.created", early, id: "db", by: id)
            event.actorEmail = Self.ann.email ?? ""
            let found = try judged("MEM-UNKNOWN", twins, [event])
            #expect(found.map(\.status) == [status], "\(id): \(found.map(\.detail))")
        }
    }

    // MARK: KEY-DRIFT

    @Test("KEY-DRIFT: a listed key of the time covered has its event, and one that is not listed is not thereby gone")
    func keys() throws {
        let made = Self.at("2026-03-05T00:00:00Z")
        func key(_ change: (inout AccessKey) -> Void = { _ in }) -> AccessKey {
            var key = AccessKey(id: "k1", name: "deploy", createdAt: made)
            change(&key)
            return key
        }
        func created(_ id: String, _ name: String = "", at: Instant? = made) -> PlainEvent {
            Self.event("api_key.created", at, id: id, name: name)
        }
        let cases: [(String, [AccessKey], [PlainEvent], Set<Status>)] = [
            ("logged", [key()], [created("k1")], [.pass]), ("not logged", [key()], [], [.fail]),
            ("another logged", [key()], [created("k2")], [.fail, .notProven]),
            ("logged without a time", [key()], [created("k1", at: nil)], [.pass]),
            ("logged as clocks differ", [key()], [created("k1", at: made.adding(seconds: -300))], [.pass]),
            ("logged at another time", [key()], [created("k1", at: made.adding(seconds: -301))], [.notProven]),
            ("made again", [key()], [created("k1", at: made.adding(seconds: -900)), created("k1")], [.pass]),
            ("of before", [key { $0.createdAt = Self.at("2024-12-31T23:59:59Z") }], [], [.pass]),
            ("of the first second", [key { $0.createdAt = Self.at("2025-01-01T00:00:00Z") }], [], [.pass]),
            ("of the next", [key { $0.createdAt = Self.at("2025-01-01T00:00:01Z") }], [], [.fail]),
            ("of no time", [key { $0.createdAt = nil }], [], [.notProven]),
            ("without id", [key { $0.id = nil }], [], [.notProven]),
            ("not listed", [], [created("k1")], [.notProven]),
            ("made behind the list", [], [created("k1", at: Self.last.adding(seconds: -1))], [.notProven]),
            ("revoked", [], [created("k1"), Self.event("api_key.revoked", Self.middle, id: "k1")], [.pass]),
            ("logged by name", [key()], [created("", "deploy")], [.notProven]),
            ("logged by another name", [key()], [created("", "other")], [.fail, .notProven]),
        ]
        for (name, keys, events, status) in cases {
            let found = try judged("KEY-DRIFT", Self.lists([[], [], []], keys: keys), events)
            #expect(Set(found.map(\.status)) == status, "\(name): \(found.map(\.detail))")
        }
        let lists = Self.lists([[], [], []], keys: [key()])
        #expect(try judged("KEY-DRIFT", nil, []).map(\.status) == [.notApplicable])
        #expect(try judged("KEY-DRIFT", [lists[0]], [created("k1")]).allSatisfy { $0.status == .notProven })
        for change: (inout JudgedFacts) -> Void in [{ $0.damage = ["x"] }, { $0.isComplete = false }, { $0.log = nil }]
        {
            #expect(try judged("KEY-DRIFT", lists, [], change).allSatisfy { $0.status == .notProven })
            #expect(try judged("KEY-DRIFT", lists, [created("k1")], change).allSatisfy { $0.status == .notProven })
        }
        #expect(try judged("KEY-DRIFT", Self.lists([[], [], []], unreadable: 1), []).map(\.status) == [.notProven])
    }
}
