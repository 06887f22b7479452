import Foundation
import TestSupport
import Testing

@testable import Evidence

/// Copies of an archive: what they hold, what they refuse, and what is left when one is broken off.
@Suite struct BackupTests {
    private func bring(_ archive: TestArchive, into folder: String) throws -> ArchiveBackup.Outcome {
        try ArchiveBackup.bring(try archive.open(), into: folder)
    }

    private func withCopy(_ body: (TestArchive, TestArchive) throws -> Void) throws {
        try withTestArchive { archive in
            try archive.pull([line("a"), line("b", at: "soon")])
            try archive.pull([line("a", action: "x"), line("b", at: "soon"), line("c")])
            try body(archive, TestArchive(root: archive.root + "-copy"))
        }
    }

    private func expectSame(_ archive: TestArchive, _ copy: TestArchive) throws {
        #expect(try copy.discrepancies().isEmpty)
        #expect(try copy.open().head == archive.open().head)
        let same = try runCommand("diff", ["-r", "-x", "lock", "-x", "staging", archive.root, copy.root])
        #expect(same.status == 0, "\(same.output)")
    }

    @Test func copiesEverythingThenOnlyWhatIsNew() throws {
        try withCopy { archive, copy in
            let first = try bring(archive, into: copy.root)
            #expect(first.entries == 2 && first.files == 6 && first.bytes > 0 && first.mended.isEmpty)
            #expect(first.filesChecked == 6 && first.head.entry == 2)
            try expectSame(archive, copy)
            let again = try bring(archive, into: copy.root)
            #expect(again.entries == 0 && again.files == 0 && again.filesChecked == 6)
            try archive.pull([line("a"), line("d")])
            let later = try bring(archive, into: copy.root)
            #expect(later.entries == 1 && later.files == 1)
            try expectSame(archive, copy)
            let open = try runCommand("find", [copy.root, "-perm", "/077"])
            #expect(open.output.isEmpty, "\(open.output)")
        }
    }

    @Test func copiesWhatItsOwnHeadNamesFromStagingToo() throws {
        try withCopy { archive, copy in
            let opened = try archive.open()
            let last = try #require(opened.entries.last)
            for file in last.files where !file.path.hasPrefix("snapshots/") {
                let sealed = opened.path + "/staging/sealed/" + file.path
                try FileManager.default.createDirectory(
                    atPath: PathNames.parent(of: sealed),
                    withIntermediateDirectories: true
                )
                try FileManager.default.moveItem(atPath: opened.path + "/" + file.path, toPath: sealed)
            }
            #expect(try bring(archive, into: copy.root).entries == 2)
            #expect(try copy.discrepancies().isEmpty && copy.open().head == opened.head)
        }
    }

    /// What is committed behind the head that was noted is the next backup's.
    @Test func copiesUpToTheHeadThatItSawFirst() throws {
        try withCopy { archive, copy in
            let opened = try archive.open()
            try archive.pull([line("a"), line("d")])
            #expect(try ArchiveBackup.bring(opened, into: copy.root).head.entry == 2)
            #expect(try copy.discrepancies().isEmpty && copy.ids().count == 3)
        }
    }

    /// What a process that is killed in the midst of a commit leaves, in a copy as in an archive.
    @Test func goesOnFromWhatAKilledOneLeft() throws {
        try withCopy { archive, copy in
            try archive.pull([line("a"), line("d")])
            for length in [1, 90, 200, 100_000] {
                try? FileManager.default.removeItem(atPath: copy.root)
                _ = try bring(archive, into: copy.root)
                let folder = try copy.open().path
                let ledger = URL(fileURLWithPath: folder + "/ledger.ndjson")
                let lines = try Data(contentsOf: ledger).split(separator: 10)
                let file = try #require(try copy.open().entries.last?.segments.first?.file)
                let staged = folder + "/staging/sealed/" + file
                try FileManager.default.createDirectory(
                    atPath: PathNames.parent(of: staged),
                    withIntermediateDirectories: true
                )
                try FileManager.default.moveItem(atPath: folder + "/" + file, toPath: staged)
                // Up to the whole line with its end: then the commit was made, and the file is only to be moved.
                let last = (lines[2] + [10]).prefix(length)
                try (lines[0] + [10] + lines[1] + [10] + last).write(to: ledger)
                let brought = try bring(archive, into: copy.root)
                #expect(brought.entries == (length == 100_000 ? 0 : 1) && brought.mended.isEmpty)
                try expectSame(archive, copy)
            }
        }
    }

    @Test func mendsWhatIsNotWhatTheLedgerSays() throws {
        try withCopy { archive, copy in
            _ = try bring(archive, into: copy.root)
            let folder = try copy.open().path
            try Data("x\n".utf8).write(to: URL(fileURLWithPath: folder + "/events/00000001.ndjson"))
            try FileManager.default.removeItem(atPath: folder + "/variants/00000001.ndjson")
            let mended = try bring(archive, into: copy.root)
            #expect(mended.mended.sorted() == ["events/00000001.ndjson", "variants/00000001.ndjson"])
            try expectSame(archive, copy)
        }
    }

    @Test func neverGoesBackNorOntoAnotherHistory() throws {
        try withCopy { archive, copy in
            let before = archive.root + "-before"
            try FileManager.default.copyItem(atPath: archive.root, toPath: before)
            try archive.pull([line("a"), line("d")])
            _ = try bring(archive, into: copy.root)
            for restored in [false, true] {
                if restored { try TestArchive(root: before).pull([line("a"), line("e")]) }
                let error = #expect(throws: EvidenceError.self) {
                    _ = try bring(TestArchive(root: before), into: copy.root)
                }
                #expect(error?.code == .diverged)
                try expectSame(archive, copy)
            }
        }
    }

    @Test func copiesNothingThatIsNotWhatTheLedgerSays() throws {
        try withCopy { archive, copy in
            _ = try bring(archive, into: copy.root)
            let head = try copy.open().head
            try archive.pull([line("a"), line("d")])
            let file = try archive.open().path + "/events/00000004.ndjson"
            let sound = try Data(contentsOf: URL(fileURLWithPath: file))
            for damaged in [Data(sound.reversed()), Data()] {
                try damaged.write(to: URL(fileURLWithPath: file))
                #expect(
                    #expect(throws: EvidenceError.self) { _ = try bring(archive, into: copy.root) }?.code == .damaged
                )
                #expect(try copy.discrepancies().isEmpty && copy.open().head == head)
            }
            try sound.write(to: URL(fileURLWithPath: file))
            #expect(try bring(archive, into: copy.root).entries == 1)
            try expectSame(archive, copy)
        }
    }

    @Test(arguments: [
        "ln -s ../../elsewhere copy/org-1", "mkdir copy/org-1; ln -s ../../elsewhere copy/org-1/events",
        "mkdir copy/org-1; ln -s ../../elsewhere/x copy/org-1/ledger.ndjson", "mkfifo copy/org-1",
    ])
    func followsNoLink(prepared: String) throws {
        try withCopy { archive, _ in
            let folder = PathNames.parent(of: archive.root)
            let made = try runCommand("sh", ["-c", "mkdir copy elsewhere; \(prepared)"], in: folder)
            try #require(made.status == 0, "\(made.error)")
            let error = #expect(throws: EvidenceError.self) { _ = try bring(archive, into: folder + "/copy") }
            #expect(error.map { [.cannotCreate, .cannotRead, .damaged].contains($0.code) } == true, "\(error as Any)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/elsewhere").isEmpty)
        }
    }

    @Test func aStrangersFileInTheCopyIsToldAndLeft() throws {
        try withCopy { archive, copy in
            _ = try bring(archive, into: copy.root)
            let strange = try copy.open().path + "/note.txt"
            try Data("x".utf8).write(to: URL(fileURLWithPath: strange))
            let error = #expect(throws: EvidenceError.self) { _ = try bring(archive, into: copy.root) }
            #expect(error?.code == .damaged && error?.summary.contains("note.txt") == true)
            #expect(FileManager.default.fileExists(atPath: strange))
        }
    }

    @Test func twoBackupsAreNotMadeAtOnce() throws {
        try withCopy { archive, copy in
            let writer = try copy.writer()
            #expect(#expect(throws: EvidenceError.self) { _ = try bring(archive, into: copy.root) }?.code == .locked)
            withExtendedLifetime(writer) {}
        }
    }
}
