import CSimdJSON
import Foundation
import Synchronization

/// An audit-log answer taken apart: the events' texts as received, and what the service says about the log.
package struct AuditLogPageContents: Sendable {
    /// One event of a page.
    package struct Event: Sendable, Hashable {
        /// A number that is equal for equal identities (``EventIdentity``) and, but for one chance in 2^64, different for
        /// different ones.
        ///
        /// It holds within this process only.
        package var identity: Int
        /// When it happened; nil for an undated event.
        package var instant: Instant?

        static func identity(of event: EventView) -> Int {
            var hasher = Hasher()
            hasher.combine(bytes: UnsafeRawBufferPointer(event.identity.bytes))
            return hasher.finalize()
        }
    }

    /// The events in the order received.
    package private(set) var events: [Event] = []
    /// Their JSON texts one behind the other, each on a line of its own.
    ///
    /// Line breaks between tokens are gone, everything else is as received. Behind the last line feed stand
    /// `EventScanner.padding` bytes.
    private(set) var text: [UInt8] = []
    /// Elements of the list that are no events: no JSON objects, or without an `action` that is a text.
    ///
    /// Kept as text, one line each, counted as not understood.
    package private(set) var unreadable: [[UInt8]] = []
    /// Their places among all elements of the page.
    package private(set) var unreadablePlaces: [Int] = []
    /// `meta.per_page`, nil when absent.
    package var perPage: Int?
    /// `meta.total`, nil when absent.
    package var total: Int?
    /// `meta.total_pages`, nil when absent.
    package var totalPages: Int?
    /// Whether it says that more follow this page (`has_more`, `next`, `next_cursor`).
    package var hasMore: Bool

    /// What an answer can be when it is not a page of the log.
    package enum Refusal: Error, Sendable, Hashable {
        /// Not JSON, or not whole.
        case notJSON
        /// JSON that holds no list of events.
        case withoutEvents
        /// A list of events, and beside it that something went wrong: nobody knows what is missing then.
        case withError
        /// More than ``mostBytes`` or ``mostEvents``.
        case tooLarge
    }

    /// The longest answer that is taken apart, in bytes.
    package static let mostBytes = Int(HEED_PAGE_MOST_BYTES)
    /// The most elements that an answer may have.
    package static let mostEvents = Int(HEED_PAGE_MOST_EVENTS)

    /// Takes an answer's body apart.
    ///
    /// - Throws: `Refusal`; `EvidenceError` when memory is short.
    package init(body: [UInt8]) throws {
        let reader = try PageReader.take()
        defer { PageReader.giveBack(reader, after: body.count) }
        let (parser, scanner) = (reader.parser, reader.scanner)
        var lines: [UInt8] = []
        let page = body.withUnsafeBufferPointer { body in
            let page = heed_parse_page(parser, body.baseAddress, body.count)
            // What the elements point to is only lent.
            if page.event_count > 0 { lines.reserveCapacity(body.count + EventScanner.padding) }
            for index in 0..<page.event_count {
                let element = heed_page_event(parser, index)
                Self.append(UnsafeBufferPointer(start: element.bytes, count: Int(element.count)), to: &lines)
            }
            return page
        }
        switch page.status {
        case Int32(HEED_PAGE_OK) where page.has_error != 0: throw Refusal.withError
        case Int32(HEED_PAGE_OK): break
        case Int32(HEED_PAGE_WITHOUT_EVENTS): throw Refusal.withoutEvents
        case Int32(HEED_PAGE_TOO_LARGE): throw Refusal.tooLarge
        default: throw Refusal.notJSON
        }
        let number = { (value: Int64) -> Int? in value < 0 ? nil : Int(value) }
        perPage = number(page.per_page)
        total = number(page.total)
        totalPages = number(page.total_pages)
        hasMore = page.has_more != 0
        lines += Self.padding
        text = lines
        try readEvents(page.event_count, scanner)
    }

    private static let padding = [UInt8](repeating: 0, count: EventScanner.padding)

    /// The lines, without what stands behind them.
    func withLines<Value>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Value) rethrows -> Value {
        try text.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0.dropLast(EventScanner.padding))) }
    }

    /// Tells events from elements that are none; only the lines of events stay in the text.
    private mutating func readEvents(_ count: Int, _ scanner: EventScanner) throws {
        var places: [Int] = []
        var (events, unreadable, readable) = ([Event](), [[UInt8]](), [UInt8]())
        events.reserveCapacity(count)
        withLines { lines in
            withUnsafeTemporaryAllocation(of: heed_event.self, capacity: count) { found in
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { statuses in
                    scanner.reset()
                    let read = scanner.scan(lines, validating: true, events: found, statuses: statuses).lines
                    guard let first = found.baseAddress else { return }
                    for index in 0..<read {
                        let view = EventView(first + index)
                        if statuses[index] == 0 {
                            events.append(
                                Event(
                                    identity: Event.identity(of: view),
                                    instant: view.isUndated ? nil : view.instant
                                )
                            )
                        } else {
                            unreadable.append(Array(view.raw.bytes))
                            places.append(index)
                        }
                    }
                    guard !unreadable.isEmpty else { return }
                    for index in 0..<read where statuses[index] == 0 {
                        readable += Array(EventView(first + index).raw.bytes) + [10]
                    }
                }
            }
        }
        // Every element is one line, or nothing can be said of the page.
        guard events.count + unreadable.count == count else { throw Refusal.notJSON }
        if !unreadable.isEmpty { text = readable + Self.padding }
        self.events = events
        self.unreadable = unreadable
        unreadablePlaces = places
    }

    /// Appends an element as a line.
    ///
    /// JSON strings hold no raw line breaks, so every one found stands between tokens, where white space means nothing.
    private static func append(_ element: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        var begin = 0
        var end = element.count
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 10 || byte == 13 }
        while begin < end, isSpace(element[begin]) { begin += 1 }
        while end > begin, isSpace(element[end - 1]) { end -= 1 }
        let line = UnsafeBufferPointer(rebasing: element[begin..<end])
        if let start = line.baseAddress, memchr(start, 10, line.count) != nil || memchr(start, 13, line.count) != nil {
            text += line.filter { $0 != 10 && $0 != 13 }
        } else {
            text.append(contentsOf: line)
        }
        text.append(10)
    }
}

extension AuditLogPageContents.Event {
    /// The identity that an event whose id has these bytes gets.
    static func identity(ofBytes bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        return hasher.finalize()
    }
}

extension AuditLogPageContents {
    /// What `ofEvents` says of the events and `ofOthers` of the elements that are none, in the order received.
    package func inOrder<Value>(_ ofEvents: [Value], _ ofOthers: [Value]) -> [Value] {
        guard !unreadablePlaces.isEmpty else { return ofEvents }
        var (events, others) = (ofEvents.makeIterator(), ofOthers.makeIterator())
        let places = Set(unreadablePlaces)
        return (0..<(ofEvents.count + ofOthers.count)).compactMap { place in
            places.contains(place) ? others.next() : events.next()
        }
    }

    /// Identities of all elements in the order received.
    package var identities: [Int] { inOrder(events.map(\.identity), unreadable.map(Self.identity(ofUnreadable:))) }

    /// A number that is equal for equal texts of what is no event.
    static func identity(ofUnreadable text: [UInt8]) -> Int {
        Int(truncatingIfNeeded: UInt64(Digest.sha256(text).prefix(16), radix: 16) ?? 0)
    }
}

/// What a page is taken apart with: made once for as many pages as are taken apart at a time, since it learns from each.
private final class PageReader: @unchecked Sendable {
    // Sendable: whoever took a reader is the only one to have it until they give it back.
    let parser: OpaquePointer
    let scanner: EventScanner

    private static let free = Mutex<[PageReader]>([])

    private init() throws {
        scanner = try EventScanner()
        guard let parser = heed_parser_create() else {
            throw EvidenceError(.outOfMemory, "no memory for the JSON parser")
        }
        self.parser = parser
    }

    deinit { heed_parser_free(parser) }

    static func take() throws -> PageReader { try free.withLock { $0.popLast() } ?? PageReader() }

    /// Keeps a reader for the next page, unless one of so many bytes made it large.
    static func giveBack(_ reader: PageReader, after size: Int) {
        heed_parser_reset(reader.parser)
        reader.scanner.reset()
        if size <= largestKept { free.withLock { $0.append(reader) } }
    }

    private static let largestKept = 1 << 20
}
