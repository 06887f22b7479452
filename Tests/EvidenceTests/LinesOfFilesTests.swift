import Foundation
import TestSupport
import Testing

@testable import Evidence

/// Files are read a piece at a time: lines are the same wherever a piece ends.
@Suite struct LinesOfFilesTests {
    private func lines(of bytes: [UInt8], in folder: String) throws -> (lines: [[UInt8]], rest: [UInt8]?) {
        let path = folder + "/lines"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        var lines: [[UInt8]] = []
        let rest = try Files.forEachLine(of: path) { lines.append(Array($0)) }
        return (lines, rest.map(Array.init))
    }

    @Test func areThoseOfTheWholeFile() throws {
        try withTemporaryFolder { folder in
            let piece = 1 << 18
            for lengths in [
                [], [0], [0, 0, 5], [piece - 1, 3], [piece, 0, piece - 2, 1], [3 * piece + 1, 1, 2 * piece],
                [7, 5 * piece],
            ] {
                for tail in [0, 1, piece, 2 * piece + 3] {
                    var bytes: [UInt8] = []
                    for (number, length) in lengths.enumerated() {
                        bytes += [UInt8](repeating: UInt8(65 + number), count: length) + [10]
                    }
                    bytes += [UInt8](repeating: 97, count: tail)
                    let read = try lines(of: bytes, in: folder)
                    var expected = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
                    let rest = expected.removeLast()
                    #expect(read.lines == expected && read.rest == rest, "\(lengths), \(tail)")
                }
            }
        }
    }

    @Test func areNoneWithoutAFile() throws {
        try withTemporaryFolder { folder in
            let rest = try Files.forEachLine(of: folder + "/none") { _ in }
            #expect(rest == nil)
        }
    }
}
