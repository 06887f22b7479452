import Evidence

/// What the events of a period add up to: six sorted tables, a timeline and a heat map.
package struct Aggregates: Sendable {
    /// How many events.
    package let eventCount: Int
    /// Time of the first dated event, RFC 3339 in UTC; nil without one.
    package let firstAt: String?
    /// Time of the last event.
    package let lastAt: String?
    /// Actions, the most frequent first; columns as actions.csv.
    package let actions: any RowTable
    /// Actors, the busiest first; columns as actors.csv, own list of actions.
    package let actors: any RowTable
    /// Resources, the busiest first; columns as resources.csv, own list of actions.
    package let resources: any RowTable
    /// Actor and action, by key; columns as actor_actions.csv.
    package let actorActions: any RowTable
    /// Resource and action, by key; columns as resource_actions.csv.
    package let resourceActions: any RowTable
    /// Actor, resource and action, by key; columns as actor_resource_actions.csv.
    package let actorResourceActions: any RowTable
    /// Whether some events have no actor.
    package let hasNobody: Bool
    /// Whether some events have no resource.
    package let hasNothing: Bool
    /// Days that have events, in order; undated events are on none.
    package internal(set) var days: [DayCount]
    /// Events by weekday (row 0 is Monday) and hour (0 to 23) in the report's time zone.
    package let heat: [[Int]]
    /// Who did what how often, the busiest 50 actors and most frequent 30 actions, the rest added up.
    package let matrix: ActionMatrix

    /// Events of one day.
    package struct DayCount: Sendable, Hashable {
        /// Days since 1970-01-01 in the report's time zone.
        package var day: Int
        /// How many events it has.
        package var count: Int
    }

    init(
        storage: TallyStorage,
        triples: consuming [TripleTable.Triple],
        addresses: AddressUse,
        eventCount: Int,
        days: [Int64: Int],
        heat: [Int]
    ) {
        self.eventCount = eventCount
        let timeCount = UInt32(storage.times.count)
        firstAt = timeCount == 0 ? nil : storage.times.string(1)
        lastAt = timeCount == 0 ? nil : storage.times.string(timeCount)
        self.days = days.sorted { $0.key < $1.key }.map {
            DayCount(day: Int($0.key), count: $0.value)
        }
        self.heat = stride(from: 0, to: heat.count, by: 24).map { Array(heat[$0..<($0 + 24)]) }
        let builder = TableBuilder(triples, addresses, storage)
        hasNobody = storage.nobody.map { nobody in builder.actors.rows.contains { $0.actor == nobody } } ?? false
        hasNothing =
            storage.nothing.map { nothing in builder.resources.rows.contains { $0.resource == nothing } } ?? false
        actions = builder.actions
        actors = builder.actors
        resources = builder.resources
        actorActions = builder.actorActions
        resourceActions = builder.resourceActions
        actorResourceActions = builder.actorResourceActions
        matrix = ActionMatrix(
            actors: builder.actors,
            actions: builder.actions,
            pairs: builder.actorActions,
            storage: storage
        )
    }
}

extension Aggregates {
    /// The tables by the names that templates have for them.
    package var tables: [String: any RowTable] {
        [
            "actions": actions, "actors": actors, "resources": resources, "actor_actions": actorActions,
            "resource_actions": resourceActions, "actor_resource_actions": actorResourceActions,
        ]
    }
}
