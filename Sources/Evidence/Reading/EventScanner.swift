import CSimdJSON

/// Turns bytes into events: the one place, beside the C++ it calls, that holds unsafe pointers to received text.
///
/// Not for several threads at a time.
package final class EventScanner {
    /// Why a line is not an event.
    enum LineStatus: UInt8, Sendable {
        /// It is one.
        case event = 0
        /// It is not JSON, or not whole.
        case notJSON = 1
        /// It is JSON, but no object.
        case notObject = 2
        /// It is an object without an `action` that is a text.
        case notEvent = 3
    }

    private let parser: OpaquePointer
    /// Ids made for events without one; they live as long as the parser's side buffer.
    private var madeIDs: [UnsafeMutablePointer<UInt8>] = []

    /// Bytes that must be readable behind an input; their content does not matter.
    package static let padding = Int(HEED_PADDING)

    /// Version of simdjson.
    package static var libraryVersion: String { String(cString: heed_simdjson_version()) }

    /// - Throws: `EvidenceError` with code `.outOfMemory`.
    package init() throws {
        guard let parser = heed_parser_create() else {
            throw EvidenceError(.outOfMemory, "no memory for the JSON parser")
        }
        self.parser = parser
    }

    deinit {
        reset()
        heed_parser_free(parser)
    }

    /// How many broken or unpaired characters were shown as U+FFFD since the scanner was made.
    var replacements: Int { Int(heed_parser_replacements(parser)) }

    /// Gives up every text that the scanner handed out.
    func reset() {
        heed_parser_reset(parser)
        for made in madeIDs { made.deallocate() }
        madeIDs.removeAll(keepingCapacity: true)
    }

    /// Reads lines into `events`, one status each, until either is full or the input ends; blank lines are passed over.
    ///
    /// - Parameters:
    ///   - input: The lines; `EventScanner.padding` bytes behind them must be readable.
    ///   - validating: True for what was never archived: values that are not looked at are checked, too, and an object
    ///     without an `action` that is a text is no event.
    ///   - events: Receives the events.
    ///   - statuses: Receives a `LineStatus` a line.
    /// - Returns: How many lines were read, and how many bytes of the input they took.
    package func scan(
        _ input: UnsafeBufferPointer<UInt8>,
        validating: Bool,
        events: UnsafeMutableBufferPointer<heed_event>,
        statuses: UnsafeMutableBufferPointer<UInt8>
    ) -> (lines: Int, consumed: Int) {
        guard let bytes = input.baseAddress, let out = events.baseAddress else { return (0, 0) }
        var consumed = 0
        let lines = heed_parse_lines(
            parser,
            bytes,
            input.count,
            validating ? 1 : 0,
            out,
            statuses.baseAddress,
            events.count,
            &consumed
        )
        for index in 0..<lines where events[index].id.count == 0 && statuses[index] == 0 {
            events[index].id = makeID(of: events[index].raw)
        }
        return (lines, consumed)
    }

    /// Reads one event from text that is followed by `EventScanner.padding` readable bytes.
    func scanEvent(
        _ input: UnsafeBufferPointer<UInt8>,
        validating: Bool,
        into event: inout heed_event
    ) -> LineStatus {
        guard let bytes = input.baseAddress else { return .notJSON }
        let status = heed_parse_line(parser, bytes, input.count, validating ? 1 : 0, &event)
        if status == 0, event.id.count == 0 { event.id = makeID(of: event.raw) }
        return LineStatus(rawValue: UInt8(truncatingIfNeeded: status)) ?? .notJSON
    }

    /// An event without an id is known by the digest of its line.
    private func makeID(of line: heed_text) -> heed_text {
        let digest = Digest.sha256(UnsafeBufferPointer(start: line.bytes, count: Int(line.count)))
        let text = Array("sha256:\(digest)".utf8)
        let made = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
        made.initialize(from: text, count: text.count)
        madeIDs.append(made)
        return heed_text(bytes: made, count: UInt32(text.count), suffix: 0)
    }

    /// Reads the time that a text is, or a JSON number, in every form in which an event's time is read.
    static func readTime(_ text: UnsafeBufferPointer<UInt8>, isNumber: Bool = false) -> Instant? {
        var (seconds, nanoseconds) = (Int64(), UInt32())
        guard let start = text.baseAddress,
            heed_read_time(start, text.count, isNumber ? 1 : 0, &seconds, &nanoseconds) != 0
        else { return nil }
        return Instant(seconds: seconds, nanoseconds: nanoseconds)
    }
}
