import Evidence

/// How often somebody said that runs come, and what that says of those that came.
package struct RunSchedule: Sendable, Hashable {
    /// Seconds from one run to the next.
    package let every: Int64

    /// A schedule; `every` in seconds, at least 1.
    package init(every: Int64) { self.every = max(1, every) }

    /// Seconds by which a run may be late: a tenth of the time between two, and at least ten minutes, for what delays a timer
    /// and for what a pull takes.
    package var tolerance: Int64 { max(600, every / 10) }

    /// Whether a run is missing at an instant, the last one having come at another.
    package func isOverdue(_ now: Instant, last: Instant) -> Bool { due(behind: last) < now }

    /// Spans between two runs in which one was missed, from run to run, in order.
    ///
    /// - Parameters:
    ///   - runs: When runs came, in any order.
    ///   - range: A run counts as missed where it did so in this span of time.
    ///   - end: Up to when there is something to miss; nil for the last run.
    /// - Returns: From the run before to the run behind, or to the end.
    package func missed(_ runs: [Instant], in range: InstantRange, until end: Instant? = nil) -> [InstantRange] {
        let sorted = runs.sorted()
        guard let first = sorted.first, let last = sorted.last else { return [] }
        let ends = end.map { $0 > last ? [$0] : [] } ?? []
        var (spans, before): ([InstantRange], Instant) = ([], first)
        for run in sorted.dropFirst() + ends {
            let due = due(behind: before)
            // Missed from when it was due until the next one came.
            let isInside = range.to.map { due < $0 } ?? true && range.from.map { $0 < run } ?? true
            if due < run, isInside { spans.append(InstantRange(from: before, to: run)) }
            before = run
        }
        return spans
    }

    /// The last instant at which the run behind another one is not late.
    private func due(behind run: Instant) -> Instant { run.adding(seconds: every + tolerance) }
}
