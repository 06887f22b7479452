import Evidence
import Foundation
import TestSupport
import Testing

@Suite struct ArchiveTests {
    @Test func linesAreKeptAsReceived() throws {
        try withTestArchive { archive in
            let odd =
                #"{ "id" : "evt-1",  "action":"a", "created_at":"2026-03-17T10:00:00Z", "new_field": [1,  2.50, {"ü":"\u00fc"}] }"#
            try archive.importLines([odd])
            let file = try archive.open().path + "/events/00000001.ndjson"
            #expect(try String(contentsOfFile: file, encoding: .utf8) == odd + "\n")
        }
    }

    /// Long segments go past the page cache piece by piece; what is left over goes through it.
    @Test("A segment of any size is what was imported", arguments: [60_000, 65_536, 524_288, 524_289, 1_600_001])
    func segmentsOfAnySize(_ size: Int) throws {
        try withTestArchive { archive in
            // Events of many lengths, the last of them so long that the file has this size.
            var lines: [String] = []
            var left = size
            while left > 0 {
                let start =
                    #"{"id":"\#(1_000_000 + lines.count)","action":"","created_at":"2026-03-17T10:00:00Z","more":""#
                let length = left < 8000 ? left : 200 + (lines.count * 37) % 5000
                lines.append(start + String(repeating: "x", count: length - start.utf8.count - 3) + "\"}")
                left -= length
            }
            var random = SplitMix(state: testSeed(UInt64(size)))
            let entry = try archive.importLines(lines.shuffled(using: &random))
            let path = try archive.open().path
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/events/00000001.ndjson")))
            #expect(bytes.count == size)
            #expect(bytes == Array((lines.joined(separator: "\n") + "\n").utf8))
            #expect(entry.segments.map(\.sha256) == [Digest.sha256(bytes)])
            #expect(try Verifier.verify(archiveAt: path).discrepancies.isEmpty)
        }
    }

    @Test func segmentsHoldOneMonthEachAndUndatedEventsApart() throws {
        try withTestArchive { archive in
            let entry = try archive.importLines([
                line("b", at: "2026-04-01T00:00:00Z"), line("a", at: "2026-03-31T23:59:59.5Z"),
                line("u", at: "yesterday"),
                line("c", at: "2026-04-01T01:00:00+02:00"),
            ])
            #expect(entry.segments.map(\.count) == [1, 2, 1])
            #expect(entry.undated == 1)
            #expect(try archive.ids() == ["u", "c", "a", "b"])
            #expect(
                try archive.ids(InstantRange(from: Instant(rfc3339: "2026-03-31T23:30:00Z"), to: nil)) == ["a", "b"]
            )
        }
    }

    @Test func equalInstantsSortByTheBytesOfTheId() throws {
        try withTestArchive { archive in
            try archive.importLines([
                line("é", at: "2026-03-17T10:00:00Z"), line("z", at: "2026-03-17T12:00:00+02:00"),
                line("e\u{301}", at: "2026-03-17T10:00:00.000Z"), line("Z", at: "2026-03-17T10:00:00Z"),
            ])
            #expect(try archive.ids().map { Array($0.utf8) } == ["Z", "e\u{301}", "z", "é"].map { Array($0.utf8) })
        }
    }

    @Test func segmentsThatOverlapAreMerged() throws {
        try withTestArchive { archive in
            for batch in 0..<80 {
                try archive.importLines(
                    (0..<5).map {
                        line(
                            "evt-\(batch)-\($0)",
                            at:
                                "2026-03-17T10:\(String(format: "%02d", $0 * 10)):\(String(format: "%02d", (batch * 7) % 60))Z"
                        )
                    }
                )
            }
            let times = try archive.ids()
            #expect(times.count == 400)
            var previous = ("", "")
            _ = try archive.open().events(in: nil).forEachBlock { block in
                for index in 0..<block.count {
                    let current = (block[index].createdAt.string, block[index].id.string)
                    #expect(previous <= current)
                    previous = current
                }
            }
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func anEventImportedTwiceIsArchivedOnce() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a"), line("b"), line("a")])
            let entry = try archive.importLines([line("b"), line("c")])
            #expect(entry.new == 1)
            #expect(entry.alreadyArchived == 1)
            #expect(try archive.ids() == ["a", "b", "c"])
            #expect(try archive.open().entries.count == 2)
        }
    }

    @Test func anImportOfNothingNewAddsExactlyOneEntry() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let entry = try archive.importLines([line("a")])
            #expect(entry.entry == 2)
            #expect(entry.segments.isEmpty)
        }
    }

    @Test func anotherContentOfAnArchivedIdIsKeptAsAVariant() throws {
        try withTestArchive { archive in
            try archive.pull([line("a"), line("b")])
            let entry = try archive.pull([line("a", action: "database.deleted"), line("b")])
            #expect(entry.anomalies.map(\.kind) == ["altered"])
            #expect(entry.anomalies.first?.event == "a")
            #expect(entry.variants.count == 1)
            // The first content stays what reports show, and the alarm is raised once.
            #expect(try archive.pull([line("a", action: "database.deleted"), line("b")]).anomalies.isEmpty)
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func whatVanishedAndWhatExpiredAreToldApart() throws {
        try withTestArchive { archive in
            let lines = (1...5).map { line("evt-\($0)", at: "2026-03-1\($0)T10:00:00Z") }
            try archive.pull(lines)
            let entry = try archive.pull([lines[1], lines[2], lines[4]])
            #expect(entry.anomalies.map { "\($0.kind) \($0.event ?? "")" } == ["expired evt-1", "vanished evt-4"])
            #expect(try archive.ids().count == 5)
            #expect(try archive.pull([lines[1], lines[2], lines[4]]).anomalies.isEmpty)
        }
    }

    @Test func ofOneInstantTheOlderExpiredAndTheYoungerVanished() throws {
        try withTestArchive { archive in
            let lines = ["b0", "b1", "b2", "b3", "b4"].map {
                line($0, at: $0 == "b0" ? "2026-03-10T10:00:00Z" : "2026-03-12T10:00:00Z")
            }
            try archive.pull(lines)
            let entry = try archive.pull([lines[2], lines[4]])
            #expect(
                entry.anomalies.map { "\($0.kind) \($0.event ?? "")" } == ["expired b0", "expired b1", "vanished b3"]
            )
        }
    }

    @Test func anEmptiedLogExpiredAndNothingBeforeThePullIsProven() throws {
        try withTestArchive { archive in
            let lines = (1...3).map { line("evt-\($0)", at: "2026-03-1\($0)T10:00:00Z") }
            for served in [[], [line("evt-9", at: "soon")]] {
                try withTestArchive { archive in
                    try archive.pull(lines)
                    let entry = try archive.pull(served)
                    #expect(entry.anomalies.filter { $0.kind == "expired" }.count == 3)
                    #expect(entry.anomalies.allSatisfy { $0.kind != "vanished" } && entry.complete == true)
                    #expect(entry.proven.map { $0.from > "2026-03-13T10:00:00Z" } != false)
                }
            }
            // An undated event goes with others, or alone from somewhere.
            let undated = line("evt-0", at: "soon")
            try archive.pull(lines + [undated])
            #expect(try archive.pull(lines).anomalies.map(\.kind) == ["vanished"])
        }
        try withTestArchive { archive in
            let lines = (1...3).map { line("evt-\($0)", at: "2026-03-1\($0)T10:00:00Z") }
            try archive.pull(lines + [line("evt-0", at: "soon")])
            #expect(try archive.pull([lines[2]]).anomalies.map(\.kind) == ["expired", "expired", "expired"])
        }
    }

    @Test func changedLabelsAndAddedFieldsAreFactsAndNoAlarms() throws {
        try withTestArchive { archive in
            try archive.pull([line("a"), line("b"), line("c")])
            let renamed = line("a").replacing("a@example.com", with: "new@example.com")
            let entry = try archive.pull([renamed, line("b", extra: #","user_agent":"curl""#), " " + line("c") + " "])
            #expect(entry.anomalies.map(\.kind) == ["extended", "relabelled"])
            #expect(entry.anomalies.first?.count == 1)
        }
    }

    @Test func aPullOutranksAnImport() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a", action: "imported.action"), line("only-imported")])
            let entry = try archive.pull([line("a", action: "pulled.action")])
            #expect(entry.superseded.map(\.event) == ["a"])
            var actions: [String] = []
            _ = try archive.open().events(in: nil).forEachBlock { block in
                for index in 0..<block.count where block[index].id.string == "a" {
                    actions.append(block[index].action.string)
                }
            }
            #expect(actions == ["pulled.action"])
            // What only an import brought is not missed upstream.
            #expect(try archive.pull([line("a", action: "pulled.action")]).anomalies.isEmpty)
        }
    }

    @Test func anImportCannotShadowAPull() throws {
        try withTestArchive { archive in
            try archive.pull([line("a", action: "pulled.action")])
            let entry = try archive.importLines([line("a", action: "imported.action")])
            #expect(entry.new == 0)
            #expect(entry.variants.count == 1)
        }
    }

    @Test func aLineThatIsNoEventStopsTheImportAndNamesItself() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let error = #expect(throws: EvidenceError.self) { try archive.importLines([line("b"), "", "[1]"]) }
            #expect(error?.summary.contains("lines.ndjson:3") == true, "\(String(describing: error))")
            #expect(try archive.ids() == ["a"])
            #expect(try archive.open().entries.count == 1)
        }
    }

    @Test func eventsWithoutAnIdAreKnownByTheirLine() throws {
        try withTestArchive { archive in
            let nameless = #"{"action":"x","created_at":"2026-03-17T10:00:00Z"}"#
            let entry = try archive.importLines([nameless, nameless])
            #expect(entry.new == 1)
            #expect(try archive.ids() == ["sha256:" + Digest.sha256(nameless.utf8)])
        }
    }

    @Test func folderNamesAreOneSafeComponent() {
        #expect(ArchiveRoot.folderName(of: "org-123") == "org-123")
        #expect(ArchiveRoot.folderName(of: "../../etc") == "%2E.%2F..%2Fetc")
        #expect(ArchiveRoot.folderName(of: "..") == "%2E.")
        #expect(ArchiveRoot.folderName(of: "") == "%")
        #expect(ArchiveRoot.folderName(of: String(repeating: "é", count: 300)).utf8.count < 256)
    }

    @Test func aSecondWriterIsTurnedAway() throws {
        try withTestArchive { archive in
            let first = try archive.writer()
            let error = #expect(throws: EvidenceError.self) { try archive.writer() }
            #expect(error?.code == .locked)
            #expect(try archive.writer("org-2").organization == "org-2")
            _ = first.organization
        }
    }
}
