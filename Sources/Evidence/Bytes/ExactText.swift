import Foundation

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

extension String {
    /// Whether the text comes before another by the bytes of its UTF-8, a prefix first: the order of ids and subjects
    /// everywhere, which knows no Unicode equivalence.
    package func precedesInBytes(_ other: String) -> Bool {
        let found = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                guard let a = left.baseAddress, let b = right.baseAddress else { return left.count < right.count }
                let order = memcmp(a, b, min(left.count, right.count))
                return order != 0 ? order < 0 : left.count < right.count
            }
        }
        return (found ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Whether both texts have the same bytes of UTF-8.
    package func isSameInBytes(as other: String) -> Bool {
        let found = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in isSame(left, right) }
        }
        return (found ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

/// Whether two ranges hold the same bytes.
func isSame(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count, let a = left.baseAddress, let b = right.baseAddress else {
        return left.count == right.count
    }
    return memcmp(a, b, left.count) == 0
}

/// How many line breaks there are, counted without a branch so that many bytes are looked at together.
func lineBreaks(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in bytes { count &+= byte == 10 ? 1 : 0 }
    return count
}
