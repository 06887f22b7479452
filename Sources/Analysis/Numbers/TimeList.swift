import CBytes
import Evidence

/// Different times in order, from which the texts that reports print are made.
///
/// Place 0 is no time. Four bytes a time, and five more where times have fractions of a second.
struct TimeList: ~Copyable {
    /// Seconds after `base` as far as 32 bits hold them, and since 1970 from there on.
    private var near: [UInt32] = []
    private var far: [Int64] = []
    private var base: Int64 = 0
    /// By place less one, from the first fraction on; empty without any.
    private var fractions: [UInt32] = []
    private var digits: [UInt8] = []
    private var last = (seconds: Int64.min, nanoseconds: UInt32(0), digits: -1)

    /// The days from the first on, as texts; made at the end.
    private var dates: [DateText] = []
    private var firstDay: Int64 = 0

    private typealias DateText = (UInt64, UInt16)

    /// `events`: about how many are to come; memory that none of them needs is not touched.
    init(expecting events: Int) { near.reserveCapacity(min(max(events, 0), Self.mostExpected)) }

    /// 32 MB of addresses.
    private static let mostExpected = 1 << 23

    /// The place of an event's time, which is not before those added so far.
    mutating func add(_ event: EventView) -> UInt32 {
        let instant = event.instant
        if instant.seconds == last.seconds, instant.nanoseconds == last.nanoseconds, event.fractionDigits == last.digits
        {
            return UInt32(count)
        }
        last = (instant.seconds, instant.nanoseconds, event.fractionDigits)
        if count == 0 { base = instant.seconds }
        if event.fractionDigits > 0 || !digits.isEmpty {
            while digits.count < count {
                fractions.append(0)
                digits.append(0)
            }
            fractions.append(instant.nanoseconds)
            digits.append(UInt8(event.fractionDigits))
        }
        // Behind one that is far, or before the first, all are kept whole.
        let after = instant.seconds - base
        if far.isEmpty, after >= 0, after <= Int64(UInt32.max) {
            near.append(UInt32(after))
        } else {
            far.append(instant.seconds)
        }
        return UInt32(count)
    }

    /// How many different times there are.
    var count: Int { near.count + far.count }

    /// Most days whose texts are kept: four hundred years.
    private static let mostDates = 146_097

    /// The list, ready for printing; no more times are added.
    consuming func finished() -> TimeList {
        makeDates()
        return self
    }

    private mutating func makeDates() {
        guard count > 0 else { return }
        firstDay = floorDivide(seconds(1), 86_400)
        let days = floorDivide(seconds(UInt32(count)), 86_400) - firstDay + 1
        guard days > 0, days <= Self.mostDates else { return }
        dates = (0..<days).map { day in
            let text = Array(Instant(seconds: (firstDay + day) * 86_400).text(fractionDigits: 0).utf8)
            return text.withUnsafeBytes {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
            }
        }
    }

    private func seconds(_ place: UInt32) -> Int64 {
        let index = Int(place) - 1
        return index < near.count ? base + Int64(near[index]) : far[index - near.count]
    }

    /// The most bytes of a time's text.
    static let longestText = 32

    /// Writes a time's text to memory of ``longestText`` bytes; nothing for place 0.
    /// - Returns: How many bytes were written.
    @inline(__always)
    func write(_ place: UInt32, to text: UnsafeMutableRawPointer) -> Int {
        guard place > 0 else { return 0 }
        let seconds = seconds(place)
        let day = Int(floorDivide(seconds, 86_400) - firstDay)
        guard day >= 0, day < dates.count, digits.isEmpty || digits[Int(place) - 1] == 0 else {
            return writeSlowly(place, to: text)
        }
        let ofDay = UInt32(truncatingIfNeeded: seconds - (firstDay + Int64(day)) * 86_400)
        // "T00:00:00Z", the two digits of a number being its tens in the lower and its ones in the higher byte.
        let clock = Self.clock | Self.twoDigits(ofDay / 3600) << 8 | Self.twoDigits(ofDay / 60 % 60) << 32
        let end = clock >> 48 | (Self.twoDigits(ofDay % 60) | 0x5A_3030) << 8
        // Written as it will be read, sixteen bytes at a time: otherwise the reader waits until all parts are in memory.
        let halves = (
            SIMD2(dates[day].0, UInt64(dates[day].1) | clock << 16), SIMD2(end, 0)
        )
        text.storeBytes(of: halves.0, as: SIMD2<UInt64>.self)
        text.storeBytes(of: halves.1, toByteOffset: 16, as: SIMD2<UInt64>.self)
        return 20
    }

    /// `T00:00:` with the first letter in the lowest byte.
    private static let clock: UInt64 = 0x3A_3030_3A30_3054

    @inline(__always)
    private static func twoDigits(_ number: UInt32) -> UInt64 { UInt64(number / 10 | (number % 10) << 8) }

    @inline(never)
    private func writeSlowly(_ place: UInt32, to text: UnsafeMutableRawPointer) -> Int {
        let index = Int(place) - 1
        let instant = Instant(seconds: seconds(place), nanoseconds: digits.isEmpty ? 0 : fractions[index])
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { buffer in
            let count = instant.write(fractionDigits: digits.isEmpty ? 0 : Int(digits[index]), to: buffer)
            UnsafeMutableRawBufferPointer(start: text, count: Self.longestText).copyBytes(from: buffer[..<count])
            return count
        }
    }

    /// A time's text as a string; empty for place 0.
    func string(_ place: UInt32) -> String {
        withUnsafeTemporaryAllocation(byteCount: Self.longestText, alignment: 8) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            return String(decoding: buffer[..<write(place, to: start)], as: UTF8.self)
        }
    }

    /// Asks for the memory of times that are written next.
    func prefetch(_ first: UInt32, _ last: UInt32) {
        near.withUnsafeBufferPointer { near in
            heed_prefetch(near.baseAddress.map { $0 + Int(first) })
            heed_prefetch(near.baseAddress.map { $0 + Int(last) })
        }
    }
}
