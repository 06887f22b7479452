/// A half-open span of time; a missing end is unbounded.
public struct InstantRange: Hashable, Sendable {
    /// First instant inside; nil for no begin.
    public var from: Instant?
    /// First instant no longer inside; nil for no end.
    public var to: Instant?

    /// Makes a range of its ends.
    public init(from: Instant? = nil, to: Instant? = nil) {
        self.from = from
        self.to = to
    }

    /// The range without ends: the only one that undated events belong to.
    public static let all = InstantRange()

    /// Whether neither end is bounded.
    public var isUnbounded: Bool { from == nil && to == nil }

    /// Whether an instant lies inside.
    @inlinable public func contains(_ instant: Instant) -> Bool {
        if let from, instant < from { return false }
        if let to, !(instant < to) { return false }
        return true
    }
}
