import CBytes
import Evidence

/// Keeps the newest events of a reading, copied out of its blocks.
///
/// Hand it every block of ``EventSource/forEachBlock(_:)``; it costs a copy of at most `limit` events a block.
/// Fields of more than 1,000 bytes are cut, and say so.
package struct RecentEvents: Sendable {
    /// How many events are kept.
    package let limit: Int
    /// Fields one behind the other, and room for more.
    private var bytes: [UInt8] = []
    /// Where each field of each event ends in `bytes`.
    private var ends: [Int] = []

    private static let fieldCount = EventField.count

    /// Keeps the last `limit` events.
    package init(limit: Int = 1000) {
        self.limit = limit
    }

    /// How many events are kept at present.
    package var count: Int { min(limit, ends.count / Self.fieldCount) }

    /// Takes the events of the next block.
    package mutating func add(_ block: borrowing EventBlock) {
        let first = max(0, block.count - limit)
        if first > 0 || block.count >= limit {
            ends.removeAll(keepingCapacity: true)
        } else if ends.count / Self.fieldCount > 2 * limit {
            forget(ends.count / Self.fieldCount - limit)
        }
        for index in first..<block.count { append(block[index]) }
    }

    /// Takes chosen events of the next block.
    package mutating func add(_ block: borrowing EventBlock, at indices: [Int]) {
        for index in indices { append(block[index]) }
        if ends.count / Self.fieldCount > 2 * limit { forget(ends.count / Self.fieldCount - limit) }
    }

    private mutating func append(_ event: EventView) {
        event.forEachField { put($1) }
    }

    private mutating func put(_ text: TextView) {
        if text.count <= ShownText.mostBytes {
            put(text.bytes)
        } else {
            var clipped = ShownText.clipped(text)
            clipped.withUTF8 { put($0) }
        }
    }

    @inline(__always)
    private mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
        let place = ends.last ?? 0
        ends.append(place + text.count)
        // A few spare bytes, for short texts are copied sixteen bytes at a time.
        let needed = place + text.count + 16
        if bytes.count < needed { bytes.append(contentsOf: repeatElement(0, count: max(needed, 1 << 16))) }
        guard let start = text.baseAddress else { return }
        bytes.withUnsafeMutableBufferPointer { bytes in
            if let base = bytes.baseAddress { heed_copy_over(base + place, start, text.count) }
        }
    }

    private mutating func forget(_ events: Int) {
        let fields = events * Self.fieldCount
        let start = ends[fields - 1]
        bytes.removeFirst(start)
        ends.removeFirst(fields)
        for index in ends.indices { ends[index] -= start }
    }

    /// An event that was kept.
    struct Event {
        fileprivate let texts: [String]

        /// The text of a field.
        subscript(field: EventField) -> String { texts[field.number] }
    }

    /// The events, the newest first.
    var newestFirst: [Event] {
        let total = ends.count / Self.fieldCount
        return (total - count..<total).reversed().map(event)
    }

    /// The event at a place among all that are at hand, which may be more than are kept.
    func event(at place: Int) -> Event {
        Event(
            texts: (0..<Self.fieldCount).map { field in
                let index = place * Self.fieldCount + field
                let start = index == 0 ? 0 : ends[index - 1]
                return String(decoding: bytes[start..<ends[index]], as: UTF8.self)
            }
        )
    }
}
