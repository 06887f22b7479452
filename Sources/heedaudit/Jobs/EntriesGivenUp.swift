import Analysis
import Evidence

extension Archive {
    /// Entries that bundles pinned and that somebody took note of as gone.
    ///
    /// When they were written is not known: between the last entry that both ledgers have and the note.
    var entriesGivenUp: [JudgedFacts.GivenUp] {
        entries.compactMap { entry in
            guard let note = entry.acknowledged else { return nil }
            let common = note.lastCommon
            let from = common > 0 && common <= entries.count ? Instant(rfc3339: entries[common - 1].at) : nil
            return JudgedFacts.GivenUp(
                entry: entry.entry,
                entries: note.entries,
                by: note.by,
                reason: note.reason,
                at: entry.at,
                span: InstantRange(from: from, to: Instant(rfc3339: entry.at))
            )
        }
    }
}
