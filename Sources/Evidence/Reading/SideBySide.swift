import Dispatch

/// Does pieces of work at a time, on as many cores as are free, and waits for all of them.
///
/// For work that shares nothing that any of it changes: then the result is the same whichever is done first, or if all
/// is done by one thread.
public func sideBySide(_ one: () -> Void, _ other: () -> Void) {
    withoutActuallyEscaping(one) { one in
        withoutActuallyEscaping(other) { other in
            // Each is called once, by one thread, and both have ended before the call returns.
            nonisolated(unsafe) let work = (one, other)
            DispatchQueue.concurrentPerform(iterations: 2) { number in
                if number == 0 { work.0() } else { work.1() }
            }
        }
    }
}
