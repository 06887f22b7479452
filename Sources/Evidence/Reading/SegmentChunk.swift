import CSimdJSON

/// A piece of a segment, parsed: its lines in a buffer, and the events that point into it.
final class SegmentChunk {
    private(set) var events: UnsafeMutableBufferPointer<heed_event>
    /// How many events there are.
    private(set) var loaded = 0
    /// Lines that are no events.
    private(set) var unreadableLines = 0
    /// Lines that are events, those passed over included.
    private(set) var readEvents = 0
    /// Whether the events stand in order.
    private(set) var isOrdered = true
    /// The first and the last event, those passed over included, which live as long as the chunk; nil without any.
    private(set) var edges: (first: heed_event, last: heed_event)?

    private let scanner: EventScanner
    private var buffer: UnsafeMutableRawBufferPointer
    private var statuses: UnsafeMutableBufferPointer<UInt8>

    private static let firstCapacity = 1024

    /// How many bytes of it whole files take.
    private var held = 0

    /// How many bytes of a file it reads at a time, at least.
    var bufferSize: Int { buffer.count - EventScanner.padding }

    /// Prepares an empty piece; `bufferSize` bytes are read at a time, more when one event needs more.
    init(bufferSize: Int) throws {
        scanner = try EventScanner()
        events = .allocate(capacity: Self.firstCapacity)
        statuses = .allocate(capacity: Self.firstCapacity)
        buffer = .allocate(byteCount: bufferSize + EventScanner.padding, alignment: 64)
    }

    deinit {
        events.deallocate()
        statuses.deallocate()
        buffer.deallocate()
    }

    /// Characters shown as U+FFFD in everything it ever held.
    var replacements: Int { scanner.replacements }

    /// Forgets what it holds, to be used for another file.
    func empty() {
        (loaded, unreadableLines, readEvents) = (0, 0, 0)
        (isOrdered, edges) = (true, nil)
    }

    /// Reads and parses the file's next piece; events handed out before become invalid.
    ///
    /// `hiddenIDs` are passed over and count as read. A file that can't be read throws `EvidenceError`.
    func load(_ file: SegmentFile, hiddenIDs: EventSet) throws {
        scanner.reset()
        empty()
        let size = try file.fill(&buffer, padding: EventScanner.padding)
        let bytes = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[..<size])
        var taken = 0
        while taken < size {
            if loaded == events.count { grow() }
            let (lines, consumed) = scanner.scan(
                UnsafeBufferPointer(rebasing: bytes[taken...]),
                validating: false,
                events: UnsafeMutableBufferPointer(rebasing: events[loaded...]),
                statuses: statuses
            )
            taken += consumed
            keep(lines, hiddenIDs)
        }
    }

    /// Forgets what it holds, to take in files of which each is read whole.
    func begin() {
        scanner.reset()
        empty()
        held = 0
    }

    /// Takes in a file of a folder behind what it holds, where the file is to the byte what the ledger says.
    ///
    /// - Returns: false where it is not, or where there is no room; the chunk then holds what it held.
    func add(_ segment: SegmentReference, named name: String, in folder: borrowing OpenFolder, isHashed: Bool) -> Bool {
        guard let size = segment.bytes, size > 1, size <= bufferSize - held, segment.count <= events.count - loaded
        else {
            return false
        }
        let text = UnsafeMutableRawBufferPointer(rebasing: buffer[held..<(held + size)])
        // Behind it are the bytes of the padding, whatever they are.
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[held...(held + size)])
        guard PlainFile.readWhole(name, in: folder, into: room), text[0] == UInt8(ascii: "{"),
            text[size - 2] == UInt8(ascii: "}"), text[size - 1] == 10,
            !isHashed || Digest(of: UnsafeRawBufferPointer(text)) == segment.digest
        else { return false }
        let end = loaded + segment.count
        let (lines, taken) = scanner.scan(
            UnsafeBufferPointer(text.bindMemory(to: UInt8.self)),
            validating: false,
            events: UnsafeMutableBufferPointer(rebasing: events[loaded..<end]),
            statuses: statuses
        )
        guard taken == size, lines == segment.count, statuses[..<lines].allSatisfy({ $0 == 0 }),
            events[loaded].instant == segment.first, events[end - 1].instant == segment.last
        else { return false }
        let begin = loaded
        loaded = end
        checkOrder(from: begin)
        guard isOrdered else {
            (loaded, isOrdered) = (begin, true)
            return false
        }
        held += size
        return true
    }

    /// Puts the events in order.
    func sort() {
        guard !isOrdered else { return }
        var loadedEvents = UnsafeMutableBufferPointer(rebasing: events[..<loaded])
        loadedEvents.sort(by: eventPrecedes)
        isOrdered = true
    }

    /// Moves the events among the lines just read together.
    private func keep(_ lines: Int, _ hiddenIDs: EventSet) {
        let start = loaded
        guard let first = events.baseAddress else { return }
        var lastRead: UnsafeMutablePointer<heed_event>?
        for index in 0..<lines {
            guard statuses[index] == 0 else {
                unreadableLines += 1
                continue
            }
            let event = first + start + index
            readEvents += 1
            lastRead = event
            if edges == nil { edges = (event.pointee, event.pointee) }
            if !hiddenIDs.isEmpty, hiddenIDs.contains(EventIdentity(of: EventView(event))) { continue }
            if loaded != start + index { events[loaded] = events[start + index] }
            loaded += 1
        }
        if let lastRead { edges?.last = lastRead.pointee }
        checkOrder(from: start)
    }

    /// Looks whether the events from a place on stand in order, behind the one before.
    private func checkOrder(from start: Int) {
        guard isOrdered, let first = events.baseAddress else { return }
        for index in max(1, start)..<max(1, start, loaded) {
            let (before, event) = (first + index - 1, first + index)
            if before.pointee.seconds < event.pointee.seconds, before.pointee.undated == event.pointee.undated {
                continue
            }
            if eventPrecedes(event.pointee, before.pointee) {
                isOrdered = false
                return
            }
        }
    }

    private func grow() {
        let larger = UnsafeMutableBufferPointer<heed_event>.allocate(capacity: events.count * 2)
        _ = larger.initialize(fromContentsOf: events)
        events.deallocate()
        events = larger
        statuses.deallocate()
        statuses = .allocate(capacity: larger.count)
    }
}

extension heed_event {
    /// When it was; nil for an undated one.
    var instant: Instant? { undated != 0 ? nil : Instant(seconds: seconds, nanoseconds: nanoseconds) }
}
