import CBytes
import CSimdJSON

/// A run of events in order, borrowed for the length of a call.
public struct EventBlock: ~Copyable {
    @usableFromInline let start: UnsafePointer<heed_event>

    /// How many events the block holds.
    public let count: Int

    /// How many events stand in memory from the first of the block on.
    private let reach: Int

    init(_ start: UnsafePointer<heed_event>, count: Int, reach: Int? = nil) {
        self.start = start
        self.count = count
        self.reach = reach ?? count
    }

    /// Hands out the block in runs of at most `count` events, each with the place of its first.
    public func forEachRun(of count: Int, _ body: (borrowing EventBlock, _ start: Int) -> Void) {
        for place in stride(from: 0, to: self.count, by: count) {
            body(EventBlock(start + place, count: min(count, self.count - place), reach: reach - place), place)
        }
    }

    /// Asks for the memory of events that are looked at a while later, which another core has just written: for what tells
    /// where their texts are, and of so many events before for the texts.
    ///
    /// `range` may go beyond the block.
    public func prefetch(_ range: Range<Int>, textsBefore distance: Int) {
        for index in range.clamped(to: 0..<reach) {
            let event = UnsafeRawPointer(start + index)
            for line in stride(from: 0, to: MemoryLayout<heed_event>.size, by: Self.line) {
                heed_prefetch(event + line)
            }
        }
        for index in (range.lowerBound - distance..<range.upperBound - distance).clamped(to: 0..<reach) {
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
