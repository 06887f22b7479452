import Evidence
import TestSupport
import Testing

@testable import Analysis

/// Logs and lists that somebody fills on purpose.
///
/// What would be looked at for each of thousands is looked up instead. A test
/// would take many minutes where anything compared all of one kind with all of another.
@Suite("Thousands that meet thousands")
struct ManyEventsTests {
    private static let count = 20_000
    private static let begin = Instant(rfc3339: "2026-03-01T00:00:00Z") ?? Instant(seconds: 0)
    private static let end = Instant(rfc3339: "2026-03-31T23:00:00Z") ?? Instant(seconds: 0)

    private static func at(_ place: Int) -> Instant { begin.adding(seconds: Int64(3600 + place)) }

    private static func event(
        _ kind: AccessTrail.Kind,
        _ place: Int,
        id: String = "",
        name: String = "",
        by: Int? = nil
    )
        -> AccessTrail.Event
    {
        AccessTrail.Event(kind: kind, event: "\(kind)-\(place)", at: at(place), id: id, name: name, by: by)
    }

    private static func member(_ place: Int, role: String = "viewer", mail: String? = nil) -> AccessMember {
        AccessMember(
            memberID: "m-\(place)",
            userID: "user-\(place)",
            email: mail ?? "a\(place)@example.com",
            role: role
        )
    }

    private static func actor(_ id: String, mail: String) -> AccessTrail.Actor {
        var actor = AccessTrail.Actor(id: id, mails: [ExactText(mail)], mail: mail, count: 1, events: ["act"])
        (actor.firstAt, actor.lastAt) = (at(7), at(7))
        actor.acts = [AccessTrail.Act(event: "act", at: at(7), acts: .building)]
        actor.did = .building
        return actor
    }

    private static func judged(
        _ control: String,
        _ lists: [[AccessMember]],
        invitations: [AccessInvitation] = [],
        keys: [AccessKey] = [],
        actors: [AccessTrail.Actor] = [],
        events: [AccessTrail.Event] = [],
        _ change: (inout WatchedLog) -> Void = { _ in }
    ) throws -> [Finding] {
        let span = end.seconds - begin.seconds
        let facts = try AccessControlTests.facts(
            lists.enumerated().map { place, members in
                AccessLists(
                    servedAt: begin.adding(seconds: span * Int64(place) / Int64(max(1, lists.count - 1))),
                    members: .read(members, unreadable: 0),
                    invitations: .read(invitations, unreadable: 0),
                    keys: .read(keys, unreadable: 0)
                )
            }
        ) { facts in
            var trail = AccessTrail()
            (trail.actors, trail.events) = (actors, events)
            facts.log?.access = trail
            facts.log.map { log in
                var log = log
                change(&log)
                facts.log = log
            }
        }
        let judged = try #require(ControlCatalogue.control(control))
        let judge = try #require(ControlLogic.judge(judged))
        return judge(judged, facts.joined)
    }

    // MARK: Lists of members beside the log

    @Test("Strangers, removals of people nobody knows")
    func strangers() throws {
        let found = try Self.judged(
            "MEM-UNKNOWN",
            [[Self.member(0)], [Self.member(0)]],
            actors: (0..<Self.count).map { Self.actor("s-\($0)", mail: "s\($0)@else.where") },
            events: (0..<Self.count).map { Self.event(.removed, $0, id: "00ff\($0)", name: "nobody \($0)") }
        )
        #expect(found.count == Self.count && found.allSatisfy { $0.status == .notProven })
        #expect(found.first?.detail.contains("20,000") == true)
    }

    @Test("Actors, members and removals of one e-mail")
    func oneMail() throws {
        let members = (0..<Self.count).map { Self.member($0, mail: "same@example.com") }
        let actors = (0..<Self.count).map { Self.actor("s-\($0)", mail: "same@example.com") }
        let events = (0..<Self.count).map { Self.event(.removed, $0, id: "00ff\($0)", name: "same@example.com") }
        for control in ["MEM-UNKNOWN", "ROLE-BREACH"] {
            let found = try Self.judged(control, [members, members], actors: actors, events: events)
            #expect(found.count == Self.count && found.allSatisfy { $0.status == .notProven }, "\(control)")
        }
        let nameless = (0..<Self.count).map { AccessMember(email: "same@example.com", name: "n\($0)") }
        #expect(try Self.judged("MEM-DRIFT", [nameless, nameless + [Self.member(1)]]).count == 2 * Self.count + 1)
    }

    @Test("Acts that roles do not allow, changes of role of people nobody knows")
    func breaches() throws {
        let members = (0..<Self.count).map { Self.member($0) }
        let found = try Self.judged(
            "ROLE-BREACH",
            [members, members],
            actors: (0..<Self.count).map { Self.actor("user-\($0)", mail: "a\($0)@example.com") },
            events: (0..<Self.count).map { Self.event(.roleChanged, $0, id: "00ff\($0)", name: "nobody \($0)") }
        )
        #expect(found.count == Self.count && found.allSatisfy { $0.status == .notProven })
    }

    @Test("Members who left, or have another role, and events about anybody")
    func drift() throws {
        let members = (0..<Self.count).map { Self.member($0) }
        let removals = (0..<Self.count).map { Self.event(.removed, $0, id: "00ff\($0)", name: "nobody \($0)") }
        let left = try Self.judged("MEM-DRIFT", [members, [Self.member(0)]], events: removals)
        #expect(left.count == Self.count - 1 && left.allSatisfy { $0.status == .notProven })
        // As many are counted, and the first ones named.
        #expect(left.allSatisfy { $0.detail.contains("20,000") && $0.eventIDs.count == ExplainingEvents.mostNamed })
        #expect(left.first?.eventIDs.first == removals[0].event)
        let changed = (0..<Self.count).map { Self.member($0, role: "developer") }
        let own = (0..<Self.count).map { Self.event(.invited, $0, id: "user-\($0)") }
        #expect(try Self.judged("MEM-DRIFT", [members, changed], events: own).count == Self.count)
    }

    @Test("List after list, invitations that match nobody")
    func pairs() throws {
        let lists = (0..<2_000).map { place in (0...place % 2).map { Self.member($0) } }
        let found = try Self.judged(
            "MEM-DRIFT",
            lists,
            invitations: (0..<2_000).map { AccessInvitation(id: "i\($0)", email: "i\($0)@example.com") },
            actors: (0..<Self.count).map { Self.actor("s-\($0)", mail: "s\($0)@else.where") },
            events: (0..<Self.count).map { Self.event(.invited, $0, name: "q\($0)@else.where") }
        )
        #expect(found.count == 1_999)
    }

    // MARK: Keys

    private static let keys = (0..<count).map { AccessKey(id: "k\($0)", name: "key", createdAt: begin) }

    @Test("Keys that outlive their revocation, and whoever made them")
    func outliving() throws {
        let made = (0..<Self.count).map { Self.event(.keyCreated, $0, id: "k\($0)", by: $0) }
        let revoked = (0..<Self.count).map { Self.event(.keyRevoked, $0 + 30_000, id: "k\($0)", by: 0) }
        let removed = (0..<Self.count).map { Self.event(.removed, $0 + 60_000, id: "user-\($0)", by: 0) }
        let found = try Self.judged(
            "KEY-ORPHAN",
            [[], []],
            keys: Self.keys,
            actors: (0..<Self.count).map { Self.actor("user-\($0)", mail: "same@example.com") },
            events: made + revoked + removed
        )
        #expect(found.count == Self.count)
        #expect(found.first?.eventIDs == [made[0].event, removed[0].event])
    }

    @Test("Listed keys, and keys of the log that nothing names")
    func unnamed() throws {
        let made = (0..<Self.count).map { Self.event(.keyCreated, $0, name: ["", "key", "other"][$0 % 3]) }
        let found = try Self.judged(
            "KEY-DRIFT",
            [[], []],
            keys: Self.keys.map { key in
                var key = key
                key.createdAt = Self.at(1)
                return key
            },
            events: made
        )
        #expect(found.count == Self.count)
        let possible = made.filter { $0.name != "other" }
        #expect(found.allSatisfy { $0.detail.contains("13,334") })
        #expect(found.first?.eventIDs == possible.prefix(UnnamedKeys.mostNamed).map(\.event))
    }

    @Test("Somebody who was invited again and again, and acts behind their removal")
    func returned() throws {
        let ghost = WatchedLog.Ghost(
            subject: "ann",
            key: "user-1",
            removals: ["gone"],
            acts: (0..<Self.count).map { place in
                .init(event: "a\(place)", span: InstantRange(from: Self.at(0), to: Self.at(place + 1)))
            }
        )
        let found = try Self.judged(
            "MEM-GHOST",
            [[], []],
            invitations: (0..<Self.count).map { place in
                AccessInvitation(
                    id: "i\(place)",
                    email: "ann@example.com",
                    createdAt: Self.begin.adding(seconds: -Int64(place))
                )
            },
            actors: [Self.actor("user-1", mail: "ann@example.com")]
        ) { $0.ghosts = [ghost] }
        #expect(found.map(\.status) == [.fail])
        #expect(found.first?.eventIDs.count == Self.count + 1)
    }

    @Test("Findings whose subjects nothing tells apart")
    func alike() throws {
        let facts = try AccessControlTests.facts([
            AccessLists(
                servedAt: Self.end,
                members: .read([], unreadable: 0),
                keys: .read(
                    (0..<Self.count).map { AccessKey(name: "n\($0)", prefix: "p", expiresAt: .never) },
                    unreadable: 0
                )
            )
        ])
        let found = Verdicts.judge(facts).filter { $0.control == "KEY-EXPIRY" }
        #expect(Set(found.map(\.id)).count == Self.count)
    }

    // MARK: Turnover

    @Test("Thousands who left and acted, and thousands who came back with other roles than they were invited with")
    func turnover() throws {
        let old = (0..<Self.count).map { Self.member($0) }
        let new = (0..<Self.count).map { place in
            var member = Self.member(Self.count + place)
            member.joinedAt = Self.at(Self.count)
            return member
        }
        let invitations = (old + new).map { AccessInvitation(email: $0.email, role: "editor") }
        let events = new.enumerated().flatMap { place, member in
            [.invited, .removed].map { Self.event($0, place, id: member.userID ?? "") }
        }
        let drift = try Self.judged("MEM-DRIFT", [old, new, new], invitations: invitations, events: events)
        #expect(drift.count == 2 * Self.count)
        let actors = old.map { member in
            var actor = Self.actor(member.userID ?? "", mail: member.email ?? "")
            (actor.firstAt, actor.lastAt) = (Self.at(7), Self.end.adding(seconds: -60))
            return actor
        }
        for control in ["MEM-UNKNOWN", "ROLE-BREACH"] {
            let found = try Self.judged(
                control,
                [old, new, new],
                invitations: invitations,
                actors: actors,
                events: events
            )
            #expect(found.count == Self.count, "\(control)")
        }
    }

    // MARK: Settings

    @Test("Settings that differ at once, and events between")
    func settings() {
        let events = (0..<Self.count).map {
            WatchedLog.SettingsEvent(event: "e\($0)", at: Self.at($0), actor: "ann")
        }
        func difference(_ place: Int, to: Instant) -> SettingsDrift.Difference {
            .init(kind: "setting", field: "f\(place)", before: "1", after: "2", from: Self.at(10), to: to)
        }
        let last = Self.at(Self.count - 11)
        let outside = events.prefix(10) + events.suffix(10)
        // Where there are fewer differences than events between, any of these may be the one that is left over.
        for (each, unexplained) in [(1_000, Array(outside)), (2, events)] {
            let drift = SettingsDrift(
                snapshots: [Self.begin, Self.end],
                differences: (0..<Self.count).map { difference($0, to: $0 % each == 0 ? Self.at(15) : last) },
                events: events
            )
            let short = Self.count / each
            #expect(
                drift.differences.map(\.events.count).reduce(0, +)
                    == (Self.count - short) * (Self.count - 20) + short * 6
            )
            let isSo = drift.unexplained.map(\.event) == unexplained.map(\.event)
            #expect(isSo, "\(each): \(drift.unexplained.count)")
        }
    }
}
