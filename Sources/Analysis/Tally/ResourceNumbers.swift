import Evidence
import Synchronization

/// Gives resources small numbers while events are loaded, by several threads if need be: the largest table of all, and the
/// only one that needs no order.
final class ResourceNumbers: @unchecked Sendable {
    // Sendable: the interner is touched behind the lock alone, or by `take`, when no thread loads events any more.
    private let lock = Mutex<Void>(())
    private var interner = Interner()

    init() {}

    /// Marks each event with the number of its resource.
    func number(_ events: borrowing LoadedEvents) {
        lock.withLock { _ in
            var start = 0
            while start < events.count {
                let size = min(Interner.batch, events.count - start)
                withUnsafeTemporaryAllocation(of: Interner.Key.self, capacity: Interner.batch) { keys in
                    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Interner.batch) { numbers in
                        for index in 0..<size { keys[index] = Self.key(events[start + index]) }
                        guard let first = numbers.baseAddress else { return }
                        interner.intern(UnsafeMutableBufferPointer(rebasing: keys[..<size]), first)
                        for index in 0..<size { events.mark(start + index, numbers[index]) }
                    }
                }
                start += size
            }
        }
    }

    /// Numbers a batch of keys.
    func number(_ keys: UnsafeMutableBufferPointer<Interner.Key>, _ numbers: UnsafeMutablePointer<UInt32>) {
        lock.withLock { _ in interner.intern(keys, numbers) }
    }

    /// Hands the keys over.
    func take() -> Interner { exchange(&interner, with: Interner()) }

    /// A resource is known by its type and id, without an id by type and name.
    @inline(__always)
    static func key(_ event: EventView) -> Interner.Key {
        let id = event.resourceID
        let type = event.resourceType
        return id.isEmpty
            ? Interner.Key(first: type, second: .missing, third: event.resourceName)
            : Interner.Key(first: type, second: id)
    }
}
