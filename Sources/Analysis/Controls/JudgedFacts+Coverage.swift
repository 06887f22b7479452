import Evidence

extension JudgedFacts {
    /// Whether the period goes on: what lies behind the proven span is no gap then, but not judged yet.
    package var isRunning: Bool { !periodHasEnded || period.range.to == nil }

    /// The span that is proven.
    ///
    /// Nobody's clock proves the future: it ends five minutes before the newest entry of the ledger at the latest.
    package var provenSpan: InstantRange? {
        guard var span = proven else { return nil }
        if let asOf {
            let latest = asOf.adding(seconds: -300)
            span.to = span.to.map { min($0, latest) } ?? latest
        }
        if let from = span.from, let to = span.to, !(from < to) { return nil }
        return span
    }

    /// The parts of the period that the ledger does not prove, in order; empty when it proves all of it, as far as it has
    /// gone.
    ///
    /// The period `all` reaches from the first event read to the last, and over the whole proven span; what a pull
    /// itself brought up to its end is proven by its sums.
    package var gaps: [InstantRange] {
        guard provenSpan != nil else { return [begun] }
        return gaps(from: period.range.from ?? firstAt, to: isRunning ? lastBeyondPull : period.range.to)
    }

    /// The period as far as the archive can tell of it: what is still to come is not missing.
    private var begun: InstantRange { InstantRange(from: period.range.from, to: goesOnFrom ?? period.range.to) }

    /// When the newest entry of the ledger was written, where that is in the period and the period ends later; else nil.
    package var goesOnFrom: Instant? {
        guard isRunning, let to = period.range.to, let end, end < to, period.range.from.map({ $0 < end }) ?? true
        else { return nil }
        return end
    }

    /// The same for a control that needs the log from its begin to the period's end.
    package var historyGaps: [InstantRange] {
        guard let provenSpan else { return [InstantRange(from: nil, to: begun.to)] }
        let begin = [organizationCreated, log?.beginsAt, firstAt].compactMap { $0 }.min() ?? provenSpan.from
        guard organizationCreated != nil else {
            // Nothing tells what was before the first event.
            return [InstantRange(from: nil, to: provenSpan.from)]
                + gaps(from: provenSpan.from, to: isRunning ? lastBeyondPull : period.range.to)
        }
        let from = [begin, period.range.from].compactMap { $0 }.min()
        return gaps(from: from, to: isRunning ? lastBeyondPull : period.range.to)
    }

    /// The same from an instant of the period on.
    func gaps(since begin: Instant) -> [InstantRange] {
        let from = period.range.from.map { max($0, begin) } ?? begin
        guard provenSpan != nil else { return [InstantRange(from: from, to: begun.to)] }
        return gaps(from: from, to: isRunning ? lastBeyondPull : period.range.to)
    }

    /// The same for a span of time.
    func gaps(in range: InstantRange) -> [InstantRange] {
        provenSpan == nil ? [range] : gaps(from: range.from, to: range.to)
    }

    /// When the organization was made, where that is in the period and nothing before it can be missing.
    package var madeInPeriod: Instant? {
        guard isProvenFromCreation, let made = organizationCreated, let begin = period.range.from else { return nil }
        return begin < made && period.range.to.map { made < $0 } ?? true ? made : nil
    }

    /// What lists tell of people whom the log removes.
    var returned: ReturnedMembers? {
        guard let access, let trail = log?.access else { return nil }
        return ReturnedMembers(access, trail)
    }

    /// Whether the log of a span was read whole, so that an event which is not there did not happen.
    ///
    /// A pull reads the lists before the log: what led to a list is read with it, though clocks leave the last minutes of
    /// the proven span open.
    func isRead(from: Instant?, to: Instant) -> Bool {
        guard isComplete == true, let span = provenSpan else { return false }
        if let end = span.to, end.adding(seconds: Self.grace) < to { return false }
        guard let begin = span.from else { return true }
        if isProvenFromCreation { return true }
        return (from ?? organizationCreated).map { begin <= $0 } ?? false
    }

    private static let grace: Int64 = 900

    /// What nobody read of a period that goes on, where something can have come about in it alone: nothing where the log was
    /// read, or it was seen, up to then.
    func unread(before at: Instant, seen: Instant?) -> [InstantRange] {
        guard let read = judgedTo, let end else { return [] }
        let isKnown = at <= read.adding(seconds: Self.grace) || seen.map { at <= $0 } ?? false
        return isKnown ? [] : [InstantRange(from: read, to: end)]
    }

    /// The last event, where no pull can have brought it: what is younger than the newest pull was imported.
    private var lastBeyondPull: Instant? {
        guard let lastAt, let pulledAt, pulledAt < lastAt else { return nil }
        return lastAt
    }

    private func gaps(from: Instant?, to: Instant?) -> [InstantRange] {
        guard let proven = provenSpan else { return [] }
        if isRunning, let begin = period.range.from, let end = proven.to, !(begin < end) { return [period.range] }
        var gaps: [InstantRange] = []
        // Before an organization was made nothing can be missing; of a time that was over by then nothing is shown.
        let isOlder = to.flatMap { to in proven.from.map { to <= $0 } } ?? false
        if let from, let begin = proven.from, from < begin, isOlder || !isProvenFromCreation {
            gaps.append(InstantRange(from: from, to: to.map { min($0, begin) } ?? begin))
        }
        if let to, let end = proven.to, end < to {
            gaps.append(InstantRange(from: from.map { max($0, end) } ?? end, to: to))
        }
        return gaps
    }

    /// The end of what is judged: the period's end, or the newest entry of the ledger if that is earlier.
    package var end: Instant? {
        guard let asOf else { return period.range.to }
        return period.range.to.map { min($0, asOf) } ?? asOf
    }

    /// Up to when the archive has to tell of a period: the end of one that is over, whatever was read of it.
    var due: Instant? { isRunning ? end : period.range.to }

    /// Whether nothing was read of a period that goes on: nothing of it is judged, then.
    var isUnread: Bool {
        guard isRunning, let begin = period.range.from, let judgedTo else { return false }
        return judgedTo <= begin
    }

    /// The last second that is judged: a period's end is not of the period any more.
    package var last: Instant? { end == period.range.to ? end?.adding(seconds: -1) : end }

    /// Up to when a pass counts in a period that goes on; nil for one that is over.
    var judgedTo: Instant? { isRunning ? provenSpan?.to ?? asOf : nil }

    /// What is to be said of events without a usable time that may belong to a span; nil for none.
    package func undatedWords(in range: InstantRange) -> String? {
        let counts = [(undated, "undated_event"), (implausible, "impossible_event")].compactMap { events, noun in
            let count = events.possible(in: range).count
            return count > 0 ? words.count(count, noun) : nil
        }
        return counts.isEmpty ? nil : words("finding.undated_possible", ["events": .text(words.list(counts))])
    }
}
