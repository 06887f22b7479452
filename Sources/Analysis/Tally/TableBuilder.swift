import Evidence

/// Makes the six tables of the one table of triples: once these are in order, neighbours are added up.
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
        let (ofResources, byActor): (ResourceRows, [Row])
        switch consume counted {
        case .triples(let triples):
            var order = TripleOrder([triples], [], ranks, storage)
            byActor = order.takeByActor()
            ofResources = order.ofResources
        case .events(let parts, let sums):
            var order = TripleOrder(parts, sums, ranks, storage)
            byActor = Self.addedUp(order.takeByActor(), sums)
            ofResources = order.ofResources
        }
        let ofActors = ActorRows(byActor, ranks.actions, addresses, storage)
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

    /// Events of one triple stand together: makes a row of them.
    private static func addedUp(_ events: [KeptEvent], _ sums: [KeptEvent.Sum]) -> [Row] {
        var rows: [Row] = []
        // Memory that is asked for and not used costs nothing.
        rows.reserveCapacity(events.count)
        for event in events {
            let row = event.triple(sums)
            if let last = rows.indices.last, rows[last].isSame(as: row) {
                rows[last].merge(row)
            } else {
                rows.append(row)
            }
        }
        return rows
    }
}
