import Evidence

/// An API key as a list of the service gives it: texts as received, nil for what it does not say.
package struct AccessKey: Sendable, Hashable {
    /// A time of a key that means something where it is missing, too.
    package enum Time: Sendable, Hashable {
        /// The list says null: never.
        case never
        /// Then.
        case at(Instant)
        /// The list does not have the field, or it is no time.
        case unknown

        /// The time, where there is one.
        package var instant: Instant? { if case .at(let instant) = self { instant } else { nil } }
    }

    /// Its id, by which events name it.
    package var id: String?
    /// What people call it.
    package var name: String?
    /// The begin of its secret, from `prefix` or `key_prefix`.
    package var prefix: String?
    /// What it may do, such as `databases:read`; nil where the list does not say, or says something that is no list of texts.
    package var scopes: [String]?
    /// When it was made; nil, too, for a text that is no time.
    package var createdAt: Instant?
    /// When it was used last.
    package var lastUsedAt: Time
    /// When it ends to be valid.
    package var expiresAt: Time

    /// Describes a key.
    package init(
        id: String? = nil,
        name: String? = nil,
        prefix: String? = nil,
        scopes: [String]? = nil,
        createdAt: Instant? = nil,
        lastUsedAt: Time = .unknown,
        expiresAt: Time = .unknown
    ) {
        self.id = id
        self.name = name
        self.prefix = prefix
        self.scopes = scopes
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
    }
}
