import Analysis
import Evidence

extension Archive {
    /// Entries that bundles pinned and that somebody took note of as gone.
    ///
    /// What they said is not known, and an entry speaks of any time before its own: of what was altered or vanished years ago,
    /// too. So they are about every time up to the note.
    package var entriesGivenUp: [JudgedFacts.GivenUp] {
        guard !rare({ $0.acknowledged.map { [$0] } ?? [] }).isEmpty else { return [] }
        let times = EntryTimes(entries).times
        return entries.enumerated().compactMap { place, entry in
            guard let note = entry.acknowledged else { return nil }
            // A clock that is contradicted bounds nothing.
            let to = times[place].isKnown ? times[place].latest : nil
            return JudgedFacts.GivenUp(
                entry: entry.entry,
                entries: note.entries,
                by: note.by,
                reason: note.reason,
                at: entry.at,
                span: InstantRange(from: nil, to: to)
            )
        }
    }
}
