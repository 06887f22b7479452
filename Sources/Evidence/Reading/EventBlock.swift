public import CSimdJSON

/// A run of events in order, borrowed for the length of a call.
public struct EventBlock: ~Copyable {
    @usableFromInline let start: UnsafePointer<heed_event>

    /// How many events the block holds.
    public let count: Int

    init(_ start: UnsafePointer<heed_event>, count: Int) {
        self.start = start
        self.count = count
    }

    /// Hands out the block in runs of at most `count` events, each with the place of its first.
    package func forEachRun(of count: Int, _ body: (borrowing EventBlock, _ start: Int) -> Void) {
        for place in stride(from: 0, to: self.count, by: count) {
            body(EventBlock(start + place, count: min(count, self.count - place)), place)
        }
    }

    /// The event at a place; it may not outlive the block.
    @inlinable public subscript(index: Int) -> EventView { EventView(start + index) }
}
