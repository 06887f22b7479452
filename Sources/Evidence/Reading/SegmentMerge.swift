import CSimdJSON

/// Merges segments that overlap in time, and reads those that don't one after the other.
struct SegmentMerge {
    private(set) var summary = ReadingSummary()
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

    /// Merges the segments of a source that are chosen; `isHashed`: whether their digests are wanted.
    ///
    /// `needsOrder`: whether a segment that has none ends the reading.
    init(
        _ source: EventSource,
        _ segments: [SegmentReference],
        isHashed: Bool,
        needsOrder: Bool = true
    ) {
        root = source.root
        range = source.range
        superseded = source.superseded
        self.isHashed = isHashed
        self.needsOrder = needsOrder
        unplaced = Set(segments.lazy.filter { !source.isPlaced($0) }.map(\.file))
        self.segments = segments
        let firsts = segments.map { source.isPlaced($0) ? $0.first : nil }
        pending = segments.indices.sorted { left, right in
            switch (firsts[left], firsts[right]) {
            case (nil, nil): segments[left].file > segments[right].file
            case (nil, _): false
            case (_, nil): true
            case (let a?, let b?): a != b ? a > b : segments[left].file > segments[right].file
            }
        }
        summary.segments.reserveCapacity(segments.count)
    }

    mutating func run(_ body: (borrowing EventBlock) throws -> Void) throws {
        while true {
            try openDue()
            guard !active.isEmpty else { return }
            if active.count == 1 {
                try drainOne(body)
            } else {
                try drainSeveral(body)
            }
        }
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
        summary.segments.append(
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
