/// Decides when the next request may go, from what the service says of its allowance.
///
/// Pure: the caller brings the clock.
///
/// Times are seconds of any steady clock.
struct RequestPacer: Sendable {
    /// What to do now.
    enum Decision: Equatable, Sendable {
        case send
        /// Ask again after so many seconds.
        case wait(Double)
        /// The wait would be longer than what is slept through.
        case giveUp(Double)
    }

    /// What an answer says of the allowance.
    struct Allowance: Equatable, Sendable {
        var limit: Int?
        var remaining: Int?
        /// Seconds until the window ends, reckoned by the `Date` of the same answer.
        var resetsIn: Double?
        /// When the window ends by the server's clock, seconds since 1970.
        var reset: Double?
    }

    /// A longer wait, and a larger allowance, is reckoned with as this one: some ten years, and a thousand million.
    static let longest = 3.2e8
    static let mostRequests = 1_000_000_000

    private let share: Double
    private let maxWait: Double
    private var inFlight = 0
    private var limit: Int?
    private var remaining: Int?
    private var resetsAt: Double?
    private var pausedUntil = 0.0
    /// Whether the service asked for that pause with an answer that spoke of no allowance.
    private var isPauseAsked = false
    private var hasAnswer = false
    /// The server's clock less ours, at least: its `Date` is cut to whole seconds, so the largest difference seen is the
    /// closest, and a window is never taken for ended too early.
    private var clockOffset: Double?

    init(share: Double, maxWait: Double) {
        self.share = share
        self.maxWait = maxWait
    }

    /// Asks whether a request may go; `.send` counts it as sent.
    mutating func ask(now: Double) -> Decision {
        if now < pausedUntil { return wait(pausedUntil - now) }
        if let resetsAt, now >= resetsAt {
            // A new window: what was left of the old one says nothing; the first answer tells.
            remaining = nil
            self.resetsAt = nil
            hasAnswer = false
        }
        // One request finds out what the allowance is before several go together.
        guard hasAnswer || inFlight == 0 else { return .wait(0.01) }
        if let remaining, remaining - inFlight - reserve <= 0, let resetsAt {
            return inFlight > 0 && remaining - reserve > 0 ? .wait(0.01) : wait(resetsAt - now)
        }
        inFlight += 1
        return .send
    }

    /// What is left to others of a window.
    private var reserve: Int { limit.map { Int((Double($0) * (1 - share)).rounded(.down)) } ?? 0 }

    private func wait(_ asked: Double) -> Decision {
        let seconds = min(asked, Self.longest)
        return seconds > maxWait ? .giveUp(seconds) : .wait(max(0.01, seconds))
    }

    /// Takes in the server's clock, seconds since 1970.
    mutating func observe(serverTime: Int64, now: Double) {
        let offset = Double(serverTime) - now
        clockOffset = max(clockOffset ?? offset, offset)
        // A clock that was set back would otherwise be believed for ever.
        if let known = clockOffset, offset < known - 5 { clockOffset = offset }
    }

    /// Seconds until the window ends.
    private func resetsIn(_ allowance: Allowance, _ now: Double) -> Double? {
        if let reset = allowance.reset, let clockOffset { return max(0, reset - (now + clockOffset)) }
        return allowance.resetsIn
    }

    /// Takes in what an answer says.
    mutating func answered(_ allowance: Allowance, now: Double) {
        inFlight -= 1
        hasAnswer = true
        if let limit = allowance.limit { self.limit = limit }
        guard let left = allowance.remaining else { return }
        let end = resetsIn(allowance, now).map { now + max(0, $0) }
        if let end, let current = resetsAt, abs(end - current) > 1.5 {
            // Another window than the one known: its number stands alone.
            remaining = left
            resetsAt = end
        } else {
            // Answers overtake one another; within a window the allowance only falls.
            remaining = min(remaining ?? left, left)
            resetsAt = end ?? resetsAt
        }
    }

    /// A request ended without an answer.
    mutating func failed() {
        inFlight -= 1
        hasAnswer = true
    }

    /// The service wants to be left alone for so many seconds: every request pauses.
    mutating func pause(_ seconds: Double, now: Double) {
        guard seconds > 0, now + seconds > pausedUntil else { return }
        (pausedUntil, isPauseAsked) = (now + seconds, true)
    }

    /// Whether the pause that holds requests back is one that the service asked for without a word of its allowance.
    func isAskedToWait(now: Double) -> Bool { isPauseAsked && now < pausedUntil }

    /// The service said 429: every request pauses.
    mutating func throttled(retryAfter: Double?, allowance: Allowance, now: Double) {
        inFlight -= 1
        hasAnswer = true
        let seconds = retryAfter ?? resetsIn(allowance, now) ?? 1
        let end = now + min(max(seconds, 0.05), Self.longest)
        if end > pausedUntil { (pausedUntil, isPauseAsked) = (end, false) }
        remaining = nil
        resetsAt = nil
        hasAnswer = false
    }
}
