import CSimdJSON
import Crypto
import Foundation

/// Reads one segment from its begin to its end, a buffer at a time.
///
/// The file is open only while a buffer is filled, so that any number of segments can be merged with few descriptors.
final class SegmentCursor {
    let path: String
    let reference: SegmentReference
    private(set) var events: UnsafeMutableBufferPointer<heed_event>
    private(set) var loaded = 0
    var next = 0
    private(set) var unreadableLines = 0
    private(set) var readEvents = 0

    private let scanner: EventScanner
    private let statuses: UnsafeMutableBufferPointer<UInt8>
    private var buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var consumed = 0
    private var offset: Int
    private var reachedEnd = false
    private var hasher: SHA256?
    private let hiddenIDs: Set<String>

    private static let blockEvents = 1024

    /// - Parameters:
    ///   - bufferSize: Bytes read at a time; grown when one event needs more.
    ///   - hiddenIDs: Events to pass over; they count as read.
    ///   - offset: Where to begin; a digest is reckoned only from the begin.
    init(
        path: String,
        reference: SegmentReference,
        bufferSize: Int,
        hiddenIDs: Set<String> = [],
        offset: Int = 0
    ) throws {
        self.path = path
        self.reference = reference
        self.offset = offset
        self.hiddenIDs = hiddenIDs
        scanner = try EventScanner()
        hasher = offset == 0 ? SHA256() : nil
        events = .allocate(capacity: Self.blockEvents)
        statuses = .allocate(capacity: Self.blockEvents)
        buffer = .allocate(byteCount: bufferSize + EventScanner.padding, alignment: 64)
    }

    deinit {
        events.deallocate()
        statuses.deallocate()
        buffer.deallocate()
    }

    var replacements: Int { scanner.replacements }

    /// The head event; only valid when `advance` said that there is one.
    var head: heed_event { events[next] }

    /// Whether an event is at hand without reading on.
    var hasLoaded: Bool { next < loaded }

    /// Loads the next events when none is at hand. Everything handed out before becomes invalid.
    ///
    /// - Returns: false at the end of the segment.
    func advance() throws -> Bool {
        while !hasLoaded {
            if consumed < filled || !reachedEnd {
                try parseMore()
            } else {
                return false
            }
        }
        return true
    }

    /// The digest of the file, once it was read to its end from its begin.
    func digest() -> String? {
        guard reachedEnd, let hasher else { return nil }
        return Digest.hex(hasher.finalize())
    }

    private func parseMore() throws {
        scanner.reset()
        var lines = parseFilled()
        if lines == 0, !reachedEnd {
            try fill()
            lines = parseFilled()
        }
        next = 0
        loaded = 0
        for index in 0..<lines {
            guard statuses[index] == 0 else {
                unreadableLines += 1
                continue
            }
            readEvents += 1
            if !hiddenIDs.isEmpty, hiddenIDs.contains(EventView(events[index]).id.string) { continue }
            events[loaded] = events[index]
            loaded += 1
        }
    }

    /// Parses whole lines of what is in the buffer; a last line without its newline waits for more, unless the file ends.
    private func parseFilled() -> Int {
        let available = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[consumed..<filled])
        var usable = available.count
        if !reachedEnd {
            while usable > 0, available[usable - 1] != 10 { usable -= 1 }
        }
        guard usable > 0 else {
            if reachedEnd { consumed = filled }
            return 0
        }
        let (lines, taken) = scanner.scan(
            UnsafeBufferPointer(rebasing: available[..<usable]),
            validating: false,
            events: events,
            statuses: statuses
        )
        consumed += taken
        return lines
    }

    private func fill() throws {
        let rest = filled - consumed
        if rest > 0, consumed > 0, let base = buffer.baseAddress { memmove(base, base + consumed, rest) }
        consumed = 0
        filled = rest
        let capacity = buffer.count - EventScanner.padding
        if rest == capacity {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: capacity * 2 + EventScanner.padding,
                alignment: 64
            )
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<rest]))
            buffer.deallocate()
            buffer = larger
        }
        try readFile(upTo: buffer.count - EventScanner.padding)
    }

    private func readFile(upTo capacity: Int) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw EvidenceError.cannotRead(path, errno) }
        defer { close(descriptor) }
        while filled < capacity {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<capacity])
            let count = pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotRead(path, errno)
            }
            if count == 0 {
                reachedEnd = true
                return
            }
            hasher?.update(bufferPointer: UnsafeRawBufferPointer(rebasing: target[..<count]))
            filled += count
            offset += count
        }
    }
}
