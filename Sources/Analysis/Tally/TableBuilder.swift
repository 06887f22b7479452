import Evidence

/// Makes the six tables of the one table of triples: puts it in order key by key and adds neighbours up.
struct TableBuilder {
    let actions: TallyTable
    let actors: TallyTable
    let resources: TallyTable
    let actorActions: TallyTable
    let resourceActions: TallyTable
    let actorResourceActions: TallyTable

    private typealias Row = TallyTable.Row

    init(_ counted: consuming TripleTable.Counted, _ addresses: AddressUse, _ storage: TallyStorage) {
        let ranks = storage.ranks
        let areDifferent = counted.areDifferent
        // Each order is made of the one before.
        let byResource = Self.byResourceAndAction(counted.parts, ranks.resources, ranks.actions)
        counted.parts = []
        var ofResources = ResourceRows()
        var ofActors = ActorRows()
        var byActor: [Row] = []
        sideBySide(
            { ofResources = ResourceRows(byResource, storage) },
            {
                byActor = Self.sorted([byResource], ranks.actors.count) { ranks.actors[Int($0.actor)] }
                if !areDifferent { Self.addUpNeighbours(&byActor) }
                ofActors = ActorRows(byActor, ranks.actions, addresses, storage)
            }
        )
        let ofActions = ActionRows(ofActors.pairs, ofResources.pairs, ranks.actions, storage)

        actions = TallyTable(
            [
                ("action", .action), ("description", .description), ("count", .count), ("actors", .distinctFirst),
                ("resources", .distinctSecond), ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: ofActions.rows,
            details: ofActions.details,
            storage: storage
        )
        actors = TallyTable(
            [
                ("actor_id", .actorID), ("actor_email", .actorEmail), ("count", .count), ("actions", .distinctFirst),
                ("resources", .distinctSecond), ("ip_addresses", .distinctThird), ("first_at", .firstAt),
                ("last_at", .lastAt),
            ],
            rows: ofActors.rows,
            details: ofActors.details,
            childRows: ofActors.pairs,
            storage: storage
        )
        resources = TallyTable(
            [
                ("resource_type", .resourceType), ("resource_id", .resourceID), ("resource_name", .resourceName),
                ("count", .count), ("actions", .distinctFirst), ("actors", .distinctSecond), ("first_at", .firstAt),
                ("last_at", .lastAt),
            ],
            rows: ofResources.rows,
            details: ofResources.details,
            childRows: ofResources.pairs,
            storage: storage
        )
        actorActions = TallyTable(
            [
                ("actor_id", .actorID), ("actor_email", .actorEmail), ("action", .action), ("count", .count),
                ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: ofActors.pairs,
            storage: storage
        )
        resourceActions = TallyTable(
            [
                ("resource_type", .resourceType), ("resource_id", .resourceID), ("resource_name", .resourceName),
                ("action", .action), ("count", .count), ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: ofResources.pairs,
            storage: storage
        )
        actorResourceActions = TallyTable(
            [
                ("actor_id", .actorID), ("actor_email", .actorEmail), ("resource_type", .resourceType),
                ("resource_id", .resourceID), ("resource_name", .resourceName), ("action", .action),
                ("count", .count), ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: byActor,
            storage: storage
        )
    }

    /// Rows in the order of resource, then action, by their ranks; a row tells its resource by that from here on.
    private static func byResourceAndAction(
        _ parts: [[Row]],
        _ resources: [UInt32],
        _ actions: [UInt32]
    ) -> [Row] {
        var rows = sorted(parts, resources.count) { row in
            row.resource = resources[Int(row.resource)]
            return row.resource
        }
        var begin = 0
        while begin < rows.count {
            let resource = rows[begin].resource
            var end = begin + 1
            while end < rows.count, rows[end].resource == resource { end += 1 }
            if end - begin <= mostInserted {
                insert(&rows, begin..<end, actions)
            } else {
                let part = sorted([Array(rows[begin..<end])], actions.count) { actions[Int($0.action)] }
                rows.replaceSubrange(begin..<end, with: part)
            }
            begin = end
        }
        return rows
    }

    /// Longer runs are ordered by counting.
    private static let mostInserted = 64

    /// Puts a short run in the order of actions.
    private static func insert(_ rows: inout [Row], _ range: Range<Int>, _ actions: [UInt32]) {
        rows.withUnsafeMutableBufferPointer { rows in
            for index in range.dropFirst() {
                let row = rows[index]
                let rank = actions[Int(row.action)]
                var place = index
                while place > range.lowerBound, actions[Int(rows[place - 1].action)] > rank {
                    rows[place] = rows[place - 1]
                    place -= 1
                }
                rows[place] = row
            }
        }
    }

    /// Rows in the order of a key below `keys`, those of one key in the order in which they stood; `key` may change the row.
    private static func sorted(_ parts: [[Row]], _ keys: Int, by key: (inout Row) -> UInt32) -> [Row] {
        var places = [UInt32](repeating: 0, count: keys + 1)
        let total = parts.reduce(0) { $0 + $1.count }
        return [Row](unsafeUninitializedCapacity: total) { sorted, count in
            places.withUnsafeMutableBufferPointer { places in
                for rows in parts {
                    for var row in rows { places[Int(key(&row)) + 1] += 1 }
                }
                for index in 0..<keys { places[index + 1] += places[index] }
                for rows in parts {
                    for var row in rows {
                        let place = Int(key(&row))
                        sorted.initializeElement(at: Int(places[place]), to: row)
                        places[place] += 1
                    }
                }
            }
            count = total
        }
    }

    /// Makes one row of those that count the same.
    private static func addUpNeighbours(_ rows: inout [Row]) {
        var end = 0
        for index in rows.indices {
            if end > 0, rows[end - 1].isSame(as: rows[index]) {
                rows[end - 1].merge(rows[index])
            } else {
                rows[end] = rows[index]
                end += 1
            }
        }
        rows.removeLast(rows.count - end)
    }
}
