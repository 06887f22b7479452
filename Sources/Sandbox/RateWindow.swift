/// Counts requests in fixed windows of time.
struct RateWindow: Sendable {
    let limit: Int
    let seconds: Double
    private var window = -1.0
    private var used = 0

    init(limit: Int, seconds: Double) {
        self.limit = limit
        self.seconds = seconds
    }

    /// What is left after a request at a time, and when the window ends; nil for `remaining` when it was one too many.
    mutating func take(at now: Double) -> (remaining: Int?, resetsAt: Double) {
        let current = (now / seconds).rounded(.down)
        if current != window {
            window = current
            used = 0
        }
        let end = (current + 1) * seconds
        guard used < limit else { return (nil, end) }
        used += 1
        return (limit - used, end)
    }
}

/// What is allowed of requests in a window and in a day, to all who share it.
struct SandboxAllowance: Sendable {
    private var minute: RateWindow?
    private var day: RateWindow?

    init(_ configuration: SandboxConfiguration) {
        minute = configuration.limitPerWindow.map { RateWindow(limit: $0, seconds: configuration.windowSeconds) }
        day = configuration.limitPerDay.map { RateWindow(limit: $0, seconds: 86_400) }
    }

    /// Counts a request, and tells what the tighter of both windows has left; nil where there is no limit.
    mutating func take(at now: Double) -> (limit: Int, remaining: Int?, resetsAt: Double)? {
        var taken: [(limit: Int, remaining: Int?, resetsAt: Double)] = []
        if var window = minute {
            let result = window.take(at: now)
            minute = window
            taken.append((window.limit, result.remaining, result.resetsAt))
        }
        if var window = day {
            let result = window.take(at: now)
            day = window
            taken.append((window.limit, result.remaining, result.resetsAt))
        }
        return taken.min { ($0.remaining ?? -1) < ($1.remaining ?? -1) }
    }
}
