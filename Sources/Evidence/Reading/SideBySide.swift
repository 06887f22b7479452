import Dispatch
import Synchronization

/// Does two pieces of work at a time, if a core is free, and waits for both; a piece may do this again.
///
/// For work that shares nothing that any of it changes: then the result is the same whichever is done first, or if all
/// is done by one thread.
package func sideBySide(_ one: () -> Void, _ other: () -> Void) {
    withoutActuallyEscaping(one) { one in
        withoutActuallyEscaping(other) { other in
            // `concurrentPerform` would do what is inside of such work on one thread.
            let work = Work(other)
            let done = DispatchGroup()
            done.enter()
            DispatchQueue.global(qos: .userInitiated).async { if work.run() { done.leave() } }
            one()
            // Where no thread was free it is done here: threads that all wait for another one would wait for ever.
            if work.run() { done.leave() } else { done.wait() }
        }
    }
}

/// A piece of work that whoever comes first does, once.
private final class Work: @unchecked Sendable {
    // Sendable: whoever takes the work is the only one to touch it, and it has ended before anybody relies on that.
    private let isTaken = Atomic(false)
    private var work: (() -> Void)?

    init(_ work: @escaping () -> Void) { self.work = work }

    /// Does the work, and lets go of it; false where somebody has begun it before.
    func run() -> Bool {
        guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        work?()
        work = nil
        return true
    }
}

/// A value that another thread begins to make at once, and that whoever asks for it waits for.
package final class Ahead<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)
    private let make: @Sendable () -> Value

    /// Begins, or waits until somebody asks; `make` is called once.
    package init(begins: Bool = true, _ make: @escaping @Sendable () -> Value) {
        self.make = make
        if begins { DispatchQueue.global(qos: .userInitiated).async { [self] in _ = value } }
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
