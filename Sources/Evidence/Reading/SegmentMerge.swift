import CSimdJSON

/// Merges segments that overlap in time, and reads those that don't one after the other.
struct SegmentMerge {
    private(set) var summary: ReadingSummary
    private let root: String
    private let range: InstantRange
    private let superseded: [String: EventSet]
    private let isHashed: Bool
    private let needsOrder: Bool
    private let unplaced: Set<String>
    private let segments: [SegmentReference]
    /// The places of those not begun, the earliest last.
    private var pending: [Int]
    private var active: [SegmentCursor] = []
    /// The chunk of the segment that was finished last.
    private var idle: SegmentChunk?
    /// Whether an event was passed already, in the range or not.
    private var hasBegun = false

    private static let wideBuffer = 1 << 18
    private static let narrowBuffer = 1 << 16
    private static let mergedEvents = 1024
    private static let longSegment = 4096
    private static let shortSegment = 1 << 14

    /// Merges the segments of a source that can hold events of its range; `isHashed`: whether their digests are wanted.
    ///
    /// `needsOrder`: whether a segment that has none ends the reading.
    init(
        _ source: EventSource,
        isHashed: Bool,
        needsOrder: Bool = true
    ) {
        root = source.root
        range = source.range
        superseded = source.superseded
        self.isHashed = isHashed
        self.needsOrder = needsOrder
        // There may be tens of thousands: they are told by their places, not copied.
        let segments = source.segments
        self.segments = segments
        let places = segments.indices.filter { source.overlaps(segments[$0]) }
        unplaced = Set(places.lazy.filter { !source.isPlaced(segments[$0]) }.map { segments[$0].file })
        let firsts = segments.map { source.isPlaced($0) ? $0.first : nil }
        pending = places.sorted { left, right in
            switch (firsts[left], firsts[right]) {
            case (nil, nil): segments[left].file > segments[right].file
            case (nil, _): false
            case (_, nil): true
            case (let a?, let b?): a != b ? a > b : segments[left].file > segments[right].file
            }
        }
        summary = ReadingSummary(of: segments, reserving: places.count)
    }

    mutating func run(_ body: (borrowing EventBlock) throws -> Void) throws {
        while true {
            while active.isEmpty, try drainShort(body) {}
            try openDue()
            guard !active.isEmpty else { return }
            if active.count == 1 {
                try drainOne(body)
            } else {
                try drainSeveral(body)
            }
        }
    }

    /// Hands out, in one block, short segments that follow one another and are what the ledger says: what is done for each segment
    /// and each block takes longer than reading the few events of one.
    ///
    /// - Returns: false where the next segment is none of these.
    private mutating func drainShort(_ body: (borrowing EventBlock) throws -> Void) throws -> Bool {
        guard pending.last.flatMap(shortName) != nil, let folder = OpenFolder("\(root)/\(SealedName.rooms[0])") else {
            return false
        }
        let chunk =
            try idle.flatMap { $0.bufferSize < Self.wideBuffer ? nil : $0 }
            ?? SegmentChunk(bufferSize: Self.wideBuffer)
        idle = chunk
        chunk.begin()
        while let place = pending.last, let name = shortName(place) {
            let replaced = chunk.replacements
            let segment = segments[place]
            guard chunk.add(segment, named: name, in: folder, isHashed: isHashed) else { break }
            pending.removeLast()
            summary.replacedCharacters += chunk.replacements - replaced
            if isHashed { summary.add(asWritten: place) }
        }
        guard chunk.loaded > 0 else { return false }
        try handOut(UnsafeBufferPointer(rebasing: chunk.events[..<chunk.loaded]), body)
        return true
    }

    /// The name of the segment that comes next, where it is short and the one behind it begins when it has ended; else nil.
    private func shortName(_ place: Int) -> String? {
        let segment = segments[place]
        guard let bytes = segment.bytes, bytes <= Self.shortSegment, segment.count > 0, let last = segment.last,
            first(of: segment) != nil, superseded.isEmpty || superseded[segment.file] == nil,
            pending.dropLast().last.map({ first(of: segments[$0]).map { last < $0 } ?? false }) ?? true
        else { return nil }
        return segment.name.fileName(inRoom: 0)
    }

    /// Opens every segment whose first event may come before the earliest one at hand.
    private mutating func openDue() throws {
        while let place = pending.last {
            let segment = segments[place]
            if let first = first(of: segment), active.contains(where: { $0.headTime.map { $0 < first } ?? true }) {
                return
            }
            pending.removeLast()
            let file = segment.file
            let cursor = try SegmentCursor(
                path: root + "/" + file,
                reference: segment,
                bufferSize: bufferSize(segment),
                isHashed: isHashed,
                // Shorter ones are read before another thread has begun.
                readsAhead: active.isEmpty && segment.count > Self.longSegment,
                isSorted: unplaced.contains(file) && needsOrder,
                hiddenIDs: superseded.isEmpty ? EventSet() : superseded[file] ?? EventSet(),
                reusing: idle
            )
            idle = nil
            if try advance(cursor) {
                active.append(cursor)
            } else {
                finish(cursor)
            }
        }
    }

    /// Bytes read at a time: of thousands of short segments no more than they have.
    private func bufferSize(_ segment: SegmentReference) -> Int {
        let usual = active.count < 16 ? Self.wideBuffer : Self.narrowBuffer
        return segment.bytes.map { min($0 + 1, usual) } ?? usual
    }

    /// Has a segment's next events loaded; false at its end.
    ///
    /// What uses them relies on their order, and on the time at which the ledger says that they begin.
    private func advance(_ cursor: SegmentCursor) throws -> Bool {
        let isBegin = cursor.span == nil
        guard try cursor.advance() else { return false }
        guard needsOrder, !unplaced.contains(cursor.reference.file) else { return true }
        let begins = cursor.span.flatMap(\.first)
        let isEarly =
            isBegin && hasBegun && cursor.reference.first.map { told in begins.map { $0 < told } ?? true } ?? false
        if isEarly || !cursor.isOrdered { throw DisorderedSegments(files: [cursor.reference.file]) }
        return true
    }

    /// The time at which the next segment has to be opened.
    private var nextOpening: Instant?? {
        pending.last.map { first(of: segments[$0]) }
    }

    /// When a segment begins; nil for one that has to be read before that is known.
    private func first(of segment: SegmentReference) -> Instant? {
        unplaced.isEmpty || !unplaced.contains(segment.file) ? segment.first : nil
    }

    /// Hands out what one segment has loaded, up to the begin of the next segment.
    private mutating func drainOne(_ body: (borrowing EventBlock) throws -> Void) throws {
        let cursor = active[0]
        let begin = cursor.next
        var end = cursor.loaded
        if let opening = nextOpening, let first = opening {
            var index = begin
            while index < end, isBefore(cursor.events[index], first) { index += 1 }
            // The head is never at or after an unopened segment's begin: openDue saw to that.
            end = max(index, begin + 1)
        }
        try handOut(UnsafeBufferPointer(rebasing: cursor.events[begin..<end]), body)
        cursor.next = end
        if try !advance(cursor) {
            finish(cursor)
            active.removeAll()
        }
    }

    /// Merges the segments at hand until one has to load more or another one is due.
    private mutating func drainSeveral(_ body: (borrowing EventBlock) throws -> Void) throws {
        let opening = nextOpening ?? nil
        try withUnsafeTemporaryAllocation(of: heed_event.self, capacity: Self.mergedEvents) { merged in
            var count = 0
            var exhausted: Int?
            while count < merged.count, exhausted == nil {
                var least = 0
                for index in 1..<active.count where eventPrecedes(active[index].head, active[least].head) {
                    least = index
                }
                let cursor = active[least]
                if let opening, count > 0, !isBefore(cursor.head, opening) { break }
                merged.initializeElement(at: count, to: cursor.head)
                count += 1
                cursor.next += 1
                if !cursor.hasLoaded { exhausted = least }
            }
            try handOut(UnsafeBufferPointer(rebasing: merged[..<count]), body)
            if let exhausted, try !advance(active[exhausted]) {
                finish(active[exhausted])
                active.remove(at: exhausted)
            }
        }
    }

    private func isBefore(_ event: heed_event, _ instant: Instant) -> Bool {
        event.undated != 0 || Instant(seconds: event.seconds, nanoseconds: event.nanoseconds) < instant
    }

    /// Gives `body` the part of a sorted run that lies in the range.
    private mutating func handOut(
        _ events: UnsafeBufferPointer<heed_event>,
        _ body: (borrowing EventBlock) throws -> Void
    ) throws {
        hasBegun = true
        var begin = 0
        var end = events.count
        if !range.isUnbounded {
            while begin < end, events[begin].undated != 0 || range.from.map({ isBefore(events[begin], $0) }) == true {
                begin += 1
            }
            if let to = range.to {
                while end > begin, !isBefore(events[end - 1], to) { end -= 1 }
            }
        }
        guard begin < end, let start = events.baseAddress else { return }
        summary.events += end - begin
        for index in begin..<end {
            guard events[index].undated != 0 else { break }
            summary.undated += 1
        }
        try body(EventBlock(start + begin, count: end - begin))
    }

    /// Whether a segment that was read to its end has the bytes, the order and the times that the ledger tells.
    private func isPlaced(_ cursor: SegmentCursor) -> Bool {
        let reference = cursor.reference
        // What a segment of format 1 holds is judged by its digest alone.
        guard reference.bytes != nil else { return true }
        guard cursor.hasItsSize, cursor.isOrdered else { return false }
        guard let span = cursor.span else { return true }
        return span.first == reference.first && span.last == reference.last
    }

    private mutating func finish(_ cursor: SegmentCursor) {
        idle = cursor.reusableChunk
        summary.replacedCharacters += cursor.replacements
        summary.add(
            ReadingSummary.ReadSegment(
                reference: cursor.reference,
                digest: cursor.digest(),
                count: cursor.readEvents,
                unreadableLines: cursor.unreadableLines,
                isPlaced: isPlaced(cursor),
                isFramed: cursor.isFramed
            )
        )
    }
}
