public import CSimdJSON

/// A run of events in order, borrowed for the length of a call.
public struct EventBlock: ~Copyable {
    @usableFromInline let events: UnsafeBufferPointer<heed_event>

    init(events: UnsafeBufferPointer<heed_event>) {
        self.events = events
    }

    /// How many events the block holds.
    @inlinable public var count: Int { events.count }

    /// Hands out the block in runs of at most `count` events, each with the place of its first.
    package func forEachRun(of count: Int, _ body: (borrowing EventBlock, _ start: Int) -> Void) {
        for start in stride(from: 0, to: events.count, by: count) {
            let run = events[start..<min(start + count, events.count)]
            body(EventBlock(events: UnsafeBufferPointer(rebasing: run)), start)
        }
    }

    /// The event at a place; it may not outlive the block.
    @inlinable public subscript(index: Int) -> EventView { EventView(events[index]) }
}
