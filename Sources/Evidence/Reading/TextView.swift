/// UTF-8 text that belongs to somebody else: valid only as long as the block or table it came from.
@frozen public struct TextView {
    /// The first byte; nil when there is none.
    public let start: UnsafePointer<UInt8>?
    /// How many bytes; 0 means that the value is missing or empty.
    public let count: Int

    /// Borrows text.
    @inlinable public init(start: UnsafePointer<UInt8>?, count: Int) {
        self.start = start
        self.count = count
    }

    /// A missing value.
    @inlinable public static var missing: TextView { TextView(start: nil, count: 0) }

    /// Whether the value is missing or empty.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// The bytes.
    @inlinable public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// A copy of the text, which outlives the loan.
    public var string: String { String(decoding: bytes, as: UTF8.self) }
}
