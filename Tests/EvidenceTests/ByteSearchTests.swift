import Evidence
import TestSupport
import Testing

@Suite("Bytes among others")
struct ByteSearchTests {
    @Test("the first place from one on, as a plain loop finds it", arguments: testSeeds(1...4))
    func first(seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<500 {
            let length = Int.random(in: 0..<40, using: &random)
            let bytes = (0..<length).map { _ in "ab".utf8.randomElement(using: &random) ?? 0 }
            let start = Int.random(in: 0..<45, using: &random)
            let plain = stride(from: start, through: bytes.count - 3, by: 1).first {
                bytes[$0..<$0 + 3].elementsEqual("aba".utf8)
            }
            #expect(bytes.range(of: "aba", from: start) == plain.map { $0..<$0 + 3 }, "\(bytes) from \(start)")
        }
    }

    @Test("nothing stands in nothing")
    func empty() {
        #expect([UInt8]().range(of: "a") == nil)
    }
}
