import Evidence
import Synchronization

/// Gives resources and addresses small numbers while events are loaded, by several threads if need be: of the things that
/// are numbered, these need no order, and whoever counts by their numbers never asks for their texts meanwhile.
final class UnorderedNumbers: @unchecked Sendable {
    // Sendable: the interners are touched behind the lock alone, or by `takeResources`, when no thread loads events any more.
    private let lock = Mutex<Void>(())
    private var resources = Interner()
    private var addresses = Interner()

    init() {}

    /// Marks each event with the numbers of its resource and its address.
    func number(_ events: borrowing LoadedEvents) {
        lock.withLock { _ in
            withUnsafeTemporaryAllocation(of: Interner.Key.self, capacity: Interner.batch) { keys in
                withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Interner.batch) { numbers in
                    guard let first = numbers.baseAddress else { return }
                    var start = 0
                    while start < events.count {
                        let size = min(Interner.batch, events.count - start)
                        let part = UnsafeMutableBufferPointer(rebasing: keys[..<size])
                        for index in 0..<size { keys[index] = Self.resource(events[start + index]) }
                        resources.intern(part, first)
                        for index in 0..<size { keys[index] = Self.address(events[start + index]) }
                        addresses.intern(part, first + size)
                        for index in 0..<size { events.mark(start + index, (numbers[index], numbers[size + index])) }
                        start += size
                    }
                }
            }
        }
    }

    /// Numbers a batch of resources.
    func number(resources keys: UnsafeMutableBufferPointer<Interner.Key>, _ numbers: UnsafeMutablePointer<UInt32>) {
        lock.withLock { _ in resources.intern(keys, numbers) }
    }

    /// Numbers a batch of addresses.
    func number(addresses keys: UnsafeMutableBufferPointer<Interner.Key>, _ numbers: UnsafeMutablePointer<UInt32>) {
        lock.withLock { _ in addresses.intern(keys, numbers) }
    }

    /// Hands the keys of resources over.
    func takeResources() -> Interner { exchange(&resources, with: Interner()) }

    /// A resource is known by its type and id, without an id by type and name.
    @inline(__always)
    static func resource(_ event: EventView) -> Interner.Key {
        let id = event.resourceIDKey
        let type = event.resourceTypeKey
        return id.isEmpty
            ? Interner.Key(first: type, second: .missing, third: event.resourceNameKey)
            : Interner.Key(first: type, second: id)
    }

    @inline(__always)
    static func address(_ event: EventView) -> Interner.Key { Interner.Key(first: event.ipAddressKey) }
}
