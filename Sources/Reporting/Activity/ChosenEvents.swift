import Analysis
import Evidence

/// Events that are told by their ids, copied out of a reading.
///
/// Fields of more than 1,000 bytes are cut, and say so.
package struct ChosenEvents: Sendable {
    private let places: EventRows
    private let events: RecentEvents

    /// Holds no event.
    package init() { self = Builder().finish() }

    private init(_ places: EventRows, _ events: RecentEvents) {
        self.places = places
        self.events = events
    }

    /// Whether an event of an id was chosen.
    func holds(_ id: String) -> Bool { places[id] != nil }

    /// The event of an id; nil where it was not chosen.
    func event(_ id: String) -> RecentEvents.Event? { places[id].map { events.event(at: $0) } }

    /// Gathers them while the events are read.
    package struct Builder: ~Copyable {
        private var places = EventRows.Builder()
        private var events = RecentEvents(limit: 1 << 40)

        /// Holds no event yet.
        package init() {}

        /// Takes chosen events of the next block; of several whose ids are shown alike the first counts.
        package mutating func add(_ block: borrowing EventBlock, at indices: [Int]) {
            for (number, index) in indices.enumerated() { places.addFirst(block[index].id, events.count + number) }
            events.add(block, at: indices)
        }

        /// The events.
        package consuming func finish() -> ChosenEvents { ChosenEvents(EventRows(places), events) }
    }
}
