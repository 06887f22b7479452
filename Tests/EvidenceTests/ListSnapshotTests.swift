import Foundation
import TestSupport
import Testing

@testable import Evidence

/// Lists that an entry names: written and read, examined, copied, and their damage found.
@Suite struct ListSnapshotTests {
    private static let settings = Array(#"{"sso_enabled":true}"#.utf8)

    private func pull(_ archive: TestArchive, _ lists: [ListResource: ReceivedList]) throws -> LedgerEntry {
        let session = try archive.writer().beginPull()
        try archive.stage([line("a")], in: session)
        session.stageSnapshots([.settings: Self.settings], lists, servedAt: TestArchive.now)
        return try session.commit(archive.account(1), now: TestArchive.now)
    }

    private let lists: [ListResource: ReceivedList] = [
        .members: ReceivedList(
            from: "GET /v1/organization/members",
            pages: [Array(#"{"members":[1]}"#.utf8), Array(#"{"members":[2]}"#.utf8)],
            count: 2,
            servedAt: TestArchive.now,
            lastServedAt: TestArchive.now.adding(seconds: 1)
        ),
        .invitations: ReceivedList(from: "GET /i", pages: [Array("[]".utf8)]),
        .apiKeys: ReceivedList(from: "GET /k", pages: [Array("[]".utf8)], unavailable: "GET /k: not whole"),
    ]

    @Test func listsAreWrittenReadAndNamed() throws {
        try withTestArchive { archive in
            let entry = try pull(archive, lists)
            #expect(entry.snapshots?.lists[.members]?.pages.count == 2)
            // Two lists without elements are one file.
            #expect(entry.files.count { $0.path.hasPrefix("snapshots/") } == 4)
            let read = try archive.open()
            #expect(read.entries == [entry])
            #expect(read.answered(for: .members) == "GET /v1/organization/members")
            #expect(try archive.discrepancies().isEmpty && read.unnamed().isEmpty)
            #expect(try read.absences().isEmpty)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: archive.root + "/org-1/ledger.ndjson"))
            var known: [String] = []
            let plain = Array(bytes.dropLast()).withUnsafeBufferPointer { LedgerEntry(plain: $0, knowing: &known) }
            #expect(plain == entry)
        }
    }

    @Test func anEntryWithoutListsSaysNothingOfThem() throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            let text = try String(contentsOfFile: archive.root + "/org-1/ledger.ndjson", encoding: .utf8)
            #expect(!text.contains("lists") && !text.contains("unavailable"))
        }
    }

    @Test func aMissingOrAlteredPageIsDamage() throws {
        for isAltered in [true, false] {
            try withTestArchive { archive in
                let entry = try pull(archive, lists)
                let page = try #require(entry.snapshots?.lists[.members]?.pages.last)
                let path = archive.root + "/org-1/snapshots/\(page.sha256).json"
                if isAltered {
                    try #"{"members":[3]}"#.write(toFile: path, atomically: true, encoding: .utf8)
                } else {
                    try FileManager.default.removeItem(atPath: path)
                }
                #expect(try archive.discrepancies().contains { $0.file.contains(page.sha256) })
                let examined = try archive.open().examined([], in: .all)
                #expect(examined.ledger.faults.contains { $0.contains(page.sha256) })
            }
        }
    }

    @Test func whatCannotBeIsAFaultAndLeftOut() throws {
        for (sound, odd) in [
            (#""count":2"#, #""count":-2"#), ("1T", "xT"), (#""pages":[{"bytes":15"#, #""pages":[{"bytes":-1"#),
        ] {
            try withTestArchive { archive in
                let entry = try pull(archive, lists)
                let path = archive.root + "/org-1/ledger.ndjson"
                var text = try String(contentsOfFile: path, encoding: .utf8)
                if sound == "1T" {
                    let at = try #require(entry.snapshots?.lists[.members]?.lastServedAt)
                    text = text.replacing(at, with: "soon")
                } else {
                    text = text.replacing(sound, with: odd)
                }
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                let read = try archive.open()
                #expect(read.ledger.faults.contains { $0.contains("a list of members") }, "\(read.ledger.faults)")
                #expect(read.entries.first?.snapshots?.lists[.members] == nil)
            }
        }
    }

    @Test func aCopyHasThePagesToo() throws {
        try withTestArchive { archive in
            let entry = try pull(archive, lists)
            let copy = TestArchive(root: archive.root + "-copy")
            _ = try ArchiveBackup.bring(archive.open(), into: copy.root)
            #expect(try copy.open().entries == [entry])
            #expect(try copy.discrepancies().isEmpty)
        }
    }
}
