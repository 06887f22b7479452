import Evidence
import TestSupport
import Testing

@testable import Analysis

/// What is looked up by name and time, beside what plain loops over all events say.
@Suite("Events that are looked up")
struct EventLookupTests {
    private static let ids = ["", "user-1", "user-2", "m-1", "00ab", "a@x.io", "B@x.io", "bob"]
    private static let mails = ["a@x.io", "b@x.io", "bob", "c@x.io"]

    private static func events(_ chance: inout SplitMix) -> [AccessTrail.Event] {
        (0..<12).map { place in
            AccessTrail.Event(
                kind: [AccessTrail.Kind.invited, .removed, .roleChanged].pick(&chance),
                event: "e\(place)",
                at: Int.random(in: 0..<4, using: &chance) == 0 ? nil : Instant(seconds: Int64(place / 2)),
                id: ids.pick(&chance),
                name: (ids + ["Nobody"]).pick(&chance)
            )
        }
    }

    private static func actor(_ chance: inout SplitMix) -> AccessTrail.Actor {
        let own = mails.filter { _ in Bool.random(using: &chance) }.map { ExactText($0) }
        return AccessTrail.Actor(id: ids.pick(&chance), mails: Set(own))
    }

    @Test("Names, times, loose events and removals are those that plain loops find", arguments: testSeeds(1...300))
    func lookups(_ seed: UInt64) {
        var chance = SplitMix(state: seed)
        let (events, actor) = (Self.events(&chance), Self.actor(&chance))
        let named = events.indices.filter { events[$0].names(ids: [actor.id], mails: actor.mails) }
        let byName = EventsByName(events, [Int]()) { $1.append($0) }
        #expect(byName.places(ids: [actor.id], mails: actor.mails) == named, "seed \(seed)")

        var (loose, times) = (LooseEvents(), EventTimes())
        for event in events.shuffled(using: &chance) {
            loose.add(event)
            times.add(event.at)
        }
        let kinds = AccessTrail.Event.kinds(of: [actor.id])
        for from in Int64(-1)..<6 {
            func isNear(_ event: AccessTrail.Event) -> Bool {
                event.at.map { (from...from + 2).contains($0.seconds) } ?? true
            }
            #expect(times.count(from: from, to: from + 2) == events.count(where: isNear), "seed \(seed)")
            let possible = events.count { isNear($0) && !$0.isOther(than: kinds, hasMail: !actor.mails.isEmpty) }
            let found = loose.count(kinds, hasMail: !actor.mails.isEmpty) { $0.count(from: from, to: from + 2) }
            #expect(found == possible, "seed \(seed)")
        }

        var trail = AccessTrail()
        (trail.events, trail.actors) = (events, [actor])
        let removals = RemovalsAround(trail)
        for place in events.indices {
            let own = named.filter { events[$0].kind != .roleChanged }
            let before = own.last { $0 < place }.flatMap { events[$0].kind == .removed ? events[$0] : nil }
            let plain = own.last { $0 >= place && events[$0].kind == .removed }.map { events[$0] } ?? before
            #expect(removals.removal(of: actor, around: place) == plain, "seed \(seed)")
        }
        counts(events, actor, trail, "seed \(seed)")
    }

    private func counts(
        _ events: [AccessTrail.Event],
        _ actor: AccessTrail.Actor,
        _ trail: AccessTrail,
        _ seed: Comment
    ) {
        let removed = events.filter { $0.kind == .removed }
        let removals = Removals(trail, ListsInTime([]))
        let isCertain = removed.contains { event in
            (!event.id.isEmpty && event.id == actor.id)
                || ((event.id.isEmpty || event.id.isWrittenAsMail) && event.names(ids: [], mails: actor.mails))
        }
        #expect(removals.areCertainlyAbout(actor) == isCertain, seed)
        guard !isCertain else { return }
        let kinds = AccessTrail.Event.kinds(of: [actor.id])
        let perhaps = removed.count { event in
            event.names(ids: [actor.id], mails: actor.mails)
                || !event.isOther(than: kinds, hasMail: !actor.mails.isEmpty)
        }
        #expect(removals.count(perhapsAbout: actor) == perhaps, seed)
    }
}
