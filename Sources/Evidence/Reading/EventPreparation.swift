public import CSimdJSON

/// Work on events that needs no order: done by a thread that loads them or by the one that uses them, several of which may
/// do it at a time.
public typealias EventPreparation = @Sendable (borrowing LoadedEvents) -> Void

/// Events that were loaded together, in the order of their segment, and not yet merged with those of others.
public struct LoadedEvents: ~Copyable {
    @usableFromInline let start: UnsafeMutablePointer<heed_event>

    /// How many there are.
    public let count: Int

    init(_ start: UnsafeMutablePointer<heed_event>, count: Int) {
        self.start = start
        self.count = count
    }

    /// The event at a place; it may not outlive the call.
    @inlinable public subscript(index: Int) -> EventView { EventView(start + index) }

    /// Notes numbers that stay with the event: ``EventView/marks``.
    @inlinable public func mark(_ index: Int, _ numbers: (UInt32, UInt32)) { start[index].marks = numbers }
}
