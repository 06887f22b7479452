public import Evidence

/// Keeps the newest events of a reading, copied out of its blocks.
///
/// Hand it every block of ``EventSource/forEachBlock(_:)``; it costs a copy of at most `limit` events a block.
/// Fields of more than 1,000 bytes are cut, and say so.
public struct RecentEvents: Sendable {
    /// How many events are kept.
    public let limit: Int
    private var bytes: [UInt8] = []
    /// Where each field ends in `bytes`, nine an event.
    private var ends: [Int] = []

    static let fieldCount = TemplateValues.eventColumns.count

    /// Keeps the last `limit` events.
    public init(limit: Int = 1000) {
        self.limit = limit
    }

    /// How many events are kept at present.
    public var count: Int { min(limit, ends.count / Self.fieldCount) }

    /// Takes the events of the next block.
    public mutating func add(_ block: borrowing EventBlock) {
        let first = max(0, block.count - limit)
        if first > 0 || block.count >= limit {
            bytes.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
        } else if ends.count / Self.fieldCount > 4 * limit {
            forget(ends.count / Self.fieldCount - limit)
        }
        for index in first..<block.count { append(block[index]) }
    }

    /// Takes chosen events of the next block.
    public mutating func add(_ block: borrowing EventBlock, at indices: [Int]) {
        for index in indices { append(block[index]) }
        if ends.count / Self.fieldCount > 4 * limit { forget(ends.count / Self.fieldCount - limit) }
    }

    private mutating func append(_ event: EventView) {
        put(event.id)
        put(event.createdAt)
        put(event.action)
        put(event.actorID)
        put(event.actorEmail)
        put(event.resourceType)
        put(event.resourceID)
        put(event.resourceName)
        put(event.ipAddress)
    }

    private mutating func put(_ text: TextView) {
        if text.count <= ShownText.mostBytes {
            bytes.append(contentsOf: text.bytes)
        } else {
            bytes.append(contentsOf: ShownText.clipped(text).utf8)
        }
        ends.append(bytes.count)
    }

    private mutating func forget(_ events: Int) {
        let fields = events * Self.fieldCount
        let start = ends[fields - 1]
        bytes.removeFirst(start)
        ends.removeFirst(fields)
        for index in ends.indices { ends[index] -= start }
    }

    /// The events' fields in the order of events.csv, the newest event first.
    var newestFirst: [[String]] {
        let total = ends.count / Self.fieldCount
        return (total - count..<total).reversed().map { event in
            (0..<Self.fieldCount).map { field in
                let index = event * Self.fieldCount + field
                let start = index == 0 ? 0 : ends[index - 1]
                return String(decoding: bytes[start..<ends[index]], as: UTF8.self)
            }
        }
    }
}
