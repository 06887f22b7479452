/// A half-open span of time; a missing end is unbounded.
package struct InstantRange: Hashable, Sendable {
    /// First instant inside; nil for no begin.
    package var from: Instant?
    /// First instant no longer inside; nil for no end.
    package var to: Instant?

    /// Makes a range of its ends.
    package init(from: Instant? = nil, to: Instant? = nil) {
        self.from = from
        self.to = to
    }

    /// The range without ends: the only one that undated events belong to.
    package static let all = InstantRange()

    /// Whether neither end is bounded.
    package var isUnbounded: Bool { from == nil && to == nil }

    /// Whether an instant lies inside.
    @inlinable package func contains(_ instant: Instant) -> Bool {
        if let from, instant < from { return false }
        if let to, !(instant < to) { return false }
        return true
    }
}
