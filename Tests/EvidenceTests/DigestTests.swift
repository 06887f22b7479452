import TestSupport
import Testing

@testable import Evidence

/// SHA-256 by the examples of FIPS 180-4 and by what coreutils says.
@Suite struct DigestTests {
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func givesTheStandardsAnswers(text: String, times: Int, hex: String) {
        let bytes = Array(String(repeating: text, count: times).utf8)
        #expect(Digest.sha256(bytes) == hex)
        #expect(Digest.sha256(AnySequence(bytes)) == hex)
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        #expect(hash.hex == hex)
    }

    @Test func takesPiecesOfAnySizeAndSaysWhatItHasAtAnyTime() throws {
        var random = SplitMix(state: testSeed(1))
        var hash = SHA256()
        var whole: [UInt8] = []
        for _ in 0..<200 {
            let piece = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            whole += piece
            piece.withUnsafeBytes { hash.update($0) }
            try #require(hash.hex == Digest.sha256(whole), "\(whole)")
        }
    }

    @Test func writesEveryByteAsTwoDigits() {
        #expect([0, 9, 10, 15, 16, 0x9F, 0xA0, 255].hex == "00090a0f109fa0ff")
        #expect([UInt8]().hex.isEmpty)
        #expect(Digest.isHex(Digest.sha256("x".utf8)))
    }
}
