@testable import Analysis
import Evidence
import TestSupport
import Testing

/// Where the log does not say who, on what, which key or when, no verdict is certain: neither for nor against anybody.
@Suite("Joins that are not certain")
struct UncertainJoinTests {
    private static let begin = Instant(rfc3339: "2026-01-01T00:00:00Z")?.seconds ?? 0
    typealias Actor = (id: String, mail: String)
    typealias Thing = (type: String, id: String, name: String)
    private static let boss: Actor = ("user-0", "boss@example.com")
    private static let ann: Actor = ("u1", "a@example.com")
    private static let bob: Actor = ("u2", "b@example.com")
    private static let nobody: Actor = ("", "")
    private static let nothing: Thing = ("", "", "")

    /// An event so many minutes behind the begin of the year; its id tells them too.
    private static func event(
        _ action: String,
        by actor: Actor = boss,
        on thing: Thing = ("database", "db-1", "orders"),
        at minute: Int64?,
        from address: String = "192.0.2.1"
    ) -> PlainEvent {
        PlainEvent(
            id: "e\(minute.map(String.init) ?? "-undated")",
            seconds: minute.map { begin + $0 * 60 },
            action: action,
            actorID: actor.id,
            actorEmail: actor.mail,
            resourceType: thing.type,
            resourceID: thing.id,
            resourceName: thing.name,
            address: address
        )
    }

    private static func key(_ id: String, _ name: String) -> Thing { ("api_key", id, name) }
    private static func member(_ id: String, _ name: String) -> Thing { ("member", id, name) }

    /// What the log begins with: everybody acts.
    private static let known = [
        event("database.created", at: 1), event("database.created", by: ann, at: 2),
        event("database.created", by: bob, at: 3),
    ]

    private func findings(_ events: [PlainEvent], _ change: (inout JudgedFacts) -> Void = { _ in }) throws -> [Finding]
    {
        var facts = JudgedFacts(
            period: .all,
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(from: Instant(seconds: Self.begin), to: Instant(seconds: Self.begin + 300 * 86_400)),
            anomalies: [],
            damage: [],
            segmentsChecked: 1,
            entries: 1
        )
        facts.asOf = Instant(seconds: Self.begin + 300 * 86_400 + 300)
        facts.pulledAt = facts.asOf
        facts.organizationCreated = Instant(seconds: Self.begin)
        facts.log = try watch(events, policy: facts.policy, period: .all)
        change(&facts)
        return Verdicts.judge(facts)
    }

    private func verdicts(_ control: String, _ events: [PlainEvent]) throws -> [Status] {
        try findings(events).filter { $0.control == control }.map(\.status)
    }

    // MARK: By nobody, about nothing

    @Test("Events without an actor, a resource or an address are no pass of what would have judged them")
    func unmatched() throws {
        let deletions = (0..<40).map {
            Self.event("database.deleted", by: Self.nobody, on: ("database", "q\($0)", ""), at: 100 + $0)
        }
        var found = try findings(Self.known + deletions)
        let burst = found.first { $0.control == "DB-BURST" }
        #expect(burst?.status == .notProven && burst?.detail.contains("40 events") == true, "\(burst?.detail ?? "")")
        #expect(
            found.filter { ["KEY-ORPHAN", "MEM-GHOST", "MEM-SELF"].contains($0.control) }.allSatisfy {
                $0.status == .pass
            }
        )
        let cases: [(String, PlainEvent)] = [
            ("KEY-ORPHAN", Self.event("api_key.created", by: Self.nobody, on: Self.key("key-1", "ci"), at: 10)),
            (
                "MEM-SELF",
                Self.event("member.role_changed", by: Self.nobody, on: Self.member("u1", "a@example.com"), at: 10)
            ),
            ("MEM-SELF", Self.event("member.role_changed", by: Self.ann, on: Self.nothing, at: 10)),
            ("MEM-SELF", Self.event("member.role_changed", by: Self.ann, on: Self.member("m-1", "Ann"), at: 10)),
            ("NEW-IP", Self.event("member.invited", by: Self.ann, on: Self.member("n@x", "n@x"), at: 10, from: "")),
            ("NEW-IP", Self.event("settings.updated", by: Self.nobody, at: 10)),
        ]
        for (control, event) in cases {
            #expect(try verdicts(control, Self.known) == [.pass])
            #expect(try verdicts(control, Self.known + [event]) == [.notProven], "\(control) \(event.action)")
        }
        let removed = Self.event("member.removed", on: Self.member("u2", ""), at: 20)
        let act = Self.event("database.created", by: Self.nobody, at: 30)
        #expect(try verdicts("MEM-GHOST", Self.known + [removed]) == [.pass])
        #expect(try verdicts("MEM-GHOST", Self.known + [act, removed].reversed()) == [.notProven])
        #expect(try verdicts("MEM-GHOST", Self.known + [act]) == [.pass])
        found = try findings(Self.known + [Self.event("member.removed", on: Self.nothing, at: 20)])
        #expect(found.first { $0.control == "MEM-GHOST" }?.detail.contains("(no name)") == true)
    }

    // MARK: Keys

    /// Ann makes the first key and is removed; then comes the rest.
    private func orphan(_ first: Thing, _ rest: [PlainEvent]) throws -> [Status] {
        try verdicts(
            "KEY-ORPHAN",
            Self.known + [
                Self.event("api_key.created", by: Self.ann, on: first, at: 10),
                Self.event("member.removed", on: Self.member("u1", "a@example.com"), at: 20),
            ] + rest
        )
    }

    @Test("A revocation that does not say which key it is about closes none")
    func looseRevocations() throws {
        func made(_ thing: Thing) -> PlainEvent { Self.event("api_key.created", by: Self.bob, on: thing, at: 30) }
        func revoked(_ thing: Thing, _ at: Int64 = 40) -> PlainEvent {
            Self.event("api_key.revoked", on: thing, at: at)
        }
        let (ci, nameless) = (Self.key("", "ci"), Self.key("", ""))
        #expect(try orphan(ci, []) == [.fail])
        #expect(try orphan(ci, [revoked(ci)]) == [.pass])
        #expect(try orphan(ci, [made(ci), revoked(ci)]) == [.notProven])
        #expect(try orphan(ci, [made(ci), revoked(ci), revoked(ci, 50)]) == [.pass])
        #expect(try orphan(ci, [revoked(Self.key("key-9", "ci"))]) == [.notProven], "an id that was never created")
        #expect(try orphan(ci, [revoked(Self.key("key-9", "other"))]) == [.fail])
        #expect(try orphan(nameless, [made(nameless), revoked(nameless)]) == [.notProven])
        #expect(try orphan(nameless, []) == [.notProven])
        #expect(try orphan(Self.key("key-1", "ci"), [revoked(nameless)]) == [.notProven])
        #expect(try orphan(Self.key("key-1", "ci"), [revoked(ci)]) == [.notProven])
        #expect(try orphan(Self.key("key-1", "ci"), [revoked(ci), revoked(Self.key("key-1", ""), 50)]) == [.pass])
        #expect(try orphan(Self.key("ci", "production"), [made(ci), revoked(ci)]) == [.fail], "a name is no id")
        #expect(try orphan(ci, [made(Self.key("ci", "production")), revoked(Self.key("ci", ""))]) == [.fail])
    }

    // MARK: Who is who

    @Test("Whoever is known by an e-mail alone may be the removed member who has it")
    func mailOnly() throws {
        let removed = Self.event("member.removed", on: Self.member("u1", ""), at: 20)
        let made = Self.event("api_key.created", by: ("", "A@example.com"), on: Self.key("k", "n"), at: 30)
        #expect(try verdicts("MEM-GHOST", Self.known + [removed, made]) == [.notProven])
        #expect(try verdicts("KEY-ORPHAN", Self.known + [removed, made]) == [.notProven])
        let invited = Self.event("member.invited", on: Self.member("u1", ""), at: 25)
        #expect(try verdicts("MEM-GHOST", Self.known + [removed, invited, made]) == [.pass])
        #expect(try verdicts("KEY-ORPHAN", Self.known + [removed, invited, made]) == [.pass])
        // The e-mail becomes known as theirs only afterwards.
        let unknown = Self.known.filter { $0.actorID != "u1" } + [Self.event("database.created", by: ("u1", ""), at: 4)]
        let late = Self.event("database.created", by: Self.ann, at: 40)
        #expect(
            try findings(unknown + [removed, made, late]).contains {
                $0.control == "KEY-ORPHAN" && $0.status == .notProven
            }
        )
    }

    @Test("Own roles are matched by id, else by any e-mail that the log knows")
    func ownRole() throws {
        func changed(_ actor: Actor, _ thing: Thing) -> [PlainEvent] {
            Self.known + [Self.event("member.role_changed", by: actor, on: thing, at: 10)]
        }
        #expect(try verdicts("MEM-SELF", changed(("u1", ""), Self.member("A@example.com", ""))) == [.fail])
        #expect(try verdicts("MEM-SELF", changed(Self.ann, Self.member("u2", "a@example.com"))) == [.pass])
        #expect(try verdicts("MEM-SELF", changed(("", "b@example.com"), Self.member("u2", "Bob"))) == [.notProven])
        #expect(try verdicts("MEM-SELF", changed(("", "b@example.com"), Self.member("u1", "Ann"))) == [.pass])
        #expect(try verdicts("MEM-SELF", changed(("u1", ""), Self.member("x", "b@example.com"))) == [.pass])
        #expect(try verdicts("MEM-SELF", changed(Self.ann, Self.member("x", "other@example.com"))) == [.pass])
        let own = changed(Self.ann, Self.member("u1", ""))
        let renamed = own + [Self.event("database.created", by: ("u1", "new@example.com"), at: 50)]
        #expect(try findings(renamed).first { $0.control == "MEM-SELF" }?.subject == "new@example.com (u1)")
    }

    @Test("An e-mail that several had, or somebody had only later, accuses nobody for certain")
    func handedOn() throws {
        let info: Actor = ("u3", "info@example.com")
        let events = [
            Self.event("database.created", by: info, at: 10),
            Self.event("api_key.created", by: ("u3", "jane@example.com"), on: Self.key("k", "n"), at: 11),
            Self.event("member.invited", on: Self.member("invite-1", "info@example.com"), at: 12),
            Self.event("database.created", by: ("u4", "info@example.com"), at: 13),
            Self.event("member.removed", on: Self.member("member-4", "info@example.com"), at: 20),
            Self.event("database.created", by: ("u3", "jane@example.com"), at: 30),
        ]
        #expect(try verdicts("MEM-GHOST", Self.known + events) == [.notProven])
        #expect(try verdicts("KEY-ORPHAN", Self.known + events) == [.notProven])
        let takenOver = [
            Self.event("member.removed", on: Self.member("member-9", "info@example.com"), at: 20),
            Self.event("database.created", by: ("u1", "info@example.com"), at: 30),
        ]
        #expect(try !verdicts("MEM-GHOST", Self.known + takenOver).contains(.fail))
        // What removes by id stays certain.
        let byID = events + [Self.event("member.removed", on: Self.member("u3", ""), at: 40)]
        #expect(try verdicts("KEY-ORPHAN", Self.known + byID) == [.fail])
        // The invitation is that of the one who has the e-mail now.
        let cleared = [
            Self.event("database.created", by: info, at: 10),
            Self.event("member.removed", on: Self.member("u3", ""), at: 20),
            Self.event("member.invited", on: Self.member("invite-1", "info@example.com"), at: 30),
            Self.event("api_key.created", by: ("u3", ""), on: Self.key("k", "n"), at: 40),
        ]
        #expect(try verdicts("MEM-GHOST", Self.known + cleared) == [.pass])
        let successor = cleared + [Self.event("database.created", by: ("u4", "info@example.com"), at: 50)]
        #expect(try verdicts("MEM-GHOST", Self.known + successor) == [.notProven])
        #expect(try verdicts("KEY-ORPHAN", Self.known + successor) == [.notProven])
    }

    @Test("An invitation by an e-mail that is known as theirs only later may explain what they did")
    func lateInvitation() throws {
        let events = [
            Self.event("database.created", by: ("u5", ""), at: 10),
            Self.event("member.removed", on: Self.member("u5", ""), at: 20),
            Self.event("member.invited", on: Self.member("late@example.com", "late@example.com"), at: 30),
            Self.event("api_key.created", by: ("u5", ""), on: Self.key("k", "n"), at: 40),
            Self.event("database.created", by: ("u5", "late@example.com"), at: 50),
        ]
        #expect(try verdicts("MEM-GHOST", Self.known + events) == [.notProven])
        #expect(try verdicts("KEY-ORPHAN", Self.known + events) == [.notProven])
        let uninvited = events.filter { $0.action != "member.invited" }
        #expect(try verdicts("MEM-GHOST", Self.known + uninvited) == [.fail])
    }

    // MARK: Gaps, counts, keys of findings

    @Test("Across a span that no pull proves nobody is accused for certain, and the span is named")
    func acrossGaps() throws {
        let events =
            Self.known + [
                Self.event("api_key.created", by: Self.ann, on: Self.key("k", "n"), at: 10),
                Self.event("member.removed", on: Self.member("u1", ""), at: 20),
                Self.event("settings.updated", by: Self.ann, at: 5000, from: "192.0.2.9"),
            ]
        for control in ["MEM-GHOST", "KEY-ORPHAN", "KEY-AGE", "NEW-IP"] {
            #expect(try verdicts(control, events) == [.fail])
            let found = try findings(events) { $0.proven?.from = Instant(seconds: Self.begin + 4000 * 60) }
                .filter { $0.control == control }
            #expect(found.map(\.status) == [.notProven], "\(control)")
            #expect(found[0].detail.contains("to 2026-01-03 18:40 UTC"), "\(found[0].detail)")
            let imported = try findings(events) {
                $0.proven = nil
                $0.isComplete = nil
            }
            #expect(imported.filter { $0.control == control }.map(\.status) == [.fail], "\(control)")
        }
    }

    @Test("What may be one database is not two for certain")
    func databases() throws {
        func deleted(_ databases: [(id: String, name: String)]) throws -> [Status] {
            let events = databases.enumerated().map { number, database in
                var event = Self.event(
                    "database.deleted",
                    by: Self.ann,
                    on: ("database", database.id, database.name),
                    at: 10
                )
                event.id = "d\(number)"
                return event
            }
            return try verdicts("DB-BURST", Self.known + events)
        }
        let four = (1...4).map { (id: "q\($0)", name: "n\($0)") }
        #expect(try deleted(four) == [.pass])
        #expect(try deleted(four + [("", "")]) == [.notProven])
        #expect(try deleted(four + [("", "n2")]) == [.notProven])
        #expect(try deleted(four + [("", "n5")]) == [.fail])
        #expect(try deleted([("", "n5")] + four) == [.fail])
        #expect(try deleted([("", "n2")] + four) == [.notProven])
        #expect(try deleted(Array(four.dropLast()) + [("q4", ""), ("", "n5")]) == [.notProven], "q4 may be called n5")
    }

    @Test("An actor with an id, and one whose e-mail is the same text, keep findings of their own in every period")
    func keysOfFindings() throws {
        let byID = Self.event("member.role_changed", by: ("a@x", ""), on: Self.member("a@x", ""), at: 10)
        let byMail = Self.event("member.role_changed", by: ("", "a@x"), on: Self.member("", "a@x"), at: 20)
        let both = try findings([byID, byMail]).filter { $0.control == "MEM-SELF" }
        #expect(Set(both.map(\.id)).count == 2)
        for event in [byID, byMail] {
            let alone = try findings([event]).first { $0.control == "MEM-SELF" && $0.status == .fail }
            #expect(both.contains { $0.id == alone?.id && $0.eventIDs == alone?.eventIDs })
        }
        let deletions = [("a@x", ""), ("", "a@x")].enumerated().flatMap { number, actor in
            (0..<5).map { database in
                Self.event(
                    "database.deleted",
                    by: actor,
                    on: ("database", "q\(number)-\(database)", ""),
                    at: Int64(100 + 100 * number + database)
                )
            }
        }
        #expect(try verdicts("DB-BURST", deletions) == [.fail, .fail])
    }

    @Test("A waiver by a subject that several go by covers none of them; one by id does")
    func waivers() throws {
        let events =
            Self.known + [
                Self.event("api_key.created", by: Self.ann, on: Self.key("key-1", "ci"), at: 10),
                Self.event("api_key.created", by: Self.ann, on: Self.key("ci (key-1)", ""), at: 11),
                Self.event("member.removed", on: Self.member("u1", ""), at: 20),
            ]
        func judged(_ subject: String) throws -> [Finding] {
            let waiver = try Waiver(
                [
                    "control": "KEY-ORPHAN", "subject": subject, "reason": "r", "approver": "b",
                    "expires": "2027-01-01",
                ],
                source: "test"
            )
            return try findings(events) { $0.policy.waivers = [waiver] }
        }
        let found = try judged("ci (key-1)")
        let orphans = found.filter { $0.control == "KEY-ORPHAN" }
        #expect(orphans.map(\.status) == [.fail, .fail])
        let told = found.first { $0.control == "WAIVER-EXPIRED" }
        #expect(told?.status == .manual && orphans.allSatisfy { told?.detail.contains($0.id) == true })
        let waived = try judged(orphans[0].id)
        #expect(waived.filter { $0.control == "KEY-ORPHAN" }.map(\.status) == [.waived, .fail])
    }
}
