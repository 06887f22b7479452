import Evidence

/// What a pull did.
package struct PullOutcome: Sendable {
    /// Whose log it was.
    package var organization: String
    /// The entry that it added.
    package var entry: LedgerEntry
    /// The archive with it.
    package var archive: Archive
    /// The ledger's head behind it.
    package var head: LedgerHead
    /// Whether the snapshots differ from the ones before.
    package var snapshotsChanged: Bool
    /// Whether the sums close and those of the pull before did not, or the other way round.
    package var completenessChanged: Bool
    /// What an earlier reading of the whole log had brought that was given up for this one; nil for none.
    package var givenUp: LedgerEntry?

    /// Whether the pull brought nothing that a report could show.
    package var broughtNothing: Bool {
        [entry, givenUp].allSatisfy { $0.map { $0.new == 0 && $0.anomalies.isEmpty } ?? true } && !snapshotsChanged
            && !completenessChanged
    }
}
