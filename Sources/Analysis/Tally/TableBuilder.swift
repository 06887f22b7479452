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

    init(_ triples: consuming [TripleTable.Triple], _ addresses: AddressUse, _ storage: TallyStorage) {
        let ranks = storage.ranks
        for index in triples.indices { triples[index].resource = ranks.resources[Int(triples[index].resource)] }
        // Least significant key first, so that each order is made of the one before.
        triples = Self.sorted(triples, ranks.actions.count) { ranks.actions[Int($0.action)] }
        let byResource = Self.sorted(triples, ranks.resources.count) { $0.resource }
        triples = []
        var ofResources = ResourceRows()
        var ofActors = ActorRows()
        var byActor: [Row] = []
        sideBySide(
            { ofResources = ResourceRows(byResource, storage) },
            {
                byActor = Self.sorted(byResource, ranks.actors.count) { ranks.actors[Int($0.actor)] }
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
    private static func sorted(_ rows: [Row], _ keys: Int, by key: (Row) -> UInt32) -> [Row] {
        var places = [UInt32](repeating: 0, count: keys + 1)
        return [Row](unsafeUninitializedCapacity: rows.count) { sorted, count in
            places.withUnsafeMutableBufferPointer { places in
                for row in rows { places[Int(key(row)) + 1] += 1 }
                for index in 0..<keys { places[index + 1] += places[index] }
                for row in rows {
                    let place = Int(key(row))
                    sorted.initializeElement(at: Int(places[place]), to: row)
                    places[place] += 1
                }
            }
            count = rows.count
        }
    }
}
