import Analysis
import Evidence

/// What review.csv shows of events, told by their ids and copied out of a reading.
///
/// Fields of more than 1,000 bytes are cut, and say so.
package struct ChosenEvents: Sendable {
    private let places: EventRows
    /// The texts of all events, one behind the other.
    private let bytes: [UInt8]
    /// Where the texts of each event begin, and how many bytes each of them has.
    private let starts: [Int]
    private let counts: [UInt16]

    /// When, who, what, on what and from where.
    private static let textCount = 5

    /// Holds no event.
    init() { self = Builder().finish() }

    private init(_ builder: consuming Builder) {
        (bytes, starts, counts) = (builder.bytes, builder.starts, builder.counts)
        places = EventRows(builder.places)
    }

    /// Finds the events of ids, one after the other.
    ///
    /// Those of a finding mostly stand in the order in which they were chosen, so that the next one is not far.
    struct Finder {
        private let events: EventRows
        private var next = 0

        private static let near = 16

        fileprivate init(_ events: EventRows) { self.events = events }

        /// The place of the event of an id among those chosen; nil where it was not chosen.
        mutating func place(of id: String) -> Int? {
            var id = id
            let found = id.withUTF8 { bytes in
                let id = TextView(start: bytes.baseAddress, count: bytes.count)
                return (next..<min(next + Self.near, events.count)).first { events.hasID($0, id) } ?? events[id]
            }
            if let found { next = found + 1 }
            return found
        }
    }

    /// What finds them by id.
    var finder: Finder { Finder(places) }

    /// Tells when the event at a place was, who did what, on what and from where; empty texts for none.
    func forEachText(at place: Int?, _ body: (TextView) -> Void) {
        guard let place else {
            for _ in 0..<Self.textCount { body(TextView(start: nil, count: 0)) }
            return
        }
        bytes.withUnsafeBufferPointer { bytes in
            var start = starts[place]
            for count in counts[place * Self.textCount..<(place + 1) * Self.textCount] {
                body(TextView(start: bytes.baseAddress.map { $0 + start }, count: Int(count)))
                start += Int(count)
            }
        }
    }

    /// Gathers them while the events are read.
    package struct Builder: ~Copyable {
        fileprivate var places = EventRows.Builder()
        fileprivate var bytes: [UInt8] = []
        fileprivate var starts: [Int] = []
        fileprivate var counts: [UInt16] = []

        /// Holds no event yet.
        package init() {}

        /// Takes chosen events of the next block; of several whose ids are shown alike the first counts.
        package mutating func add(_ block: borrowing EventBlock, at indices: [Int]) {
            for index in places.number(block, at: indices) { add(block[index]) }
        }

        /// The events.
        package consuming func finish() -> ChosenEvents { ChosenEvents(self) }

        private mutating func add(_ event: EventView) {
            starts.append(bytes.count)
            put(event.createdAt)
            put(event.actorEmail.isEmpty ? event.actorID : event.actorEmail)
            put(event.action)
            put(event.resourceType, event.resourceName.isEmpty ? event.resourceID : event.resourceName)
            put(event.ipAddress)
        }

        /// What the table shows of one event.
        static func texts(of event: EventView) -> [String] {
            var builder = Builder()
            builder.add(event)
            var start = 0
            return builder.counts.map { count in
                defer { start += Int(count) }
                return String(decoding: builder.bytes[start..<start + Int(count)], as: UTF8.self)
            }
        }

        /// Keeps a text, or two with a space in between where there are two.
        private mutating func put(_ first: TextView, _ second: TextView? = nil) {
            let start = bytes.count
            append(first)
            if let second, !second.isEmpty {
                if !first.isEmpty { bytes.append(UInt8(ascii: " ")) }
                append(second)
            }
            counts.append(UInt16(clamping: bytes.count - start))
        }

        private mutating func append(_ text: TextView) {
            if text.count <= ShownText.mostBytes {
                bytes.append(contentsOf: text.bytes)
            } else {
                bytes.append(contentsOf: ShownText.clipped(text).utf8)
            }
        }
    }
}
