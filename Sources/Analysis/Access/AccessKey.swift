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
    package var lastUsedAt = Time.unknown
    /// When it ends to be valid.
    package var expiresAt = Time.unknown
}
