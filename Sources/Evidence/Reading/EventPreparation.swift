public import CSimdJSON

/// Work on events that needs no order: done by a thread that loads them or by the one that uses them, several of which may
/// do it at a time.
public typealias EventPreparation = @Sendable (borrowing LoadedEvents) -> Void

/// Events that were loaded together, in the order of their segment, and not yet merged with those of others.
public struct LoadedEvents: ~Copyable {
    @usableFromInline let events: UnsafeMutableBufferPointer<heed_event>

    init(_ events: UnsafeMutableBufferPointer<heed_event>) { self.events = events }

    /// How many there are.
    @inlinable public var count: Int { events.count }

    /// The event at a place; it may not outlive the call.
    @inlinable public subscript(index: Int) -> EventView { EventView(events[index]) }

    /// Notes numbers that stay with the event: ``EventView/marks``.
    @inlinable public func mark(_ index: Int, _ numbers: (UInt32, UInt32)) { events[index].marks = numbers }
}
