import Dispatch
import Foundation

/// Ends the process soon after SIGINT, SIGTERM or SIGHUP with status 75.
///
/// The archive is safe at any instant (a killed pull is continued by the next), so there is nothing to wait for; what
/// is left of a bundle is removed by the next run.
enum Interruption {
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
        problem.tell()
        // Other threads are in the midst of their work: nothing of theirs may be torn down under them.
        _exit(problem.status.rawValue)
    }
}
