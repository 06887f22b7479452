/// UTF-8 text that belongs to somebody else: valid only as long as the block or table it came from.
@frozen package struct TextView {
    /// The first byte; nil when there is none.
    package let start: UnsafePointer<UInt8>?
    /// How many bytes; 0 means that the value is missing or empty.
    package let count: Int

    /// Borrows text.
    @inlinable package init(start: UnsafePointer<UInt8>?, count: Int) {
        self.start = start
        self.count = count
    }

    /// A missing value.
    @inlinable package static var missing: TextView { TextView(start: nil, count: 0) }

    /// Whether the value is missing or empty.
    @inlinable package var isEmpty: Bool { count == 0 }

    /// The bytes.
    @inlinable package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// A copy of the text, which outlives the loan.
    package var string: String { String(decoding: bytes, as: UTF8.self) }
}
