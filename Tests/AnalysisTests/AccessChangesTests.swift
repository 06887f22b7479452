import Evidence
import Testing

@testable import Analysis

/// What changed in who has access from one time to another.
@Suite struct AccessChangesTests {
    private static func at(_ day: Int) -> Instant { Instant(seconds: 1_774_000_000 + Int64(day) * 86_400) }

    private static func member(_ id: String, _ role: String) -> AccessMember {
        AccessMember(memberID: "m-\(id)", userID: id, email: "\(id)@example.com", role: role)
    }

    private static func lists(
        _ day: Int,
        members: AccessLists.List<AccessMember> = .notAsked,
        invitations: [AccessInvitation] = [],
        keys: [AccessKey] = []
    ) -> AccessLists {
        AccessLists(
            servedAt: at(day),
            members: members,
            invitations: .read(invitations, unreadable: 0),
            keys: .read(keys, unreadable: 0)
        )
    }

    private static func trail(_ events: [(AccessTrail.Kind, Int, String)]) -> AccessTrail {
        var trail = AccessTrail()
        trail.actors = [AccessTrail.Actor(id: "u-admin", mail: "admin@example.com")]
        trail.events = events.map { kind, day, id in
            AccessTrail.Event(kind: kind, event: "e-\(kind)-\(day)-\(id)", at: at(day), id: id, name: "", by: 0)
        }
        return trail
    }

    private static func shown(_ changes: AccessChanges) -> [String] {
        changes.changes.map { change in
            let day = change.at.map { " on \(($0.seconds - 1_774_000_000) / 86_400) by \(change.actor ?? "?")" } ?? ""
            return "\(change.kind.rawValue) \(change.subject): \(change.what)\(day)"
        }
    }

    @Test func listsAndEventsAreToldTogether() {
        let before = Self.lists(
            1,
            members: .read(["ann", "bob", "cid"].map { Self.member($0, "viewer") }, unreadable: 0),
            invitations: [AccessInvitation(id: "i1", email: "dee@example.com", status: "pending")],
            keys: [AccessKey(id: "k1"), AccessKey(id: "k2"), AccessKey(id: "k3")]
        )
        let after = Self.lists(
            9,
            members: .read(
                [Self.member("ann", "admin"), Self.member("cid", "owner"), Self.member("dee", "viewer")],
                unreadable: 0
            ),
            invitations: [AccessInvitation(id: "i2", email: "eve@example.com", status: "pending")],
            keys: [AccessKey(id: "k3"), AccessKey(id: "k4"), AccessKey(id: "k5")]
        )
        let changes = AccessChanges(
            [before, after],
            Self.trail([
                (.keyCreated, 1, "k0"), (.roleChanged, 3, "ann"), (.removed, 4, "bob"), (.removed, 5, "zoe"),
                (.keyRevoked, 6, "k1"), (.keyCreated, 7, "k4"), (.keyRevoked, 12, "k3"),
            ]),
            since: Self.at(2),
            end: Self.at(10)
        )
        #expect(changes.byEventsAlone.isEmpty)
        #expect(
            Self.shown(changes) == [
                #"member ann@example.com: role(from: "viewer", to: "admin") on 3 by admin@example.com"#,
                #"member bob@example.com: left(role: "viewer") on 4 by admin@example.com"#,
                #"member cid@example.com: role(from: "viewer", to: "owner")"#,
                #"member dee@example.com: came(role: "viewer")"#,
                "member zoe: said(Analysis.AccessTrail.Kind.removed) on 5 by admin@example.com",
                "invitation dee@example.com: unlisted", "invitation eve@example.com: listed",
                "api key k2: unlisted", "api key k5: listed",
                "api key k1: said(Analysis.AccessTrail.Kind.keyRevoked) on 6 by admin@example.com",
                "api key k4: said(Analysis.AccessTrail.Kind.keyCreated) on 7 by admin@example.com",
            ]
        )
    }

    @Test func withoutAListOfBothTimesEventsAloneTell() {
        let list = Self.lists(9, members: .read([Self.member("ann", "admin")], unreadable: 0))
        let events: [(AccessTrail.Kind, Int, String)] = [(.removed, 4, "bob"), (.removed, 1, "old")]
        let later = AccessChanges([list], Self.trail(events), since: Self.at(2), end: Self.at(10))
        #expect(later.byEventsAlone == [.member, .invitation, .key])
        #expect(
            Self.shown(later) == ["member bob: said(Analysis.AccessTrail.Kind.removed) on 4 by admin@example.com"]
        )
        // The service did not give the list when it was asked last: what changed since is not known.
        let lost = AccessChanges(
            [list, Self.lists(11, members: .unavailable("403"))],
            Self.trail([]),
            since: Self.at(10),
            end: Self.at(12)
        )
        #expect(lost.byEventsAlone == [.member] && lost.changes.isEmpty)
        // The same list stands for both times.
        let same = AccessChanges([list], Self.trail([]), since: Self.at(10), end: Self.at(12))
        #expect(same.byEventsAlone.isEmpty && same.changes.isEmpty)
    }
}
