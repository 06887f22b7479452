import Evidence

/// The actions that the service documents.
public enum KnownActions {
    /// Name and description, in the order of the service's documentation.
    public static let all: [(name: String, description: String)] = [
        ("database.created", "Database was created"),
        ("database.deleted", "Database was deleted"),
        ("database.resized", "Database tier changed"),
        ("member.invited", "Team member invited"),
        ("member.removed", "Team member removed"),
        ("member.role_changed", "Member role updated"),
        ("api_key.created", "API key created"),
        ("api_key.revoked", "API key revoked"),
        ("settings.updated", "Org settings changed"),
    ]

    private static let table = DescriptionTable(all)

    /// A known action's description, borrowed for as long as the process lives; missing for another one.
    static func description(of action: TextView) -> TextView { table.description(of: action) }
}

/// Descriptions as bytes that never move.
private struct DescriptionTable: @unchecked Sendable {
    // Sendable: the memory is written here once and neither changed nor freed.
    private let entries: [(name: TextView, description: TextView)]

    init(_ all: [(name: String, description: String)]) {
        entries = all.map { (name: Self.keep($0.name), description: Self.keep($0.description)) }
    }

    private static func keep(_ text: String) -> TextView {
        let bytes = Array(text.utf8)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        memory.initialize(from: bytes, count: bytes.count)
        return TextView(start: UnsafePointer(memory), count: bytes.count)
    }

    func description(of action: TextView) -> TextView {
        entries.first { isSame($0.name, action) }?.description ?? .missing
    }
}
