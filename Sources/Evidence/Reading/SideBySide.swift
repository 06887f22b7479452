import Dispatch

/// Does pieces of work at a time, on as many cores as are free, and waits for all of them.
///
/// For work that shares nothing that any of it changes: then the result is the same whichever is done first, or if all
/// is done by one thread. That is what happens inside of such work, so nothing is gained by a piece that does this again.
public func sideBySide(_ one: () -> Void, _ other: () -> Void, _ third: () -> Void = {}) {
    withoutActuallyEscaping(one) { one in
        withoutActuallyEscaping(other) { other in
            withoutActuallyEscaping(third) { third in
                // Each is called once, by one thread, and all have ended before the call returns.
                nonisolated(unsafe) let work = [one, other, third]
                DispatchQueue.concurrentPerform(iterations: work.count) { work[$0]() }
            }
        }
    }
}
