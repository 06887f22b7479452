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
        for part in counted.parts.indices {
            for index in counted.parts[part].indices {
                counted.parts[part][index].resource = ranks.resources[Int(counted.parts[part][index].resource)]
            }
        }
        // Least significant key first, so that each order is made of the one before.
        var byAction = Self.sorted(counted.parts, ranks.actions.count) { ranks.actions[Int($0.action)] }
        counted.parts = []
        let byResource = Self.sorted([byAction], ranks.resources.count) { $0.resource }
        byAction = []
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

    /// Rows in the order of a key below `keys`, those of one key in the order in which they stood.
    private static func sorted(_ parts: [[Row]], _ keys: Int, by key: (Row) -> UInt32) -> [Row] {
        var places = [UInt32](repeating: 0, count: keys + 1)
        let total = parts.reduce(0) { $0 + $1.count }
        return [Row](unsafeUninitializedCapacity: total) { sorted, count in
            places.withUnsafeMutableBufferPointer { places in
                for rows in parts { for row in rows { places[Int(key(row)) + 1] += 1 } }
                for index in 0..<keys { places[index + 1] += places[index] }
                for rows in parts {
                    for row in rows {
                        let place = Int(key(row))
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
