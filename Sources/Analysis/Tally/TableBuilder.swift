import Evidence

/// Makes the six tables of the one table of triples: sorts it by key twice and adds neighbours up.
struct TableBuilder {
    let actions: TallyTable
    let actors: TallyTable
    let resources: TallyTable
    let actorActions: TallyTable
    let resourceActions: TallyTable
    let actorResourceActions: TallyTable

    private typealias Row = TallyTable.Row

    init(_ storage: TallyStorage) {
        let actionRanks = Self.ranks(storage.actions.sortedNumbers())
        let actorRanks = Self.ranks(storage.actors.sortedNumbers())
        let resourceRanks = Self.ranks(storage.resources.sortedNumbers())

        let triples = storage.triples
        var byActor: [UInt32] = []
        var byActorAndAction: [UInt32] = []
        var byResource: [UInt32] = []
        sideBySide(
            {
                byActor = Self.sorted(triples) { triple in
                    (
                        UInt64(actorRanks[Int(triple.actor)]) << 32 | UInt64(resourceRanks[Int(triple.resource)]),
                        actionRanks[Int(triple.action)]
                    )
                }
                byActorAndAction = Self.sorted(triples) { triple in
                    (
                        UInt64(actorRanks[Int(triple.actor)]) << 32 | UInt64(actionRanks[Int(triple.action)]),
                        resourceRanks[Int(triple.resource)]
                    )
                }
            },
            {
                byResource = Self.sorted(triples) { triple in
                    (
                        UInt64(resourceRanks[Int(triple.resource)]) << 32 | UInt64(actionRanks[Int(triple.action)]),
                        actorRanks[Int(triple.actor)]
                    )
                }
            }
        )

        let tripleRows = byActor.map { Self.row(triples[Int($0)]) }
        let actorPairs = Self.addUp(byActorAndAction, triples) { $0.actor == $1.actor && $0.action == $1.action }
        let resourcePairs = Self.addUp(byResource, triples) { $0.resource == $1.resource && $0.action == $1.action }

        var actorRows = Self.group(actorPairs) { $0.actor == $1.actor }
        Self.countResources(of: &actorRows, byActor, triples, storage)
        for index in actorRows.indices {
            actorRows[index].distinct.0 = Self.named(actorRows[index].children, actorPairs, storage)
            actorRows[index].distinct.2 = storage.addressCounts[Int(actorRows[index].actor)]
        }
        var resourceRows = Self.group(resourcePairs) { $0.resource == $1.resource }
        Self.countActors(of: &resourceRows, triples, storage)
        for index in resourceRows.indices {
            resourceRows[index].distinct.0 = Self.named(resourceRows[index].children, resourcePairs, storage)
        }
        let actionRows = Self.actionRows(actorPairs, resourcePairs, actionRanks, storage)

        // Stable sorts: rows of one count stay in the order of their keys.
        let busiest = { (rows: [Row]) in
            rows.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
        }
        actions = TallyTable(
            [
                ("action", .action), ("description", .description), ("count", .count), ("actors", .distinctFirst),
                ("resources", .distinctSecond), ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: busiest(actionRows),
            storage: storage
        )
        actors = TallyTable(
            [
                ("actor_id", .actorID), ("actor_email", .actorEmail), ("count", .count), ("actions", .distinctFirst),
                ("resources", .distinctSecond), ("ip_addresses", .distinctThird), ("first_at", .firstAt),
                ("last_at", .lastAt),
            ],
            rows: busiest(actorRows),
            childRows: actorPairs,
            storage: storage
        )
        resources = TallyTable(
            [
                ("resource_type", .resourceType), ("resource_id", .resourceID), ("resource_name", .resourceName),
                ("count", .count), ("actions", .distinctFirst), ("actors", .distinctSecond), ("first_at", .firstAt),
                ("last_at", .lastAt),
            ],
            rows: busiest(resourceRows),
            childRows: resourcePairs,
            storage: storage
        )
        actorActions = TallyTable(
            [
                ("actor_id", .actorID), ("actor_email", .actorEmail), ("action", .action), ("count", .count),
                ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: actorPairs,
            storage: storage
        )
        resourceActions = TallyTable(
            [
                ("resource_type", .resourceType), ("resource_id", .resourceID), ("resource_name", .resourceName),
                ("action", .action), ("count", .count), ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: resourcePairs,
            storage: storage
        )
        actorResourceActions = TallyTable(
            [
                ("actor_id", .actorID), ("actor_email", .actorEmail), ("resource_type", .resourceType),
                ("resource_id", .resourceID), ("resource_name", .resourceName), ("action", .action),
                ("count", .count), ("first_at", .firstAt), ("last_at", .lastAt),
            ],
            rows: tripleRows,
            storage: storage
        )
    }

    private static func ranks(_ sorted: [UInt32]) -> [UInt32] {
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        for (rank, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(rank) }
        return ranks
    }

    /// Places of the triples in the order of a packed key.
    private static func sorted(
        _ triples: [TripleTable.Triple],
        by key: (TripleTable.Triple) -> (UInt64, UInt32)
    ) -> [UInt32] {
        struct Keyed {
            var high: UInt64
            var low: UInt32
            var place: UInt32
        }
        var keyed: [Keyed] = []
        keyed.reserveCapacity(triples.count)
        for (place, triple) in triples.enumerated() {
            let (high, low) = key(triple)
            keyed.append(Keyed(high: high, low: low, place: UInt32(place)))
        }
        keyed.sort { $0.high != $1.high ? $0.high < $1.high : $0.low < $1.low }
        return keyed.map(\.place)
    }

    private static func row(_ triple: TripleTable.Triple) -> Row {
        Row(
            actor: triple.actor,
            resource: triple.resource,
            action: triple.action,
            count: triple.count,
            first: triple.first,
            last: triple.last
        )
    }

    /// Adds the later row's counts to the earlier one's; place 0 of a time is none.
    private static func merge(_ row: inout Row, _ other: Row) {
        row.count += other.count
        if row.first == 0 || (other.first != 0 && other.first < row.first) { row.first = other.first }
        row.last = max(row.last, other.last)
    }

    private static func addUp(
        _ places: [UInt32],
        _ triples: [TripleTable.Triple],
        _ isSame: (Row, Row) -> Bool
    ) -> [Row] {
        var rows: [Row] = []
        for place in places {
            let next = row(triples[Int(place)])
            if let last = rows.last, isSame(last, next) {
                merge(&rows[rows.count - 1], next)
            } else {
                rows.append(next)
            }
        }
        return rows
    }

    /// One row for each run of pairs, which become its list.
    private static func group(_ pairs: [Row], _ isSame: (Row, Row) -> Bool) -> [Row] {
        var rows: [Row] = []
        for (index, pair) in pairs.enumerated() {
            if let last = rows.last, isSame(last, pair) {
                merge(&rows[rows.count - 1], pair)
                rows[rows.count - 1].children = last.children.lowerBound..<UInt32(index + 1)
            } else {
                var row = pair
                row.children = UInt32(index)..<UInt32(index + 1)
                rows.append(row)
            }
        }
        return rows
    }

    /// How many actions that have a name.
    private static func named(_ children: Range<UInt32>, _ pairs: [Row], _ storage: TallyStorage) -> UInt32 {
        UInt32(children.count { storage.hasAction(pairs[Int($0)].action) })
    }

    /// Different resources of each actor: triples come sorted by actor, then resource.
    private static func countResources(
        of rows: inout [Row],
        _ byActor: [UInt32],
        _ triples: [TripleTable.Triple],
        _ storage: TallyStorage
    ) {
        var row = 0
        var previous: (actor: UInt32, resource: UInt32)?
        for place in byActor {
            let triple = triples[Int(place)]
            while rows[row].actor != triple.actor { row += 1 }
            if previous?.actor != triple.actor || previous?.resource != triple.resource,
                storage.hasResource(triple.resource)
            {
                rows[row].distinct.1 += 1
            }
            previous = (triple.actor, triple.resource)
        }
    }

    private static func countActors(
        of rows: inout [Row],
        _ triples: [TripleTable.Triple],
        _ storage: TallyStorage
    ) {
        var rowOfResource = [UInt32](repeating: 0, count: storage.names.count)
        for (index, row) in rows.enumerated() { rowOfResource[Int(row.resource)] = UInt32(index) }
        var seen = PairSet()
        for triple in triples where storage.hasActor(triple.actor) && seen.insert(triple.resource, triple.actor) {
            rows[Int(rowOfResource[Int(triple.resource)])].distinct.1 += 1
        }
    }

    private static func actionRows(
        _ actorPairs: [Row],
        _ resourcePairs: [Row],
        _ ranks: [UInt32],
        _ storage: TallyStorage
    ) -> [Row] {
        var rows = [Row](repeating: Row(), count: ranks.count)
        for pair in actorPairs {
            let rank = Int(ranks[Int(pair.action)])
            rows[rank].action = pair.action
            merge(&rows[rank], pair)
            if storage.hasActor(pair.actor) { rows[rank].distinct.0 += 1 }
        }
        for pair in resourcePairs where storage.hasResource(pair.resource) {
            rows[Int(ranks[Int(pair.action)])].distinct.1 += 1
        }
        return rows
    }
}
