import Analysis
import Evidence
import TestSupport
import Testing

/// An extract of the time before a period stands for all of it.
@Suite("Extracts of earlier segments")
struct HistoryExtractTests {
    private static let actions = [
        "api_key.created", "api_key.revoked", "member.removed", "settings.updated", "database.created",
        "database.deleted", "member.role_changed", "something.else", "",
    ]

    private static func events(_ seed: UInt64) -> [PlainEvent] {
        var random = SplitMix(state: seed)
        func pick(_ values: [String]) -> String { values.randomElement(using: &random) ?? "" }
        return (0..<400).map { number in
            PlainEvent(
                id: "evt-\(number)",
                seconds: number % 50 == 0 ? nil : 1_767_225_600 + Int64(number) * 9000,
                action: pick(actions),
                actorID: pick(["", "u1", "u2", "u3", "m1"]),
                actorEmail: pick(["", "a@x.org", "A@x.org", "b@x.org"]),
                resourceType: pick(["api_key", "member", ""]),
                resourceID: pick(["", "k1", "k2", "m1", "m2", "u2"]),
                resourceName: pick(["", "k1", "a@X.org", "c@x.org"]),
                address: "192.0.2.\(Int.random(in: 1...60, using: &random))"
            )
        }
    }

    @Test("A watch knows the same from the extract as from everything", arguments: UInt64(1)...20)
    func standsForAll(_ seed: UInt64) throws {
        let events = Self.events(seed)
        let period = try ReportingPeriod.parse("2026-02", zone: .utc, now: Instant(seconds: 1_800_000_000))
        for (since, kind) in [(nil, HistoryExtract.Kind.withoutResources), (period.range.from, .withResources)] {
            let all = try watch(events, policy: ControlPolicy(), period: period, since: since)
            let some = try watch(events, policy: ControlPolicy(), period: period, since: since, extract: kind)
            #expect(some.openKeys == all.openKeys)
            #expect(some.unmatchedRemovals == all.unmatchedRemovals)
            #expect(some.newAddresses == all.newAddresses)
            #expect(some.ownRoleChanges == all.ownRoleChanges)
            #expect(some.settingsEvents == all.settingsEvents)
            #expect(some.firstSeen == all.firstSeen)
            #expect(some.firstSeenCounts == all.firstSeenCounts)
            #expect(some.bursts == all.bursts)
            #expect(!all.newAddresses.isEmpty && !all.unmatchedRemovals.isEmpty)
        }
    }

    @Test(
        "The extract of extracts is the extract of everything, be the segments one behind the other or not",
        arguments: UInt64(1)...20
    )
    func ofExtracts(_ seed: UInt64) throws {
        let lines = inOrder(Self.events(seed)).map { line($0) }
        let behind = [Array(lines[..<150]), Array(lines[150..<170]), Array(lines[170...])]
        let mixed = (0..<3).map { part in lines.indices.filter { $0 % 3 == part }.map { lines[$0] } }
        for kind in HistoryExtract.Kind.allCases {
            let whole = try extract(kind, of: [lines])
            #expect(!whole.isEmpty && whole.count < lines.count)
            for parts in [behind, mixed] {
                let extracts = try parts.map { try extract(kind, of: [$0]) }
                #expect(try extract(kind, of: extracts) == whole)
            }
        }
    }

    @Test("A member who is removed twice and never acted is named twice")
    func unmatchedTwice() throws {
        let events = (1...2).map { number in
            PlainEvent(
                id: "e\(number)",
                seconds: Int64(number),
                action: "member.removed",
                actorID: "u1",
                resourceType: "member",
                resourceID: "m9"
            )
        }
        let period = try ReportingPeriod.parse(from: nil, to: nil, zone: .utc)
        let seen = try watch(events, policy: ControlPolicy(), period: period)
        #expect(seen.unmatchedRemovals.map(\.subject) == ["m9"])
        #expect(seen.unmatchedRemovals.map(\.eventIDs) == [["e1", "e2"]])
    }
}
