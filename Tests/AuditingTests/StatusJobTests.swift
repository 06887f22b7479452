import Analysis
import Auditing
import CloudHeed
import Evidence
import Foundation
import Publishing
import TestSupport
import Testing

/// What is said of an archive from its ledger and the newest report's manifest, and the metrics made of it.
@Suite struct StatusJobTests {
    private func status(_ audit: TestAudit, _ change: (inout StatusJob) -> Void = { _ in }) throws -> ArchiveStatus {
        var job = StatusJob(archive: audit.folder + "/archive", output: audit.folder + "/output")
        change(&job)
        let found = try job.run(organization: nil, now: audit.context.now())
        return try #require(found.first)
    }

    private func kinds(_ status: ArchiveStatus) -> [ArchiveStatus.Alarm.Kind] { status.alarms.map(\.kind) }

    @Test func saysWhatIsArchivedProvenAndReported() async throws {
        try await withTestAudit(events: 20) { audit in
            let none = #expect(throws: EvidenceError.self) { try status(audit) }
            #expect(none?.code == .notFound)
            try await audit.pull()
            let pulled = try status(audit)
            #expect(pulled.organization == "org-1" && pulled.name == "Acme" && pulled.events == 20)
            #expect(pulled.entries == 1 && pulled.report == nil && pulled.alarms == [] && pulled.proven != nil)
            let outcome = try audit.report()
            audit.wait(seconds: 3600)
            try await audit.pull()
            let reported = try status(audit)
            let report = try #require(reported.report)
            #expect(report.path == outcome.bundle?.path && report.entriesSince == 1 && report.eventsSince == 0)
            let failed = outcome.findings.count { [.fail, .notProven].contains($0.status) }
            #expect(Severity.allCases.reduce(0) { $0 + report.open($1) } == failed && report.new == nil)
            #expect(reported.age(audit.context.now()) == 0)
            try audit.report()
            #expect(try status(audit).report?.new?.isEmpty == true)
        }
    }

    @Test func anAgeAndAScheduleAlarm() async throws {
        try await withTestAudit(events: 3) { audit in
            try await audit.pull()
            let schedule = RunSchedule(every: 86_400)
            audit.wait(seconds: 95_000)
            #expect(
                try kinds(
                    status(audit) {
                        $0.maxAge = 95_000; $0.schedule = schedule
                    }
                ) == []
            )
            #expect(try kinds(status(audit) { $0.maxAge = 94_999 }) == [.stale])
            audit.wait(seconds: 41)
            #expect(try kinds(status(audit) { $0.schedule = schedule }) == [.overdue])
        }
    }

    @Test func aPullThatAWrongClockDatedIsNeverYoung() async throws {
        try await withTestAudit(events: 3) { audit in
            audit.wait(seconds: 3600)
            try await audit.pull()
            func found(_ secondsAgo: Int64, maxAge: Int64? = 93_600) throws -> ArchiveStatus {
                var job = StatusJob(archive: audit.folder + "/archive", output: audit.folder + "/output")
                (job.maxAge, job.schedule) = (maxAge, RunSchedule(every: 86_400))
                let now = audit.context.now().adding(seconds: secondsAgo)
                return try #require(try job.run(organization: nil, now: now).first)
            }
            #expect(try kinds(found(-300)) == [])
            #expect(try kinds(found(-301)) == [.ahead] && kinds(found(-301, maxAge: nil)) == [.ahead])
            #expect(try found(-400 * 86_400).alarms.first?.text.contains("in the future") == true)
            let metrics = RunMetrics.text(
                RunRecord(command: "run", began: .init(seconds: 0), ended: .init(seconds: 0), status: 0, cost: .init()),
                [try found(-301)]
            )
            #expect(metrics.contains(#"kind="ahead"} 1"#))
            // One behind it that is complete and dated right puts it right.
            audit.wait(seconds: -3600)
            #expect(try kinds(found(0)) == [.ahead])
            try await audit.pull()
            #expect(try kinds(found(0)) == [])
        }
    }

    @Test func whatVanishedAlarmsUntilSomebodyAcceptsIt() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            try audit.report()
            audit.service.change { $0.events.remove(at: 3) }
            audit.wait(seconds: 3600)
            try await audit.pull { $0.full = true }
            #expect(try kinds(status(audit)).contains(.vanished))
            let told = try audit.report().findings.first { $0.control == "LOG-INTACT" }
            let id = try #require(told).id
            #expect(try kinds(status(audit)).contains(.vanished))
            let waiver = try Waiver(
                [
                    "control": "LOG-INTACT", "subject": id, "reason": "the service says why", "approver": "Bea",
                    "expires": "2027-01-01",
                ],
                source: "test"
            )
            try audit.report { $0.policy.waivers = [waiver] }
            #expect(try !kinds(status(audit)).contains(.vanished))
        }
    }

    @Test func whatSomebodyAcceptedIsCountedNoMore() async throws {
        try await withTestAudit(events: 20) { audit in
            func alter(_ number: Int) async throws {
                audit.service.change {
                    $0.events[number] = $0.events[number].replacing("203.0.113.1", with: "203.0.113.9")
                }
                audit.wait(seconds: 3600)
                try await audit.pull { $0.full = true }
            }
            func told() throws -> [String] {
                try status(audit).alarms.filter { $0.kind == .altered }.map(\.text)
            }
            let one = "1 event changed at the service after being archived"
            try await audit.pull()
            try await alter(3)
            let first = try #require(try audit.report().findings.first { $0.control == "LOG-INTACT" })
            #expect(try told() == [one])
            let waiver = try Waiver(
                [
                    "control": "LOG-INTACT", "subject": first.id, "reason": "r", "approver": "Bea",
                    "expires": "2027-01-01",
                ],
                source: "test"
            )
            try audit.report { $0.policy.waivers = [waiver] }
            #expect(try told() == [])
            try await alter(4)
            #expect(try told() == [one], "the newest report knows nothing of it")
            try audit.report { $0.policy.waivers = [waiver] }
            #expect(try told() == [one], "what the report has as a fail")
            try audit.report()
            #expect(try told() == [one.replacing("1 event", with: "2 events")])
            // Reports of the version before had one finding of all that was altered, known by what it is.
            let latest = try #require(try status(audit).report)
            let file = latest.path + "/manifest.json"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let old = "f-" + String(Digest.sha256("LOG-INTACT\u{0}altered".utf8).prefix(12))
            let second = try #require(latest.manifest.openFindings?.last { $0.control == "LOG-INTACT" }?.id)
            try text.replacing(first.id, with: old).replacing(second, with: old)
                .write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try told() == [one.replacing("1 event", with: "2 events")])
        }
    }

    @Test func damageAndRestoredArchivesAlarm() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            let ledger = audit.folder + "/archive/org-1/ledger.ndjson"
            let first = try Data(contentsOf: URL(fileURLWithPath: ledger))
            audit.wait(seconds: 3600)
            try await audit.pull()
            try audit.report()
            try first.write(to: URL(fileURLWithPath: ledger))
            #expect(try kinds(status(audit)) == [.restored])
            let segments = audit.folder + "/archive/org-1/events"
            let segment = try #require(try FileManager.default.contentsOfDirectory(atPath: segments).first)
            try FileManager.default.removeItem(atPath: "\(segments)/\(segment)")
            #expect(try kinds(status(audit)).contains(.damaged))
        }
    }

    @Test func anOrganizationThatCannotBeReadHidesNoOther() async throws {
        try await withTestAudit(events: 3) { audit in
            try await audit.pull()
            let other = audit.folder + "/archive/a-first"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: other + "/ledger.ndjson", withIntermediateDirectories: true)
            let job = StatusJob(archive: audit.folder + "/archive", output: audit.folder + "/output")
            let found = try job.run(organization: nil, now: audit.context.now())
            #expect(found.map(\.organization) == ["a-first", "org-1"] && found[1].alarms == [])
            #expect(!found[0].alarms.isEmpty)
            #expect(try job.run(organization: "org-1", now: audit.context.now()).map(\.organization) == ["org-1"])
            #expect(throws: EvidenceError.self) { try job.run(organization: "org-2", now: audit.context.now()) }
        }
    }

    @Test func metricsSayTheSame() async throws {
        try await withTestAudit(events: 20) { audit in
            try await audit.pull()
            try audit.report()
            let now = audit.context.now()
            var found = try status(audit)
            found.organization = "a\"b\\c\nd"
            let cost = ServiceClient.Counters(requests: 7, retries: 2, throttled: 1)
            let run = RunRecord(command: "run", began: now, ended: now.adding(seconds: 5), status: 0, cost: cost)
            let lines = RunMetrics.text(run, [found]).split(separator: "\n").map(String.init)
            let label = #"organization="a\"b\\c\nd""#
            #expect(lines.contains(#"heedaudit_run_throttled{command="run"} 1"#))
            #expect(lines.contains(#"heedaudit_run_duration_seconds{command="run"} 5"#))
            #expect(lines.contains("heedaudit_events{\(label)} 20"))
            #expect(lines.contains(#"heedaudit_alarms{\#(label),kind="vanished"} 0"#))
            #expect(
                lines.contains { $0.hasPrefix(#"heedaudit_findings{\#(label),severity="medium",verdict="fail"} "#) }
            )
            // A report says nothing of what became of the last pull; a run does.
            let file = audit.folder + "/m.prom"
            try (RunMetrics.text(run, [found]) + "heedaudit_run_status{command=\"x} 1\nnode_x{command=\"run\"} 1\n")
                .write(toFile: file, atomically: true, encoding: .utf8)
            let before = RunMetrics.Samples(file: file)
            var report = run
            report.command = "report"
            let both = RunMetrics.text(report, [found], before: before)
            #expect(both.components(separatedBy: "heedaudit_run_status{command=").count == 3)
            #expect(both.components(separatedBy: "heedaudit_events{").count == 2 && !both.contains("node_x"))
            #expect(RunMetrics.text(run, [found], before: before) == RunMetrics.text(run, [found]))
            let listed = RunMetrics.text([(run, "b")], [], listed: ["a\"b\\c\nd"], before: before)
            #expect(listed.contains("heedaudit_events{\(label)} 20") && !listed.contains(#"{command="run"}"#))
            let failed = RunMetrics.text(run, [])
            #expect(failed.contains("heedaudit_run_status") && !failed.contains("organization"))
        }
    }
}
