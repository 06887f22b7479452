import CBytes
import CSimdJSON

/// A run of events in order, borrowed for the length of a call.
public struct EventBlock: ~Copyable {
    @usableFromInline let start: UnsafePointer<heed_event>

    /// How many events the block holds.
    public let count: Int

    init(_ start: UnsafePointer<heed_event>, count: Int) {
        self.start = start
        self.count = count
    }

    /// Hands out each event as a block of its own.
    package func forEachAlone(_ body: (borrowing EventBlock) -> Void) {
        for place in 0..<count { body(EventBlock(start + place, count: 1)) }
    }

    /// Asks for the memory of events that are looked at a while later, which another core has just written: for what tells
    /// where their texts are, and of so many events before for the texts.
    ///
    /// `range` may go beyond the block.
    public func prefetch(_ range: Range<Int>, textsBefore distance: Int) {
        for index in range.clamped(to: 0..<count) {
            let event = UnsafeRawPointer(start + index)
            for line in stride(from: 0, to: MemoryLayout<heed_event>.size, by: Self.line) {
                heed_prefetch(event + line)
            }
        }
        for index in (range.lowerBound - distance..<range.upperBound - distance).clamped(to: 0..<count) {
            let raw = start[index].raw
            let size = min(Int(raw.count), Self.mostOfText)
            for line in stride(from: 0, to: size, by: Self.line) { heed_prefetch(raw.bytes + line) }
        }
    }

    /// Bytes that a processor asks for at a time.
    private static let line = 64
    /// How much of an event's text is asked for.
    private static let mostOfText = 512

    /// The event at a place; it may not outlive the block.
    @inlinable public subscript(index: Int) -> EventView { EventView(start + index) }
}
