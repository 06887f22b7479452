import Evidence

/// The rows of resources.csv and resource_actions.csv.
struct ResourceRows {
    private(set) var pairs: [TallyTable.Row] = []
    private(set) var rows: [TallyTable.Row] = []
    private(set) var details: [TallyTable.Details] = []

    init() {}

    /// Adds up triples that are in the order of resource, then action.
    init(_ triples: [TallyTable.Row], _ storage: TallyStorage) {
        let (nobody, noAction) = (storage.nobody, storage.noAction)
        /// For each actor the resource, plus one, that counted them last.
        var counted: [UInt32] = []
        var begin = 0
        while begin < triples.count {
            let resource = triples[begin].resource
            var row = TallyTable.Row(resource: resource)
            var detail = TallyTable.Details()
            let firstPair = pairs.count
            while begin < triples.count, triples[begin].resource == resource {
                let triple = triples[begin]
                row.merge(triple)
                if pairs.count == firstPair || pairs[pairs.count - 1].action != triple.action {
                    pairs.append(TallyTable.Row(resource: resource, action: triple.action))
                    if triple.action != noAction { detail.distinct.0 += 1 }
                }
                pairs[pairs.count - 1].merge(triple)
                while counted.count <= Int(triple.actor) { counted.append(0) }
                if counted[Int(triple.actor)] != resource + 1 {
                    counted[Int(triple.actor)] = resource + 1
                    if triple.actor != nobody { detail.distinct.1 += 1 }
                }
                begin += 1
            }
            detail.children = UInt32(firstPair)..<UInt32(pairs.count)
            rows.append(row)
            details.append(detail)
        }
        sortBusiest(&rows, &details)
    }
}

/// The rows of actors.csv and actor_actions.csv.
struct ActorRows {
    private(set) var pairs: [TallyTable.Row] = []
    private(set) var rows: [TallyTable.Row] = []
    private(set) var details: [TallyTable.Details] = []

    init() {}

    /// Adds up triples that are in the order of actor, then resource.
    ///
    /// `ranks` are the places of actions in order, by number.
    init(_ triples: [TallyTable.Row], _ ranks: [UInt32], _ addresses: AddressUse, _ storage: TallyStorage) {
        let (nothing, noAction) = (storage.nothing, storage.noAction)
        /// The pairs of one actor, by the rank of the action, and which of them are in use.
        var ofActor = [TallyTable.Row](repeating: TallyTable.Row(), count: ranks.count)
        var used: [UInt32] = []
        var begin = 0
        while begin < triples.count {
            let actor = triples[begin].actor
            var row = TallyTable.Row(actor: actor)
            var detail = TallyTable.Details()
            var resource: UInt32?
            while begin < triples.count, triples[begin].actor == actor {
                let triple = triples[begin]
                row.merge(triple)
                let rank = ranks[Int(triple.action)]
                if ofActor[Int(rank)].count == 0 {
                    ofActor[Int(rank)] = TallyTable.Row(actor: actor, action: triple.action)
                    used.append(rank)
                }
                ofActor[Int(rank)].merge(triple)
                if resource != triple.resource, triple.resource != nothing { detail.distinct.1 += 1 }
                resource = triple.resource
                begin += 1
            }
            detail.children = UInt32(pairs.count)..<UInt32(pairs.count + used.count)
            for rank in used.sorted() {
                if ofActor[Int(rank)].action != noAction { detail.distinct.0 += 1 }
                pairs.append(ofActor[Int(rank)])
                ofActor[Int(rank)].count = 0
            }
            used.removeAll(keepingCapacity: true)
            detail.distinct.2 = addresses.count(of: actor)
            rows.append(row)
            details.append(detail)
        }
        sortBusiest(&rows, &details)
    }
}

/// The rows of actions.csv.
struct ActionRows {
    private(set) var rows: [TallyTable.Row]
    private(set) var details: [TallyTable.Details]

    /// Adds up pairs; `ranks` are the places of actions in order, by number.
    init(
        _ actorPairs: [TallyTable.Row],
        _ resourcePairs: [TallyTable.Row],
        _ ranks: [UInt32],
        _ storage: TallyStorage
    ) {
        let (nobody, nothing) = (storage.nobody, storage.nothing)
        rows = [TallyTable.Row](repeating: TallyTable.Row(), count: ranks.count)
        details = [TallyTable.Details](repeating: TallyTable.Details(), count: ranks.count)
        for pair in actorPairs {
            let rank = Int(ranks[Int(pair.action)])
            rows[rank].action = pair.action
            rows[rank].merge(pair)
            if pair.actor != nobody { details[rank].distinct.0 += 1 }
        }
        for pair in resourcePairs where pair.resource != nothing {
            details[Int(ranks[Int(pair.action)])].distinct.1 += 1
        }
        // Actions of the history alone have no events here, and stand behind all others.
        sortBusiest(&rows, &details)
        while rows.last?.count == 0 {
            rows.removeLast()
            details.removeLast()
        }
    }
}

/// The busiest first; rows of one count stay in the order of their keys.
private func sortBusiest(_ rows: inout [TallyTable.Row], _ details: inout [TallyTable.Details]) {
    let order = rows.enumerated().map { UInt64(~$0.element.count) << 32 | UInt64($0.offset) }.sorted()
    rows = order.map { [rows] in rows[Int($0 & 0xFFFF_FFFF)] }
    details = order.map { [details] in details[Int($0 & 0xFFFF_FFFF)] }
}
