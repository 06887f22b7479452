import Dispatch
import Foundation
import Synchronization

/// The requests of all clients that share an address and a token: one allowance, and each client in its turn.
///
/// Every request gets a tag, one more than that of its client's last request or of the one that went last, whichever is
/// larger; the smallest tag goes first. So a client that has many requests waiting keeps nobody from having one.
package final class RequestQueue: Sendable {
    private struct Waiting {
        var tag: Int
        var completion: CheckedContinuation<RequestPacer.Decision, Never>
        var onWait: @Sendable (Double) -> Void
    }

    private struct State {
        var pacer: RequestPacer
        var day = DayAllowance()
        /// In the order of their tags.
        var waiting: [Waiting] = []
        var last: [String: Int] = [:]
        var now = 0
        /// Whether somebody looks again after a while.
        var isTimed = false
    }

    private let state: Mutex<State>

    /// A queue without any requests.
    ///
    /// - Parameters:
    ///   - share: The share of the allowance that may be used, above 0 up to 1.
    ///   - maxWait: The longest wait that is slept through.
    package init(share: Double, maxWait: Duration) {
        state = Mutex(State(pacer: RequestPacer(share: share, maxWait: maxWait.seconds)))
    }

    /// What is left of the day.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Returns: Requests; nil where the day has no limit.
    package func leftOfDay(at now: Int64) -> Int? { state.withLock { $0.day.left(at: now) } }

    /// Sets how many requests may go a day, and how many went already.
    ///
    /// - Parameters:
    ///   - limit: From midnight to midnight (UTC); nil for no limit.
    ///   - used: How many went today before.
    ///   - now: Seconds since 1970.
    package func limitDay(to limit: Int?, used: Int, at now: Int64) {
        state.withLock { $0.day.limit(to: limit, used: used, at: now) }
    }

    /// How many requests wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Changes what is known of the allowance; whoever waits may go then.
    func update(_ change: (inout RequestPacer) -> Void) {
        state.withLock { change(&$0.pacer) }
        letGo()
    }

    /// Whether requests wait because the service asked for a pause, its allowance not being spent.
    var isAskedToWait: Bool {
        state.withLock { state in
            let isDayOver = state.day.left(at: Moment.now) == 0
            return !isDayOver && state.pacer.isAskedToWait(now: Double(DispatchTime.now().uptimeNanoseconds) / 1e9)
        }
    }

    /// Asks whether a request may go, for a client that has the allowance to itself.
    func ask(now: Double) -> RequestPacer.Decision { state.withLock { $0.pacer.ask(now: now) } }

    /// Waits until a request may go.
    ///
    /// - Parameters:
    ///   - client: Whose request it is.
    ///   - onWait: Hears how many seconds it has to wait at least, where it has to.
    /// - Returns: That it is sent, or how long it would have to wait longer than is slept through.
    func turn(of client: String, onWait: @escaping @Sendable (Double) -> Void) async -> RequestPacer.Decision {
        await withCheckedContinuation { completion in
            state.withLock { state in
                let tag = max(state.now, state.last[client] ?? 0) + 1
                state.last[client] = tag
                let place = state.waiting.firstIndex { $0.tag > tag } ?? state.waiting.endIndex
                state.waiting.insert(Waiting(tag: tag, completion: completion, onWait: onWait), at: place)
            }
            letGo()
        }
    }

    /// Lets go whoever may.
    private func letGo() {
        while true {
            let now = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
            let decided = state.withLock { state -> (Waiting, RequestPacer.Decision)? in
                guard let first = state.waiting.first else { return nil }
                let decision = state.day.spend(at: Moment.now) ?? state.pacer.ask(now: now)
                switch decision {
                case .send:
                    state.day.count()
                    state.now = first.tag
                    return (state.waiting.removeFirst(), decision)
                case .giveUp: return (state.waiting.removeFirst(), decision)
                case .wait(let seconds):
                    guard !state.isTimed else { return nil }
                    state.isTimed = true
                    lookAgain(after: seconds)
                    return (first, decision)
                }
            }
            guard let (waiting, decision) = decided else { return }
            if case .wait(let seconds) = decision { return waiting.onWait(seconds) }
            waiting.completion.resume(returning: decision)
        }
    }

    private func lookAgain(after seconds: Double) {
        Task { [self] in
            try? await Task.sleep(for: .seconds(seconds))
            state.withLock { $0.isTimed = false }
            letGo()
        }
    }

    private enum Moment {
        static var now: Int64 {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec)
        }
    }
}

/// What a day allows of requests, from midnight to midnight (UTC).
struct DayAllowance: Sendable {
    private var most: Int?
    private var used = 0
    private var day: Int64 = 0

    private static let seconds: Int64 = 86_400

    mutating func limit(to most: Int?, used: Int, at now: Int64) {
        begin(at: now)
        (self.most, self.used) = (most, max(self.used, used))
    }

    /// What is left; nil without a limit.
    mutating func left(at now: Int64) -> Int? {
        begin(at: now)
        return most.map { max(0, $0 - used) }
    }

    /// Why no request may go; nil where one may.
    mutating func spend(at now: Int64) -> RequestPacer.Decision? {
        left(at: now) == 0 ? .giveUp(Double((day + 1) * Self.seconds - now)) : nil
    }

    /// Counts a request.
    mutating func count() { used += 1 }

    private mutating func begin(at now: Int64) {
        let today = now / Self.seconds
        if today != day { (day, used) = (today, 0) }
    }
}
