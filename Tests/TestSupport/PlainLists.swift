/// The lists of a service as one pull gets them, as the tests make them: texts only, an empty one is missing.
package struct PlainLists: Sendable {
    /// A member of the list.
    package struct Member: Sendable, Hashable {
        package var memberID = ""
        package var userID = ""
        package var mail = ""
        package var role = ""
        package var joinedAt: Int64 = 0

        /// What people know them by.
        package var label: String { [mail, userID, memberID].first { !$0.isEmpty } ?? "" }
    }

    /// An invitation of the list.
    package struct Invitation: Sendable, Hashable {
        package var id = ""
        package var mail = ""
        package var role = ""
        package var status = ""
        package var createdAt: Int64?
        package var expiresAt: Int64?

        /// As a description of the list has it that gives no status.
        package var withoutStatus: Self {
            var invitation = self
            invitation.status = ""
            return invitation
        }

        /// Whether it can still be accepted.
        package var isPending: Bool { status == "pending" || status.isEmpty }
    }

    /// A time of a key that means something where it is missing, too.
    package enum Time: Sendable, Hashable {
        /// The list says null.
        case never
        /// The list does not say.
        case unknown
        case at(Int64)

        /// The time, where there is one.
        package var seconds: Int64? { if case .at(let seconds) = self { seconds } else { nil } }
    }

    /// A key of the list.
    package struct Key: Sendable, Hashable {
        package var id = ""
        package var prefix = ""
        package var scopes: [String]?
        package var createdAt: Int64?
        package var lastUsed = Time.unknown
        package var expires = Time.unknown
    }

    /// When the first page of them was served, seconds since 1970.
    package var from: Int64
    /// When the last one was.
    package var to: Int64
    /// Those who are members; nil where the service does not say.
    package var members: [Member]?
    /// Invitations; nil where the service does not say.
    package var invitations: [Invitation]?
    /// API keys; nil where the service does not say.
    package var keys: [Key]?
    /// How many events the log has by then.
    package var events: Int
}
