import CBytes
import Evidence

/// Different times in order, as the texts that reports print.
///
/// Place 0 is no time. About 24 bytes a time.
struct TimeList: ~Copyable {
    private var arena = ByteArena()
    private var ends: [UInt32] = [0]
    private var lastSeconds = Int64.min
    private var lastNanoseconds: UInt32 = 0
    private var lastDigits = -1

    init() {}

    /// The place of an event's time, which is not before those added so far.
    mutating func add(_ event: EventView) -> UInt32 {
        let instant = event.instant
        if instant.seconds == lastSeconds, instant.nanoseconds == lastNanoseconds, event.fractionDigits == lastDigits {
            return UInt32(ends.count - 1)
        }
        lastSeconds = instant.seconds
        lastNanoseconds = instant.nanoseconds
        lastDigits = event.fractionDigits
        _ = arena.append(event.createdAt.bytes)
        ends.append(UInt32(truncatingIfNeeded: arena.count))
        return UInt32(ends.count - 1)
    }

    /// How many different times there are.
    var count: Int { ends.count - 1 }

    /// A time's text; empty for place 0.
    func text(_ place: UInt32) -> TextView {
        guard place > 0 else { return .missing }
        let begin = Int(ends[Int(place) - 1])
        return arena.view(begin, Int(ends[Int(place)]) - begin)
    }

    /// Asks for the memory of times: where their texts stand, and a while later the texts.
    func prefetchPlaces(_ first: UInt32, _ last: UInt32) {
        ends.withUnsafeBufferPointer { ends in
            heed_prefetch(ends.baseAddress.map { $0 + Int(first) })
            heed_prefetch(ends.baseAddress.map { $0 + Int(last) })
        }
    }

    func prefetchTexts(_ first: UInt32, _ last: UInt32) {
        heed_prefetch(arena.base + Int(ends[Int(first)]))
        heed_prefetch(arena.base + Int(ends[Int(last)]))
    }
}
