import Analysis
import Evidence
import Templates

/// The events that a review asks people to look at, for its rows.
package enum ReviewEvents {
    /// Takes them from those that were kept, or reads them where a finding names another one.
    ///
    /// - Parameters:
    ///   - findings: The verdicts.
    ///   - kept: What was kept when the events were read.
    ///   - source: The events of the report.
    /// - Returns: The events, as far as they are of the report's period.
    /// - Throws: `EvidenceError` for a segment that can't be read any more.
    package static func of(
        _ findings: [Finding],
        among kept: ChosenEvents = ChosenEvents(),
        _ source: EventSource
    ) throws -> ChosenEvents {
        let places = findings.indices.filter { Reviews.asks(findings[$0]) }
        let areKept = places.allSatisfy { place in
            var finder = kept.finder
            return findings[place].eventIDs.allSatisfy { finder.place(of: $0) != nil }
        }
        if areKept { return kept }
        let wanted = EventRows(ids: places.lazy.flatMap { findings[$0].eventIDs })
        var events = ChosenEvents.Builder()
        try source.forEachBlockAgain { block in
            events.add(block, at: (0..<block.count).filter { wanted[block[$0].id] != nil })
        }
        return events.finish()
    }

    /// Looks up the events that a review answers about.
    ///
    /// - Parameters:
    ///   - rows: The answers.
    ///   - source: The events of the report.
    /// - Returns: What they say, by their ids.
    /// - Throws: `EvidenceError` for a segment that can't be read any more.
    package static func answered(by rows: [Review.Row], _ source: EventSource) throws -> ReviewedEvents {
        var events = ReviewedEvents()
        let ids = Set(rows.map { $0.event.trimmedAsWord }.filter { !$0.isEmpty })
        guard !ids.isEmpty else { return events }
        let wanted = EventRows(ids: ids)
        try source.forEachBlockAgain { block in
            for index in 0..<block.count {
                let id = block[index].id
                guard wanted[id] != nil || id.mayBeTrimmed && wanted[id.string.trimmedAsWord] != nil else { continue }
                events.byID[ExactText(id.string), default: []].append(
                    Review.Seen(ChosenEvents.Builder.texts(of: block[index]))
                )
            }
        }
        return events
    }
}

extension TextView {
    /// Whether something that nobody sees may stand at an end.
    fileprivate var mayBeTrimmed: Bool {
        [bytes.first, bytes.last].contains { byte in byte.map { $0 <= 0x20 || $0 >= 0x80 } ?? false }
    }
}
