/// How often a request is repeated and how long to wait before: exponential, with jitter, within three minutes.
struct RetryPolicy: Sendable {
    /// Attempts a request gets at most, the first included.
    let attempts = 6
    /// Seconds after which no further attempt begins.
    let giveUpAfter = 150.0
    /// Seconds before the second attempt.
    let first: Double

    /// Seconds to wait behind a failed attempt; nil when there is to be no other.
    ///
    /// - Parameters:
    ///   - attempt: Number of the attempt that failed, from 1.
    ///   - elapsed: Seconds since the first attempt began.
    ///   - random: A number from 0 to 1: the jitter is half of the wait.
    /// - Returns: Seconds to wait, or nil.
    func delay(after attempt: Int, elapsed: Double, random: Double) -> Double? {
        guard attempt < attempts else { return nil }
        let full = min(16, first * Double(1 << (attempt - 1)))
        let delay = full / 2 + full / 2 * random
        return elapsed + delay < giveUpAfter ? delay : nil
    }
}
