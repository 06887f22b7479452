import Foundation
import Testing

@testable import Evidence

/// What is wrong with an archive is told, whoever looks, and nothing is added to it.
@Suite struct DamageTests {
    private static let months = ["2026-01", "2026-02", "2026-03"]

    private func withMonths(_ body: (TestArchive, String) throws -> Void) throws {
        try withTestArchive { archive in
            try archive.pull(
                Self.months.flatMap { month in (1...4).map { line("\(month)-\($0)", at: "\(month)-0\($0)T10:00:00Z") } }
            )
            try archive.pull(
                Self.months.flatMap { month in (1...4).map { line("\(month)-\($0)", at: "\(month)-0\($0)T10:00:00Z") } }
                    + [line("late", at: "2026-03-20T10:00:00Z")]
            )
            #expect(try archive.discrepancies().isEmpty)
            try body(archive, archive.root + "/org-1")
        }
    }

    private func edit(_ path: String, _ change: (inout String) -> Void) throws {
        var text = try String(contentsOfFile: path, encoding: .utf8)
        change(&text)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Damage as verify, a report and a pull tell it.
    private func expectDamage(
        _ archive: TestArchive,
        _ words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let told = try Verifier.verify(archiveAt: archive.root + "/org-1").discrepancies
        #expect(
            told.contains { $0.detail.contains(words) || $0.file.contains(words) },
            "\(told)",
            sourceLocation: sourceLocation
        )
        #expect(throws: EvidenceError.self, sourceLocation: sourceLocation) { _ = try archive.writer() }
    }

    private func faults(_ archive: TestArchive, _ range: InstantRange = .all) throws -> [String] {
        try ArchiveRoot(path: archive.root).open(organization: "org-1").examined([], in: range).ledger.faults
    }

    @Test func aNamedSegmentThatIsGoneStopsEveryWriter() throws {
        try withMonths { archive, path in
            try FileManager.default.removeItem(atPath: path + "/events/00000002.ndjson")
            try expectDamage(archive, "00000002")
            #expect(try faults(archive).contains { $0.contains("events/00000002.ndjson is missing") })
        }
    }

    @Test func aSegmentOfAnotherSizeStopsEveryWriter() throws {
        try withMonths { archive, path in
            #expect(truncate(path + "/events/00000002.ndjson", 100) == 0)
            try expectDamage(archive, "00000002")
        }
    }

    @Test(arguments: ["events", "variants", "snapshots", "staging"])
    func aRoomThatIsALinkIsDamage(room: String) throws {
        try withMonths { archive, path in
            try FileManager.default.moveItem(atPath: "\(path)/\(room)", toPath: "\(archive.root)-elsewhere")
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(room)",
                withDestinationPath: "\(archive.root)-elsewhere"
            )
            try expectDamage(archive, room)
            #expect(try !faults(archive).isEmpty)
        }
    }

    @Test func aSegmentThatIsALinkOrAPipeIsDamage() throws {
        try withMonths { archive, path in
            let segment = path + "/events/00000001.ndjson"
            try FileManager.default.moveItem(atPath: segment, toPath: archive.root + "-moved")
            try FileManager.default.createSymbolicLink(atPath: segment, withDestinationPath: archive.root + "-moved")
            try expectDamage(archive, "00000001")
            try FileManager.default.removeItem(atPath: segment)
            #expect(mkfifo(segment, 0o600) == 0)
            try expectDamage(archive, "00000001")
            #expect(throws: EvidenceError.self) { _ = try archive.ids() }
        }
    }

    @Test func anOrganizationThatIsNotTheFoldersIsDamage() throws {
        try withMonths { archive, path in
            try edit(path + "/ledger.ndjson") { text in
                let last = text.range(of: #""organization":"org-1""#, options: .backwards)
                if let last { text.replaceSubrange(last, with: #""organization":"org-2""#) }
            }
            try expectDamage(archive, "organization")
            #expect(try archive.open().organization == "org-1")
        }
    }

    @Test func swappedFoldersAreDamage() throws {
        try withMonths { archive, _ in
            _ = try archive.writer("org-2").beginImport().commit(now: TestArchive.now)
            let manager = FileManager.default
            try manager.moveItem(atPath: archive.root + "/org-1", toPath: archive.root + "/x")
            try manager.moveItem(atPath: archive.root + "/org-2", toPath: archive.root + "/org-1")
            try manager.moveItem(atPath: archive.root + "/x", toPath: archive.root + "/org-2")
            for name in ["org-1", "org-2"] {
                #expect(try !Verifier.verify(archiveAt: archive.root + "/" + name).discrepancies.isEmpty)
                #expect(throws: EvidenceError.self) { _ = try archive.writer(name) }
            }
        }
    }

    @Test(arguments: [
        "../../../etc/hostname", "events/../lock", "events/1.json", "/etc/hostname", "events/x.ndjson",
        "events/00000001.ndjson",
        "variants/00000001.ndjson", "events/99999999999999999999.ndjson",
    ])
    func aPathThatIsNoneOfTheArchiveIsDamageAndNeverOpened(file: String) throws {
        try withMonths { archive, path in
            try edit(path + "/ledger.ndjson") {
                $0 = $0.replacing("events/00000004.ndjson", with: file)
            }
            try expectDamage(archive, "ledger.ndjson")
            #expect(try archive.open().segments.allSatisfy { $0.file.hasPrefix("events/0000000") })
        }
    }

    @Test(arguments: [
        (#""count":1"#, #""count":2"#), (#""count":1"#, #""count":-1"#),
        (#""count":1"#, #""count":9223372036854775807"#),
        (#""first_at":"2026-03-20T10:00:00Z""#, #""first_at":"2026-02-20T10:00:00Z""#),
        (#""last_at":"2026-03-20T10:00:00Z""#, #""last_at":"2026-04-20T10:00:00Z""#),
        (#""bytes":210"#, #""bytes":211"#), (#""entry":2"#, #""entry":9223372036854775807"#),
        (#""new":1"#, #""new":-5"#), (#""at":"2026"#, #""at":"year"#),
    ])
    func whatAnEntryTellsOfItsSegmentIsCompared(old: String, new: String) throws {
        try withMonths { archive, path in
            var changed = false
            try edit(path + "/ledger.ndjson") { text in
                let bytes = try? Data(contentsOf: URL(fileURLWithPath: path + "/events/00000004.ndjson")).count
                let old = old.contains("bytes") ? #""bytes":\#(bytes ?? 0)"# : old
                guard let place = text.range(of: old, options: .backwards) else { return }
                text.replaceSubrange(place, with: new)
                changed = true
            }
            #expect(changed)
            #expect(try !archive.discrepancies().isEmpty)
            _ = try faults(archive)
        }
    }

    @Test(arguments: [
        (#""oldest_served":"2026"#, #""oldest_served":"year"#, "oldest"),
        (#""local":"2026"#, #""local":"year"#, "clock"), (#""server":"2026"#, #""server":"year"#, "clock"),
        (#""variant":""#, #""variant":"x"#, "content"),
    ])
    func whatIsNoTimeOrDigestIsNotBelieved(old: String, new: String, told: String) throws {
        try withTestArchive { archive in
            try archive.pull([line("a", at: "2026-03-01T10:00:00Z")])
            let session = try archive.writer().beginPull()
            try archive.stage([line("a", at: "2026-03-01T10:00:00Z", action: "other")], in: session)
            var account = archive.account(1)
            account.clock = LedgerEntry.Clock(server: TestArchive.now, local: TestArchive.now)
            _ = try session.commit(account, now: TestArchive.now)
            let path = archive.root + "/org-1/ledger.ndjson"
            #expect(try archive.discrepancies().isEmpty)
            // The last line: nothing is chained to it.
            try edit(path) { text in
                guard let place = text.range(of: old, options: .backwards) else { return }
                text.replaceSubrange(place, with: new)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains(new))
            let found = try archive.discrepancies()
            #expect(found.contains { "\($0)".contains(told) }, "\(found)")
        }
    }

    /// A month's report rests on the times that entries tell of segments it does not read.
    @Test func aSpanThatIsNotTheSegmentsHidesNoEvent() throws {
        try withMonths { archive, path in
            try edit(path + "/ledger.ndjson") { text in
                text = text.replacing("2026-03-20T10:00:00Z", with: "2026-02-20T10:00:00Z")
            }
            let march = InstantRange(
                from: Instant(rfc3339: "2026-03-01T00:00:00Z"),
                to: Instant(rfc3339: "2026-04-01T00:00:00Z")
            )
            let examined = try archive.open().examined([], in: march)
            #expect(examined.ledger.faults.contains { $0.contains("00000004") })
            var ids: [String] = []
            _ = try examined.events(in: march).forEachBlock { block in
                for index in 0..<block.count { ids.append(block[index].id.string) }
            }
            #expect(ids.last == "late")
        }
    }

    @Test(arguments: ["0026", "9926", "2027", "2025"])
    func eventsOutOfOrderAreToldAndThenPutInOrder(year: String) throws {
        try withMonths { archive, path in
            try edit(path + "/events/00000002.ndjson") { text in
                guard let place = text.range(of: "2026-02-03") else { return }
                text.replaceSubrange(place, with: "\(year)-02-03")
            }
            var examined = try archive.open().examined([], in: .all)
            #expect(throws: DisorderedSegments.self) { _ = try examined.events(in: nil).forEachBlock { _ in } }
            try examined.sortDisordered(in: .all)
            var before: Instant?
            let summary = try examined.events(in: nil).forEachBlock { block in
                for index in 0..<block.count {
                    #expect(before.map { $0 <= block[index].instant } != false)
                    before = block[index].instant
                }
            }
            #expect(summary.events == 13)
            #expect(summary.segments.filter { !$0.isIntact }.map(\.reference.file) == ["events/00000002.ndjson"])
            // Nothing rests on what is not sound: a full comparison would call the service's events altered.
            #expect(throws: EvidenceError.self) { try archive.pull([line("late")]) }
        }
    }

    @Test func evidenceWithoutALedgerIsDamageAndNoArchive() throws {
        try withMonths { archive, path in
            try FileManager.default.removeItem(atPath: path + "/ledger.ndjson")
            try expectDamage(archive, "ledger.ndjson")
            #expect(#expect(throws: EvidenceError.self) { _ = try faults(archive) }?.code == .damaged)
            #expect(try ArchiveRoot(path: archive.root).organizations() == ["org-1"])
        }
    }

    @Test func aClockThatWasSetBackIsAWarning() throws {
        try withTestArchive { archive in
            try archive.importLines([line("a")])
            let session = try archive.writer().beginImport()
            _ = try session.commit(now: TestArchive.now.adding(seconds: -3600))
            let outcome = try Verifier.verify(archiveAt: archive.root + "/org-1")
            #expect(outcome.discrepancies.isEmpty)
            #expect(outcome.warnings.count == 1)
        }
    }

    @Test func theFolderThatTheFirstVersionKeptExtractsInCanBeDeleted() throws {
        try withMonths { archive, path in
            try FileManager.default.createDirectory(atPath: path + "/cache", withIntermediateDirectories: true)
            let outcome = try Verifier.verify(archiveAt: path)
            #expect(outcome.discrepancies.isEmpty)
            #expect(outcome.notices.contains { $0.contains("cache is not used and can be deleted") })
        }
    }

    @Test func namesAreBytes() throws {
        try withMonths { archive, path in
            // 'K' as the sign for kelvin is to Unicode the letter; and a name that is no UTF-8.
            try "x".write(toFile: path + "/loc\u{212A}", atomically: true, encoding: .utf8)
            let odd = (path + "/events/0000000").utf8CString.dropLast() + [CChar(bitPattern: 0xFF), 0]
            let descriptor = odd.withUnsafeBufferPointer { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
            close(descriptor)
            #expect(try archive.discrepancies().map(\.kind) == [.added, .added])
        }
    }
}
