import CSimdJSON

/// Reads one segment from its begin to its end, a chunk at a time; a long one is read ahead on another thread.
final class SegmentCursor {
    let reference: SegmentReference
    /// The place of the head among the chunk's events.
    var next = 0
    private(set) var unreadableLines = 0
    private(set) var readEvents = 0
    /// Whether all events so far stood in order.
    private(set) var isOrdered = true
    /// Times of the first and the last event so far, those passed over included; the outer nil stands for no event, an inner
    /// one for an undated event.
    private(set) var span: (first: Instant?, last: Instant?)?

    private let file: SegmentFile
    private let hiddenIDs: EventSet
    private let isSorted: Bool
    /// The last event handed out before the chunk, and its id.
    private var before: (event: heed_event, id: [UInt8])?
    private var chunk: SegmentChunk
    private var ahead: ReadAhead?
    /// Characters that the chunk had replaced in other segments.
    private let replacedBefore: Int

    /// Prepares to read a segment.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - reference: As the ledger names it.
    ///   - bufferSize: Bytes read at a time.
    ///   - isHashed: Whether the digest is wanted.
    ///   - readsAhead: Whether the next chunk is read while this one is used.
    ///   - isSorted: Whether the events are put in order before the first is handed out; the segment is read whole then.
    ///   - hiddenIDs: Events to pass over; they count as read.
    ///   - used: A chunk that another segment no longer needs: making one costs more than reading a short segment.
    /// - Throws: `EvidenceError` when there is no memory for a parser, or no plain file where it is to be put in order.
    init(
        path: String,
        reference: SegmentReference,
        bufferSize: Int,
        isHashed: Bool,
        readsAhead: Bool,
        isSorted: Bool,
        hiddenIDs: EventSet,
        reusing used: SegmentChunk? = nil
    ) throws {
        self.reference = reference
        self.hiddenIDs = hiddenIDs
        self.isSorted = isSorted
        file = SegmentFile(path: path, bytes: reference.bytes, isHashed: isHashed)
        let wholeSize = try isSorted ? file.look() : 0
        guard wholeSize <= Self.mostSorted else {
            throw EvidenceError(.damaged, "\(path) is not in order, and too long to be put in order in memory")
        }
        let needed = isSorted ? wholeSize + 1 : bufferSize
        if let used, used.bufferSize >= needed {
            used.empty()
            chunk = used
        } else {
            chunk = try SegmentChunk(bufferSize: max(needed, Self.leastBuffer))
        }
        replacedBefore = chunk.replacements
        if readsAhead, !isSorted {
            let chunks = try (0..<ReadAhead.depth).map { _ in try SegmentChunk(bufferSize: bufferSize) }
            ahead = ReadAhead(file: file, chunks: chunks, hiddenIDs: hiddenIDs)
        }
    }

    /// A segment has at most 64 MiB, unless one event alone is larger.
    private static let mostSorted = 1 << 30
    /// So that the chunk of one short segment is large enough for the next.
    private static let leastBuffer = 1 << 14

    deinit { ahead?.cancel() }

    /// The chunk, for another segment, once this one was read to its end; nil where another thread may hold it.
    var reusableChunk: SegmentChunk? { ahead == nil ? chunk : nil }

    /// The chunk's events; valid until the next `advance` that reads on.
    var events: UnsafeMutableBufferPointer<heed_event> { chunk.events }

    /// How many events the chunk has.
    var loaded: Int { chunk.loaded }

    /// Characters shown as U+FFFD so far; of the whole segment once it was read to its end.
    var replacements: Int { chunk.replacements - replacedBefore + (ahead?.replacements ?? 0) }

    /// The head event; only valid when `advance` said that there is one.
    var head: heed_event { chunk.events[next] }

    /// The time of the head; nil for an undated event.
    var headTime: Instant? {
        let head = chunk.events.baseAddress.map { $0 + next }
        guard let head, head.pointee.undated == 0 else { return nil }
        return Instant(seconds: head.pointee.seconds, nanoseconds: head.pointee.nanoseconds)
    }

    /// Whether an event is at hand without reading on.
    var hasLoaded: Bool { next < chunk.loaded }

    /// Loads the next events when none is at hand.
    ///
    /// Everything handed out before becomes invalid.
    ///
    /// - Returns: false at the end of the segment.
    func advance() throws -> Bool {
        while !hasLoaded {
            if ahead == nil, file.reachedEnd { return false }
            if !isSorted, chunk.loaded > 0 {
                let last = chunk.events[chunk.loaded - 1]
                let count = Int(last.id.count) + Int(last.id.suffix)
                before = (last, Array(UnsafeBufferPointer(start: last.id.bytes, count: count)))
            }
            if let ahead {
                guard try ahead.exchange(&chunk) else { return false }
            } else {
                try chunk.load(file, hiddenIDs: hiddenIDs)
            }
            next = 0
            checkOrder()
            unreadableLines += chunk.unreadableLines
            readEvents += chunk.readEvents
        }
        return true
    }

    private func checkOrder() {
        if let edges = chunk.edges {
            span = (span.map(\.first) ?? edges.first.instant, edges.last.instant)
        }
        if !chunk.isOrdered { isOrdered = false }
        if isSorted { return chunk.sort() }
        guard isOrdered, var before, chunk.loaded > 0 else { return }
        isOrdered = before.id.withUnsafeBufferPointer { id in
            before.event.id.bytes = id.baseAddress
            return !eventPrecedes(chunk.events[0], before.event)
        }
    }

    /// The digest of the file, once it was read to its end.
    func digest() -> Digest? { file.digest }

    /// Whether the file begins with a brace and ends with one and a line feed, once it was read to its end.
    var isFramed: Bool { file.isFramed }

    /// Whether the file has the size that the ledger tells, where it tells one.
    var hasItsSize: Bool { reference.bytes.map { $0 == file.size } ?? true }
}
