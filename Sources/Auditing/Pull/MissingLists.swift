import Evidence

/// The lists that a pull asked for and did not get, or not all of, with what reports can't say without them.
package struct MissingLists {
    private let lines: [(resource: ListResource, words: String, isNew: Bool)]

    /// Looks through a pull's entry; `last`: the pull before.
    init(_ entry: LedgerEntry, before last: LedgerEntry?) {
        let (now, then) = (entry.snapshots, last?.snapshots)
        lines = ListResource.allCases.compactMap { resource in
            guard let why = now?.unavailable[resource] else { return nil }
            return (
                resource, Self.words(resource, why: why, isCut: now?.lists[resource] != nil),
                then?.lists[resource] != nil && then?.unavailable[resource] == nil
            )
        }
    }

    /// Says each in a line: one that came the time before is worth a warning.
    func tell(_ context: AuditContext) {
        for line in lines {
            if line.isNew {
                context.warn("\(line.words); the pull before had it")
            } else {
                context.note(line.words)
            }
        }
    }

    /// What is missing, why, and what reports can't say for want of it.
    package static func words(_ resource: ListResource, why: String, isCut: Bool) -> String {
        "\(isCut ? "not all of the" : "no") \(resource.called): \(why); so reports can't say as of now "
            + resource.tells
    }
}

extension ListResource {
    /// What people call it.
    package var called: String {
        switch self {
        case .members: "list of members"
        case .invitations: "list of invitations"
        case .apiKeys: "list of API keys"
        }
    }

    /// What reports say by it, and by which controls.
    fileprivate var tells: String {
        switch self {
        case .members:
            "who is a member and with which role (MEM-ADMINS, MEM-DOMAIN, MEM-DRIFT, MEM-INACTIVE, MEM-UNKNOWN, ROLE-BREACH)"
        case .invitations: "who is invited and since when (INV-STALE, MEM-DOMAIN)"
        case .apiKeys:
            "which keys are valid, what they may do and when they were used (KEY-DRIFT, KEY-EXPIRY, KEY-SCOPES, KEY-UNUSED)"
        }
    }
}
