import Evidence
import TestSupport
import Testing

@testable import Analysis

/// Random histories of organizations, of which some events never reach the log, judged by the tool and in the plainest way.
@Suite("Lists beside a plain re-implementation")
struct AccessPropertyTests {
    /// A finding that is no pass, as both ways say it.
    struct Said: Hashable, Comparable {
        var control: String
        var subject: String
        var status: Status

        static func < (left: Said, right: Said) -> Bool { "\(left)" < "\(right)" }
    }

    static let begin = Instant(rfc3339: "2026-03-01T00:00:00Z")?.seconds ?? 0
    static let end = Instant(rfc3339: "2026-04-01T00:00:00Z")?.seconds ?? 0

    /// What happened, what of it the log tells, and the lists that were read.
    struct History {
        var members: [String: String] = [:]
        var keys: [String: AccessKey] = [:]
        var events: [PlainEvent] = []
        var lists: [(at: Int64, members: [String: String], keys: [String: AccessKey])] = []

        static func mail(_ id: String) -> String { "\(id)@example.com" }

        mutating func tell(_ action: String, _ at: Int64, _ id: String, by actor: String, _ random: inout SplitMix) {
            var event = PlainEvent(id: "e\(events.count)-\(at)")
            event.seconds = at
            (event.action, event.actorID, event.actorEmail) = (action, actor, Self.mail(actor))
            event.resourceType = action.hasPrefix("member") ? "member" : "thing"
            switch action.hasPrefix("member") ? Int.random(in: 0...2, using: &random) : 0 {
            case 1: event.resourceID = Self.mail(id).uppercased()
            case 2: event.resourceName = Self.mail(id)
            default: event.resourceID = id
            }
            events.append(event)
        }

        mutating func step(_ at: Int64, _ random: inout SplitMix) {
            let isTold = Int.random(in: 0..<8, using: &random) > 0
            let id = "u\(Int.random(in: 1...6, using: &random))"
            let key = "k\(Int.random(in: 1...9, using: &random))"
            let role = ["owner", "admin", "developer", "viewer", "pilot"].pick(&random)
            var action: (String, String)?
            switch Int.random(in: 0...7, using: &random) {
            case 0,
                1 where members[id] == nil:
                members[id] = role
                action = ("member.invited", id)
            case 2 where members[id] != nil:
                members[id] = nil
                action = ("member.removed", id)
            case 3 where members[id] != nil && members[id] != role:
                members[id] = role
                action = ("member.role_changed", id)
            case 4 where keys[key] == nil:
                keys[key] = Self.key(key, at, &random)
                action = ("api_key.created", key)
            case 5 where keys[key] != nil:
                keys[key] = nil
                action = ("api_key.revoked", key)
            case 6:
                let stranger = "x\(Int.random(in: 1...3, using: &random))"
                if Int.random(in: 0..<4, using: &random) == 0 {
                    tell("database.created", at, "db", by: stranger, &random)
                }
            default: if members[id] != nil { tell("database.created", at, "db", by: id, &random) }
            }
            guard let action, isTold else { return }
            // Somebody who may not do it did, now and then.
            let others = members.keys.filter { $0 != id && $0 != "boss" }.sorted()
            let isBoss = others.isEmpty || Int.random(in: 0..<4, using: &random) > 0
            tell(action.0, at, action.1, by: isBoss ? "boss" : others.pick(&random), &random)
        }

        /// A key with an end, a use and scopes as a list may tell them.
        private static func key(_ id: String, _ at: Int64, _ random: inout SplitMix) -> AccessKey {
            func time(_ days: ClosedRange<Int64>) -> AccessKey.Time {
                switch Int.random(in: 0..<4, using: &random) {
                case 0: .never
                case 1: .unknown
                default: .at(Instant(seconds: at + Int64.random(in: days, using: &random) * 86_400))
                }
            }
            let scopes: [[String]?] = [
                nil, [], ["databases:read"], ["read", "keys:Read"], ["databases:write", "read"],
            ]
            return AccessKey(
                id: id,
                scopes: scopes.pick(&random),
                createdAt: Instant(seconds: at),
                lastUsedAt: time(0...20),
                expiresAt: time(3...60)
            )
        }

        mutating func list(_ at: Int64) { lists.append((at, members, keys)) }
    }

    private static func history(_ seed: UInt64) -> History {
        var random = SplitMix(state: seed)
        var history = History(members: ["boss": "owner"])
        var at = Self.begin - 40 * 86_400
        var isBegun = false
        while at < Self.end {
            if at >= Self.begin, !isBegun {
                history.list(Self.begin)
                isBegun = true
            }
            history.step(at, &random)
            // Some lists are read in the second of an event, behind it.
            if isBegun, Int.random(in: 0..<6, using: &random) == 0, history.lists.last?.at != at { history.list(at) }
            at += Int64.random(in: 1...200_000, using: &random)
        }
        if Int.random(in: 0..<4, using: &random) > 0 { history.list(Self.end) }
        return history
    }

    // MARK: The plain way

    private static func plain(_ history: History) -> [Said] {
        func isAbout(_ event: PlainEvent, _ id: String) -> Bool {
            event.resourceID == id || event.resourceID.lowercased() == History.mail(id)
                || event.resourceName == History.mail(id)
        }
        func has(_ action: String, _ id: String, _ from: Int64, _ to: Int64) -> Bool {
            history.events.contains {
                $0.action == action && isAbout($0, id) && ($0.seconds ?? 0) >= from && ($0.seconds ?? 0) <= to
            }
        }
        var said: [Said] = []
        for (old, new) in zip(history.lists, history.lists.dropFirst()) {
            for id in Set(old.members.keys).union(new.members.keys) {
                let explained: Bool
                switch (old.members[id], new.members[id]) {
                case (nil, _): explained = has("member.invited", id, .min, new.at)
                case (_, nil): explained = has("member.removed", id, old.at, new.at)
                case (let before, let after) where before == after: explained = true
                default: explained = has("member.role_changed", id, old.at, new.at)
                }
                let roles = Set([old.members[id] ?? "", new.members[id] ?? ""])
                let status: Status = roles == ["owner", "admin"] ? .notProven : .fail
                if !explained { said.append(Said(control: "MEM-DRIFT", subject: History.mail(id), status: status)) }
                // Whom the log removed between the lists, and invited no more, is on the later one all the same.
                guard new.members[id] != nil,
                    let removal = history.events.filter({
                        $0.action == "member.removed" && isAbout($0, id) && ($0.seconds ?? 0) <= new.at
                    }).compactMap(\.seconds).max(), removal >= old.at, removal < new.at,
                    !has("member.invited", id, removal, new.at)
                else { continue }
                said.append(Said(control: "MEM-DRIFT", subject: History.mail(id), status: .notProven))
            }
        }
        let acts = history.events.filter { ($0.seconds ?? 0) >= begin }
        for id in Set(acts.map(\.actorID)) {
            if history.lists.contains(where: { $0.members[id] != nil }) || has("member.removed", id, .min, .max) {
                continue
            }
            let first = acts.filter { $0.actorID == id }.compactMap(\.seconds).min() ?? 0
            let isListed = history.lists.contains { $0.at >= first }
            said.append(
                Said(
                    control: "MEM-UNKNOWN",
                    subject: "\(History.mail(id)) (\(id))",
                    status: isListed ? .fail : .notProven
                )
            )
        }
        guard let list = history.lists.last else { return said }
        said += roles(history) + inactive(history, list.members.keys.sorted()) + keys(list.at, list.keys)
        let made = Set(history.events.filter { $0.action == "api_key.created" }.map(\.resourceID))
        for key in list.keys.keys where !made.contains(key) {
            said.append(Said(control: "KEY-DRIFT", subject: key, status: .fail))
        }
        var open: [String: Int64] = [:]
        for event in history.events {
            if event.action == "api_key.created", open[event.resourceID] == nil {
                open[event.resourceID] = event.seconds
            }
            if event.action == "api_key.revoked" { open[event.resourceID] = nil }
        }
        if open.contains(where: { list.keys[$0.key] == nil && $0.value < list.at }) {
            said.append(Said(control: "KEY-DRIFT", subject: "API keys", status: .notProven))
        }
        return said
    }

    // MARK: The tool

    private static func lists(_ history: History) -> [AccessLists] {
        history.lists.map { list in
            AccessLists(
                servedAt: Instant(seconds: list.at),
                members: .read(
                    list.members.sorted { $0.key < $1.key }
                        .map {
                            AccessMember(
                                memberID: "m-\($0.key)",
                                userID: $0.key,
                                email: History.mail($0.key),
                                role: $0.value
                            )
                        },
                    unreadable: 0
                ),
                invitations: .read([], unreadable: 0),
                keys: .read(
                    list.keys.sorted { $0.key < $1.key }
                        .map(\.value),
                    unreadable: 0
                )
            )
        }
    }

    @Test("The verdicts are those of the plain way", arguments: 0..<300)
    func verdicts(_ seed: Int) throws {
        let history = Self.history(UInt64(seed))
        let facts = try AccessControlTests.facts(Self.lists(history)) { facts in
            facts.policy.thresholds = ["KEY-UNUSED": Self.unusedDays, "MEM-INACTIVE": Self.inactiveDays]
            facts.log = try? watch(
                history.events,
                policy: ControlPolicy(),
                period: facts.period,
                access: AccessWatch(facts.access)
            )
        }
        let judged = Verdicts.judge(facts)
        let plain = Self.plain(history)
        for control in Self.controls {
            let found = judged.filter { $0.control == control }
            let expected = plain.filter { $0.control == control }
            if expected.isEmpty {
                // Without a list of the end, or near to it, nothing passes that rests on one.
                let isWhole = history.lists.last.map { $0.at >= Self.end } == true
                #expect(
                    found.count == 1 && found[0].status == (isWhole || found[0].status == .pass ? .pass : .notProven)
                )
            } else {
                let said = found.map { Said(control: control, subject: $0.subject, status: $0.status) }
                #expect(said.sorted() == expected.sorted(), "seed \(seed), \(control): \(found.map(\.detail))")
            }
        }
    }

    @Test("The histories hold what they are for: every verdict of each control")
    func variety() {
        let all = Set(
            (0..<300).flatMap { Self.plain(Self.history(UInt64($0))) }.map { "\($0.control) \($0.status.rawValue)" }
        )
        #expect(
            all == [
                "MEM-DRIFT fail", "MEM-DRIFT not_proven", "MEM-UNKNOWN fail", "MEM-UNKNOWN not_proven",
                "KEY-DRIFT fail",
                "KEY-DRIFT not_proven", "ROLE-BREACH fail", "ROLE-BREACH not_proven", "MEM-INACTIVE manual",
                "KEY-EXPIRY fail", "KEY-EXPIRY not_proven", "KEY-UNUSED fail", "KEY-UNUSED not_proven",
                "KEY-SCOPES manual", "KEY-SCOPES not_proven",
            ]
        )
    }
}
