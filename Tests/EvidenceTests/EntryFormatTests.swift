import Foundation
import Testing

@testable import Evidence

/// Entries of every format and of none: what they carry, and what is told of those that nobody here knows.
@Suite struct EntryFormatTests {
    private func ledger(_ archive: TestArchive) -> String { archive.root + "/org-1/ledger.ndjson" }

    private func lines(_ archive: TestArchive) throws -> [String] {
        try String(contentsOfFile: ledger(archive), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func write(_ lines: [String], _ archive: TestArchive) throws {
        try (lines.joined(separator: "\n") + "\n").write(toFile: ledger(archive), atomically: true, encoding: .utf8)
    }

    @Test func entriesCarryTheirFormatAndTheSizeOfEveryFile() throws {
        try withTestArchive { archive in
            try archive.pull([line("a"), line("b", at: "soon")])
            let entry = try archive.pull([line("a", action: "x"), line("b", at: "soon")])
            #expect(entry.format == 2)
            let files = try archive.open().entries.flatMap(\.files)
            #expect(files.count == 7)
            for file in files {
                let size = try Data(contentsOf: URL(fileURLWithPath: archive.root + "/org-1/" + file.path)).count
                #expect(file.bytes == size, "\(file.path)")
            }
            #expect(try lines(archive).allSatisfy { $0.contains(#""format":2"#) })
        }
    }

    @Test func theSpanOfVariantsIsThatOfTheirEarliestAndLatest() throws {
        try withTestArchive { archive in
            let times = [
                "2026-03-17T10:00:00Z", "2026-01-02T10:00:00Z", "2026-05-02T10:00:00Z", "2026-04-02T10:00:00Z",
            ]
            try archive.pull(times.indices.map { line("e\($0)", at: times[$0]) })
            let entry = try archive.pull(times.indices.map { line("e\($0)", at: times[$0], action: "other") })
            #expect(entry.variants.map(\.count) == [4])
            #expect(entry.variants.first?.firstAt == "2026-01-02T10:00:00Z")
            #expect(entry.variants.first?.lastAt == "2026-05-02T10:00:00Z")
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test(arguments: [#""format":9"#, #""kind":"shredding""#])
    func anEntryOfANewerVersionIsNoDamage(member: String) throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            try archive.importLines([line("b")])
            var all = try lines(archive)
            let old = member.contains("format") ? #""format":2"# : #""kind":"import""#
            all[1] = all[1].replacing(old, with: member).replacing("heedaudit test", with: "heedaudit 9.0.0")
            try write(all, archive)
            let read = #expect(throws: EvidenceError.self) { _ = try archive.open().examined([], in: .all) }
            #expect(read?.code == .newer)
            #expect(read?.summary.contains("written by heedaudit 9.0.0, this is heedaudit \(Release.version)") == true)
            let added = #expect(throws: EvidenceError.self) { _ = try archive.writer() }
            #expect(added?.code == .newer)
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    /// Damage comes before novelty: a line that the chain or a pin contradicts is not the work of a newer version.
    @Test func whatTheChainOrAPinContradictsIsDamage() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            try archive.importLines([line("b")])
            try archive.importLines([line("c")])
            let head = try archive.open().head
            let sound = try lines(archive)
            var inTheMiddle = sound
            inTheMiddle[1] = sound[1].replacing(#""format":2"#, with: #""format":7"#)
            try write(inTheMiddle, archive)
            #expect(try !archive.discrepancies().isEmpty)
            #expect(#expect(throws: EvidenceError.self) { _ = try archive.writer() }?.code == .damaged)

            var atTheEnd = sound
            atTheEnd[2] = sound[2].replacing(#""format":2"#, with: #""format":7"#)
            try write(atTheEnd, archive)
            let pin = Pin(bundle: "b", name: "b", manifest: "m", organization: "org-1", entry: 3, head: head.sha256)
            let examined = try archive.open().examined([pin], in: .all)
            #expect(!examined.ledger.faults.isEmpty)
            #expect(Verifier.check(pin, against: try archive.open()) != nil)
        }
    }

    /// What is not asked of format 1 is not got by calling an entry one of it.
    @Test(arguments: [
        [#""format":2,"#], [#""format":2,"#, #""bytes":\d+,"#],
        [#""format":2,"#, #""bytes":\d+,"#, #""snapshots":\{[^}]*\}[^}]*\},"#, #""clock":\{[^}]*\},"#],
    ])
    func anEntryOfFormat1BehindOneOfFormat2IsDamage(takenOut: [String]) throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            try archive.pull([line("a"), line("b")])
            var all = try lines(archive)
            for pattern in takenOut { all[1] = all[1].replacing(try Regex(pattern), with: "") }
            all[1] = all[1].replacing(#""count":1"#, with: #""count":7"#)
            try write(all, archive)
            #expect(try archive.discrepancies().contains { $0.kind == .chain })
            #expect(#expect(throws: EvidenceError.self) { _ = try archive.writer() }?.code == .damaged)
        }
    }

    /// The first version took some times for none; such a segment is read whatever the period, and put in order.
    @Test func aSegmentWithoutASpanIsReadForEveryPeriodAndPutInOrder() throws {
        try withTestArchive { archive in
            try archive.importLines([line("z", at: "2026-03-01T00:00:00Z"), line("a", at: "2026-03-02T00:00:00Z")])
            let path = archive.root + "/org-1/events/00000001.ndjson"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let turned = text.split(separator: "\n").reversed().joined(separator: "\n") + "\n"
            try turned.write(toFile: path, atomically: true, encoding: .utf8)
            let entry =
                #"{"at":"2026-05-28T20:26:40Z","entry":1,"kind":"import","new":2,"organization":"org-1","previous":"\#(LedgerHead.empty.sha256)","received":2,"segments":[{"count":2,"file":"events/00000001.ndjson","sha256":"\#(Digest.sha256(turned.utf8))"}],"unique":2}"#
            try write([entry], archive)
            #expect(try archive.discrepancies().isEmpty)
            #expect(try archive.ids() == ["z", "a"])
            let march = InstantRange(from: Instant(rfc3339: "2026-03-01T12:00:00Z"), to: nil)
            #expect(try archive.ids(march) == ["a"])
            #expect(try archive.importLines([line("m")]).entry == 2)
            #expect(try archive.ids() == ["z", "a", "m"])
        }
    }
}
