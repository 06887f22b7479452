import Analysis
import Evidence

/// Events told by their ids, copied out of a reading.
///
/// Fields of more than 1,000 bytes are cut, and say so.
package struct ChosenEvents: Sendable {
    /// Numbers of the ids that are wanted.
    private let numbers: EventRows
    /// Where the event of each number stands among those that were read; nil until it is read.
    private var places: [Int?]
    private var events = RecentEvents(limit: 1 << 40)

    /// Wants the events of some ids, each of them told once.
    package init(ids: [String] = []) {
        numbers = EventRows(ids: ids)
        places = Array(repeating: nil, count: ids.count)
    }

    /// Whether every event that is wanted was read.
    package var isComplete: Bool { events.count == places.count }

    /// Takes the events of the next block; of several of one id the first counts.
    package mutating func add(_ block: borrowing EventBlock) {
        var found: [Int] = []
        for index in 0..<block.count {
            guard let number = numbers[block[index].id], places[number] == nil else { continue }
            places[number] = events.count + found.count
            found.append(index)
        }
        if !found.isEmpty { events.add(block, at: found) }
    }

    /// The event of an id; nil where it is not among those that were read.
    func event(_ id: String) -> RecentEvents.Event? {
        numbers[id].flatMap { places[$0] }.map { events.event(at: $0) }
    }
}
