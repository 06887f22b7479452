@testable import Analysis
import Evidence
import TestSupport
import Testing

/// What follows from two events follows from their order: keys, removals, invitations, deletions, addresses.
@Suite("Joins respect time")
struct JoinTests {
    private static let begin = Instant(rfc3339: "2026-01-01T00:00:00Z")?.seconds ?? 0
    private static let boss = (id: "user-0", mail: "boss@example.com")
    private static let ann = (id: "user-1", mail: "ann@example.com")
    private static let key = (type: "api_key", id: "key-1", name: "deploy")

    /// An event so many hours behind the begin of the year; nil for one without a time.
    private static func event(
        _ id: String,
        _ action: String,
        by actor: (id: String, mail: String) = boss,
        on resource: (type: String, id: String, name: String) = ("database", "db-1", "orders"),
        hour: Int64?,
        fraction: String = "",
        from address: String = "192.0.2.1"
    ) -> PlainEvent {
        PlainEvent(
            id: id,
            seconds: hour.map { begin + $0 * 3600 },
            fraction: fraction,
            action: action,
            actorID: actor.id,
            actorEmail: actor.mail,
            resourceType: resource.type,
            resourceID: resource.id,
            resourceName: resource.name,
            address: address
        )
    }

    private static func member(
        _ id: String,
        _ action: String,
        _ member: (id: String, name: String) = ("user-1", "ann@example.com"),
        hour: Int64?
    ) -> PlainEvent {
        event(id, action, on: ("member", member.id, member.name), hour: hour)
    }

    private func findings(
        _ events: [PlainEvent],
        period: ReportingPeriod = .all,
        undated: UndatedEvents = UndatedEvents()
    )
        throws -> [Finding]
    {
        var facts = JudgedFacts(
            period: period,
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(
                from: Instant(seconds: Self.begin),
                to: Instant(seconds: Self.begin + 300 * 86_400)
            ),
            anomalies: [],
            damage: [],
            segmentsChecked: 1,
            entries: 1
        )
        facts.asOf = Instant(seconds: Self.begin + 300 * 86_400 + 300)
        facts.undated = undated
        facts.organizationCreated = Instant(seconds: Self.begin)
        facts.log = try watch(events, policy: ControlPolicy(), period: period)
        return Verdicts.judge(facts)
    }

    private func verdicts(_ control: String, _ events: [PlainEvent]) throws -> [Status] {
        try findings(events).filter { $0.control == control }.map(\.status)
    }

    // MARK: Keys

    @Test("A key made after somebody was invited again is not orphaned")
    func invitedAgain() throws {
        let events = [
            Self.event("e1", "database.created", by: Self.ann, hour: 1), Self.member("e2", "member.removed", hour: 2),
            Self.member("e3", "member.invited", hour: 3),
            Self.event("e4", "api_key.created", by: Self.ann, on: Self.key, hour: 4),
        ]
        #expect(try verdicts("KEY-ORPHAN", events) == [.pass])
        #expect(try verdicts("MEM-GHOST", events) == [.pass])
    }

    @Test(
        "A key made before the removal stays orphaned whoever is invited; a revocation clears it, one before does not"
    )
    func orphanStays() throws {
        let events = [
            Self.event("e1", "api_key.created", by: Self.ann, on: Self.key, hour: 1),
            Self.member("e2", "member.removed", hour: 2), Self.member("e3", "member.invited", hour: 3),
        ]
        #expect(try verdicts("KEY-ORPHAN", events) == [.fail])
        let early = Self.event("e0", "api_key.revoked", on: Self.key, hour: 0)
        #expect(try verdicts("KEY-ORPHAN", [early] + events) == [.fail])
        let late = Self.event("e4", "api_key.revoked", on: Self.key, hour: 4)
        #expect(try verdicts("KEY-ORPHAN", events + [late]) == [.pass])
        let again = Self.event("e5", "api_key.created", by: Self.boss, on: Self.key, hour: 5)
        #expect(try verdicts("KEY-ORPHAN", events + [late, again]) == [.pass])
        #expect(try verdicts("KEY-ORPHAN", events + [again]) == [.fail], "made again is not revoked")
    }

    @Test("A key made while removed is orphaned, and whoever made it acted behind their removal")
    func madeWhileRemoved() throws {
        let events = [
            Self.event("e1", "database.created", by: Self.ann, hour: 1), Self.member("e2", "member.removed", hour: 2),
            Self.event("e3", "api_key.created", by: Self.ann, on: Self.key, hour: 3),
        ]
        let found = try findings(events)
        let ghost = found.first { $0.control == "MEM-GHOST" }
        #expect(ghost?.status == .fail && ghost?.eventIDs == ["e2", "e3"] && ghost?.subjectKey == "user-1")
        let orphan = found.first { $0.control == "KEY-ORPHAN" }
        #expect(orphan?.status == .fail && orphan?.eventIDs == ["e3", "e2"])
        // An invitation by name alone matches nobody, and may have been theirs.
        let unknown = events + [Self.member("e25", "member.invited", ("", "Ann Smith"), hour: 2)]
        #expect(try verdicts("KEY-ORPHAN", unknown) == [.notProven])
        #expect(try verdicts("MEM-GHOST", unknown) == [.notProven])
    }

    @Test("Equal instants are told apart by the id")
    func ties() throws {
        func events(_ removal: String, _ creation: String) -> [PlainEvent] {
            [
                Self.event("a", "database.created", by: Self.ann, hour: 1),
                Self.member(removal, "member.removed", hour: 2),
                Self.event(creation, "api_key.created", by: Self.ann, on: Self.key, hour: 2),
                Self.member("z", "member.invited", hour: 2),
            ]
        }
        #expect(try verdicts("MEM-GHOST", events("b", "c")) == [.fail])
        #expect(try verdicts("MEM-GHOST", events("c", "b")) == [.pass])
        #expect(try verdicts("KEY-ORPHAN", events("c", "b")) == [.fail])
    }

    @Test("Actors of one e-mail and other ids are others; one without an id is known by e-mail whatever its case")
    func sameMail() throws {
        let other = (id: "user-9", mail: "ann@example.com")
        let events = [
            Self.event("e1", "database.created", by: Self.ann, hour: 1), Self.member("e2", "member.removed", hour: 2),
            Self.event("e3", "api_key.created", by: other, on: Self.key, hour: 3),
        ]
        #expect(try verdicts("KEY-ORPHAN", events) == [.pass])
        #expect(try verdicts("MEM-GHOST", events) == [.pass])
        var mailOnly = events
        (mailOnly[2].actorID, mailOnly[2].actorEmail) = ("", "ANN@Example.com")
        #expect(try verdicts("KEY-ORPHAN", mailOnly) == [.fail])
        #expect(try verdicts("MEM-GHOST", mailOnly) == [.fail])
    }

    @Test("What has no time neither accuses nor clears")
    func undated() throws {
        let acts = [Self.event("e1", "api_key.created", by: Self.ann, on: Self.key, hour: 5)]
        let removed = Self.member("u1", "member.removed", hour: nil)
        let later = try ReportingPeriod.parse("2026-01", zone: .utc, now: Instant(seconds: 0))
        for period in [.all, later] {
            let found = try findings(acts + [removed], period: period)
            #expect(found.filter { $0.control == "KEY-ORPHAN" }.map(\.status) == [.notProven])
            #expect(found.filter { $0.control == "MEM-GHOST" }.map(\.status) == [.notProven])
        }
        let orphaned = acts + [Self.member("e2", "member.removed", hour: 6)]
        #expect(try verdicts("KEY-ORPHAN", orphaned) == [.fail])
        let revoked = Self.event("u2", "api_key.revoked", on: Self.key, hour: nil)
        #expect(try verdicts("KEY-ORPHAN", orphaned + [revoked]) == [.notProven])
        #expect(try verdicts("KEY-AGE", acts + [revoked]) == [.notProven])
        #expect(try verdicts("KEY-AGE", acts) == [.fail])
        let undatedKey = [Self.event("u3", "api_key.created", by: Self.ann, on: Self.key, hour: nil)]
        let closed = [Self.event("e9", "api_key.revoked", on: Self.key, hour: 9)]
        #expect(try verdicts("KEY-AGE", undatedKey + closed) == [.notProven])
    }

    // MARK: Deletions

    @Test(
        "Ten minutes are ten minutes to the nanosecond, exactly ten are within",
        arguments: [("", Status.fail), (".000000001", .pass), (".9", .pass)]
    )
    func tenMinutes(fraction: String, expected: Status) throws {
        let seconds: [Int64] = [0, 100, 200, 300, 600]
        let events = seconds.enumerated().map { number, second in
            var event = Self.event("e\(number)", "database.deleted", on: ("database", "db-\(number)", ""), hour: 1)
            event.seconds = event.seconds.map { $0 + second }
            if number == 4 { event.fraction = fraction }
            return event
        }
        #expect(try verdicts("DB-BURST", events) == [expected])
    }

    @Test("Different databases count, however often each is deleted")
    func differentDatabases() throws {
        func deletions(_ databases: [(id: String, name: String)]) -> [PlainEvent] {
            databases.enumerated().map { number, database in
                Self.event("e\(number)", "database.deleted", on: ("database", database.id, database.name), hour: 1)
            }
        }
        #expect(try verdicts("DB-BURST", deletions((0..<9).map { ("db-\($0 % 4)", "") })) == [.pass])
        let found = try findings(deletions((0..<7).map { ("db-\($0 % 5)", "") })).first { $0.control == "DB-BURST" }
        #expect(found?.status == .fail && found?.eventIDs.count == 7)
        #expect(found?.detail.contains("5 databases by 7 deletions") == true, "\(found?.detail ?? "")")
        #expect(try verdicts("DB-BURST", deletions((0..<5).map { ("", "name \($0)") })) == [.fail])
        // Names that Unicode calls equivalent are two.
        let spelled = [("", "café"), ("", "cafe\u{301}"), ("", "a"), ("", "b"), ("", "c")]
        #expect(try verdicts("DB-BURST", deletions(spelled)) == [.fail])
        // What is not named may be one database or many.
        #expect(try verdicts("DB-BURST", deletions((0..<6).map { _ in ("", "") })) == [.notProven])
    }

    @Test("A burst that begins before the period is told in the one in which it ends")
    func burstAcrossTheBegin() throws {
        let period = try ReportingPeriod.parse("2026-02", zone: .utc, now: Instant(seconds: 0))
        let events = (0..<6).map { number in
            var event = Self.event(
                "e\(number)",
                "database.deleted",
                on: ("database", "db-\(number)", ""),
                hour: 31 * 24
            )
            event.seconds = event.seconds.map { $0 - 3 * 60 + Int64(number) * 60 }
            return event
        }
        let found = try findings(events, period: period).first { $0.control == "DB-BURST" }
        #expect(found?.status == .fail && found?.eventIDs.count == 6)
        #expect(try findings(events, period: period).first { $0.control == "DB-DELETE" }?.eventIDs.count == 3)
    }

    // MARK: Bytes

    @Test("Two people whose names Unicode calls equivalent are two, and have findings with ids of their own")
    func spellings() throws {
        let people = [(id: "caf\u{e9}", mail: ""), (id: "cafe\u{301}", mail: "")]
        let events = people.enumerated().map { number, person in
            Self.event("e\(number)", "member.role_changed", by: person, on: ("member", person.id, ""), hour: 1)
        }
        let found = try findings(events).filter { $0.control == "MEM-SELF" }
        #expect(found.map(\.status) == [.fail, .fail])
        #expect(Set(found.map(\.id)).count == 2)
        #expect(found.map(\.eventIDs) == [["e1"], ["e0"]])
        let same = [("user-1", "x@example.com"), ("user-2", "x@example.com")].enumerated().map { number, person in
            Self.event("e\(number)", "member.role_changed", by: person, on: ("member", person.0, ""), hour: 1)
        }
        #expect(try findings(same).count { $0.control == "MEM-SELF" } == 2)
    }

    @Test("A finding keeps its id when what its subject is called changes")
    func stableIDs() throws {
        let events = ["ann@example.com", "ann.new@example.com"].map { mail in
            Self.event("e1", "member.role_changed", by: ("user-1", mail), on: ("member", "user-1", ""), hour: 1)
        }
        let found = try events.map { try findings([$0]).first { $0.control == "MEM-SELF" } }
        #expect(found[0]?.subject != found[1]?.subject)
        #expect(found[0]?.id == found[1]?.id)
        // printf 'MEM-SELF\0user-1' | sha256sum
        #expect(found[0]?.id == "f-" + Digest.sha256(Array("MEM-SELF\0user-1".utf8)).prefix(12))
    }
}
