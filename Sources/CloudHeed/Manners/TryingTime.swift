import Synchronization

/// Seconds that may be spent on trying to get something of many answers; waiting for the allowance is no trying.
final class TryingTime: Sendable {
    /// How many there are in all.
    let limit: Double
    private let spent = Mutex(0.0)

    /// Nothing is spent yet.
    init(limit: Double) { self.limit = limit }

    /// Takes note of seconds that went by.
    func spend(_ seconds: Double) { spent.withLock { $0 += seconds } }

    /// Whether nothing is left.
    var isSpent: Bool { spent.withLock { $0 >= limit } }
}
