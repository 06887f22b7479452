import Evidence
import Foundation
import Testing

/// What a crash leaves at each step of a commit, made by hand, and what the next writer makes of it.
@Suite struct CommitTests {
    @Test func aTornLastLineIsCutOff() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let ledger = try archive.open().path + "/ledger.ndjson"
            let handle = try #require(FileHandle(forWritingAtPath: ledger))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(#"{"entry":2,"previous":"#.utf8))
            try handle.close()
            #expect(try archive.open().entries.count == 1)
            #expect(try archive.importLines([line("b")]).entry == 2)
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func renamesThatACrashPreventedAreFinished() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let path = try archive.open().path
            try FileManager.default.createDirectory(
                atPath: path + "/staging/sealed/events",
                withIntermediateDirectories: true
            )
            try FileManager.default.moveItem(
                atPath: path + "/events/00000001.ndjson",
                toPath: path + "/staging/sealed/events/00000001.ndjson"
            )
            // Readers find it where the commit left it; the next writer moves it.
            #expect(try archive.ids() == ["a"])
            #expect(try archive.discrepancies().isEmpty)
            _ = try archive.writer()
            #expect(FileManager.default.fileExists(atPath: path + "/events/00000001.ndjson"))
            #expect(try archive.ids() == ["a"])
        }
    }

    @Test func whatWasSealedButNotCommittedIsThrownAway() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let path = try archive.open().path
            try FileManager.default.createDirectory(
                atPath: path + "/staging/sealed/events",
                withIntermediateDirectories: true
            )
            try line("b").write(
                toFile: path + "/staging/sealed/events/00000002.ndjson",
                atomically: true,
                encoding: .utf8
            )
            #expect(try archive.importLines([line("c")]).segments.map(\.file) == ["events/00000002.ndjson"])
            #expect(try archive.ids() == ["a", "c"])
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func anInterruptedPullIsContinued() throws {
        try withTestArchive { archive in
            do {
                let session = try archive.writer().beginPull()
                try archive.stage([line("a"), line("b")], in: session)
            }
            do {
                let session = try archive.writer().beginPull()
                #expect(session.attempts == 2)
                #expect(session.resumedPageCount == 1)
                #expect(session.resumption?.identities.count == 2)
                #expect(session.resumption?.unarchived.count == 2)
                try archive.stage([line("c")], in: session, number: 2)
                let entry = try session.commit(archive.account(3), now: TestArchive.now)
                #expect(entry.attempts == 2)
                // Three of this attempt, and the one of the page that the attempt before staged.
                #expect(entry.requests == 4)
                #expect(entry.new == 3)
            }
            #expect(try archive.ids() == ["a", "b", "c"])
            #expect(try archive.writer().beginPull().attempts == 1)
        }
    }

    @Test func pagesWhoseEventsWereLostAreReadAgain() throws {
        try withTestArchive { archive in
            do {
                let session = try archive.writer().beginPull()
                try archive.stage([line("a")], in: session)
                try archive.stage([line("b")], in: session, number: 2)
            }
            let spool = archive.root + "/org-1/staging/pull-events.ndjson"
            let bytes = try #require(FileManager.default.contents(atPath: spool))
            try bytes.dropLast(10).write(to: URL(fileURLWithPath: spool))
            let session = try archive.writer().beginPull()
            #expect(session.resumedPageCount == 1)
            try archive.stage([line("b")], in: session, number: 2)
            #expect(try session.commit(archive.account(2), now: TestArchive.now).new == 2)
            #expect(try archive.ids() == ["a", "b"])
        }
    }
}
