import Evidence

/// Events that made keys and give no id, by the names that they give: a log can hold as many as there are keys on a list.
struct UnnamedKeys {
    /// So many events that may have made a key are named.
    static let mostNamed = ExplainingEvents.mostNamed

    private let events: [AccessTrail.Event]
    private let places: [ExactText: [Int]]

    init(_ events: [AccessTrail.Event]) {
        self.events = events
        places = Dictionary(grouping: events.indices) { ExactText(events[$0].name) }
    }

    /// How many may have made a listed key, having its name or none, and the first of them.
    func possible(_ key: AccessKey) -> (count: Int, events: [String]) {
        let all = Set(["", key.name ?? ""].map { ExactText($0) }).map { places[$0, default: []] }
        let first = all.flatMap { $0.prefix(Self.mostNamed) }.sorted().prefix(Self.mostNamed)
        return (all.reduce(0) { $0 + $1.count }, first.map { events[$0].event })
    }
}
