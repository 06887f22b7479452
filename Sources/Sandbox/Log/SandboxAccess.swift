import Foundation

/// Who has access to the sandbox's organization: the elements of its lists as they are served; nil for a list that there is not.
struct SandboxAccess {
    /// Members, each as `GET /v1/organization/members` describes them.
    var members: [[String: Any]]?
    /// Invitations, each as `GET /v1/organization/invitations` describes them.
    var invitations: [[String: Any]]?
    /// API keys, each as `GET /v1/auth/api-keys` describes them.
    var apiKeys: [[String: Any]]?

    /// No lists: a log that comes from elsewhere tells nothing of them.
    init() {}

    /// Those to whom a made-up log led, its end being given in seconds since 1970.
    init(_ generator: EventGenerator, until: Int64) {
        let begin = until - 545 * 86_400
        members = generator.members.enumerated().map { number, member in
            let role = number == 0 ? "owner" : generator.administrators.contains(member.id) ? "admin" : "developer"
            let email: Any = member.email ?? Null()
            let name: Any = member.email.map(Self.name) ?? "Build server"
            return [
                "id": "member-" + member.id.dropFirst(5), "role": role,
                "user": ["id": member.id, "email": email, "name": name],
                "joined_at": UTCTime.rfc3339(min(member.joinedAt ?? begin, until)),
            ]
        }
        invitations = [
            [
                "id": "invite-1", "email": "paul.fern@acme.example", "role": "viewer", "status": "pending",
                "created_at": UTCTime.rfc3339(begin), "expires_at": UTCTime.rfc3339(begin + 7 * 86_400),
            ]
        ]
        apiKeys = generator.openKeys.map { key in
            let number = Int64(key.id.dropFirst(4)) ?? 0
            let used = key.isForgotten ? until - 120 * 86_400 : until - (1 + number % 9) * 86_400
            let end: Any = key.isForgotten ? Null() : UTCTime.rfc3339(key.createdAt + 365 * 86_400)
            return [
                "id": key.id, "name": "deploy key \(number)", "prefix": "ch_live_" + String(1_000 + number, radix: 36),
                "scopes": key.isForgotten ? ["databases:read", "databases:write"] : ["databases:read"],
                "created_at": UTCTime.rfc3339(key.createdAt),
                "last_used_at": UTCTime.rfc3339(max(key.createdAt, used)), "expires_at": end,
            ]
        }
    }

    private typealias Null = NSNull

    static func name(_ email: String) -> String {
        email.prefix { $0 != "@" }.split(separator: ".").map(\.capitalized).joined(separator: " ")
    }
}
