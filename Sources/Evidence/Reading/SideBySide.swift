import Dispatch
import Synchronization

/// Does two pieces of work at a time, if a core is free, and waits for both; a piece may do this again.
///
/// For work that shares nothing that any of it changes: then the result is the same whichever is done first, or if all
/// is done by one thread.
package func sideBySide(_ one: () -> Void, _ other: () -> Void) {
    withoutActuallyEscaping(other) { other in
        // It is called once, by one thread, and has ended before the call returns. `concurrentPerform` would do what is
        // inside of such work on one thread.
        let offered = OfferedWork(other)
        let done = DispatchGroup()
        DispatchQueue.global(qos: .userInitiated).async(group: done) { offered.begin() }
        one()
        // Where no thread has begun it none may be free, because all wait as this one would.
        if !offered.begin() { done.wait() }
    }
}

/// A piece of work that is done by whoever begins first.
private final class OfferedWork: Sendable {
    private let work: Mutex<(@Sendable () -> Void)?>

    init(_ work: @escaping () -> Void) {
        // Only one thread ever has it.
        nonisolated(unsafe) let work = work
        self.work = Mutex { work() }
    }

    /// - Returns: Whether the work was done by this call; false where another has begun it.
    @discardableResult
    func begin() -> Bool {
        guard
            let mine = work.withLock({ work in
                defer { work = nil }
                return work
            })
        else { return false }
        mine()
        return true
    }
}

/// A value that another thread begins to make at once, and that whoever asks for it waits for.
package final class Ahead<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)
    private let make: @Sendable () -> Value

    /// Begins; `make` is called once.
    package init(_ make: @escaping @Sendable () -> Value) {
        self.make = make
        DispatchQueue.global(qos: .userInitiated).async { [self] in _ = value }
    }

    /// What was made.
    package var value: Value {
        made.withLock { made in
            if let made { return made }
            let value = make()
            made = value
            return value
        }
    }
}
