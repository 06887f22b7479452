import Evidence

/// What a pull did.
package struct PullOutcome: Sendable {
    /// Whose log it was.
    package var organization: String
    /// The entry that it added.
    package var entry: LedgerEntry
    /// The ledger's head behind it.
    package var head: LedgerHead
    /// Whether the snapshots differ from the ones before.
    package var snapshotsChanged: Bool
    /// Whether the sums close and those of the pull before did not, or the other way round.
    package var completenessChanged: Bool

    /// Whether the pull brought nothing that a report could show.
    package var broughtNothing: Bool {
        entry.new == 0 && entry.anomalies.isEmpty && !snapshotsChanged && !completenessChanged
    }

    /// Describes a pull.
    package init(
        organization: String,
        entry: LedgerEntry,
        head: LedgerHead,
        snapshotsChanged: Bool,
        completenessChanged: Bool
    ) {
        self.organization = organization
        self.entry = entry
        self.head = head
        self.snapshotsChanged = snapshotsChanged
        self.completenessChanged = completenessChanged
    }
}
