import Analysis
import Evidence

extension Archive {
    /// Entries that bundles pinned and that somebody took note of as gone.
    ///
    /// When they were written is not known: between the last entry that both ledgers have and the note.
    package var entriesGivenUp: [JudgedFacts.GivenUp] {
        guard !rare({ $0.acknowledged.map { [$0] } ?? [] }).isEmpty else { return [] }
        let times = EntryTimes(entries).times
        return entries.enumerated().compactMap { place, entry in
            guard let note = entry.acknowledged else { return nil }
            let common = note.lastCommon
            let before = common > 0 && common <= entries.count ? times[common - 1] : nil
            // A clock that is contradicted bounds nothing.
            let from = before.flatMap { $0.isKnown ? $0.at : nil }
            let to = times[place].isKnown ? times[place].latest : nil
            return JudgedFacts.GivenUp(
                entry: entry.entry,
                entries: note.entries,
                by: note.by,
                reason: note.reason,
                at: entry.at,
                span: InstantRange(from: from, to: to)
            )
        }
    }
}
