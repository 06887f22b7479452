public import CSimdJSON

/// A run of events in order, borrowed for the length of a call.
public struct EventBlock: ~Copyable {
    @usableFromInline let events: UnsafeBufferPointer<heed_event>

    init(events: UnsafeBufferPointer<heed_event>) {
        self.events = events
    }

    /// How many events the block holds.
    @inlinable public var count: Int { events.count }

    /// The event at a place; it may not outlive the block.
    @inlinable public subscript(index: Int) -> EventView { EventView(events[index]) }
}
