import CBytes

/// A SHA-256, as 32 bytes; everything here is named by its lower-case hex.
package struct Digest: Hashable, Sendable {
    private let words: Words

    private struct Words: Hashable, Sendable {
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    }

    private init(words: Words) { self.words = words }

    /// What stands for the line before the first of a ledger.
    static let zeros = Digest(words: Words())

    /// Takes the 32 bytes of a hash.
    init(hash: UnsafeBufferPointer<UInt8>) {
        words = UnsafeRawBufferPointer(hash).loadUnaligned(as: Words.self)
    }

    /// The digest of bytes.
    init(of bytes: UnsafeRawBufferPointer) { self = SHA256.hash(bytes) { Digest(hash: $0) } }

    /// Reads 64 digits of lower-case hex; nil for anything else.
    init?(hex digits: UnsafeBufferPointer<UInt8>) {
        guard digits.count == 64, let start = digits.baseAddress else { return nil }
        var words = Words()
        let isHex = withUnsafeMutableBytes(of: &words) { bytes in
            bytes.baseAddress.map { heed_read_hex(start, $0.assumingMemoryBound(to: UInt8.self)) } ?? false
        }
        guard isHex else { return nil }
        self.words = words
    }

    /// Reads a text of lower-case hex; nil for anything else.
    init?(hex text: String) {
        var text = text
        guard let digest = text.withUTF8({ Digest(hex: $0) }) else { return nil }
        self = digest
    }

    /// 64 digits of lower-case hex.
    var hex: String { withUnsafeBytes(of: words) { $0.hex } }
}

extension Digest {
    /// The digest of bytes, in hex.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        let digest = bytes.withContiguousStorageIfAvailable { bytes in
            SHA256.hash(UnsafeRawBufferPointer(bytes)) { $0.hex }
        }
        return digest ?? sha256(Array(bytes))
    }

    /// Whether a text has the form of a digest.
    package static func isHex(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

extension Collection<UInt8> {
    /// The bytes in lower-case hex, two digits each.
    package var hex: String {
        func digit(_ half: UInt8) -> UInt8 { half &+ UInt8(ascii: "0") &+ (half > 9 ? 39 : 0) }
        // Twice as fast as a text made in its own memory.
        let digits = [UInt8](unsafeUninitializedCapacity: 2 * count) { digits, end in
            for byte in self {
                digits[end] = digit(byte >> 4)
                digits[end + 1] = digit(byte & 15)
                end += 2
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension UInt16 {
    /// The number in lower-case hex, four digits.
    package var hex: String { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)].hex }
}
