/// What the controls over access are to find in the lists, each in one place.
extension SandboxAccess {
    /// Puts it in, where it is asked for; the end of the log is given in seconds since 1970.
    mutating func plant(_ plants: SandboxConfiguration.Plants, until: Int64) {
        guard plants != .none, let before = members?.count, before > 0 else { return }
        let (begin, day) = (until - 545 * 86_400, Int64(86_400))
        // The build server has an address like everybody, so that nobody but a guest is of another domain.
        members = members?.map { member in
            guard var user = member["user"] as? [String: Any], user["id"] as? String == "user-ci" else { return member }
            user["email"] = "build@acme.example"
            return member.merging(["user": user]) { _, new in new }
        }
        let viewer = EventGenerator.viewer
        members?.append(Self.member(viewer.id, viewer.email ?? "", "viewer", joined: begin))
        members?.append(Self.member("user-181", "nora.quist@acme.example", "viewer", joined: begin))
        if plants == .moved {
            members?.append(Self.member("user-182", "theo.brandt@acme.example", "viewer", joined: until))
        }
        invitations?.append([
            "id": "invite-2", "email": "kim.reyes@consulting.example", "role": "viewer", "status": "pending",
            "created_at": UTCTime.rfc3339(until - 2 * day), "expires_at": UTCTime.rfc3339(until + 5 * day),
        ])
        apiKeys?.append([
            "id": "key-900", "name": "backup script", "prefix": "ch_live_bk", "scopes": ["databases:read"],
            "created_at": UTCTime.rfc3339(until - 30 * day), "last_used_at": UTCTime.rfc3339(until - day),
            "expires_at": UTCTime.rfc3339(until + 335 * day),
        ])
    }

    private static func member(_ id: String, _ email: String, _ role: String, joined: Int64) -> [String: Any] {
        [
            "id": "member-" + id.dropFirst(5), "role": role, "joined_at": UTCTime.rfc3339(joined),
            "user": ["id": id, "email": email, "name": name(email)],
        ]
    }
}
