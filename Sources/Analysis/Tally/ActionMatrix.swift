import Evidence

/// Who did what how often: the busiest actors against the most frequent actions, everything else added up at the edges.
package struct ActionMatrix: Sendable {
    /// A row: an actor, or the rest.
    package struct Row: Sendable {
        /// Place of the actor in the table of actors; nil for the rest.
        package var actor: Int?
        /// The actor's id.
        package var id: String
        /// The actor's e-mail.
        package var email: String
        /// Events by action, in the order of `actions`; the last is the rest, where there is one.
        package var counts: [Int]
        /// All events of the row.
        package var total: Int
    }

    /// The most frequent actions.
    package let actions: [String]
    /// How many actions the last column adds up; 0 without one.
    package let otherActions: Int
    /// The busiest actors, then the rest where there is one.
    package let rows: [Row]
    /// How many actors the last row adds up; 0 without one.
    package let otherActors: Int

    /// At most so many actors.
    static let largestRows = 50
    /// At most so many actions.
    static let largestColumns = 30

    init(actors: TallyTable, actions: TallyTable, pairs: TallyTable, storage: TallyStorage) {
        let shownActions = actions.rows.prefix(Self.largestColumns)
        let shownActors = actors.rows.prefix(Self.largestRows)
        otherActions = actions.rows.count - shownActions.count
        otherActors = actors.rows.count - shownActors.count
        self.actions = shownActions.map { storage.action($0.action).string }
        let width = shownActions.count + (otherActions > 0 ? 1 : 0)
        var columnOfAction: [UInt32: Int] = [:]
        for (column, row) in shownActions.enumerated() { columnOfAction[row.action] = column }
        var rowOfActor: [UInt32: Int] = [:]
        for (place, row) in shownActors.enumerated() { rowOfActor[row.actor] = place }
        var rows = shownActors.enumerated().map { place, row in
            Row(
                actor: place,
                id: storage.actorID(row.actor).string,
                email: storage.actorEmail(row.actor).string,
                counts: [Int](repeating: 0, count: width),
                total: Int(row.count)
            )
        }
        if otherActors > 0 {
            rows.append(Row(actor: nil, id: "", email: "", counts: [Int](repeating: 0, count: width), total: 0))
        }
        for pair in pairs.rows {
            let place = rowOfActor[pair.actor] ?? rows.count - 1
            rows[place].counts[columnOfAction[pair.action] ?? width - 1] += Int(pair.count)
            if rows[place].actor == nil { rows[place].total += Int(pair.count) }
        }
        self.rows = rows
    }
}
