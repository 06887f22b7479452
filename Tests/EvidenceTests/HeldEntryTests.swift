import Foundation
import Testing

@testable import Evidence

/// Entries and references are held by their instants, digests and numbers, and tell every byte that they were told.
@Suite struct HeldEntryTests {
    private static let times = [
        "2026-04-01T00:00:00Z", "2026-04-01T00:00:00.5Z", "2026-04-01T00:00:00.50Z", "2026-04-01T00:00:00.123456789Z",
        "2026-04-01t00:00:00z", "2026-04-01T02:00:00+02:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon", "",
        "2026-02-30T00:00:00Z", "2026-04-01T00:00:60Z",
    ]
    private static let digests = [
        String(repeating: "0", count: 64), String(repeating: "af", count: 32), String(repeating: "AF", count: 32),
        String(repeating: "0", count: 63), String(repeating: "g", count: 64), "é", "",
    ]

    @Test func entriesTellWhatTheyWereTold() {
        var generator = SystemRandomNumberGenerator()
        func time() -> String { Self.times.randomElement(using: &generator) ?? "" }
        for _ in 0..<5_000 {
            var told = LedgerEntry.Told(kind: .pull, at: Instant(seconds: 0))
            (told.entry, told.new, told.pages) = (.random(in: -2...2), .random(in: -2...2), .random(in: -2...2))
            (told.totalAtStart, told.totalAtEnd) = (Bool.random() ? nil : 1 << 41, Bool.random() ? nil : 0)
            told.previous = Self.digests.randomElement(using: &generator) ?? ""
            told.at = time()
            if .random() { told.proven = LedgerEntry.Span(from: time(), to: time()) }
            if .random() { told.clock = .init(server: .random() ? nil : time(), local: time(), used: "server") }
            if .random() {
                var snapshots = LedgerEntry.Snapshots()
                if .random() { snapshots.digests[.settings] = Self.digests.randomElement(using: &generator) }
                if .random() { snapshots.bytes[.organization] = 7 }
                if .random() { snapshots.servedAt = time() }
                told.snapshots = snapshots
            }
            let entry = LedgerEntry(told)
            #expect(entry.told == told && entry == LedgerEntry(entry.told))
            #expect(entry.at.isSameInBytes(as: told.at) && entry.previous.isSameInBytes(as: told.previous))
            #expect(entry.proven == told.proven && entry.clock == told.clock && entry.snapshots == told.snapshots)
            #expect(entry.writtenAt == LedgerTime.instant(told.at))
            var changed = entry
            changed.at = "2026-05-01T00:00:00Z"
            changed.attempts = 9
            (told.at, told.attempts) = ("2026-05-01T00:00:00Z", 9)
            #expect(changed.told == told)
        }
    }

    @Test func referencesTellWhatTheyWereTold() {
        let files = [
            "events/00000001.ndjson", "events/1.ndjson", "variants/99999999.ndjson", "events/0000000é.ndjson", "",
        ]
        for file in files {
            for digest in Self.digests {
                for first in Self.times.map(Optional.init) + [nil] {
                    for last in Self.times.map(Optional.init) + [nil] {
                        let reference = SegmentReference(
                            file: file,
                            sha256: digest,
                            count: -1,
                            firstAt: first,
                            lastAt: last,
                            bytes: nil
                        )
                        #expect(
                            reference.file.isSameInBytes(as: file) && reference.sha256.isSameInBytes(as: digest)
                                && reference.firstAt == first && reference.lastAt == last
                                && reference.tellsFirst == (first != nil)
                                && reference.tellsItsSpan == (first != nil && last != nil)
                                && reference.first == first.flatMap(LedgerTime.instant)
                                && reference.told.file.isSameInBytes(as: file)
                        )
                    }
                }
            }
        }
    }

    /// What is wrong in one entry is as wrong in the next that says the same, though most of it is held once for both.
    @Test func whatMakesNoSenseIsTakenOutOfEveryEntryThatTellsIt() throws {
        for (sound, odd, faults) in [
            (#""pages":1"#, #""page_size":900719925474099,"pages":1"#, 0),
            (#""attempts":1"#, #""attempts":900719925474099"#, 3),
            (#""total_at_end":1"#, #""total_at_end":900719925474099"#, 0), (#""undated":0"#, #""undated":1"#, 3),
        ] {
            try withTestArchive { archive in
                for _ in 0..<3 { try archive.pull([line("a")]) }
                let path = archive.root + "/org-1/ledger.ndjson"
                var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
                var before = LedgerHead.empty.sha256
                for place in lines.indices {
                    lines[place] = lines[place].replacing(sound, with: odd)
                    let known = try #require(lines[place].range(of: #""previous":""#)?.upperBound)
                    let end = lines[place].index(known, offsetBy: 64)
                    lines[place].replaceSubrange(known..<end, with: before)
                    before = Digest.sha256(lines[place].utf8)
                }
                try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
                let read = try archive.open()
                #expect(read.ledger.faults.count == faults, "\(odd): \(read.ledger.faults)")
                #expect(read.entries.allSatisfy { $0.pageSize ?? 0 < 1000 && $0.attempts < 1000 })
                #expect(read.entries.allSatisfy { $0.totalAtEnd ?? 0 < 1000 })
            }
        }
    }
}
