import Evidence
import Synchronization

/// Memory on its way to a file: filled by one thread, then read by any number of them, and used again when all have let go.
final class OutputBlock: @unchecked Sendable {
    // Sendable: an `OutputBuffer` that fills a block is the only one to have it; once a part of it was handed on nobody
    // writes there, until `deinit`, which runs when nobody has the block, gives the memory to the next one.
    let base: UnsafeMutablePointer<UInt8>
    let capacity: Int
    private let pool: Pool?

    /// Memory of so many bytes, which is given back to the system at the end.
    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
        pool = nil
    }

    fileprivate init(_ base: UnsafeMutablePointer<UInt8>, from pool: Pool) {
        self.base = base
        capacity = pool.capacity
        self.pool = pool
    }

    deinit {
        if let pool { pool.take(back: base) } else { base.deallocate() }
    }

    /// Blocks of one size, aligned as files are written; memory that was used once is warm.
    final class Pool: @unchecked Sendable {
        // Sendable: the pointers are only touched behind the lock, and each is handed to one block at a time.
        let capacity: Int
        private let free = Mutex<[UInt]>([])

        init(capacity: Int) { self.capacity = capacity }

        deinit {
            for address in free.withLock({ $0 }) { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
        }

        /// A block that nobody has.
        func block() -> OutputBlock {
            let used = free.withLock { $0.popLast() }.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
            let base = used ?? .allocate(byteCount: capacity, alignment: DirectFile.alignment)
            return OutputBlock(base.bindMemory(to: UInt8.self, capacity: capacity), from: self)
        }

        fileprivate func take(back base: UnsafeMutablePointer<UInt8>) {
            free.withLock { $0.append(UInt(bitPattern: base)) }
        }
    }
}

/// A part of a block that was handed on.
struct OutputSlice: Sendable {
    private let block: OutputBlock
    private let range: Range<Int>

    /// A part of a block, to which nothing is written any more.
    init(_ block: OutputBlock, _ range: Range<Int>) {
        self.block = block
        self.range = range
    }

    /// A copy of bytes.
    init(_ bytes: [UInt8]) {
        block = OutputBlock(capacity: max(1, bytes.count))
        bytes.withUnsafeBufferPointer { [block] bytes in
            if let start = bytes.baseAddress { block.base.update(from: start, count: bytes.count) }
        }
        range = 0..<bytes.count
    }

    var isEmpty: Bool { range.isEmpty }

    /// The bytes; valid as long as somebody has the slice.
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: block.base + range.lowerBound, count: range.count)
    }
}
