/// A file, or a place in the chain, that is not what it was sealed as.
package struct Discrepancy: Sendable, Hashable {
    /// What is wrong.
    package enum Kind: String, Sendable {
        case missing
        case added
        case changed
        /// The file can't be read, and may be what it was.
        case unreadable
        /// The chain of the ledger does not hold.
        case chain
        /// The ledger no longer holds an entry that a bundle pins.
        case truncated
    }

    /// The file's path.
    package var file: String
    /// What is wrong with it.
    package var kind: Kind
    /// The same in words.
    package var detail: String
}
