@testable import Analysis
import Evidence
import TestSupport
import Testing

/// Random logs of people who come, go, come again and act in between, judged by the tool and in the plainest way.
@Suite("Joins beside a plain re-implementation")
struct JoinPropertyTests {
    /// Somebody with an id and an e-mail, either of which events may leave out.
    private struct Person {
        var id: String
        var mail: String
    }

    private static let begin: Int64 = 1_767_225_600
    private static let end: Int64 = begin + 200 * 86_400

    private static func log(_ seed: UInt64) -> [PlainEvent] {
        var random = SplitMix(state: seed)
        let people = (1...5).map { Person(id: "u\($0)", mail: "p\($0)@example.com") }
        let count = Int.random(in: 10...60, using: &random)
        var events: [PlainEvent] = []
        // Whether somebody is told by id and e-mail, by one alone, or by the other.
        let habits = people.map { _ in Int.random(in: 0...4, using: &random) }
        for number in 0..<count {
            let who = Int.random(in: 0..<people.count, using: &random)
            var event = PlainEvent(id: "e\(Int.random(in: 100...999, using: &random))-\(number)")
            let day = Int64.random(in: 0...150, using: &random)
            event.seconds = Self.begin + day * 86_400 + [0, 1, 300, 600, 601].pick(&random)
            event.fraction = ["", "", ".5", ".000000001", ".500"].pick(&random)
            if Int.random(in: 0..<40, using: &random) == 0 { event.seconds = nil }
            let (person, habit) = (people[who], habits[who])
            event.actorID = habit == 1 ? "" : person.id
            event.actorEmail = habit == 2 ? "" : Bool.random(using: &random) ? person.mail : person.mail.uppercased()
            if habit == 1 { event.actorEmail = person.mail }
            if Int.random(in: 0..<30, using: &random) == 0 { (event.actorID, event.actorEmail) = ("", "") }
            event.address = ["", "192.0.2.1", "192.0.2.2", "192.0.2.3"].pick(&random)
            event.action = [
                "api_key.created", "api_key.created", "api_key.revoked", "member.removed", "member.removed",
                "member.invited", "database.deleted", "database.deleted", "database.created", "settings.updated",
            ].pick(&random)
            if event.action == "database.deleted", event.seconds != nil {
                // Two people delete in one hour, often at the border of ten minutes.
                let other = Int.random(in: 0...1, using: &random)
                event.actorID = habits[other] == 1 ? "" : people[other].id
                event.actorEmail = habits[other] == 2 ? "" : people[other].mail
                let second: Int64 = [0, 1, 300, 599, 600, 601, 900, 1200, 1201].pick(&random)
                event.seconds = Self.begin + 5 * 86_400 + second
            }
            switch event.action {
            case let action where action.hasPrefix("api_key"):
                event.resourceType = "api_key"
                event.resourceID = ["k1", "k2", "k3", "k4", "k5", ""].pick(&random)
                // A key that is made again under its id keeps its name; names of keys without an id are ids of others.
                let names = ["k1": "deploy", "k2": "k1", "k3": "deploy"]
                event.resourceName = names[event.resourceID] ?? ["deploy", "k1", "k4"].pick(&random)
                if ["k4", "k5"].contains(event.resourceID) { event.resourceName = "own name of \(event.resourceID)" }
            case let action where action.hasPrefix("member"):
                event.resourceType = "member"
                let other = people.pick(&random)
                let forms = [
                    (other.id, other.mail), (other.id, ""), ("", other.mail), (other.mail.uppercased(), ""),
                    ("m-7", other.mail), ("invite-1", "Somebody New"),
                ]
                (event.resourceID, event.resourceName) =
                    forms[Int.random(in: 0..<(number % 9 == 0 ? 6 : 5), using: &random)]
            default:
                event.resourceType = "database"
                event.resourceID = ["", "db1", "db2", "db3", "db4"].pick(&random)
                event.resourceName = "n\(Int.random(in: 1...3, using: &random))"
            }
            events.append(event)
        }
        return events
    }

    private func judge(_ events: [PlainEvent]) throws -> [Finding] {
        var facts = JudgedFacts(
            period: .all,
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(from: Instant(seconds: 0), to: Instant(seconds: Self.end)),
            anomalies: [],
            damage: [],
            segmentsChecked: 1,
            entries: 1
        )
        facts.asOf = Instant(seconds: Self.end)
        facts.policy.thresholds = ["DB-BURST": 3]
        facts.log = try watch(events, policy: facts.policy, period: .all)
        return Verdicts.judge(facts)
    }

    private func verdicts(_ control: String, _ findings: [Finding]) -> [String: Bool] {
        let found = findings.filter { $0.control == control && $0.status != .pass }
        let keyed = found.filter { !["API keys", "audit log", "removed members"].contains($0.subject) }
        return Dictionary(keyed.map { ($0.subjectKey, $0.status == .fail) }) { first, _ in first }
    }

    @Test("The logs hold what they are for: verdicts that are certain, and others that are not")
    func logsAreWorthIt() {
        var counts: [String: Int] = [:]
        for seed in UInt64(1)...100 {
            let naive = NaiveJoins(Self.log(seed))
            for (_, isCertain) in naive.orphans { counts["orphan \(isCertain)", default: 0] += 1 }
            for (_, isCertain) in naive.old(90, at: Self.end) { counts["old \(isCertain)", default: 0] += 1 }
            for (_, acts) in naive.ghosts { counts["ghost \(!acts.isEmpty)", default: 0] += 1 }
            counts["burst", default: 0] += naive.bursts(3).count
            counts["address true", default: 0] += naive.newAddresses.certain.count
            counts["address false", default: 0] += naive.newAddresses.doubtful.count
        }
        #expect(counts.count == 9 && counts.values.allSatisfy { $0 >= 10 }, "\(counts)")
    }

    @Test("The verdicts are those of the plain way", arguments: testSeeds(1...400))
    func sameVerdicts(_ seed: UInt64) throws {
        let events = Self.log(seed)
        let findings = try judge(events)
        let naive = NaiveJoins(events)
        #expect(verdicts("KEY-ORPHAN", findings) == naive.orphans, "seed \(seed)")
        #expect(verdicts("KEY-AGE", findings) == naive.old(90, at: Self.end), "seed \(seed)")
        let ghosts = Dictionary(
            uniqueKeysWithValues: naive.ghosts.map { key, acts in
                (key.hasPrefix("mail:") ? "\u{1}" + key : String(key.dropFirst(3)), !acts.isEmpty)
            }
        )
        #expect(verdicts("MEM-GHOST", findings) == ghosts, "seed \(seed)")
        let acts = Set(findings.filter { $0.control == "MEM-GHOST" && $0.status == .fail }.flatMap(\.eventIDs))
        #expect(acts.isSuperset(of: naive.ghosts.values.joined()), "seed \(seed)")
        let bursts = findings.filter { $0.control == "DB-BURST" && $0.status == .fail }
        let expected = naive.bursts(3)
        #expect(Set(bursts.flatMap(\.eventIDs)) == Set(expected.values.joined()), "seed \(seed)")
        #expect(bursts.count == expected.count, "seed \(seed)")
        for (status, ids) in [(Status.fail, naive.newAddresses.certain), (.notProven, naive.newAddresses.doubtful)] {
            let flagged = findings.filter {
                $0.control == "NEW-IP" && $0.status == status && $0.subject != "audit log"
            }
            #expect(Set(flagged.flatMap(\.eventIDs)) == ids, "seed \(seed)")
        }
    }
}
