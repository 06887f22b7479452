/// How often a request is repeated and how long to wait before: exponential, with jitter, within three minutes.
struct RetryPolicy: Sendable {
    /// How much is done for an answer.
    struct Patience: Sendable {
        /// Attempts a request gets at most, the first included.
        var attempts: Int
        /// Seconds after which no further attempt begins.
        var giveUpAfter: Double
        /// What is left for this answer and others that belong to it; nil for no bound.
        var time: TryingTime?

        /// For what the caller can't go on without.
        static let ofWhatIsNeeded = Patience(attempts: 6, giveUpAfter: 150)
        /// For what the caller can do without.
        static let ofWhatIsOptional = Patience(attempts: 3, giveUpAfter: 15)
    }

    /// Seconds before the second attempt.
    let first: Double

    /// Seconds to wait behind a failed attempt; nil when there is to be no other.
    ///
    /// - Parameters:
    ///   - attempt: Number of the attempt that failed, from 1.
    ///   - elapsed: Seconds since the first attempt began.
    ///   - patience: How much is done for an answer.
    ///   - random: A number from 0 to 1: the jitter is half of the wait.
    /// - Returns: Seconds to wait, or nil.
    func delay(
        after attempt: Int,
        elapsed: Double,
        _ patience: Patience = .ofWhatIsNeeded,
        random: Double
    ) -> Double? {
        guard attempt < patience.attempts else { return nil }
        let full = min(16, first * Double(1 << (attempt - 1)))
        let delay = full / 2 + full / 2 * random
        return elapsed + delay < patience.giveUpAfter ? delay : nil
    }
}
