import Analysis
import CBytes

/// Bytes on their way to a file: appended to at the end, written out from time to time.
///
/// Owned by one renderer. Pointers into it are valid until the next append.
struct OutputBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int
    private var block: OutputBlock
    private let pool: OutputBlock.Pool?

    init(capacity: Int = 1 << 16) { self.init(OutputBlock(capacity: capacity), from: nil) }

    /// A buffer whose blocks are handed on one after the other.
    init(_ pool: OutputBlock.Pool) { self.init(pool.block(), from: pool) }

    private init(_ block: OutputBlock, from pool: OutputBlock.Pool?) {
        self.block = block
        self.pool = pool
        base = block.base
        capacity = block.capacity
    }

    /// What has been appended and was not handed on.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// Makes room, so that as many bytes can be written behind the end by pointer, and a few more be changed.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if count + additional + 16 > capacity { grow(additional + 16) }
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        exchange(OutputBlock(capacity: Swift.max(capacity * 2, count + additional)), keeping: 0)
    }

    /// Goes on in another block, with what stands from an offset on; returns the one used so far.
    @discardableResult
    private mutating func exchange(_ next: OutputBlock, keeping offset: Int) -> OutputBlock {
        next.base.update(from: base + offset, count: count - offset)
        defer { block = next }
        count -= offset
        base = next.base
        capacity = next.capacity
        return block
    }

    /// Hands on the memory used so far, and keeps a copy of what stands from an offset on.
    mutating func handOn(keeping offset: Int) -> OutputBlock {
        let rest = count - offset
        let next = pool.map { $0.capacity >= rest ? $0.block() : OutputBlock(capacity: rest) }
        return exchange(next ?? OutputBlock(capacity: capacity), keeping: offset)
    }

    /// Counts bytes that were written behind the end.
    @inline(__always)
    mutating func advance(_ written: Int) { count += written }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        if bytes.count <= 128 {
            // Most pieces are short, and a call costs more than they do.
            heed_copy_over(base + count, start, bytes.count)
        } else {
            (base + count).update(from: start, count: bytes.count)
        }
        count += bytes.count
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal number: Int64) {
        reserve(Self.longestDecimal)
        count += Self.write(decimal: number, to: base + count)
    }

    /// The most digits of a number, with its sign.
    static let longestDecimal = 20

    /// Writes a number to memory of ``longestDecimal`` bytes; tells how many it took.
    @inline(__always)
    static func write(decimal number: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        guard number < 0 || number > 9 else {
            target.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number)
            return 1
        }
        return writeDigits(of: number, to: target)
    }

    @inline(never)
    private static func writeDigits(of number: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var value = number.magnitude
        var length = number < 0 ? 2 : 1
        var rest = value / 10
        while rest > 0 {
            length += 1
            rest /= 10
        }
        if number < 0 { target.pointee = UInt8(ascii: "-") }
        var place = length
        repeat {
            place -= 1
            target[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
            value /= 10
        } while value > 0
        return length
    }

    /// Inserts bytes at an offset; what stands behind moves.
    mutating func insert(_ bytes: [UInt8], at offset: Int) {
        guard !bytes.isEmpty else { return }
        reserve(bytes.count)
        (base + offset + bytes.count).update(from: base + offset, count: count - offset)
        bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + offset).update(from: start, count: source.count)
        }
        count += bytes.count
    }

    /// Takes away the bytes from an offset to the end.
    mutating func truncate(to offset: Int) { count = offset }

    /// Puts others in the place of the bytes from an offset to the end; nil leaves them.
    mutating func replace(from offset: Int, by bytes: [UInt8]?) {
        guard let bytes else { return }
        truncate(to: offset)
        bytes.withUnsafeBufferPointer { append($0) }
    }
}
