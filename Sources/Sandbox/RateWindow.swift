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
