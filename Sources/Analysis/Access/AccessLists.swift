import Evidence

/// Who has access, as the service listed it at one time: members, invitations and API keys, each for itself.
package struct AccessLists: Sendable, Hashable {
    /// What came of asking for one list.
    package enum List<Element: Sendable & Hashable>: Sendable, Hashable {
        /// It was read; `unreadable`: how many of its elements are none that can be understood; `missing`: why these are not
        /// all of its elements, in words, nil where they are.
        case read([Element], unreadable: Int, missing: String? = nil)
        /// The service does not give it, or what is archived of it can't be understood: why, in words.
        case unavailable(String)
        /// Nobody asked for it.
        case notAsked

        /// The same list of which it is known why something is missing; nil: nothing is.
        package func missing(_ why: String?) -> Self {
            guard case .read(let elements, let unreadable, _) = self else { return self }
            return .read(elements, unreadable: unreadable, missing: why)
        }

        /// What was read; nil where nothing was.
        package var elements: [Element]? { if case .read(let elements, _, _) = self { elements } else { nil } }
    }

    /// When they were served, to the second; the last page of them.
    package var servedAt: Instant
    /// When they were served at the earliest, the first page of them; `servedAt` where nothing else is known.
    package var earliest: Instant
    /// Whether clocks agree on when that was; else the lists prove nothing for a time.
    package var isTimeKnown: Bool
    /// The members.
    package var members: List<AccessMember>
    /// The invitations.
    package var invitations: List<AccessInvitation>
    /// The API keys: the organization's, or the caller's alone; the service does not say which.
    package var keys: List<AccessKey>

    /// Describes lists.
    package init(
        servedAt: Instant,
        earliest: Instant? = nil,
        isTimeKnown: Bool = true,
        members: List<AccessMember> = .notAsked,
        invitations: List<AccessInvitation> = .notAsked,
        keys: List<AccessKey> = .notAsked
    ) {
        self.servedAt = servedAt
        self.earliest = earliest ?? servedAt
        self.isTimeKnown = isTimeKnown
        self.members = members
        self.invitations = invitations
        self.keys = keys
    }
}
