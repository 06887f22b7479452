import CBytes
import Foundation
import TestSupport
import Testing

/// The inlined C functions against the plainest way of doing the same, at every length and alignment that matters.
@Suite("Bytes copied and looked over sixteen at a time")
struct BytesTests {
    /// Ranges of 0 to 70 bytes, now and then with a byte that matters, at different distances from a word's begin.
    private static func ranges(_ seed: UInt64) -> [[UInt8]] {
        var random = SplitMix(state: seed)
        let marked: [UInt8] = [0, 9, 10, 13, 0x1F, 0x22, 0x26, 0x27, 0x2C, 0x3B, 0x3C, 0x3E, 0x7E, 0x7F, 0x80, 0xFF]
        return (0..<2000).map { _ in
            var bytes = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                UInt8.random(in: 0x61...0x7A, using: &random)
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = marked.randomElement(using: &random) ?? 0
            }
            return bytes
        }
    }

    /// Calls `body` with a source in the middle of other bytes, and with a target whose surroundings must stay, but for
    /// fifteen bytes behind it.
    private func with(
        _ bytes: [UInt8],
        at offset: Int,
        _ body: (_ target: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>) -> Void
    ) -> [UInt8] {
        let source = [UInt8](repeating: 0x22, count: offset + 1) + bytes + [UInt8](repeating: 0x22, count: 80)
        var target = [UInt8](repeating: 0xEE, count: offset + 1 + bytes.count + 80)
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                body(to + offset + 1, from + offset + 1)
            }
        }
        #expect(
            target[...offset].allSatisfy { $0 == 0xEE }
                && target[(offset + 1 + bytes.count + 15)...].allSatisfy { $0 == 0xEE }
        )
        return Array(target[(offset + 1)..<(offset + 1 + bytes.count)])
    }

    @Test("A field of CSV is copied whole, and what it holds is told", arguments: testSeeds(1...3))
    func copiesFields(_ seed: UInt64) {
        for (number, bytes) in Self.ranges(seed).enumerated() {
            var found: UInt32 = 0
            let copied = with(bytes, at: number % 17) { found = heed_copy_field($0, $1, bytes.count, 0x3B) }
            #expect(copied == bytes)
            let hasStructure = bytes.contains { [0x3B, 0x22, 0x0A, 0x0D].contains($0) }
            #expect((found & UInt32(HEED_FIELD_STRUCTURE) != 0) == hasStructure, "\(bytes)")
            #expect((found & UInt32(HEED_FIELD_NUL) != 0) == bytes.contains(0), "\(bytes)")
        }
    }

    @Test("Plain bytes are copied up to the piece that holds another", arguments: testSeeds(4...6))
    func copiesPlainBytes(_ seed: UInt64) {
        for (number, bytes) in Self.ranges(seed).enumerated() {
            let plain = bytes.firstIndex { $0 < 0x20 || $0 > 0x7E || [0x22, 0x26, 0x27, 0x3C, 0x3E].contains($0) }
            var count = 0
            let copied = with(bytes, at: number % 17) { count = heed_copy_plain($0, $1, bytes.count) }
            #expect(copied[..<count] == bytes[..<count])
            #expect(plain.map { count <= $0 && $0 - count < 16 } ?? (count == bytes.count), "\(bytes)")
            _ = with(bytes, at: number % 17) {
                #expect(heed_plain_length($1, bytes.count) == plain ?? bytes.count)
                heed_copy_over($0, $1, bytes.count)
            }
        }
    }

    @Test("Nothing is read from a page that holds nothing of the range")
    func staysOnThePage() throws {
        let page = Int(getpagesize())
        let memory = try #require(
            mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        )
        try #require(mprotect(memory + page, page, PROT_NONE) == 0)
        defer { munmap(memory, 2 * page) }
        let bytes = memory.assumingMemoryBound(to: UInt8.self)
        bytes.update(repeating: 0x61, count: page)
        for count in 0...40 {
            let source = bytes + (page - count)
            _ = with([UInt8](repeating: 0x61, count: count), at: 3) { target, _ in
                #expect(heed_plain_length(source, count) == count)
                #expect(heed_copy_plain(target, source, count) == count)
                #expect(heed_copy_field(target, source, count, 0x2C) == 0)
                heed_copy_over(target, source, count)
            }
        }
    }

    @Test("Equal ranges are equal and have one hash; others are neither", arguments: testSeeds(7...8))
    func comparesAndHashes(_ seed: UInt64) {
        for (number, bytes) in Self.ranges(seed).enumerated() {
            var other = bytes
            if !other.isEmpty { other[number % other.count] ^= 1 }
            for same in [bytes, other] {
                same.withUnsafeBufferPointer { same in
                    _ = with(bytes, at: number % 17) { _, source in
                        let start = same.baseAddress ?? source
                        let isSame = bytes.elementsEqual(same)
                        #expect(heed_equal(start, source, bytes.count) == isSame)
                        #expect((heed_hash(start, bytes.count, 5) == heed_hash(source, bytes.count, 5)) == isSame)
                    }
                }
            }
        }
    }
}
