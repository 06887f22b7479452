import CBytes
import CSimdJSON
import Foundation

/// Events on their way into the archive: their lines in a file, and in memory what is needed to order and tell them
/// apart (40 bytes each).
///
/// The file is mapped for reading once everything is in it; `EventScanner.padding` bytes stand behind the last line.
final class EventSpool {
    /// What is known of one spooled event.
    struct Key {
        var seconds: Int64
        /// Where its line stands in the file.
        var offset: Int
        var length: UInt32
        /// Where the identity (``EventIdentity``) stands in the line; negative: place in `madeIDs`, less one.
        var idOffset: Int32
        var idLength: UInt32
        /// A keyed hash of the identity, to find it by; identities are compared where two have the same.
        var hash: UInt32
        var nanoseconds: UInt32
        var isUndated: Bool

        var instant: Instant? { isUndated ? nil : Instant(seconds: seconds, nanoseconds: nanoseconds) }
    }

    private static let seed = UInt64.random(in: .min ... .max)

    /// The hash that ``Key/hash`` holds of an identity.
    static func hash(_ id: UnsafeBufferPointer<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: heed_hash(id.baseAddress, id.count, seed))
    }

    private(set) var keys: [Key] = []
    private var madeIDs: [[UInt8]] = []
    private let path: String
    private var writer: SyncedWriter?
    private var offset: Int
    private var mapped: UnsafeRawBufferPointer?

    /// Opens the file.
    ///
    /// `length`: Bytes of the file that are kept: what an earlier attempt staged.
    init(path: String, keeping length: Int = 0) throws {
        self.path = path
        offset = length
        if length > 0 {
            try Files.cut(path, to: length)
        } else {
            unlink(path)
        }
        writer = try SyncedWriter(path: path, .appending)
    }

    deinit {
        if let mapped { munmap(UnsafeMutableRawPointer(mutating: mapped.baseAddress), mapped.count) }
    }

    /// Makes room for so many events.
    func reserve(_ count: Int) { keys.reserveCapacity(count) }

    /// Bytes of the lines so far.
    var byteCount: Int { offset }

    /// Adds events; their raw texts become lines.
    ///
    /// Those that are lines already, one behind the other, are written at once.
    func append(_ events: UnsafeBufferPointer<heed_event>) throws {
        guard let writer, let first = events.baseAddress else { return }
        var next = 0
        while next < events.count {
            guard let start = events[next].raw.bytes else { return }
            var end = start
            repeat {
                let raw = events[next].raw
                remember(EventView(first + next), rawStart: raw.bytes, offset: offset + (raw.bytes - start))
                end = raw.bytes + Int(raw.count)
                next += 1
            } while next < events.count && events[next].raw.bytes == end + 1 && end.pointee == 10
            try writer.write(UnsafeRawBufferPointer(start: start, count: end - start))
            try writer.write(byte: 10)
            offset += end - start + 1
        }
    }

    /// Takes in an event that already stands in the file, at an offset.
    func remember(_ event: EventView, rawStart: UnsafePointer<UInt8>?, offset: Int) {
        let id = event.identity
        var idOffset: Int32
        if let start = id.start, let rawStart, start >= rawStart, start < rawStart + event.raw.count {
            // No line is longer than 1 GiB.
            idOffset = Int32(start - rawStart)
        } else {
            madeIDs.append(Array(id.bytes))
            idOffset = -Int32(madeIDs.count)
        }
        let instant = event.instant
        keys.append(
            Key(
                seconds: instant.seconds,
                offset: offset,
                length: UInt32(event.raw.count),
                idOffset: idOffset,
                idLength: UInt32(id.count),
                hash: Self.hash(id.bytes),
                nanoseconds: instant.nanoseconds,
                isUndated: event.isUndated
            )
        )
    }

    /// Hands what was added to the operating system.
    func flush() throws {
        try writer?.flush()
    }

    /// Begins to hand what was added to the disk.
    func beginSync(_ disk: DiskSync) throws {
        if let writer { try disk.begin(writer) }
    }

    /// Ends writing and makes the lines readable.
    func map() throws {
        guard mapped == nil else { return }
        if let writer {
            try [UInt8](repeating: 32, count: EventScanner.padding).withUnsafeBytes { try writer.write($0) }
            try writer.flush()
            self.writer = nil
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw EvidenceError.cannotRead(path, errno) }
        defer { close(descriptor) }
        let size = offset + EventScanner.padding
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw EvidenceError.cannotRead(path, errno)
        }
        mapped = UnsafeRawBufferPointer(start: address, count: size)
    }

    /// The line of an event, without newline; readable bytes follow it.
    ///
    /// Only after `map`.
    func line(_ key: Key) -> UnsafeBufferPointer<UInt8> {
        slice(key.offset, Int(key.length))
    }

    /// What is known of the event at a place.
    func key(_ place: UInt32) -> Key { keys[Int(place)] }

    /// The lines of events that stand one behind the other in the file, newlines included.
    ///
    /// Only after `map`.
    func lines(_ first: Key, _ last: Key) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(slice(first.offset, last.offset + Int(last.length) + 1 - first.offset))
    }

    /// Lets go of the memory that all lines took up.
    func releaseAll() {
        if let mapped { release(mapped) }
    }

    /// Lets go of the memory that lines took up; they can be read again, from the file.
    func release(_ lines: UnsafeRawBufferPointer) {
        guard let start = lines.baseAddress else { return }
        let page = Int(getpagesize())
        let begin = UnsafeMutableRawPointer(mutating: start.alignedUp(toMultipleOf: page))
        let size = (start + lines.count) - UnsafeRawPointer(begin)
        if size >= page { madvise(begin, size / page * page, MADV_DONTNEED) }
    }

    /// The identity of an event.
    ///
    /// Only after `map`.
    func withIdentity<Value>(_ key: Key, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        guard key.idOffset < 0 else { return body(slice(key.offset + Int(key.idOffset), Int(key.idLength))) }
        return madeIDs[-Int(key.idOffset) - 1].withUnsafeBufferPointer(body)
    }

    /// Whether an event has an identity.
    ///
    /// Only after `map`.
    func hasIdentity(_ key: Key, _ identity: UnsafeBufferPointer<UInt8>) -> Bool {
        key.idLength == identity.count && withIdentity(key) { own in isSame(own, identity) }
    }

    /// A copy of an event's identity.
    func identity(_ key: Key) -> EventIdentity { withIdentity(key) { EventIdentity($0) } }

    /// Whether one event comes before another: undated first, then by instant, then by identity.
    func precedes(_ left: Key, _ right: Key) -> Bool {
        if left.isUndated != right.isUndated { return left.isUndated }
        if left.seconds != right.seconds { return left.seconds < right.seconds }
        if left.nanoseconds != right.nanoseconds { return left.nanoseconds < right.nanoseconds }
        return withIdentity(left) { a in withIdentity(right) { b in EventIdentity.precedes(a, b) } }
    }

    private func slice(_ offset: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        guard let mapped else { return UnsafeBufferPointer(start: nil, count: 0) }
        let bytes = mapped.bindMemory(to: UInt8.self)
        return UnsafeBufferPointer(rebasing: bytes[offset..<(offset + count)])
    }
}
