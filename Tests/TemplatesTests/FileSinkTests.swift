import Evidence
import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Files that are handed on block by block: whole pages past the page cache, everything else through it.
@Suite struct FileSinkTests {
    @Test("A file holds what was handed on, whatever pieces it came in", arguments: testSeeds(1...6))
    func holdsWhatWasHandedOn(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        try withTemporaryFolder { folder in
            let sink = try FileSink(folder: folder, name: "a.bin", mode: .private)
            var expected: [UInt8] = []
            // Behind an odd number of bytes nothing is aligned any more.
            if seed % 2 == 0 {
                expected = Array("\u{FEFF}".utf8)
                try sink.write(expected)
            }
            var output = OutputBuffer(OutputBlock.Pool(capacity: 1 << 18))
            for _ in 0..<400 {
                // Now and then more than a block holds.
                let count =
                    Int.random(in: 0..<20, using: &random) == 0 ? 300_000 : Int.random(in: 0..<9000, using: &random)
                let bytes = [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: count)
                bytes.withUnsafeBufferPointer { output.append($0) }
                expected += bytes
                guard output.count > 1 << 17 else { continue }
                let end = output.count / DirectFile.alignment * DirectFile.alignment
                let kept = Array(output.bytes[end...])
                try sink.write(OutputSlice(output.handOn(keeping: end), 0..<end))
                #expect(Array(output.bytes) == kept)
            }
            try sink.write(OutputSlice(Array(output.bytes)))
            let file = try sink.finish()
            let found = try Data(contentsOf: URL(fileURLWithPath: folder + "/a.bin"))
            #expect(found == Data(expected) && file.bytes == expected.count)
            #expect(file.sha256 == Digest.sha256(expected))
        }
    }
}
