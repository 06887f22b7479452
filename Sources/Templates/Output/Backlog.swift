import Dispatch

/// Work done in order on a thread of its own, at most four pieces behind whoever hands it on.
final class Backlog: Sendable {
    private let queue: DispatchQueue
    private let room = DispatchSemaphore(value: 4)

    init(label: String) { queue = DispatchQueue(label: label) }

    /// Hands on a piece of work; waits while four are not done.
    func add(_ work: @escaping @Sendable () -> Void) {
        room.wait()
        queue.async { [room] in
            work()
            room.signal()
        }
    }

    /// Does the last piece behind all others, and waits for it.
    func finish<Value>(_ work: () throws -> Value) rethrows -> Value { try queue.sync(execute: work) }
}
