import Foundation
import Testing

@testable import Evidence

/// Entries are read by a short way where they are as this tool writes them, and what it takes is what every reader takes.
@Suite struct PlainEntryTests {
    private func plain(_ line: [UInt8]) -> LedgerEntry? {
        var known: [String] = []
        return line.withUnsafeBufferPointer { LedgerEntry(plain: $0, knowing: &known) }
    }

    private func decoded(_ line: [UInt8]) -> LedgerEntry? {
        try? JSONDecoder().decode(LedgerEntry.self, from: Data(line))
    }

    private func withLines(_ body: ([[UInt8]]) throws -> Void) throws {
        try withTestArchive { archive in
            try archive.importLines([line("a"), line("b", at: "soon")])
            try archive.pull([line("a"), line("c"), line("b", at: "soon")])
            try archive.pull([line("d", at: "2026-04-01T00:00:00.5Z")], mode: .incremental, complete: false)
            let ledger = try Data(contentsOf: URL(fileURLWithPath: archive.root + "/org-1/ledger.ndjson"))
            try body(ledger.split(separator: 10).map(Array.init))
        }
    }

    @Test func whatIsWrittenIsReadByTheShortWay() throws {
        try withLines { lines in
            #expect(lines.count == 3)
            for line in lines { #expect(plain(line) == decoded(line)) }
        }
    }

    /// A line with each byte changed, left out, doubled, and with what follows cut off.
    private static func change(_ line: [UInt8], _ check: ([UInt8]) -> Void) {
        for place in line.indices {
            for byte in [0, 10, 32, 34, 44, 45, 46, 48, 49, 57, 58, 92, 93, 101, 125, 128, 255] as [UInt8] {
                var changed = line
                changed[place] = byte
                check(changed)
            }
            var shorter = line
            shorter.remove(at: place)
            check(shorter)
            check(Array(line[..<place]))
            var longer = line
            longer.insert(line[place], at: place)
            check(longer)
        }
    }

    @Test func whatTheShortWayTakesOfDamagedLinesEveryReaderTakesForTheSame() throws {
        try withLines { lines in
            for line in lines where plain(line) != nil {
                var taken = 0
                func check(_ damaged: [UInt8]) {
                    guard let read = plain(damaged) else { return }
                    taken += 1
                    #expect(read == decoded(damaged), "\(String(decoding: damaged, as: UTF8.self))")
                }
                Self.change(line, check)
                #expect(taken > 100)
            }
        }
    }

    @Test func whatIsComparedWithTheLineBeforeIsWhatEveryReaderTakesForTheSame() throws {
        try withLines { lines in
            for line in lines {
                var known: [String] = []
                let read = try #require(
                    line.withUnsafeBufferPointer { LedgerEntry.read(plain: $0, knowing: &known, after: nil) }
                )
                func alike(_ line: [UInt8]) -> LedgerEntry? {
                    line.withUnsafeBufferPointer { LedgerEntry($0, like: read.entry.common, read.shape) }
                }
                #expect(alike(line) == decoded(line))
                var taken = 0
                func check(_ changed: [UInt8]) {
                    guard let entry = alike(changed) else { return }
                    taken += 1
                    #expect(entry == decoded(changed), "\(String(decoding: changed, as: UTF8.self))")
                    #expect(entry.common.isSame(as: read.entry.common))
                }
                Self.change(line, check)
                #expect(taken > 100)
                for other in lines {
                    if let entry = alike(other) { #expect(entry == decoded(other)) }
                }
            }
        }
    }

    @Test func aWriterKnowsTheArchiveAsItStandsInItsFiles() throws {
        try withTestArchive { archive in
            let writer = try archive.writer()
            for number in 0..<3 {
                let session = try writer.beginPull()
                try archive.stage([line("e\(number)"), line("u\(number)", at: "soon")], in: session)
                _ = try session.commit(archive.account(2), now: Instant(seconds: 1_780_000_000 - Int64(number)))
                let read = try archive.open()
                #expect(writer.archive.entries == read.entries)
                #expect(writer.archive.head == read.head)
                #expect(writer.archive.ledger.digests == read.ledger.digests)
                #expect(writer.archive.ledger.setBack == read.ledger.setBack)
                #expect(writer.archive.ledger.faults == read.ledger.faults)
            }
        }
    }
}
