import Foundation

/// Whether two ranges hold the same bytes.
func isSame(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count, let a = left.baseAddress, let b = right.baseAddress else {
        return left.count == right.count
    }
    return memcmp(a, b, left.count) == 0
}
