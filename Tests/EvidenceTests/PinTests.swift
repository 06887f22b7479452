import Foundation
import Testing

@testable import Evidence

/// What bundles pin, and what becomes of it.
@Suite struct PinTests {
    private func pin(_ entry: Int, _ archive: Archive, head: String? = nil, state: String? = nil) -> Pin {
        Pin(
            bundle: "b\(entry)",
            name: "b\(entry)",
            manifest: "b\(entry)/manifest.json",
            organization: "org-1",
            entry: entry,
            head: head ?? archive.ledger.digests[entry - 1],
            evidenceState: state
        )
    }

    private func withFive(_ body: (TestArchive, Archive, String) throws -> Void) throws {
        try withTestArchive { archive in
            for number in 1...5 { try archive.importLines([line("e\(number)")]) }
            try body(archive, try archive.open(), archive.root + "/org-1/ledger.ndjson")
        }
    }

    @Test func aBundleOfADamagedArchivePinsTheLastEntryThatChainAndPinsSupport() throws {
        try withFive { archive, sound, ledger in
            #expect(sound.supportedHead([]).entry == 5)
            #expect(sound.supportedHead([pin(3, sound)]).entry == 5)
            // The chain holds, and a pin says that entry 4 or one behind entry 2 was another.
            let other = String(repeating: "ab", count: 32)
            #expect(sound.supportedHead([pin(2, sound), pin(4, sound, head: other)]).entry == 2)
            #expect(sound.supportedHead([pin(4, sound, head: other)]) == .empty)
            #expect(sound.supportedHead([pin(4, sound, head: other, state: "damaged")]).entry == 5)
            #expect(
                sound.supportedHead([
                    pin(2, sound),
                    Pin(bundle: "x", name: "x", manifest: "x", organization: "org-1", entry: 9, head: other),
                ]).entry == 5
            )

            var lines = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").map(String.init)
            lines[2] = lines[2].replacing(#""attempts":1"#, with: #""attempts":2"#)
            try (lines.joined(separator: "\n") + "\n").write(toFile: ledger, atomically: true, encoding: .utf8)
            // Entry 4 does not follow entry 3: one of the two was changed.
            let broken = try archive.open()
            #expect(broken.supportedHead([]).entry == 2)
            #expect(broken.supportedHead([pin(1, sound), pin(3, sound)]).entry == 1)
            #expect(broken.supportedHead([pin(3, broken)]).entry == 3)
        }
    }

    @Test func whatIsGoneIsCountedFromTheLastEntryThatBothHave() throws {
        try withFive { _, sound, _ in
            let other = String(repeating: "cd", count: 32)
            let pins = [pin(1, sound), pin(2, sound), pin(3, sound, head: other), pin(5, sound, head: other)]
            let restoration = try #require(sound.restoration(pins))
            #expect(restoration.lastCommon == 2 && restoration.entries == 3)
            #expect(restoration.pins.map(\.entry) == [3, 5])
            #expect(sound.restoration([pin(5, sound)]) == nil)
            #expect(sound.restoration([pin(5, sound, head: other, state: "damaged")]) == nil)
        }
    }

    @Test func anAcknowledgementChangesNothingElse() throws {
        try withTestArchive { archive in
            try archive.pull([line("a")])
            let before = try archive.open()
            let other = String(repeating: "cd", count: 32)
            let lost = pin(7, before, head: other)
            let restoration = try #require(before.restoration([pin(1, before), lost]))
            do {
                let writer = try archive.writer()
                let entry = try writer.acknowledge(restoration, by: "Ada", reason: "why", now: TestArchive.now)
                #expect(entry.entry == 2 && entry.kind == .acknowledgement && entry.segments.isEmpty)
            }
            let after = try archive.open()
            #expect(after.state(of: lost) == .acknowledged(2))
            #expect(after.state(of: pin(7, before, head: String(repeating: "ef", count: 32))) == .lost)
            #expect(after.lastPull == before.lastPull && after.segments == before.segments)
            #expect(try archive.discrepancies().isEmpty)
            #expect(try archive.pull([line("a")], mode: .incremental).entry == 3)
        }
    }
}
