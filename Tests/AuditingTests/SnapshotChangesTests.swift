import Analysis
import Evidence
import Foundation
import Testing

@testable import Auditing

/// What the archived answers of the service tell of a period.
@Suite struct SnapshotChangesTests {
    private func changes(_ audit: TestAudit, _ range: InstantRange = .all) throws -> SnapshotChanges {
        let archive = try audit.archive
        return SnapshotChanges.between(
            archive,
            ArchivedSnapshot.all(of: archive, EntryTimes(archive.entries)),
            range: range
        )
    }

    @Test func differencesOfNeighboursAreToldOnce() async throws {
        try await withTestAudit(events: 3) { audit in
            try await audit.pull()
            audit.wait(seconds: 3600)
            audit.service.change {
                $0.settings = #"{"require_2fa":false,"sso_enabled":false}"#
                $0.organizations = [ScriptedService.Script.organization(members: 5)]
            }
            try await audit.pull()
            audit.wait(seconds: 3600)
            try await audit.pull()
            let found = try changes(audit)
            let isOn = found.readings.map { $0.values?["require_2fa"] == .boolean(true) }
            #expect(isOn == [true, false, false])
            let drift = try #require(found.drift([]))
            #expect(drift.differences.map(\.difference.field) == ["require_2fa"])
            #expect(drift.differences.first?.difference.before == "true")
            #expect(drift.comparisons == 2 && found.damage == [])
            #expect(found.counts.map { $0.values["member_count"] } == [3, 5, 5] && found.counted.count == 3)
        }
    }

    @Test(arguments: [
        ("true", #""true""#), ("1", #""1""#), ("null", #""null""#), (#"["a; b"]"#, #"["a","b"]"#),
        (#"{"a":1}"#, #"{"a":"1"}"#), (#""eu""#, #""eu ""#),
    ])
    func valuesThatWouldLookAlikeAreToldAsJSON(before: String, after: String) async throws {
        try await withTestAudit(events: 3) { audit in
            for value in [before, after] {
                audit.service.change { $0.settings = #"{"x":\#(value)}"# }
                try await audit.pull()
                audit.wait(seconds: 3600)
            }
            let difference = try #require(try changes(audit).drift([])?.differences.first?.difference)
            #expect(difference.before == before && difference.after == after)
        }
    }

    @Test func whomSnapshotsAroundThePeriodNameAsOwnerIsKept() async throws {
        try await withTestAudit(events: 3) { audit in
            for owner in [#""user-1""#, "null", #""user-2""#, #""user-3""#, #""user-4""#] {
                audit.service.change {
                    $0.organizations = [#"{"id":"org-1","created_at":"2026-01-01T00:00:00Z","owner_id":\#(owner)}"#]
                }
                try await audit.pull()
                audit.wait(seconds: 86_400)
            }
            #expect(try changes(audit).owners.map(\.owner) == ["user-1", "user-2", "user-3", "user-4"])
            let end = TestAudit.begin.adding(seconds: 2 * 86_400 + 10)
            let upToEnd = try changes(audit, InstantRange(from: nil, to: end))
            #expect(try upToEnd.owner == "user-2" && changes(audit).owner == "user-4")
            let owners = upToEnd.owners
            #expect(
                owners.map(\.owner) == ["user-1", "user-2", "user-3"],
                "the one behind the end may be of its last day"
            )
            #expect(owners.map(\.latest) == [0, 2, 3].map { TestAudit.begin.adding(seconds: $0 * 86_400) })
        }
    }

    @Test func thePeriodHasTheSnapshotBeforeItAndTheOneBehind() async throws {
        try await withTestAudit(events: 3) { audit in
            for isOn in [true, true, false, true] {
                audit.service.change { $0.settings = #"{"require_2fa":\#(isOn)}"# }
                try await audit.pull()
                audit.wait(seconds: 86_400)
            }
            let begin = TestAudit.begin.adding(seconds: 86_400 + 10)
            let found = try changes(audit, InstantRange(from: begin, to: begin.adding(seconds: 86_400)))
            #expect(found.readings.count == 3 && found.counted.count == 2)
            #expect(found.drift([])?.differences.count == 1 && found.driftAround([])?.differences.count == 2)
            #expect(found.spanBehind?.from == begin.adding(seconds: 86_400))
        }
    }

    @Test func theSettingsOfAPeriodAreThoseReadLastUpToItsEndElseFirstBehindIt() async throws {
        try await withTestAudit(events: 3) { audit in
            for number in 0..<3 {
                audit.service.change { $0.settings = #"{"require_2fa":true,"number":\#(number)}"# }
                try await audit.pull()
                audit.wait(seconds: 86_400)
            }
            let archive = try audit.archive
            for (from, to, number) in [
                (-2.0, -1.0, 0), (-1, 0.5, 0), (0.5, 0.6, 0), (0.5, 1.5, 1), (1.5, 1.6, 1), (1.5, 9, 2), (5, 9, 2),
            ] {
                let range = InstantRange(
                    from: TestAudit.begin.adding(seconds: Int64(from * 86_400)),
                    to: TestAudit.begin.adding(seconds: Int64(to * 86_400))
                )
                let digest = try #require(try changes(audit, range).standing?.digests[.settings])
                let text = String(decoding: try archive.snapshot(digest), as: UTF8.self)
                #expect(text.contains("\"number\":\(number)"), "\(from) to \(to): \(text)")
            }
            let digest = try #require(try changes(audit).standing?.digests[.settings])
            #expect(String(decoding: try archive.snapshot(digest), as: UTF8.self).contains(":2"))
        }
    }

    @Test func whatIsNotAsTheLedgerSaysIsTold() async throws {
        try await withTestAudit(events: 3) { audit in
            let entry = try await audit.pull().entry
            let digest = try #require(entry.snapshots?[.settings])
            try "{}".write(
                toFile: audit.archive.path + "/snapshots/\(digest).json",
                atomically: true,
                encoding: .utf8
            )
            let found = try changes(audit)
            #expect(found.damage.count == 1 && found.readings.first?.values == nil)
            #expect(found.drift([])?.unreadable.count == 1)
        }
    }

    @Test func withoutSnapshotsNothingIsKnown() async throws {
        try await withTestAudit { audit in
            let writer = try ArchiveWriter(root: audit.folder + "/archive", organization: "org-1", tool: "t")
            try TestAudit.event(1).write(toFile: audit.folder + "/e", atomically: true, encoding: .utf8)
            let session = try writer.beginImport()
            let file = try #require(FileHandle(forReadingAtPath: audit.folder + "/e"))
            try session.add(contentsOf: file.fileDescriptor, named: "e")
            _ = try session.commit(now: TestAudit.begin)
            #expect(try changes(audit).drift([]) == nil)
        }
    }
}
