import Foundation

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
