import Dispatch
import Foundation
import Synchronization

/// Ends the process soon after SIGINT, SIGTERM or SIGHUP with status 75.
///
/// The archive is safe at any instant (a killed pull is continued by the next), so there is nothing to wait for but what
/// a clean end removes: half-written bundles.
final class Interruption: Sendable {
    private struct State: Sendable {
        var cleanUps: [Int: @Sendable () -> Void] = [:]
        var next = 0
        var isFinished = false
    }

    private static let shared = Interruption()
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "heedaudit.interruption")

    /// Begins to watch for the signals.
    ///
    /// Call once, at the start of the process.
    static func watch() -> Interruption {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // What was started to go on without a terminal (nohup) does.
            let before = signal(number, SIG_IGN)
            if number == SIGHUP, isIgnored(before) { continue }
            let source = DispatchSource.makeSignalSource(signal: number, queue: shared.queue)
            source.setEventHandler { shared.end(because: number) }
            source.activate()
            // The sources live as long as the process.
            _ = Unmanaged.passRetained(source as AnyObject)
        }
        signal(SIGPIPE, SIG_IGN)
        return shared
    }

    private static func isIgnored(_ handler: sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Registers what must not be left behind while `body` runs.
    static func cleaningUp<Value>(_ cleanUp: @escaping @Sendable () -> Void, _ body: () throws -> Value) rethrows
        -> Value
    {
        let key = shared.state.withLock { state in
            state.next += 1
            state.cleanUps[state.next] = cleanUp
            return state.next
        }
        defer { shared.state.withLock { $0.cleanUps[key] = nil } }
        return try body()
    }

    /// The work is done: a signal from here on changes nothing.
    func finish() {
        state.withLock { $0.isFinished = true }
    }

    private func end(because signalNumber: Int32) {
        let cleanUps = state.withLock { state in state.isFinished ? [] : Array(state.cleanUps.values) }
        for cleanUp in cleanUps { cleanUp() }
        let name = [SIGINT: "SIGINT", SIGHUP: "SIGHUP"][signalNumber] ?? "SIGTERM"
        ProgressBar.clearLine()
        let problem = Problem(
            .tryAgainLater,
            "interrupted by \(name); progress is kept",
            hint: "run the same command again to continue"
        )
        StandardStreams.error(Problem.wantsJSON ? problem.json : problem.lines)
        // Other threads are in the midst of their work: nothing of theirs may be torn down under them.
        _exit(problem.status.rawValue)
    }
}
