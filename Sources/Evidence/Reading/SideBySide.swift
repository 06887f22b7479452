import Dispatch
import Synchronization

/// Does two pieces of work at a time, if a core is free, and waits for both; a piece may do this again.
///
/// For work that shares nothing that any of it changes: then the result is the same whichever is done first, or if all
/// is done by one thread.
package func sideBySide(_ one: () -> Void, _ other: () -> Void) {
    withoutActuallyEscaping(one) { one in
        withoutActuallyEscaping(other) { other in
            // Each is called once, by one thread, and both have ended before the call returns. `concurrentPerform` would do
            // what is inside of such work on one thread.
            nonisolated(unsafe) let work = (one, other)
            let done = DispatchGroup()
            DispatchQueue.global(qos: .userInitiated).async(group: done) { work.1() }
            work.0()
            done.wait()
        }
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
