import CLibCrypto

/// UUIDs that follow from names (RFC 9562, version 5): the same names, the same UUID.
package struct NamedUUID: Sendable, Hashable {
    /// Its 16 bytes.
    private let bytes: [UInt8]

    // Looked up once, as the search costs more than the hash of a name; unsafe only by its type, for nobody changes it.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA1", nil)

    /// The namespace of URLs, which RFC 9562 defines.
    package static let ofURLs = NamedUUID(
        bytes: [0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8]
    )

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// The UUID of a name in the namespace that another one is.
    package init(_ name: some Sequence<UInt8>, in namespace: NamedUUID) {
        let text = namespace.bytes + name
        var hash = [UInt8](repeating: 0, count: 20)
        let isHashed = EVP_Digest(text, text.count, &hash, nil, Self.algorithm, nil) == 1
        precondition(isHashed, "libcrypto has no SHA-1, or no memory is left")
        hash[6] = hash[6] & 0x0F | 0x50
        hash[8] = hash[8] & 0x3F | 0x80
        bytes = Array(hash.prefix(16))
    }

    /// Its usual form: 32 hex digits in five groups.
    package var text: String {
        let digits = Array(bytes.hex.utf8)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
        return groups.joined(separator: "-")
    }
}
