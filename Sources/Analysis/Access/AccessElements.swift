import Evidence

// The elements of lists, as the service writes them.

extension SnapshotFields {
    /// A field that is a text, or a number as it is written; nil for anything else.
    fileprivate func told(_ name: String) -> String? {
        switch self[name] {
        case .text(let text), .number(let text): text
        default: nil
        }
    }

    /// A field that is a time.
    fileprivate func time(_ name: String) -> Instant? { told(name).flatMap(Instant.init(rfc3339:)) }

    /// A field that is an object.
    fileprivate func inner(_ name: String) -> SnapshotFields? {
        self[name].flatMap { $0.members.map(SnapshotFields.init(members:)) }
    }
}

extension AccessMember {
    /// Reads a member: `user` tells more than what stands beside it, where both are there.
    package init(_ fields: SnapshotFields) {
        let user = fields.inner("user")
        self.init(
            memberID: fields.told("id"),
            userID: user?.told("id") ?? fields.told("user_id"),
            email: user?.told("email") ?? fields.told("email"),
            name: user?.told("name") ?? fields.told("name"),
            joinedAt: fields.time("joined_at")
        )
        let given = ["role", "roles"].compactMap { fields[$0] }.first { if case .null = $0 { false } else { true } }
        role = given.flatMap(Self.role)
        isRoleUnclear = given != nil && role == nil
    }

    /// A role as a text, an object with a `name`, or the one element of a list; nil for anything else.
    private static func role(_ value: JSONValue) -> String? {
        switch value {
        case .text(let text), .number(let text): text
        case .list(let values): values.count == 1 ? role(values[0]) : nil
        default: value.members.flatMap { SnapshotFields(members: $0).told("name") }
        }
    }
}

extension AccessInvitation {
    /// Reads an invitation.
    package init(_ fields: SnapshotFields) {
        self.init(
            id: fields.told("id"),
            email: fields.told("email"),
            role: fields.told("role"),
            status: fields.told("status"),
            createdAt: fields.time("created_at"),
            expiresAt: fields.time("expires_at")
        )
    }
}

extension AccessKey {
    /// Reads a key; scopes that are not all texts are none that are known.
    package init(_ fields: SnapshotFields) {
        var scopes: [String]?
        if case .list(let values) = fields["scopes"] {
            let texts = values.compactMap { value in if case .text(let text) = value { text } else { nil } }
            if texts.count == values.count { scopes = texts }
        }
        self.init(
            id: fields.told("id"),
            name: fields.told("name"),
            prefix: fields.told("prefix") ?? fields.told("key_prefix"),
            scopes: scopes,
            createdAt: fields.time("created_at"),
            lastUsedAt: Time(fields, "last_used_at"),
            expiresAt: Time(fields, "expires_at")
        )
    }
}

extension AccessKey.Time {
    fileprivate init(_ fields: SnapshotFields, _ name: String) {
        if case .null = fields[name] {
            self = .never
        } else {
            self = fields.time(name).map(Self.at) ?? .unknown
        }
    }
}
