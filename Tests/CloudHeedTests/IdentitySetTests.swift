import Foundation
import TestSupport
import Testing

@testable import CloudHeed

@Suite struct IdentitySetTests {
    @Test("Holds what a plain set holds, whatever the numbers are like", arguments: testSeeds(1...12))
    func equalsPlainSet(seed: UInt64) {
        var random = SplitMix(state: seed)
        // Small numbers, multiples of a power of two, anything: 0 and repetitions among them.
        let step = [1, 1 << 20, 1 << 44, 0x1_0001][Int(seed % 4)]
        let numbers = (0..<4000).map { _ in
            Int.random(in: 0...1, using: &random) == 0
                ? Int.random(in: 0...1500, using: &random) &* step : Int.random(in: .min ... .max, using: &random)
        }
        var set = IdentitySet()
        var plain: Set<Int> = []
        if seed.isMultiple(of: 3) { set.reserveCapacity(3000) }
        for number in numbers {
            #expect(set.insert(number) == plain.insert(number).inserted)
            #expect(set.count == plain.count)
        }
    }

    @Test func aCheckpointIsReadAsItWasWritten() throws {
        for order in [LogOrder.newestFirst, .oldestFirst, .neither, .unknown] {
            let checkpoint = LogCheckpoint(
                pass: 3,
                isResumed: true,
                isIncremental: false,
                order: order,
                pageSize: 100,
                totalAtBegin: 12_345,
                grown: 7,
                contiguous: 6_000
            )
            #expect(try JSONDecoder().decode(LogCheckpoint.self, from: Data(checkpoint.json.utf8)) == checkpoint)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            #expect(try encoder.encode(checkpoint) == Data(checkpoint.json.utf8))
        }
    }
}
