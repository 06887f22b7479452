import Evidence

@testable import Analysis

/// The plain way to judge roles, idle members and listed keys.
extension AccessPropertyTests {
    static let unusedDays = 10
    static let inactiveDays = 20
    static let controls = [
        "MEM-DRIFT", "MEM-UNKNOWN", "KEY-DRIFT", "ROLE-BREACH", "MEM-INACTIVE", "KEY-EXPIRY", "KEY-UNUSED",
        "KEY-SCOPES",
    ]

    private static func forbids(_ role: String, _ action: String) -> Bool {
        let administers = action.hasPrefix("member.")
        return switch role {
        case "owner", "admin": false
        case "viewer": true
        default: administers
        }
    }

    static func roles(_ history: History) -> [Said] {
        var found: [String: [Bool]] = [:]
        for act in history.events where (act.seconds ?? 0) >= begin {
            let (at, id) = (act.seconds ?? 0, act.actorID)
            func isOwn(_ event: PlainEvent) -> Bool {
                event.resourceID == id || event.resourceID.lowercased() == History.mail(id)
                    || event.resourceName == History.mail(id)
            }
            let around = [history.lists.last { $0.at < at }, history.lists.first { $0.at > at }].compactMap { $0 }
                .filter { $0.members[id] != nil }
            let roles = around.map { $0.members[id] ?? "" }
            let forbidding = roles.filter { forbids($0, act.action) }
            if forbidding.isEmpty { continue }
            let (from, to) = (min(at, around.first?.at ?? at), max(at, around.last?.at ?? at))
            let mayHaveChanged = history.events.contains {
                $0.action.hasPrefix("member.") && isOwn($0) && ($0.seconds ?? 0) >= from && ($0.seconds ?? 0) <= to
            }
            let isSure = forbidding.count == roles.count && !forbidding.contains("pilot") && !mayHaveChanged
            found[id, default: []].append(isSure)
        }
        return found.map { id, sure in
            Said(
                control: "ROLE-BREACH",
                subject: "\(History.mail(id)) (\(id))",
                status: sure.contains(true) ? .fail : .notProven
            )
        }
    }

    static func inactive(_ history: History, _ members: [String]) -> [Said] {
        let limit = end - Int64(inactiveDays) * 86_400
        return members.filter { id in !history.events.contains { $0.actorID == id && ($0.seconds ?? 0) > limit } }
            .map { Said(control: "MEM-INACTIVE", subject: History.mail($0), status: .manual) }
    }

    static func keys(_ at: Int64, _ keys: [String: AccessKey]) -> [Said] {
        var said: [Said] = []
        for (id, key) in keys {
            if case .at(let end) = key.expiresAt, end.seconds <= at { continue }
            func say(_ control: String, _ status: Status) {
                said.append(Said(control: control, subject: id, status: status))
            }
            func isLongAgo(_ instant: Instant?) -> Bool {
                instant.map { $0.seconds + Int64(unusedDays) * 86_400 <= at } ?? false
            }
            if key.expiresAt == .never { say("KEY-EXPIRY", .fail) }
            if key.expiresAt == .unknown { say("KEY-EXPIRY", .notProven) }
            switch key.lastUsedAt {
            case .unknown: say("KEY-UNUSED", .notProven)
            case .never: if isLongAgo(key.createdAt) { say("KEY-UNUSED", .fail) }
            case .at(let used): if isLongAgo(used) { say("KEY-UNUSED", .fail) }
            }
            let scopes = key.scopes ?? []
            if scopes.isEmpty { say("KEY-SCOPES", .notProven) }
            if scopes.contains(where: { !$0.lowercased().hasSuffix("read") }) { say("KEY-SCOPES", .manual) }
        }
        return said
    }
}
