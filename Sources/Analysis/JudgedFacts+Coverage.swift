public import Evidence

extension JudgedFacts {
    /// The parts of the period that the ledger does not prove, in order; empty when it proves all of it.
    ///
    /// The period `all` reaches from the first event read to the last, and over the whole proven span; what a pull
    /// itself brought up to its end is proven by its sums.
    public var gaps: [InstantRange] {
        guard proven != nil else { return [period.range] }
        return gaps(from: period.range.from ?? firstAt, to: period.range.to ?? lastBeyondPull)
    }

    /// The same for a control that needs the log from its begin to the period's end.
    public var historyGaps: [InstantRange] {
        guard let proven else { return [InstantRange(from: nil, to: period.range.to)] }
        let begin = [organizationCreated, firstAt].compactMap { $0 }.min() ?? proven.from
        return gaps(from: begin, to: period.range.to ?? lastBeyondPull)
    }

    /// The last event, where no pull can have brought it: what is younger than the newest pull was imported.
    private var lastBeyondPull: Instant? {
        guard let lastAt, let pulledAt, pulledAt < lastAt else { return nil }
        return lastAt
    }

    private func gaps(from: Instant?, to: Instant?) -> [InstantRange] {
        guard let proven else { return [] }
        var gaps: [InstantRange] = []
        if let from, let begin = proven.from, from < begin {
            gaps.append(InstantRange(from: from, to: to.map { min($0, begin) } ?? begin))
        }
        if let to, let end = proven.to, end < to {
            gaps.append(InstantRange(from: from.map { max($0, end) } ?? end, to: to))
        }
        return gaps
    }

    /// The end of what is judged: the period's end, or the newest entry of the ledger if that is earlier.
    var end: Instant? {
        guard let asOf else { return period.range.to }
        return period.range.to.map { min($0, asOf) } ?? asOf
    }
}

extension InstantRange {
    /// The span in words.
    var words: String {
        switch (from, to) {
        case (let from?, let to?): "\(from.rfc3339) to \(to.rfc3339)"
        case (let from?, nil): "from \(from.rfc3339) on"
        case (nil, let to?): "up to \(to.rfc3339)"
        case (nil, nil): "the whole period"
        }
    }
}
