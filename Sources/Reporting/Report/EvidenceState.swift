/// Whether the evidence that a report was made of is what it was sealed as.
public enum EvidenceState: String, Sendable, Hashable, Codable {
    /// The chain holds, every file that was read is what it says, and no bundle pins what it does not hold.
    case sound
    /// Something of the archive is not what its ledger says.
    case damaged
    /// A bundle pins an entry that the chain does not hold: an archive that was restored from a backup, or one of two copies.
    case restored
}
