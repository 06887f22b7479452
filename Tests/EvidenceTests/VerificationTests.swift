import Evidence
import Foundation
import Testing

@Suite struct VerificationTests {
    private func withTwoEntries(_ body: (TestArchive, String) throws -> Void) throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            try archive.pull([line("a"), line("b")])
            #expect(try archive.discrepancies().isEmpty)
            try body(archive, try archive.open().path)
        }
    }

    @Test func findsAFlippedByte() throws {
        try withTwoEntries { archive, path in
            let file = path + "/events/00000001.ndjson"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            bytes[20] ^= 1
            try bytes.write(to: URL(fileURLWithPath: file))
            let found = try archive.discrepancies()
            #expect(found.map(\.kind) == [.changed])
            #expect(found.first?.file == file)
        }
    }

    @Test func findsADeletedSegment() throws {
        try withTwoEntries { archive, path in
            try FileManager.default.removeItem(atPath: path + "/events/00000002.ndjson")
            #expect(try archive.discrepancies().map(\.kind) == [.missing])
        }
    }

    @Test func findsAnAddedFile() throws {
        try withTwoEntries { archive, path in
            try "x".write(toFile: path + "/events/00000009.ndjson", atomically: true, encoding: .utf8)
            #expect(try archive.discrepancies().map(\.kind) == [.added])
        }
    }

    @Test func findsAChangedSnapshot() throws {
        try withTwoEntries { archive, path in
            let names = try FileManager.default.contentsOfDirectory(atPath: path + "/snapshots")
            try "{}".write(
                toFile: path + "/snapshots/" + (try #require(names.first)),
                atomically: true,
                encoding: .utf8
            )
            #expect(try archive.discrepancies().map(\.kind) == [.changed])
        }
    }

    @Test func findsAReorderedLedger() throws {
        try withTwoEntries { archive, path in
            let ledger = path + "/ledger.ndjson"
            let lines = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n")
            try (lines.reversed().joined(separator: "\n") + "\n").write(
                toFile: ledger,
                atomically: true,
                encoding: .utf8
            )
            #expect(try archive.discrepancies().contains { $0.kind == .chain })
            #expect(throws: EvidenceError.self) { try archive.writer() }
        }
    }

    @Test func findsADroppedLastLineByTheHeadThatABundlePins() throws {
        try withTwoEntries { archive, path in
            let head = try archive.open().head
            let pin = Pin(
                bundle: "all-1",
                name: "all-1",
                manifest: "all-1/manifest.json",
                organization: "org-1",
                entry: 2,
                head: head.sha256
            )
            #expect(try Verifier.check(pin, against: archive.open()) == nil)

            let ledger = path + "/ledger.ndjson"
            let lines = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n")
            try (lines[0] + "\n").write(toFile: ledger, atomically: true, encoding: .utf8)
            #expect(try Verifier.check(pin, against: archive.open())?.kind == .truncated)
        }
    }

    @Test func aFileThatNoEntryNamesIsNotOverwritten() throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            let foreign = archive.root + "/org-1/events/00000002.ndjson"
            try Data("not ours\n".utf8).write(to: URL(fileURLWithPath: foreign))
            try archive.pull([line("a"), line("b")])
            #expect(FileManager.default.contents(atPath: foreign) == Data("not ours\n".utf8))
            #expect(try archive.discrepancies().map(\.kind) == [.added])
            #expect(try archive.ids() == ["a", "b"])
        }
    }
}
