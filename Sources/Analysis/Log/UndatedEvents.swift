import Evidence

/// The events of the archive that have no usable time: where they can lie, and which they are.
package struct UndatedEvents: Sendable, Hashable {
    /// Those that one entry of the ledger holds first.
    package struct Group: Sendable, Hashable {
        /// Where they can lie: behind what the complete pull before proved, up to when they were archived.
        var spans: [InstantRange]
        /// How many there are.
        package var count: Int
        /// Their ids; the first ones where there are very many.
        package var eventIDs: [String]
        /// The ids of those that say that settings changed.
        package var settingsUpdated: [String]

        /// Describes events of an entry.
        package init(spans: [InstantRange], count: Int, eventIDs: [String], settingsUpdated: [String] = []) {
            self.spans = spans
            self.count = count
            self.eventIDs = eventIDs
            self.settingsUpdated = settingsUpdated
        }

        /// Whether they may lie in a span of time.
        package func mayLie(in range: InstantRange) -> Bool { spans.contains { $0.overlaps(range) } }
    }

    /// By entry, in the ledger's order; entries without such events are left out.
    package var groups: [Group]

    /// Gathers the groups.
    package init(_ groups: [Group] = []) { self.groups = groups }

    /// How many there are in the archive.
    package var count: Int { groups.reduce(0) { $0 + $1.count } }

    /// Those that may lie in a span of time.
    package func possible(in range: InstantRange) -> UndatedEvents {
        UndatedEvents(groups.filter { $0.mayLie(in: range) })
    }
}

extension InstantRange {
    /// Whether two spans have an instant in common.
    func overlaps(_ other: InstantRange) -> Bool {
        if let to, let begin = other.from, !(begin < to) { return false }
        if let from, let end = other.to, !(from < end) { return false }
        return true
    }
}
