import CLibCrypto

/// SHA-256 (FIPS 180-4) by the system's libcrypto, of bytes that come in pieces.
package struct SHA256: ~Copyable {
    /// How many bytes a hash has.
    private static let size = 32
    // Looked up once, as the search costs more than the hash of an event; unsafe only by its type, for nobody changes it.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    private let context: OpaquePointer

    /// Begins a hash.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1 else {
            preconditionFailure("libcrypto has no SHA-256, or no memory is left")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let isTaken = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        precondition(isTaken, "libcrypto does not hash")
    }

    /// Takes the bytes of a text.
    package mutating func update(_ text: String) {
        var text = text
        let isTaken = text.withUTF8 { [context] in EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
        precondition(isTaken, "libcrypto does not hash")
    }

    /// The hash of all bytes so far, in hex; more may come.
    package var hex: String { digest.hex }

    /// The same as bytes.
    var digest: Digest {
        let copy = SHA256()
        let isCopied = EVP_MD_CTX_copy_ex(copy.context, context) == 1
        precondition(isCopied, "no memory is left")
        return Self.finished({ EVP_DigestFinal_ex(copy.context, $0, nil) }) { Digest(hash: $0) }
    }

    /// The hash of bytes that are there at once, lent to `body`: less work than a hash in pieces.
    package static func hash<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        finished({ EVP_Digest(bytes.baseAddress, bytes.count, $0, nil, algorithm, nil) }, body)
    }

    private static func finished<Result>(
        _ write: (UnsafeMutablePointer<UInt8>?) -> Int32,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { buffer in
            let isWritten = write(buffer.baseAddress) == 1
            precondition(isWritten, "libcrypto does not hash")
            return body(UnsafeBufferPointer(buffer))
        }
    }
}
