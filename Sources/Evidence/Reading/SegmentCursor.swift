import CSimdJSON

/// Reads one segment from its begin to its end, a chunk at a time; a long one is read ahead on another thread.
final class SegmentCursor {
    let reference: SegmentReference
    /// The place of the head among the chunk's events.
    var next = 0
    private(set) var unreadableLines = 0
    private(set) var readEvents = 0

    private let file: SegmentFile
    private let hiddenIDs: Set<EventIdentity>
    private let prepare: EventPreparation?
    private var chunk: SegmentChunk
    private var ahead: ReadAhead?

    /// Prepares to read a segment.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - reference: As the ledger names it.
    ///   - bufferSize: Bytes read at a time.
    ///   - isHashed: Whether the digest is wanted.
    ///   - readsAhead: Whether the next chunk is read while this one is used.
    ///   - hiddenIDs: Events to pass over; they count as read.
    ///   - prepare: Called with the events of each chunk when it was loaded.
    /// - Throws: `EvidenceError` when there is no memory for a parser.
    init(
        path: String,
        reference: SegmentReference,
        bufferSize: Int,
        isHashed: Bool,
        readsAhead: Bool,
        hiddenIDs: Set<EventIdentity>,
        _ prepare: EventPreparation?
    ) throws {
        self.reference = reference
        self.hiddenIDs = hiddenIDs
        self.prepare = prepare
        file = SegmentFile(path: path, isHashed: isHashed)
        chunk = try SegmentChunk(bufferSize: bufferSize)
        if readsAhead {
            let chunks = try (0..<ReadAhead.depth).map { _ in try SegmentChunk(bufferSize: bufferSize) }
            ahead = ReadAhead(file: file, chunks: chunks, hiddenIDs: hiddenIDs, prepare)
        }
    }

    deinit { ahead?.cancel() }

    /// The chunk's events; valid until the next `advance` that reads on.
    var events: UnsafeMutableBufferPointer<heed_event> { chunk.events }

    /// How many events the chunk has.
    var loaded: Int { chunk.loaded }

    /// Characters shown as U+FFFD so far; of the whole segment once it was read to its end.
    var replacements: Int { chunk.replacements + (ahead?.replacements ?? 0) }

    /// The head event; only valid when `advance` said that there is one.
    var head: heed_event { chunk.events[next] }

    /// Whether an event is at hand without reading on.
    var hasLoaded: Bool { next < chunk.loaded }

    /// Loads the next events when none is at hand.
    ///
    /// Everything handed out before becomes invalid.
    ///
    /// - Returns: false at the end of the segment.
    func advance() throws -> Bool {
        while !hasLoaded {
            if let ahead {
                guard try ahead.exchange(&chunk) else { return false }
            } else {
                guard !file.reachedEnd else { return false }
                try chunk.load(file, hiddenIDs: hiddenIDs)
            }
            chunk.prepare(prepare)
            next = 0
            unreadableLines += chunk.unreadableLines
            readEvents += chunk.readEvents
        }
        return true
    }

    /// The digest of the file, once it was read to its end.
    func digest() -> String? { file.digest }
}
