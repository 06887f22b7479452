/// A point in time to the nanosecond, counted from 1970-01-01T00:00:00Z without leap seconds.
@frozen public struct Instant: Hashable, Comparable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z; negative before it.
    public let seconds: Int64
    /// Nanoseconds after `seconds`, 0 to 999,999,999.
    public let nanoseconds: UInt32

    /// Makes an instant of its parts.
    @inlinable public init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads an RFC 3339 time in the forms in which those of events are read; nil when the text is none.
    public init?(rfc3339 text: String) {
        var text = text
        guard let instant = text.withUTF8({ EventScanner.readTime($0) }) else { return nil }
        self = instant
    }

    /// The earlier one is less.
    @inlinable public static func < (left: Instant, right: Instant) -> Bool {
        left.seconds != right.seconds ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down; the last or first that there are, where it would be beyond.
    public var milliseconds: Int64 {
        let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isLast) = product.addingReportingOverflow(Int64(nanoseconds) / 1_000_000)
        return isBeyond || isLast ? (seconds < 0 ? .min : .max) : sum
    }

    /// The instant so many seconds later, earlier when negative; the last or first that there is, where it would be beyond.
    public func adding(seconds: Int64) -> Instant {
        let (sum, isBeyond) = self.seconds.addingReportingOverflow(seconds)
        return Instant(seconds: isBeyond ? (seconds < 0 ? .min : .max) : sum, nanoseconds: nanoseconds)
    }

    /// Seconds by which two clocks may differ without one of them being called wrong.
    package static let toleratedDifference: Int64 = 300

    /// Whether it lies in the future of a clock, by more than clocks may differ: then it tells of a clock that was wrong, and not
    /// of how long something is ago.
    package func isAhead(of now: Instant) -> Bool { self > now.adding(seconds: Self.toleratedDifference) }

    /// RFC 3339 in UTC, with as many digits of fraction as are needed.
    public var rfc3339: String {
        var digits = 9
        var fraction = nanoseconds
        while digits > 0, fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        return text(fractionDigits: digits)
    }

    /// RFC 3339 in UTC with a given number of digits of fraction, 0 to 9; further digits are cut off.
    public func text(fractionDigits: Int) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { buffer in
            let count = write(fractionDigits: fractionDigits, to: buffer)
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    /// Writes the text of `text(fractionDigits:)` into a buffer of at least 40 bytes.
    ///
    /// - Returns: How many bytes were written.
    public func write(fractionDigits: Int, to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let date = CivilDate(daysSince1970: floorDivide(seconds, 86_400))
        let ofDay = Int(seconds % 86_400 + (seconds % 86_400 < 0 ? 86_400 : 0))
        var writer = DigitWriter(buffer: buffer)
        writer.put(Int(date.year), digits: 4)
        writer.put("-")
        writer.put(date.month, digits: 2)
        writer.put("-")
        writer.put(date.day, digits: 2)
        writer.put("T")
        writer.put(ofDay / 3600, digits: 2)
        writer.put(":")
        writer.put(ofDay / 60 % 60, digits: 2)
        writer.put(":")
        writer.put(ofDay % 60, digits: 2)
        if fractionDigits > 0 {
            writer.put(".")
            var fraction = Int(nanoseconds)
            for _ in fractionDigits..<9 { fraction /= 10 }
            writer.put(fraction, digits: fractionDigits)
        }
        writer.put("Z")
        return writer.count
    }
}

private struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    mutating func put(_ character: Unicode.Scalar) {
        buffer[count] = UInt8(truncatingIfNeeded: character.value)
        count += 1
    }

    mutating func put(_ value: Int, digits: Int) {
        var rest = max(value, 0)
        for index in stride(from: digits - 1, through: 0, by: -1) {
            buffer[count + index] = UInt8(48 + rest % 10)
            rest /= 10
        }
        count += digits
    }
}
