import Foundation
import TestSupport
import Testing

@testable import Analysis
@testable import Auditing
@testable import Evidence
@testable import Reporting

/// The events of review.csv: those that were kept while the log was read are those that another reading finds.
@Suite struct ReviewedEventsTests {
    /// An archive as a report reads and judges it.
    private struct Judged {
        var findings: [Finding]
        var kept: ChosenEvents
        var source: EventSource

        init(_ audit: TestAudit, _ period: ReportingPeriod) throws {
            let archive = try audit.archive
            let evidence = try ExaminedEvidence.of(
                archive,
                ReportSettings(archive: audit.folder + "/archive", output: audit.folder + "/output"),
                range: period.range
            )
            let policy = ControlPolicy()
            let reading = try ArchiveReading.read(
                evidence.archive,
                period: period,
                zone: .utc,
                policy: policy,
                firstSeenSince: nil,
                keeping: .reviewable,
                now: TestAudit.begin
            )
            let judged = try Judgement.of(
                evidence,
                reading,
                period: period,
                policy: policy,
                words: .english,
                now: TestAudit.begin
            )
            (findings, kept, source) = (judged.findings, reading.reviewable, reading.source)
        }

        func rows(_ events: ChosenEvents) -> [[ExactText]] {
            let table = ReviewRows(findings, answers: [], events: events).rows
            return (0..<table.rowCount).map { table.row($0).map { ExactText($0) } }
        }

        /// The same in the plainest way: every event that a finding names is looked for among all of the period.
        func plainRows() throws -> [[ExactText]] {
            var events: [ExactText: [String]] = [:]
            try source.forEachBlockAgain { block in
                for index in 0..<block.count {
                    let event = block[index]
                    let shown = { (text: TextView) in ShownText.clipped(text) }
                    let actor = shown(event.actorEmail).isEmpty ? shown(event.actorID) : shown(event.actorEmail)
                    let name = shown(event.resourceName).isEmpty ? shown(event.resourceID) : shown(event.resourceName)
                    let resource = [shown(event.resourceType), name].filter { !$0.isEmpty }.joined(separator: " ")
                    events[ExactText(event.id.string)] = [
                        shown(event.createdAt), actor, shown(event.action), resource, shown(event.ipAddress),
                    ]
                }
            }
            return findings.filter { $0.status == .manual }.flatMap { finding in
                (finding.eventIDs.isEmpty ? [""] : finding.eventIDs).map { id in
                    let event = events[ExactText(id)] ?? Array(repeating: "", count: 5)
                    let row = [finding.id, finding.control, id] + event + [finding.detail]
                    return (row + Array(repeating: "", count: 5)).map { ExactText($0) }
                }
            }
        }
    }

    private static let actions = [
        "database.deleted", "database.created", "member.role_changed", "member.removed", "settings.updated",
        "api_key.created", "database.vanished", "",
    ]

    private func event(_ id: String, _ action: String, _ at: String, by actor: String, on resource: String) -> String {
        #"{"id":\#(id),"action":"\#(action)","actor":\#(actor),"resource":\#(resource),"ip_address":"203.0.113.1","#
            + #""created_at":"\#(at)"}"#
    }

    /// A log, newest first: ids of every length, people without address and things without name, some without a time.
    private func log(_ seed: UInt64) throws -> [String] {
        var random = SplitMix(state: seed)
        let people = [#"{"id":"u1","email":"a@b.c"}"#, #"{"id":"u2"}"#, #"{"email":"é@b.c"}"#, "{}"]
        let long = String(repeating: "ü", count: 700)
        return try (0..<Int.random(in: 1...400, using: &random)).reversed().map { number in
            let ids = ["e\(number)", "e\(number)-\(long)", "é\(number)", "e\u{301}\(number)"]
            let things = [#"{"type":"database","id":"d\#(number)","name":"n"}"#, #"{"type":"member","id":"u2"}"#, "{}"]
            let at = TestAudit.begin.adding(seconds: Int64(3600 * number - 40 * 86_400)).rfc3339
            return event(
                #""\#(try #require(ids.randomElement(using: &random)))""#,
                try #require(Self.actions.randomElement(using: &random)),
                Int.random(in: 0..<20, using: &random) == 0 ? "soon" : at,
                by: try #require(people.randomElement(using: &random)),
                on: try #require((things + [#"{"id":"\#(long)"}"#]).randomElement(using: &random))
            )
        }
    }

    @Test("Keeping events while the log is read, and looking for them afterwards, make the same rows")
    func bothWays() async throws {
        var asking: Set<String> = []
        for seed in testSeeds(1...12) {
            try await withTestAudit { audit in
                let events = try log(seed)
                audit.service.change { $0.events = events }
                try await audit.pull()
                let month = try ReportingPeriod.parse("2026-02", zone: .utc, now: TestAudit.begin)
                for period in [.all, month] {
                    let judged = try Judged(audit, period)
                    let expected = try judged.plainRows()
                    #expect(judged.rows(judged.kept) == expected, "seed \(seed), \(period.name)")
                    let again = try ReviewEvents.of(judged.findings, judged.source)
                    #expect(judged.rows(again) == expected, "seed \(seed), \(period.name)")
                    for row in expected where !row[2].text.isEmpty { asking.insert(row[1].text) }
                }
            }
        }
        #expect(isSeedGiven || asking == ["DB-DELETE", "MEM-ROLE", "ACT-UNKNOWN"])
    }

    @Test("What is kept of events whose ids look alike is the one that a finding asks to look at")
    func idsThatLookAlike() async throws {
        try await withTestAudit { audit in
            let thing = #"{"type":"database","id":"d1"}"#
            let events = [
                event("1", "database.deleted", "2026-03-02T00:00:00Z", by: #"{"id":"u2"}"#, on: thing),
                event(#""1""#, "database.created", "2026-03-01T00:00:00Z", by: #"{"id":"u1"}"#, on: thing),
            ]
            audit.service.change { $0.events = events }
            try await audit.pull()
            let judged = try Judged(audit, .all)
            let row = judged.rows(judged.kept).first { $0[2].text == "1" }
            #expect(row.map { $0[4...5].map(\.text) } == ["u2", "database.deleted"])
        }
    }
}
