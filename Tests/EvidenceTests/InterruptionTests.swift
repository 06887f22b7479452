import Evidence
import Foundation
import Testing

/// Work that ends at any byte, with the disk full or the process gone, is continued and comes to the same archive.
@Suite struct InterruptionTests {
    private static let pages = (0..<4).map { page in
        (0..<3).map { line("evt-\(page)-\($0)", at: "2026-0\(page + 1)-1\($0)T10:00:00Z") }
    }

    private func contents(_ archive: TestArchive) throws -> [String: Data] {
        let path = try archive.open().path + "/events"
        return try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: [:]) { files, name in
            files[name] = FileManager.default.contents(atPath: path + "/" + name)
        }
    }

    @Test(arguments: 0...4) func aPullInterruptedAfterAnyPageEqualsAnUndisturbedOne(staged: Int) throws {
        try withTestArchive { undisturbed in
            try undisturbed.pull(Self.pages.flatMap { $0 })
            try withTestArchive { archive in
                do {
                    let session = try archive.writer().beginPull()
                    for number in 0..<staged { try archive.stage(Self.pages[number], in: session, number: number + 1) }
                }
                let session = try archive.writer().beginPull()
                #expect(session.resumedPageCount == staged)
                for number in staged..<4 { try archive.stage(Self.pages[number], in: session, number: number + 1) }
                let entry = try session.commit(archive.account(12), now: TestArchive.now)
                #expect(entry.new == 12)
                #expect(entry.received == 12)
                #expect(try contents(archive) == contents(undisturbed))
                #expect(try archive.discrepancies().isEmpty)
            }
        }
    }

    @Test(arguments: [
        "", "\"", "\"\"a\"", "{\"a\":1}", "\\", "a\u{1}b", "é\u{2028}", #"{"a":"\u0041"}"#,
        String(repeating: "\"", count: 50),
    ])
    func whatTheReaderSaysOfAPageIsKeptAsItIs(checkpoint: String) throws {
        try withTestArchive { archive in
            do {
                let session = try archive.writer().beginPull()
                try archive.stage(Self.pages[0], in: session, checkpoint: checkpoint)
            }
            let session = try archive.writer().beginPull()
            #expect(session.resumedPageCount == 1)
            #expect(session.resumption?.checkpoint == checkpoint)
            #expect(session.resumption?.unarchived.count == 3)
        }
    }

    @Test func aSpoolCutAtAnyByteIsContinued() throws {
        let lines = Self.pages.flatMap { $0 }
        for cut in stride(from: 0, through: 2_200, by: 97) {
            try withTestArchive { archive in
                do {
                    let session = try archive.writer().beginPull()
                    for (number, page) in Self.pages.enumerated() {
                        try archive.stage(page, in: session, number: number + 1)
                    }
                }
                let spool = archive.root + "/org-1/staging/pull-events.ndjson"
                #expect(truncate(spool, off_t(cut)) == 0)
                let session = try archive.writer().beginPull()
                try archive.stage(lines, in: session)
                let entry = try session.commit(archive.account(12), now: TestArchive.now)
                #expect(entry.new == 12, "cut at \(cut)")
                #expect(entry.received == entry.unique + entry.duplicates)
                #expect(try archive.discrepancies().isEmpty)
            }
        }
    }

    @Test func aLedgerCutAtAnyByteOfItsLastLineIsContinued() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let ledger = try archive.open().path + "/ledger.ndjson"
            let before = try #require(FileManager.default.contents(atPath: ledger)).count
            try archive.importLines([line("b")])
            let after = try #require(FileManager.default.contents(atPath: ledger))
            for cut in stride(from: before, to: after.count, by: 41) {
                try after.prefix(cut).write(to: URL(fileURLWithPath: ledger))
                try FileManager.default.removeItem(atPath: archive.root + "/org-1/events/00000002.ndjson")
                #expect(try archive.ids() == ["a"])
                #expect(try archive.importLines([line("b")]).entry == 2)
                #expect(try archive.ids() == ["a", "b"])
                #expect(try archive.discrepancies().isEmpty)
            }
        }
    }

    @Test func anImportThatFailsAddsNothingAndTheNextOneDoes() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let path = try archive.open().path
            // The place of the sealed files is taken by a file, so that sealing fails.
            try FileManager.default.removeItem(atPath: path + "/staging")
            try "".write(toFile: path + "/staging", atomically: true, encoding: .utf8)
            #expect(throws: EvidenceError.self) { try archive.importLines([line("b")]) }
            #expect(try archive.ids() == ["a"])
            try FileManager.default.removeItem(atPath: path + "/staging")
            #expect(try archive.importLines([line("b")]).entry == 2)
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func foldersAndFilesAreForTheirOwnerOnly() throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            let path = try archive.open().path
            let found = try #require(FileManager.default.enumerator(atPath: path))
            for case let name as String in found {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
                let rights = try #require(attributes[.posixPermissions] as? Int)
                let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
                #expect(rights == (isFolder ? 0o700 : 0o600), "\(name)")
            }
        }
    }
}
