import Foundation
import Testing

@testable import Evidence

/// Which files the entries of a ledger name, and whether they were looked at.
@Suite struct NamedFilesTests {
    private static let paths = [
        "events/00000001.ndjson", "events/1.ndjson", "events/000000001.ndjson", "variants/00000001.ndjson",
        "unreadable/00000001.ndjson", "events/00000064.ndjson", "events/04194303.ndjson", "events/04194304.ndjson",
        "events/99999999.ndjson", "events/0000000a.ndjson", "events/00000001.ndjsoN", "snapshots/00000001.ndjson",
        "events/00000001.ndjson/", "events", "",
    ]

    @Test func areToldApartByTheirBytes() {
        for kept in 0...Self.paths.count {
            var named = NamedFiles()
            for isNew in [true, false] {
                let inserted = Self.paths[..<kept].map { named.insert(SealedName($0)) }
                #expect(inserted == [Bool](repeating: isNew, count: kept))
            }
            for (place, path) in Self.paths.enumerated() {
                #expect(named.holds(SealedName(path)) == (place < kept), "\(path)")
            }
        }
    }

    @Test func areFoundByTheirNamesWhereTheyAreNumbered() {
        var named = NamedFiles()
        _ = named.insert(SealedName("events/00000007.ndjson"))
        func holds(_ name: String, _ room: Int) -> Bool? {
            Array(name.utf8).withUnsafeBufferPointer { named.holdsNumbered($0, inRoom: room) }
        }
        #expect(holds("00000007.ndjson", 0) == true)
        #expect(holds("00000007.ndjson", 1) == false)
        #expect(holds("00000008.ndjson", 0) == false)
        #expect(holds("7.ndjson", 0) == nil)
        #expect(holds("99999999.ndjson", 0) == nil)
    }

    @Test func areInPlaceForWhoAddsNone() throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            for (lines, expected) in [([line("a")], true), ([line("a"), line("b")], false)] {
                let writer = try archive.writer()
                let session = try writer.beginPull()
                try archive.stage(lines, in: session)
                _ = try session.commit(archive.account(lines.count), now: TestArchive.now)
                #expect(writer.archive.hasFilesInPlace == expected)
            }
            #expect(try !archive.open().hasFilesInPlace)
        }
    }

    @Test func haveTheDigestOfNothingWhereNothingIsLeftOfThem() throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            try Data().write(to: URL(fileURLWithPath: archive.root + "/org-1/events/00000001.ndjson"))
            let summary = try archive.open().events(in: nil).forEachBlockInAnyOrder { _ in }
            #expect(summary.segments.map(\.sha256) == [Digest.sha256([UInt8]())])
        }
    }

    @Test func areHandedOutTogetherWhereTheyAreShortAndWhatTheLedgerSays() throws {
        try withTestArchive { archive in
            try archive.pull((1...6).map { line("e\($0)", at: "2026-0\($0)-05T10:00:00Z") })
            func read(_ range: InstantRange?) throws -> (ids: [String], blocks: Int, wrong: [String]) {
                var (ids, blocks): ([String], Int) = ([], 0)
                let summary = try archive.open().events(in: range).forEachBlock { block in
                    blocks += 1
                    for index in 0..<block.count { ids.append(block[index].id.string) }
                }
                return (ids, blocks, summary.segments.filter { !$0.isAsWritten }.map(\.reference.file))
            }
            let ids = (1...6).map { "e\($0)" }
            #expect(try read(nil) == (ids, 1, []))
            let inside = InstantRange(
                from: Instant(rfc3339: "2026-02-05T10:00:00Z"),
                to: Instant(rfc3339: "2026-05-05T10:00:00Z")
            )
            #expect(try read(inside) == (["e2", "e3", "e4"], 1, []))
            let path = archive.root + "/org-1/events/00000003.ndjson"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for changed in [text + "\n", text.replacingOccurrences(of: "\"e3\"", with: "\"e9\"")] {
                try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
                let found = try read(nil)
                #expect(found.ids.count == 6 && found.blocks == 3 && found.wrong == ["events/00000003.ndjson"])
            }
        }
    }

    @Test func areReadOneAfterTheOtherWithoutAnythingLeftOfTheOneBefore() throws {
        try withTestArchive { archive in
            let odd = #","note":"\ud800""#
            let lines = [
                line("a", at: "2026-01-05T10:00:00Z", extra: odd), line("b", at: "2026-02-05T10:00:00Z"),
                line("\\ud800", at: "2026-03-05T10:00:00Z"), line("d", at: "2026-04-05T10:00:00Z"),
            ]
            try archive.pull(lines)
            let source = try archive.open().events(in: nil)
            var events = 0
            let summary = try source.forEachBlock { events += $0.count }
            #expect(summary.segments.map(\.count) == [1, 1, 1, 1] && events == 4)
            let alone = try source.segments.map { segment in
                let one = EventSource(root: source.root, segments: [segment], range: nil)
                return try one.forEachBlock { _ in }.replacedCharacters
            }
            #expect(alone.contains { $0 > 0 } && summary.replacedCharacters == alone.reduce(0, +))
        }
    }
}
