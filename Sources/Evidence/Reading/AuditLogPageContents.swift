import CSimdJSON
import Foundation
import Synchronization

/// An audit-log answer taken apart: the events' texts as received, and what the service says about the log.
public struct AuditLogPageContents: Sendable {
    /// One event of a page.
    public struct Event: Sendable, Hashable {
        /// Its JSON text on one line: line breaks between tokens are gone, everything else is as received.
        public var line: [UInt8]
        /// Its id; `sha256:` and the digest of the line where it has none.
        public var id: String
        /// When it happened; nil for an undated event.
        public var instant: Instant?

        /// A number that is equal for equal ids and, but for one chance in 2^64, different for different ones.
        ///
        /// It holds within this process only.
        public var identity: Int { Self.identity(of: id) }

        static func identity(of id: String) -> Int {
            var hasher = Hasher()
            // Ids are compared as bytes: strings would be compared by Unicode equivalence.
            var id = id
            id.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            return hasher.finalize()
        }
    }

    /// The events in the order received.
    public var events: [Event]
    /// Elements of the list that are no JSON object; kept as text, counted as not understood.
    public var unreadable: [[UInt8]]
    /// `meta.page`, nil when absent.
    public var page: Int?
    /// `meta.per_page`, nil when absent.
    public var perPage: Int?
    /// `meta.total`, nil when absent.
    public var total: Int?
    /// `meta.total_pages`, nil when absent.
    public var totalPages: Int?
    /// Whether there was a `meta` object at all.
    public var hasMeta: Bool

    /// What an answer can be when it is not a page of the log.
    public enum Refusal: Error, Sendable, Hashable {
        /// Not JSON, or not whole.
        case notJSON
        /// JSON that holds no list of events.
        case withoutEvents
    }

    /// Takes an answer's body apart.
    ///
    /// - Throws: `Refusal`; `EvidenceError` when memory is short.
    public init(body: [UInt8]) throws {
        let reader = try PageReader.take()
        defer { PageReader.giveBack(reader, after: body.count) }
        let (parser, scanner) = (reader.parser, reader.scanner)
        let page = body.withUnsafeBufferPointer { heed_parse_page(parser, $0.baseAddress, $0.count) }
        switch page.status {
        case Int32(HEED_PAGE_OK): break
        case Int32(HEED_PAGE_WITHOUT_EVENTS): throw Refusal.withoutEvents
        default: throw Refusal.notJSON
        }
        let number = { (value: Int64) -> Int? in value < 0 ? nil : Int(value) }
        self.page = number(page.page)
        perPage = number(page.per_page)
        total = number(page.total)
        totalPages = number(page.total_pages)
        hasMeta = page.has_meta != 0
        events = []
        unreadable = []
        events.reserveCapacity(page.event_count)
        for index in 0..<page.event_count {
            let text = heed_page_event(parser, index)
            let line = Self.oneLine(UnsafeBufferPointer(start: text.bytes, count: Int(text.count)))
            if let event = Self.event(line, scanner) { events.append(event) } else { unreadable.append(line) }
        }
    }

    private static let padding = [UInt8](repeating: 0, count: EventScanner.padding)

    private static func event(_ line: [UInt8], _ scanner: EventScanner) -> Event? {
        var padded: [UInt8] = []
        padded.reserveCapacity(line.count + EventScanner.padding)
        padded += line
        padded += Self.padding
        return padded.withUnsafeBufferPointer { buffer in
            var found = heed_event()
            scanner.reset()
            let input = UnsafeBufferPointer(rebasing: buffer[..<line.count])
            guard scanner.scanEvent(input, validating: true, into: &found) == .event else { return nil }
            return withUnsafePointer(to: found) { found in
                let view = EventView(found)
                return Event(line: line, id: view.id.string, instant: view.isUndated ? nil : view.instant)
            }
        }
    }

    /// JSON strings hold no raw line breaks, so every one found stands between tokens, where white space means nothing.
    static func oneLine(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var begin = 0
        var end = text.count
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 10 || byte == 13 }
        while begin < end, isSpace(text[begin]) { begin += 1 }
        while end > begin, isSpace(text[end - 1]) { end -= 1 }
        let line = UnsafeBufferPointer(rebasing: text[begin..<end])
        guard let start = line.baseAddress, memchr(start, 10, line.count) != nil || memchr(start, 13, line.count) != nil
        else { return Array(line) }
        return line.filter { $0 != 10 && $0 != 13 }
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
