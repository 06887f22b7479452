import Evidence

/// Makes the six tables of the one table of triples: once these are in order, neighbours are added up.
struct TableBuilder {
    let actions: TallyTable
    let actors: TallyTable
    let resources: TallyTable
    let actorActions: TallyTable
    let resourceActions: TallyTable
    let actorResourceActions: TallyTable

    private typealias Column = (String, TallyTable.Source)

    private static let actor: [Column] = [("actor_id", .actorID), ("actor_email", .actorEmail)]
    private static let resource: [Column] = [
        ("resource_type", .resourceType), ("resource_id", .resourceID), ("resource_name", .resourceName),
    ]
    private static let action: [Column] = [("action", .action)]
    private static let count: [Column] = [("count", .count)]
    private static let times: [Column] = [("first_at", .firstAt), ("last_at", .lastAt)]

    /// Counts triples up; `addresses` are those that each actor used.
    init(_ triples: consuming [TripleTable.Triple], _ addresses: AddressUse, _ storage: TallyStorage) {
        let ranks = storage.ranks
        var order = TripleOrder(triples, ranks, storage)
        let ofResources = order.ofResources
        let byActor = order.takeByActor()
        let ofActors = ActorRows(byActor, ranks.actions, addresses, storage)
        let ofActions = ActionRows(ofActors.pairs, ofResources.pairs, ranks.actions, storage)
        let table = { (columns: [Column], rows: [TallyTable.Row]) in TallyTable(columns, rows: rows, storage: storage) }

        actions = TallyTable(
            Self.action + [("description", .description)] + Self.count
                + [("actors", .distinctFirst), ("resources", .distinctSecond)] + Self.times,
            rows: ofActions.rows,
            details: ofActions.details,
            storage: storage
        )
        actors = TallyTable(
            Self.actor + Self.count
                + [("actions", .distinctFirst), ("resources", .distinctSecond), ("ip_addresses", .distinctThird)]
                + Self.times,
            rows: ofActors.rows,
            details: ofActors.details,
            childRows: ofActors.pairs,
            storage: storage
        )
        resources = TallyTable(
            Self.resource + Self.count + [("actions", .distinctFirst), ("actors", .distinctSecond)] + Self.times,
            rows: ofResources.rows,
            details: ofResources.details,
            childRows: ofResources.pairs,
            storage: storage
        )
        actorActions = table(Self.actor + Self.action + Self.count + Self.times, ofActors.pairs)
        resourceActions = table(Self.resource + Self.action + Self.count + Self.times, ofResources.pairs)
        actorResourceActions = table(
            Self.actor + Self.resource + Self.action + Self.count + Self.times,
            byActor
        )
    }
}
