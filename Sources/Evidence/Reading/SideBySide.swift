import Dispatch

/// Does pieces of work at a time, as far as cores are free, and waits for all of them; a piece may do this again.
///
/// For work that shares nothing that any of it changes: then the result is the same whichever is done first, or if all
/// is done by one thread.
public func sideBySide(_ one: () -> Void, _ other: () -> Void, _ third: () -> Void = {}) {
    withoutActuallyEscaping(one) { one in
        withoutActuallyEscaping(other) { other in
            // Each is called once, by one thread, and all have ended before the call returns. `concurrentPerform` would do
            // what is inside of such work on one thread.
            nonisolated(unsafe) let work = (one, other)
            let done = DispatchGroup()
            DispatchQueue.global(qos: .userInitiated).async(group: done) { work.1() }
            work.0()
            third()
            done.wait()
        }
    }
}
