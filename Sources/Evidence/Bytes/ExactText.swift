/// A text that is told apart from others by its bytes.
///
/// To Swift's own comparison two spellings that Unicode calls equivalent (`é` as one character or as two) are one text; to
/// evidence they are two. So whatever finds or groups texts from outside (ids, subjects, actions, names of files) does it
/// by this type, or by bytes.
package struct ExactText: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
    /// The text.
    package let text: String

    /// Takes a text as it is.
    package init(_ text: String) { self.text = text }

    /// Takes a literal as it is.
    package init(stringLiteral text: String) { self.text = text }

    /// Whether both have the same bytes.
    package static func == (left: ExactText, right: ExactText) -> Bool { left.text.isSameInBytes(as: right.text) }

    /// The order of bytes, a prefix first.
    package static func < (left: ExactText, right: ExactText) -> Bool { left.text.precedesInBytes(right.text) }

    /// Feeds the bytes.
    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
