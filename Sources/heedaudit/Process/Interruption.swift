import Dispatch
import Foundation
import Synchronization

/// Ends the process soon after SIGINT, SIGTERM or SIGHUP with status 75.
///
/// The archive is safe at any instant (a killed pull is continued by the next), so there is nothing to wait for; what
/// is left of a bundle is removed by the next run. Who wants to be told is told before, a second signal ends it at once.
enum Interruption {
    private struct State {
        var isEnding = false
        var told: [Int: @Sendable (Problem) -> Void] = [:]
        var toldLast: [Int: @Sendable (Problem) -> Void] = [:]
        var next = 0
    }

    private static let state = Mutex(State())
    private static let queue = DispatchQueue(label: "heedaudit.interruption")

    /// Begins to watch for the signals.
    ///
    /// Call once, at the start of the process.
    static func watch() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // What was started to go on without a terminal (nohup) does.
            let before = signal(number, SIG_IGN)
            if number == SIGHUP, isIgnored(before) { continue }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { end(because: number) }
            source.activate()
            // The sources live as long as the process.
            _ = Unmanaged.passRetained(source as AnyObject)
        }
        signal(SIGPIPE, SIG_IGN)
    }

    /// Has somebody told when a signal comes, on a thread of its own, while the work goes on beside it.
    ///
    /// - Parameters:
    ///   - isLast: Whether it is told when the others were.
    ///   - tell: What to do, of the problem that the signal is; soon done, and beside others.
    /// - Returns: What ``tellNobody(_:)`` takes it back by.
    static func tell(last isLast: Bool = false, _ tell: @escaping @Sendable (Problem) -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            if isLast { state.toldLast[state.next] = tell } else { state.told[state.next] = tell }
            return state.next
        }
    }

    /// Has that one told no more; does not return where somebody is being told, for then the process ends there.
    static func tellNobody(_ asked: Int) {
        let isEnding = state.withLock { state in
            state.told[asked] = nil
            state.toldLast[asked] = nil
            return state.isEnding
        }
        while isEnding { sleep(1) }
    }

    private static func isIgnored(_ handler: sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func end(because signalNumber: Int32) {
        let name = [SIGINT: "SIGINT", SIGHUP: "SIGHUP"][signalNumber] ?? "SIGTERM"
        let problem = Problem(
            .tryAgainLater,
            "interrupted by \(name); progress is kept",
            hint: "run the same command again to continue"
        )
        let (isFirst, told, toldLast) = state.withLock { state in
            defer { state.isEnding = true }
            return (!state.isEnding, Array(state.told.values), Array(state.toldLast.values))
        }
        guard isFirst else { _exit(problem.status.rawValue) }
        problem.tell()
        guard !told.isEmpty || !toldLast.isEmpty else { _exit(problem.status.rawValue) }
        silenceAnswers()
        Thread.detachNewThread {
            // A thread each: those that wait for a hook are not to wait for one another, however few processors there are.
            let group = DispatchGroup()
            for tell in told {
                group.enter()
                Thread.detachNewThread {
                    tell(problem)
                    group.leave()
                }
            }
            group.wait()
            for tell in toldLast { tell(problem) }
            // Other threads are in the midst of their work: nothing of theirs may be torn down under them.
            _exit(problem.status.rawValue)
        }
    }

    /// Whatever the work still prints is no answer behind the one that it was interrupted.
    private static func silenceAnswers() {
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if nowhere >= 0 { dup2(nowhere, STDOUT_FILENO) }
    }
}
