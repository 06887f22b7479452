import Dispatch
import Foundation
import Synchronization

/// Pieces of work that several threads share, the largest first.
final class WorkQueue<Value: Sendable>: Sendable {
    private struct Piece {
        var size: Int
        var work: @Sendable () throws -> Value
    }

    private struct State {
        /// The largest last.
        var waiting: [Piece] = []
        var values: [Value] = []
        var error: (any Error)?
        var helpers = 0
    }

    private let state = Mutex(State())
    private let helping = DispatchGroup()

    init() {}

    /// Adds a piece of work; `size` tells which of several is begun first.
    func add(size: Int, _ work: @escaping @Sendable () throws -> Value) {
        state.withLock { state in
            let place = state.waiting.firstIndex { $0.size >= size } ?? state.waiting.endIndex
            state.waiting.insert(Piece(size: size, work: work), at: place)
        }
    }

    /// Begins with what was added, on a thread for each core but the caller's, and on one at least.
    func start() {
        let wanted = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
        let missing = state.withLock { state in
            let missing = max(0, min(wanted, state.helpers + state.waiting.count) - state.helpers)
            state.helpers += missing
            return missing
        }
        for _ in 0..<missing {
            DispatchQueue.global(qos: .userInitiated).async(group: helping) { [self] in work(isHelper: true) }
        }
    }

    /// Takes part until everything is done.
    /// - Returns: What the pieces returned, in no order.
    /// - Throws: The first error of a piece; those not begun are left out then.
    func finish() throws -> [Value] {
        start()
        work(isHelper: false)
        helping.wait()
        return try state.withLock { state in
            if let error = state.error { throw error }
            return state.values
        }
    }

    /// Leaves out what was not begun, and waits for what was.
    func cancel() {
        state.withLock { $0.waiting = [] }
        helping.wait()
    }

    private func work(isHelper: Bool) {
        while let work = next(isHelper) {
            do {
                let value = try work()
                state.withLock { $0.values.append(value) }
            } catch {
                state.withLock { state in
                    state.waiting = []
                    if state.error == nil { state.error = error }
                }
            }
        }
    }

    /// The next piece; nil when there is none, and then the thread is no longer counted.
    private func next(_ isHelper: Bool) -> (@Sendable () throws -> Value)? {
        state.withLock { state in
            if state.error == nil, let piece = state.waiting.popLast() { return piece.work }
            if isHelper { state.helpers -= 1 }
            return nil
        }
    }
}
