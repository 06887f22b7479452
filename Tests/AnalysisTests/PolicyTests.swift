@testable import Analysis
import Evidence
import Testing

/// Waivers, action plans, drift, comparison with an earlier report, and the catalogue's mappings.
@Suite("Policy")
struct PolicyTests {
    private func facts(_ waivers: [Waiver]) throws -> JudgedFacts {
        var facts = JudgedFacts(
            readings: [
                SettingsReading(
                    at: Instant(seconds: 1_770_000_000),
                    values: ["require_2fa": .boolean(false), "sso_enabled": .boolean(false)]
                )
            ],
            period: .all,
            isComplete: true,
            incompleteBecause: [],
            proven: nil,
            anomalies: [],
            damage: [],
            segmentsChecked: 0,
            entries: 1
        )
        facts.asOf = Instant(rfc3339: "2026-11-24T12:00:00Z")
        facts.policy.waivers = waivers
        return facts
    }

    private func waiver(_ subject: String, until: String) throws -> Waiver {
        try Waiver(
            [
                "control": "ORG-MFA", "subject": subject, "reason": "Migration", "approver": "Ann", "expires": until,
            ],
            source: "waivers.yaml:1"
        )
    }

    @Test("A waiver hides nothing: the finding says who accepts it, why and until when")
    func waived() throws {
        for subject in ["require_2fa", "*"] {
            let findings = Verdicts.judge(try facts([waiver(subject, until: "2026-11-24")]))
            let finding = try #require(findings.first { $0.control == "ORG-MFA" })
            #expect(finding.status == .waived)
            #expect(finding.detail.contains("Ann") && finding.detail.contains("Migration"))
            #expect(finding.detail.contains("2026-11-24") && finding.detail.contains("was off"))
            #expect(findings.first { $0.control == "ORG-SSO" }?.status == .fail)
            #expect(!findings.contains { $0.control == "WAIVER-EXPIRED" })
        }
    }

    @Test("An expired waiver no longer counts and is itself reported; so is one that matches nothing")
    func expired() throws {
        let findings = Verdicts.judge(
            try facts([waiver("require_2fa", until: "2026-11-23"), waiver("typo", until: "2027-01-01")])
        )
        #expect(findings.first { $0.control == "ORG-MFA" }?.status == .fail)
        let about = findings.filter { $0.control == "WAIVER-EXPIRED" }
        #expect(about.map(\.subject) == ["ORG-MFA: require_2fa", "ORG-MFA: typo"])
        #expect(about.map(\.status) == [.fail, .manual])
    }

    @Test(
        "The last day of a waiver counts whole, where the report's days begin, and a period ends before its end",
        arguments: [
            ("UTC", "2026-03-31", true), ("Europe/Berlin", "2026-03-31", true),
            ("America/New_York", "2026-03-31", true),
            ("UTC", "2026-03-30", false), ("Europe/Berlin", "2026-03-30", false),
            ("America/New_York", "2026-03-30", false),
        ]
    )
    func lastDay(zone: String, until: String, isValid: Bool) throws {
        var facts = try facts([waiver("require_2fa", until: until)])
        facts.zone = try CalendarZone(name: zone)
        facts.period = try ReportingPeriod.parse("2026-03", zone: facts.zone, now: try #require(facts.asOf))
        facts.readings[0] = SettingsReading(at: Instant(seconds: 1_774_000_000), values: facts.readings[0].values)
        let findings = Verdicts.judge(facts)
        #expect(findings.first { $0.control == "ORG-MFA" }?.status == (isValid ? .waived : .fail))
        #expect(findings.contains { $0.control == "WAIVER-EXPIRED" } != isValid)
    }

    @Test("Of a period that goes on it is the day of the evidence where the report is made")
    func lastDayOfAll() throws {
        func status(_ zone: String, _ asOf: String) throws -> Status? {
            var facts = try facts([waiver("require_2fa", until: "2026-11-24")])
            (facts.zone, facts.asOf) = (try CalendarZone(name: zone), Instant(rfc3339: asOf))
            return Verdicts.judge(facts).first { $0.control == "ORG-MFA" }?.status
        }
        #expect(try status("UTC", "2026-11-24T23:59:59Z") == .waived)
        #expect(try status("UTC", "2026-11-25T00:00:00Z") == .fail)
        #expect(try status("Europe/Berlin", "2026-11-24T23:00:00Z") == .fail)
        #expect(try status("America/New_York", "2026-11-25T04:59:59Z") == .waived)
    }

    @Test("A row of a plan about other events than a finding's has an owner and a day, and accepts nothing")
    func otherEvents() throws {
        let control = try #require(ControlCatalogue.control("DB-BURST"))
        let finding = control.finding(.fail, subject: "ann", "x", eventIDs: ["evt-1", "evt-2"])
        func plan(_ events: String) throws -> [ActionPlan.Row] {
            let text =
                "finding_id,control,subject,events,owner,due,decision,reason,approver\n"
                + "\(finding.id),DB-BURST,ann,\(events),bob,2027-01-01,accept,known,bea\n"
            return try ActionPlan.read(Array(text.utf8), named: "plan.csv").rows
        }
        for (events, isAbout) in [
            ("", true), ("evt-1; evt-2", true), ("evt-2; evt-3 (+7 more)", true), ("evt-7; evt-8", false),
        ] {
            let rows = try plan(events)
            #expect(Promises(rows).promise(for: finding)?.owner == "bob", "\(events)")
            #expect(ActionPlan.unused(rows, findings: [finding]).others.isEmpty == isAbout, "\(events)")
            let waived = Waivers.apply(try ActionPlan.waivers(rows, named: "plan.csv"), to: [finding], at: nil)
            #expect(waived.map(\.status) == (isAbout ? [.waived] : [.fail, .manual]), "\(events)")
        }
        // A spreadsheet writes such ids as it likes.
        let odd = control.finding(.fail, subject: "ann", "x", eventIDs: ["0012"])
        #expect(try ActionPlan.unused(plan("12"), findings: [odd]).others.isEmpty)
    }

    @Test("A waiver of what was altered covers what it names, and nothing that is altered later")
    func alteredLater() throws {
        func judged(_ entries: [Int], events: String = "e", _ subject: String? = nil) throws -> [Finding] {
            let fields = ["control": "LOG-INTACT", "reason": "r", "approver": "b", "expires": "2099-01-01"]
            let waivers = try subject.map { try Waiver(fields.merging(["subject": $0]) { $1 }, source: "c.yaml") }
            var facts = try facts(waivers.map { [$0] } ?? [])
            facts.anomalies = entries.flatMap { entry in
                ["altered", "vanished"].map { .init(kind: $0, event: "\(events)\(entry)", entry: entry) }
            }
            return Verdicts.judge(facts).filter { ["LOG-INTACT", "WAIVER-EXPIRED"].contains($0.control) }
        }
        let known = try judged([3])
        #expect(known.map(\.status) == [.fail, .fail] && known.allSatisfy { $0.eventIDs == ["e3"] })
        let id = known[0].id
        // The same number in another archive is another one.
        #expect(try judged([3], events: "f", id).count { $0.status == .waived } == 0)
        let later = try judged([3, 7], id)
        #expect(later.count { $0.status == .waived } == 1 && later.first { $0.status == .waived }?.id == id)
        #expect(later.count { $0.status == .fail } == 3 && later.count == 4)
        for everything in ["*", "audit log", known[0].subject] {
            let open = try judged([3], everything)
            #expect(open.count { $0.status == .fail } == 2)
            let note = try #require(open.first { $0.control == "WAIVER-EXPIRED" })
            #expect(note.status == .manual && note.detail.contains("names one finding by its id"), "\(note.detail)")
            #expect(known.allSatisfy { note.detail.contains($0.id) })
        }
    }

    @Test("A waiver of the log as a whole, or of every subject, says that it covers what comes later")
    func openWaivers() throws {
        let dated = try #require(ControlCatalogue.control("LOG-DATED"))
        let burst = try #require(ControlCatalogue.control("DB-BURST"))
        let findings = [
            dated.finding(.fail, about: .auditLog, in: .english, "x"), burst.finding(.fail, subject: "ann", "x"),
        ]
        for (control, subject, isOpen) in [
            ("LOG-DATED", "audit log", true), ("DB-BURST", "*", true), ("DB-BURST", "ann", false),
        ] {
            let fields = ["control": control, "subject": subject, "reason": "r", "approver": "b"]
            let waiver = try Waiver(fields.merging(["expires": "2027-01-01"]) { $1 }, source: "c.yaml")
            let waived = Waivers.apply([waiver], to: findings, at: nil).filter { $0.status == .waived }
            #expect(waived.map(\.control) == [control])
            #expect(waived[0].detail.contains("not only what was known") == isOpen, "\(waived[0].detail)")
        }
    }

    @Test("What is not proven can't be waived")
    func unproven() throws {
        let waiver = try Waiver(
            ["control": "LOG-FRESH", "subject": "*", "reason": "x", "approver": "y", "expires": "2027-01-01"],
            source: ""
        )
        let findings = Verdicts.judge(try facts([waiver]))
        #expect(findings.first { $0.control == "LOG-FRESH" }?.status == .notProven)
    }

    @Test(
        "A waiver that lacks something or names no control is refused",
        arguments: ["control", "subject", "reason", "approver", "expires"]
    )
    func incompleteWaiver(field: String) throws {
        var fields = ["control": "ORG-MFA", "subject": "*", "reason": "x", "approver": "y", "expires": "2027-01-01"]
        fields[field] = ""
        #expect(throws: AnalysisError.self) { try Waiver(fields, source: "") }
        fields[field] = "2026-13-45"
        if field == "expires" || field == "control" {
            #expect(throws: AnalysisError.self) { try Waiver(fields, source: "") }
        }
    }

    @Test("An action plan is read as any spreadsheet saves it", arguments: [",", ";", "\t"])
    func actionPlan(delimiter: String) throws {
        let rows = [
            [
                "control", "title", "severity", "status", "subject", "remediation", "owner", "due", "decision",
                "reason", "approver",
            ],
            [
                "ORG-MFA", "t", "high", "fail", "require_2fa", "\"a \"\"b\"\"\nc\"", "Ann", "2026-12-31", "Accept",
                "Pilot", "",
            ],
            ["ORG-SSO", "t", "medium", "fail", "'=1+1", "r", "Bob", "2026-12-01", "fix", "", ""],
            ["ORG-IPALLOW", "t", "medium", "fail", "ip_allowlist_required", "r", "", "", "", "", ""],
        ]
        let text = "\u{FEFF}" + rows.map { $0.joined(separator: delimiter) }.joined(separator: "\r\n") + "\r\n"
        let plan = try ActionPlan.read(Array(text.utf8), named: "plan.csv").rows
        #expect(plan.map(\.control) == ["ORG-MFA", "ORG-SSO"])
        #expect(plan.map(\.subject) == ["require_2fa", "=1+1"])
        let waivers = try ActionPlan.waivers(plan, named: "plan.csv")
        #expect(waivers.map(\.approver) == ["Ann"])
        #expect(waivers.map(\.expiry) == ["2026-12-31"])
        #expect(Verdicts.judge(try facts(waivers)).first { $0.control == "ORG-MFA" }?.status == .waived)
    }

    @Test(
        "Mistakes in an action plan are named with their line",
        arguments: [
            "control,subject,decision\nORG-NONE,x,fix\n", "control,subject,decision\nORG-MFA,x,perhaps\n",
            "control,subject,decision\nORG-MFA,x,fix,y\n", "control,subject\nORG-MFA,\"x\n", "title\nx\n",
            "control,subject,decision\nORG-MFA,x,accept\n",
        ]
    )
    func wrongActionPlan(text: String) {
        let error = #expect(throws: AnalysisError.self) { try ActionPlan.read(Array(text.utf8), named: "plan.csv") }
        #expect(error?.summary.hasPrefix("plan.csv:") == true)
        #expect(error?.code == .configuration)
    }

    @Test("All mistakes of an action plan are told at once, each with line and column")
    func everyMistakeOfAPlanIsTold() throws {
        let header = "finding_id,control,subject,owner,due,decision,reason,approver\n"
        let rows = [
            ",NO-SUCH,x,ann,,,,", ",ORG-MFA,require_2fa,ann,soon,perhaps,,", ",ORG-SSO,sso,,,,,,and more",
            ",ORG-MFA,require_2fa,,,accept,,",
        ]
        let error = #expect(throws: AnalysisError.self) {
            try ActionPlan.read(Array((header + rows.joined(separator: "\n")).utf8), named: "plan.csv")
        }
        for place in [
            "plan.csv:2, column control: 'NO-SUCH'", "plan.csv:3, column decision: 'perhaps'",
            "plan.csv:3, column due: 'soon'",
            "plan.csv:4: 9 cells", "plan.csv:5, column reason", "plan.csv:5, column approver", "plan.csv:5, column due",
        ] { #expect(error?.summary.contains(place) == true, "\(place) in \(error?.summary ?? "")") }
        let many = header + String(repeating: ",NO-SUCH,x,ann,,,,\n", count: 40_000)
        let bounded = #expect(throws: AnalysisError.self) { try ActionPlan.read(Array(many.utf8), named: "plan.csv") }
        #expect(bounded?.summary.hasSuffix("and 39980 more") == true && (bounded?.summary.count ?? 0) < 2_000)
    }

    @Test("Nothing in a plan is dropped in silence: a due day that is none, a finding that there is none of")
    func answersWithoutFindings() throws {
        let header = "finding_id,control,subject,owner,due\n"
        #expect(throws: AnalysisError.self) {
            try ActionPlan.read(Array((header + ",ORG-MFA,require_2fa,ann,soon\n").utf8), named: "plan.csv")
        }
        let findings = Verdicts.judge(try facts([]))
        let id = try #require(findings.first { $0.control == "ORG-MFA" }?.id)
        let text =
            header
            + "\(id),ORG-MFA,another name,ann,\n,ORG-SSO,sso_enabled,ann,2026-12-31\n"
            + "f-000000000000,ORG-MFA,require_2fa,bob,\n,ORG-MFA,nobody,bob,\n"
        let rows = try ActionPlan.read(Array(text.utf8), named: "plan.csv").rows
        #expect(ActionPlan.unused(rows, findings: findings).missing.map(\.source) == ["plan.csv:4", "plan.csv:5"])
    }

    @Test("Differences need an event, events need a difference")
    func drift() throws {
        let times = [100, 200, 300].map { Instant(seconds: Int64($0)) }
        let difference = SettingsDrift.Difference(
            kind: "setting",
            field: "sso_enabled",
            before: "true",
            after: "false",
            from: times[0],
            to: times[1]
        )
        func event(_ id: String, _ at: Int64) -> WatchedLog.SettingsEvent {
            WatchedLog.SettingsEvent(event: id, at: Instant(seconds: at), actor: "ann")
        }
        func status(_ drift: SettingsDrift?) throws -> [Status] {
            var facts = try facts([])
            facts.proven = InstantRange(from: Instant(seconds: 0), to: Instant(seconds: 500))
            facts.drift = drift
            return Verdicts.judge(facts).filter { $0.control == "SET-DRIFT" }.map(\.status)
        }
        let explained = SettingsDrift(snapshots: times, differences: [difference], events: [event("e1", 150)])
        #expect(explained.differences.first?.events.map(\.event) == ["e1"])
        #expect(try status(explained) == [.pass])
        #expect(try status(SettingsDrift(snapshots: times, differences: [difference], events: [])) == [.fail])
        let idle = SettingsDrift(
            snapshots: times,
            differences: [difference],
            events: [event("e1", 150), event("e2", 250)]
        )
        #expect(idle.idleEvents.map(\.event) == ["e2"])
        #expect(try status(idle) == [.notProven])
        // An event in the second of a snapshot may stand on either side of it.
        let edge = SettingsDrift(snapshots: times, differences: [difference], events: [event("e1", 200)])
        #expect(try status(edge) == [.pass])
        // Before the first snapshot and behind the last there is nothing to compare with.
        let outside = SettingsDrift(snapshots: times, differences: [], events: [event("e1", 50), event("e2", 400)])
        #expect(try status(outside) == [.pass])
        #expect(try status(SettingsDrift(snapshots: [times[0]], differences: [], events: [])) == [.notProven])
        #expect(try status(nil) == [.notProven])
    }

    @Test("An event explains what differs around it, but no owner; more events than differences are told")
    func driftOfSeveral() throws {
        let times = [100, 200].map { Instant(seconds: Int64($0)) }
        func difference(_ field: String, _ kind: String = "setting") -> SettingsDrift.Difference {
            SettingsDrift.Difference(kind: kind, field: field, before: "a", after: "b", from: times[0], to: times[1])
        }
        let events = [110, 120, 130].map {
            WatchedLog.SettingsEvent(event: "e\($0)", at: Instant(seconds: $0), actor: "ann")
        }
        func judged(_ differences: [SettingsDrift.Difference], _ count: Int) throws -> (SettingsDrift, [Finding]) {
            let drift = SettingsDrift(snapshots: times, differences: differences, events: Array(events.prefix(count)))
            var facts = try facts([])
            facts.proven = InstantRange(from: Instant(seconds: 0), to: Instant(seconds: 500))
            facts.drift = drift
            return (drift, Verdicts.judge(facts).filter { $0.control == "SET-DRIFT" })
        }
        let (owner, plan) = (difference("owner_id", "organization"), difference("plan", "organization"))
        let (mfa, tier) = (difference("require_2fa"), difference("default_tier"))

        let several = try judged([mfa, tier, plan], 1)
        #expect(several.1.map(\.status) == [.pass] && several.0.unexplained.isEmpty)
        let told = try #require(several.1.first?.detail)
        #expect(told.contains("3 differences; 1 event between the readings says"), "\(told)")

        let transferred = try judged([mfa, owner], 1)
        #expect(transferred.1.map(\.status) == [.notProven] && transferred.1[0].subject == "owner_id")
        #expect(transferred.0.differences.map(\.events.count) == [1, 0])
        let alone = try judged([owner], 1)
        #expect(Set(alone.1.map(\.subject)) == ["owner_id", "settings.updated"] && alone.0.unexplained.count == 1)

        // What differs in the organization explains its event, and says nothing of the settings.
        let moved = try judged([plan], 1)
        #expect(moved.1.map(\.status) == [.pass] && moved.0.unexplained.map(\.event) == ["e110"])
        #expect(try judged([plan, tier], 2).0.unexplained.map(\.event) == ["e110", "e120"])

        #expect(try judged([mfa, tier], 2).1.map(\.status) == [.pass])
        let surplus = try judged([mfa, tier], 3)
        #expect(surplus.1.map(\.status) == [.notProven])
        #expect(surplus.1[0].eventIDs == ["e110", "e120", "e130"] && surplus.0.unexplained.count == 3)
    }

    @Test("Which events are more than the differences is told from pair to pair of snapshots")
    func surplusOfPairs() {
        let times = [100, 200, 300].map { Instant(seconds: Int64($0)) }
        func unexplained(_ differences: [(Int, Int)], _ events: [Int64]) -> [Int64] {
            SettingsDrift(
                snapshots: times,
                differences: differences.map { from, to in
                    SettingsDrift.Difference(
                        kind: "setting",
                        field: "f",
                        before: "a",
                        after: "b",
                        from: times[from],
                        to: times[to]
                    )
                },
                events: events.map { .init(event: "e", at: Instant(seconds: $0), actor: "ann") }
            )
            .unexplained.map(\.at.seconds)
        }
        #expect(unexplained([(0, 1), (0, 1), (1, 2)], [150, 250, 260]) == [250, 260])
        // The second of a snapshot is of both pairs.
        #expect(unexplained([(0, 1), (1, 2)], [150, 200]) == [])
        #expect(unexplained([(0, 1), (1, 2)], [200, 250]) == [])
        #expect(unexplained([(1, 2), (0, 1)], [150, 200, 250]) == [150, 200, 250])
        // A field that was gone for a time is compared with what it was before.
        #expect(unexplained([(0, 2), (0, 1)], [150, 250]) == [])
        #expect(unexplained([(0, 2), (0, 1)], [250]) == [])
    }

    @Test("Findings are new, closed or still open by control and subject")
    func comparison() throws {
        let findings = Verdicts.judge(try facts([]))
        let previous = [
            FindingComparison.Key(control: "ORG-MFA", subject: "require_2fa", status: "not_proven", severity: "high"),
            FindingComparison.Key(control: "KEY-AGE", subject: "deploy (key-1)", status: "fail", severity: "medium"),
            FindingComparison.Key(control: "LOG-FRESH", subject: "audit log", status: "pass", severity: "medium"),
        ]
        let comparison = FindingComparison(previous: previous, current: findings)
        #expect(comparison.open.map(\.control).contains("ORG-MFA"))
        #expect(comparison.closed.map(\.control) == ["KEY-AGE"])
        #expect(comparison.new.map(\.control).contains("LOG-FRESH"))
        #expect(comparison.new.map(\.control).contains("ORG-SSO"))
    }

    @Test("Things are seen for the first time once, and not when they were there before the period")
    func firstSeen() throws {
        let period = try #require(LogControlTests.period)
        let events = [
            LogControlTests.event("database.created", day: -30),
            LogControlTests.event("database.resized"),
            LogControlTests.event(
                "database.created",
                by: ("user-2", ""),
                on: ("database", "db-2", "new"),
                from: "192.0.2.7"
            ),
            LogControlTests.event(
                "database.resized",
                by: ("user-2", ""),
                on: ("database", "db-2", "new"),
                day: 1,
                from: "192.0.2.7"
            ),
        ]
        let log = try watch(events, policy: ControlPolicy(), period: period, since: period.range.from)
        #expect(log.firstSeen.map(\.kind) == ["actor", "address", "resource"])
        #expect(log.firstSeen.map(\.subject) == ["user-2", "192.0.2.7", "database new"])
        #expect(try watch(events, policy: ControlPolicy(), period: period).firstSeen.isEmpty)
    }

    /// The mappings a second time, by hand, from the standards themselves where they say enough.
    @Test(
        "The mappings are those of the standards",
        arguments: [
            ("ORG-MFA", "CC6.1 | A.5.17 A.8.5 | IA-2(1) IA-2(2) | 6.3 6.5 | 8.4.1 8.4.2 | 164.312(d)"),
            ("ORG-SSO", "CC6.1 | A.5.16 A.8.5 | IA-2(10) AC-2(1) | 5.6 6.7 | 8.2.1 | 164.312(d)"),
            ("ORG-IPALLOW", "CC6.6 | A.8.20 A.8.3 | SC-7(5) AC-17 | 3.3 | | 164.312(e)(1)"),
            ("ORG-REGIONS", "C1.1 | A.5.31 A.5.34 A.5.23 | SA-9(5) | | |"),
            ("KEY-ORPHAN", "CC6.2 CC6.3 | A.5.18 A.6.5 | PS-4 AC-2(3) IA-5 | 6.2 5.3 | 8.2.5 | 164.308(a)(3)(ii)(C)"),
            ("KEY-AGE", "CC6.1 | A.5.17 | IA-5 | 5.5 | 8.6.3 | 164.308(a)(5)(ii)(D)"),
            ("MEM-GHOST", "CC6.2 CC6.3 | A.5.18 A.6.5 | PS-4 AC-2(3) | 6.2 | 8.2.5 | 164.308(a)(3)(ii)(C)"),
            ("MEM-SELF", "CC6.3 | A.5.3 A.8.2 | AC-5 AC-6 | 6.8 5.4 | 7.2.4 | 164.308(a)(4)(ii)(C)"),
            (
                "MEM-ROLE",
                "CC6.3 CC6.2 | A.5.18 A.8.2 | AC-6(7) AC-2 AC-6(9) | 6.8 5.4 | 7.2.4 10.2.1.2 | 164.308(a)(4)(ii)(C)"
            ),
            (
                "DB-DELETE",
                "CC7.2 CC7.3 | A.8.16 A.8.10 | AU-6 AC-6(9) CP-9 | 8.11 | 10.2.1.7 10.4.1.1 | 164.308(a)(1)(ii)(D)"
            ),
            ("DB-BURST", "CC7.2 CC7.3 | A.8.16 | AU-6 SI-4 | 8.11 | 10.2.1.7 10.4.1.1 | 164.308(a)(1)(ii)(D)"),
            ("OFF-HOURS", "CC7.2 | A.8.16 | AU-6 AC-6(9) | 8.11 | 10.2.1.2 10.4.1.1 | 164.308(a)(1)(ii)(D)"),
            ("NEW-IP", "CC7.2 CC6.6 | A.8.16 | AU-6 SI-4 | 8.11 | 10.4.1.1 | 164.308(a)(1)(ii)(D)"),
            ("ACT-UNKNOWN", "CC7.2 | A.8.15 | AU-2 | 8.5 | 10.2.2 | 164.312(b)"),
            ("ACT-ANON", "CC7.2 | A.8.15 | AU-3 | 8.5 | 10.2.2 | 164.312(a)(2)(i) 164.312(b)"),
            ("LOG-COMPLETE", "CC7.2 | A.8.15 A.5.28 | AU-9 AU-12 | 8.1 8.9 | 10.3.2 | 164.312(b)"),
            (
                "LOG-INTACT",
                "CC7.2 | A.8.15 A.5.33 | AU-9(3) AU-10 SI-7 | 8.9 | 10.3.2 10.3.4 | 164.312(c)(1) 164.312(c)(2)"
            ),
            ("LOG-DATED", "CC7.2 | A.8.15 A.8.17 | AU-8 AU-3 | 8.4 8.5 | 10.2.2 10.6.1 | 164.312(b)"),
            ("LOG-FRESH", "CC7.2 | A.8.15 A.8.16 | AU-6 CA-7 | 8.2 8.11 | 10.3.3 | 164.312(b)"),
            ("LOG-RUNS", "CC7.2 | A.8.15 A.8.16 | AU-12 CA-7 | 8.2 | 10.7.2 | 164.312(b)"),
            ("LOG-RETENTION", "CC7.2 | A.5.33 A.8.15 | AU-11 | 8.10 8.3 | 10.5.1 | 164.312(b)"),
            ("SET-DRIFT", "CC7.1 CC8.1 | A.8.9 A.8.32 | CM-2 CM-3 CM-6(1) | 4.1 | 10.7.2 | 164.308(a)(8)"),
            ("WAIVER-EXPIRED", "| A.5.36 | CA-7 | | |"),
        ]
    )
    func mappings(id: String, expected: String) throws {
        let control = try #require(ControlCatalogue.control(id))
        let names = ["SOC 2", "ISO 27001:2022", "NIST 800-53r5", "CIS v8", "PCI DSS v4", "HIPAA"]
        let columns = expected.split(separator: "|", omittingEmptySubsequences: false)
        for (name, column) in zip(names, columns) {
            let ids = column.split(separator: " ").map(String.init)
            #expect(control.frameworks.filter { $0.name == name }.map(\.id) == ids, "\(id) \(name)")
        }
        #expect(control.frameworks.allSatisfy { names.contains($0.name) })
    }
}
