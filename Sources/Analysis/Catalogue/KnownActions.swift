import Evidence

/// The actions that the service documents.
package enum KnownActions {
    /// Name and description, in the order of the service's documentation.
    package static let all: [(name: String, description: String)] = [
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
private struct DescriptionTable: ~Copyable {
    private let names: Interner
    /// One behind the other, and where each stands, by the number of its action.
    private let descriptions: ByteArena
    private let places: [Range<Int>]

    init(_ all: [(name: String, description: String)]) {
        var names = Interner()
        var descriptions = ByteArena()
        var places: [Range<Int>] = []
        for (name, text) in all {
            withTextView(of: name) { _ = names.intern($0) }
            withTextView(of: text) { text in
                let start = descriptions.append(text.bytes)
                places.append(start..<start + text.count)
            }
        }
        self.names = names
        self.descriptions = descriptions
        self.places = places
    }

    func description(of action: TextView) -> TextView {
        guard let number = names.find(Interner.Key(first: action)) else { return .missing }
        let place = places[Int(number)]
        return descriptions.view(place.lowerBound, place.count)
    }
}
