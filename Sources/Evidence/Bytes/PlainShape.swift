/// A line of JSON that was read, as lines behind it are, too, but for values that each has of its own.
///
/// A line that has the same bytes around these values tells the same but for them: it is compared, not taken apart.
struct PlainShape: Sendable {
    /// A value by its number, and where it stands.
    typealias Value = (number: UInt8, bytes: Range<Int>)

    private let line: [UInt8]
    private let values: [Value]

    /// Keeps a line; `values`: those of its own, in their order.
    init(_ line: UnsafeBufferPointer<UInt8>, _ values: [Value]) {
        (self.line, self.values) = (Array(line), values)
    }

    /// Reads another line's values, each by its number; false for a line of another shape, and where one is refused.
    func read(_ other: UnsafeBufferPointer<UInt8>, _ value: (UInt8, inout PlainJSON) -> Bool) -> Bool {
        line.withUnsafeBufferPointer { line in
            var reader = PlainJSON(other)
            var end = 0
            for (number, bytes) in values {
                guard reader.pass(UnsafeBufferPointer(rebasing: line[end..<bytes.lowerBound])), value(number, &reader)
                else { return false }
                end = bytes.upperBound
            }
            return reader.pass(UnsafeBufferPointer(rebasing: line[end...])) && reader.isAtEnd
        }
    }
}
