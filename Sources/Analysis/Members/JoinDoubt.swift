/// Why what follows from two events is not certain, beside their order.
package enum JoinDoubt: Sendable, Hashable {
    /// An event has no usable time, or came before it was known whose it is.
    case order
    /// An invitation may have been theirs.
    case invitation
    /// They are matched by an e-mail that others had, too, or that they had not had before.
    case sharedMail
    /// They are known by an e-mail only, which is that of a removed member.
    case mailOfRemoved
}
