import Foundation
import Logging
import Synchronization

/// When a request may go.
extension ServiceClient {
    /// Waits until a request may go.
    ///
    /// - Parameters:
    ///   - method: Of the request.
    ///   - path: Of the request.
    ///   - reason: Why the attempt before failed; empty for none.
    /// - Throws: `ServiceError` with code `.tryAgainLater` for a longer wait than is slept through.
    func waitForTurn(_ method: String, _ path: String, behind reason: String) async throws {
        var hasSaid = false
        while true {
            let decision =
                isShared
                ? await queue.turn(of: configuration.organizationOfRequests, onWait: tellWait)
                : queue.ask(now: Self.steadySeconds())
            switch decision {
            case .send: return
            case .wait(let seconds):
                if seconds > Self.moment, !hasSaid {
                    hasSaid = true
                    tellWait(seconds)
                }
                try await Task.sleep(for: .seconds(seconds))
            case .giveUp(let seconds):
                let at = Date().addingTimeInterval(seconds).formatted(.iso8601)
                let why = reason.isEmpty ? "" : " (\(reason))"
                throw ServiceError(
                    .tryAgainLater,
                    queue.isAskedToWait
                        ? "\(method) \(path): the service asks to wait until \(at)\(why)"
                        : "\(method) \(path): the service's allowance is spent until \(at)",
                    hint: "run again after that; what was read is kept. max_wait says how long to wait"
                )
            }
        }
    }

    private func tellWait(_ seconds: Double) {
        guard seconds > Self.moment else { return }
        logger.info("waiting for the allowance", metadata: ["seconds": "\(Self.whole(seconds))"])
        let why = queue.isAskedToWait ? "the service asks for it" : "the service's allowance is spent"
        configuration.onWait("waiting \(Self.whole(seconds)) s: \(why)")
    }

    /// Counts a page of the log that is about to be asked for.
    ///
    /// - Throws: `ServiceError` with code `.tryAgainLater` for one more than may be.
    func takePage(_ page: Int) throws {
        let asked = pagesAsked.withLock { asked in
            asked += 1
            return asked
        }
        guard let most = configuration.mostPages, asked > most else { return }
        configuration.onShareUsed()
        throw ServiceError(
            .tryAgainLater,
            "page \(page) of the log is not asked for: this organization's share of the day's requests is used",
            hint: "run again; what was read is kept"
        )
    }

    /// Seconds that nobody is told about.
    static let moment = 2.0

    static func whole(_ seconds: Double) -> Int { Int(seconds.rounded(.up)) }

    static func steadySeconds() -> Double {
        Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    }
}
