import Foundation
import Testing

@testable import Evidence

/// Evidence that no entry names, and the lines of a ledger that may have named it.
@Suite struct UnnamedFilesTests {
    private let months = ["a", "b", "c"].enumerated().map { line($1, at: "2026-0\($0 + 1)-05T10:00:00Z") }

    private func withThree(_ body: (TestArchive, String) throws -> Void) throws {
        try withTestArchive { archive in
            for count in 1...3 { try archive.pull(Array(months.prefix(count))) }
            try body(archive, archive.root + "/org-1")
        }
    }

    private func keep(_ count: Int, linesOf path: String) throws {
        let ledger = path + "/ledger.ndjson"
        let lines = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n")
        try (lines.prefix(count).joined(separator: "\n") + "\n").write(
            toFile: ledger,
            atomically: true,
            encoding: .utf8
        )
    }

    private func faults(_ archive: TestArchive) throws -> [String] {
        try archive.open().examined([], in: .all).ledger.faults
    }

    private func pin(_ archive: Archive) -> Pin {
        Pin(
            bundle: "b",
            name: "b",
            manifest: "b/manifest.json",
            organization: "org-1",
            entry: archive.head.entry,
            head: archive.head.sha256
        )
    }

    @Test func areDamageForReports() throws {
        try withThree { archive, path in
            #expect(try faults(archive).isEmpty)
            try keep(2, linesOf: path)
            #expect(try faults(archive) == ["no entry of the ledger names events/00000003.ndjson"])
            try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path + "/events/00000009.ndjson"))
            #expect(
                try faults(archive) == ["no entry of the ledger names 2 files, first events/00000003.ndjson"]
            )
        }
    }

    /// Reports are made while a pull commits: an archive that was opened before sees files that came since.
    @Test func whatWasCommittedSinceIsNone() throws {
        try withTestArchive { archive in
            try archive.pull(Array(months.prefix(1)))
            let opened = try archive.open()
            try archive.pull(months)
            #expect(try opened.examined([], in: .all).ledger.faults.isEmpty)
        }
    }

    @Test func areGivenUpWithTheEntriesThatAreGone() throws {
        try withThree { archive, path in
            let lost = pin(try archive.open())
            try keep(1, linesOf: path)
            try archive.pull(months)
            #expect(try archive.discrepancies().map(\.kind) == [.added, .added])
            let restoration = try #require(try archive.open().restoration([lost]))
            let entry = try archive.writer().acknowledge(restoration, by: "Ada", reason: "why", now: TestArchive.now)
            #expect(
                entry.acknowledged?.files?.map(\.file) == ["events/00000002.ndjson", "events/00000003.ndjson"]
            )
            #expect(try archive.discrepancies().isEmpty)
            #expect(try faults(archive).isEmpty)
            #expect(try archive.ids() == ["a", "b", "c"])
            // It is these bytes that were given up, and no others.
            try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path + "/events/00000002.ndjson"))
            #expect(try archive.discrepancies().map(\.kind) == [.added])
            try FileManager.default.removeItem(atPath: path + "/events/00000002.ndjson")
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func anEntryThatLacksNothingButItsLineFeedIsOne() throws {
        try withThree { archive, path in
            let sound = try archive.open()
            let ledger = path + "/ledger.ndjson"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: ledger))
            #expect(truncate(ledger, off_t(bytes.count - 1)) == 0)
            let read = try archive.open()
            #expect(read.head == sound.head && read.state(of: pin(sound)) == .held)
            #expect(try faults(archive).isEmpty)
            #expect(try archive.discrepancies().map(\.kind) == [.changed])
            _ = try archive.writer()
            #expect(try Data(contentsOf: URL(fileURLWithPath: ledger)) == bytes)
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    /// Its files still wait in staging: nothing shows that the line was ever whole.
    @Test func anEntryWithoutLineFeedWhoseFilesDoNotStandIsTorn() throws {
        try withThree { archive, path in
            let ledger = path + "/ledger.ndjson"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: ledger))
            #expect(truncate(ledger, off_t(bytes.count - 1)) == 0)
            let manager = FileManager.default
            try manager.createDirectory(atPath: path + "/staging/sealed/events", withIntermediateDirectories: true)
            try manager.moveItem(
                atPath: path + "/events/00000003.ndjson",
                toPath: path + "/staging/sealed/events/00000003.ndjson"
            )
            #expect(try archive.open().head.entry == 2)
            #expect(try archive.pull(months).new == 1)
            #expect(try archive.discrepancies().isEmpty)
        }
    }

    @Test func aTornLineThatMayHaveNamedFilesIsNotCutOff() throws {
        try withThree { archive, path in
            let lost = pin(try archive.open())
            let ledger = path + "/ledger.ndjson"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: ledger))
            #expect(truncate(ledger, off_t(bytes.count - 9)) == 0)
            #expect(#expect(throws: EvidenceError.self) { _ = try archive.writer() }?.code == .damaged)
            #expect(try Data(contentsOf: URL(fileURLWithPath: ledger)).count == bytes.count - 9)
            #expect(try !faults(archive).isEmpty)
            let restoration = try #require(try archive.open().restoration([lost]))
            do {
                let writer = try ArchiveWriter(root: archive.root, organization: "org-1", tool: "t", givesUp: true)
                _ = try writer.acknowledge(restoration, by: "Ada", reason: "why", now: TestArchive.now)
            }
            #expect(try archive.discrepancies().isEmpty)
            #expect(try archive.pull(months).new == 1)
        }
    }

    // MARK: Staging

    @Test func whatStandsInItsPlaceIsNeverWrittenOver() throws {
        try withThree { archive, path in
            let garbage = path + "/staging/sealed/events/00000003.ndjson"
            try FileManager.default.createDirectory(
                atPath: path + "/staging/sealed/events",
                withIntermediateDirectories: true
            )
            try Data("{\"x\":1}\n".utf8).write(to: URL(fileURLWithPath: garbage))
            #expect(try archive.discrepancies().map(\.file) == [garbage])
            _ = try archive.writer()
            #expect(try archive.discrepancies().isEmpty)
            #expect(try archive.ids() == ["a", "b", "c"])
        }
    }

    @Test func whatIsMovedIntoPlaceIsWhatItsEntryTells() throws {
        try withThree { archive, path in
            let file = path + "/events/00000003.ndjson"
            let garbage = path + "/staging/sealed/events/00000003.ndjson"
            try FileManager.default.createDirectory(
                atPath: path + "/staging/sealed/events",
                withIntermediateDirectories: true
            )
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            bytes[12] ^= 1
            try bytes.write(to: URL(fileURLWithPath: garbage))
            try FileManager.default.removeItem(atPath: file)
            #expect(throws: EvidenceError.self) { _ = try archive.writer() }
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }
}
