import Evidence
import Foundation

/// Bytes laid one behind the other; addressed by offset, since the memory moves while it grows.
struct ByteArena: ~Copyable, @unchecked Sendable {
    // Sendable: it has one owner, who alone can change it; through a `let` it can only be read.
    private(set) var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 1 << 12) {
        self.capacity = capacity
        base = Self.memory(nil, capacity)
    }

    deinit { free(base) }

    /// The same memory, larger: what is large is moved by the system, which copies nothing.
    private static func memory(_ old: UnsafeMutablePointer<UInt8>?, _ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        guard let memory = realloc(old, max(1, capacity)) else { preconditionFailure("no memory is left") }
        return memory.assumingMemoryBound(to: UInt8.self)
    }

    /// Adds bytes and tells where they stand.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        reserve(bytes.count)
        let offset = count
        if let start = bytes.baseAddress { (base + offset).update(from: start, count: bytes.count) }
        count += bytes.count
        return offset
    }

    /// Writes bytes over some that were added before, of which there are as many at least.
    mutating func replace(_ offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        if let start = bytes.baseAddress { (base + offset).update(from: start, count: bytes.count) }
    }

    mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity * 2, count + more)
        base = Self.memory(base, capacity)
    }

    func view(_ offset: Int, _ length: Int) -> TextView { TextView(start: UnsafePointer(base + offset), count: length) }
}

/// Lends a string's bytes for the length of a call.
func withTextView(of text: String, _ body: (TextView) -> Void) {
    var text = text
    text.withUTF8 { body(TextView(start: $0.baseAddress, count: $0.count)) }
}
