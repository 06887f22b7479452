@testable import Analysis
import Evidence
import TestSupport
import Testing

/// Each control over the log, case by case: what fails, what passes, what is not proven, and where the border lies.
@Suite("Controls over the log")
struct LogControlTests {
    /// March 2026, proven from the organization's creation on.
    static let period = try? ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc)
    static let seconds = Instant(rfc3339: "2026-03-10T10:00:00Z")?.seconds ?? 0

    static func event(
        _ action: String,
        by actor: (id: String, mail: String) = ("user-1", "ann@example.com"),
        on resource: (type: String, id: String, name: String) = ("database", "db-1", "orders"),
        day: Int64 = 0,
        minute: Int64 = 0,
        from address: String = "192.0.2.1"
    ) -> PlainEvent {
        let at = seconds + day * 86_400 + minute * 60
        return PlainEvent(
            id: "evt-\(at)-\(action)-\(actor.id)-\(resource.id)",
            seconds: at,
            action: action,
            actorID: actor.id,
            actorEmail: actor.mail,
            resourceType: resource.type,
            resourceID: resource.id,
            resourceName: resource.name,
            address: address
        )
    }

    private func judge(
        _ events: [PlainEvent],
        policy: ControlPolicy = ControlPolicy(),
        _ change: (inout JudgedFacts) throws -> Void = { _ in }
    ) throws -> [String: [Finding]] {
        let period = try #require(Self.period)
        var facts = JudgedFacts(
            period: period,
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(
                from: Instant(rfc3339: "2026-01-01T00:00:00Z"),
                to: Instant(rfc3339: "2026-04-01T00:00:00Z")
            ),
            anomalies: [],
            damage: [],
            segmentsChecked: 1,
            entries: 1
        )
        facts.asOf = Instant(rfc3339: "2026-04-01T00:05:00Z")
        facts.pulledAt = facts.asOf
        facts.organizationCreated = Instant(rfc3339: "2026-01-01T00:00:00Z")
        facts.policy = policy
        facts.log = try watch(events, policy: policy, period: period)
        try change(&facts)
        return Dictionary(grouping: Verdicts.judge(facts), by: \.control)
    }

    private func status(_ control: String, _ findings: [String: [Finding]]) -> [Status] {
        (findings[control] ?? []).map(\.status)
    }

    private static let key = (type: "api_key", id: "key-1", name: "deploy")
    private static let ann = (type: "member", id: "user-1", name: "ann@example.com")
    private static let boss = (id: "user-0", mail: "boss@example.com")

    // MARK: Keys

    @Test("A key whose creator was removed is orphaned until it is revoked, by whomever")
    func orphans() throws {
        let created = Self.event("api_key.created", on: Self.key)
        let removed = Self.event("member.removed", by: Self.boss, on: Self.ann, day: 1)
        let found = try judge([created, removed])
        #expect(status("KEY-ORPHAN", found) == [.fail])
        #expect(found["KEY-ORPHAN"]?.first?.eventIDs == [created.id, removed.id])
        #expect(found["KEY-ORPHAN"]?.first?.subject == "deploy (key-1)")
        let revoked = Self.event("api_key.revoked", by: Self.boss, on: Self.key, day: 2)
        #expect(status("KEY-ORPHAN", try judge([created, removed, revoked])) == [.pass])
        let invited = Self.event("member.invited", by: Self.boss, on: Self.ann, day: 2)
        #expect(status("KEY-ORPHAN", try judge([created, removed, invited])) == [.fail])
        #expect(status("KEY-ORPHAN", try judge([created])) == [.pass])
    }

    @Test("Removed members are matched by id, else by e-mail whatever its case")
    func matching() throws {
        let created = Self.event("api_key.created", on: Self.key)
        for resource in [
            (type: "member", id: "user-1", name: ""), ("member", "", "ANN@Example.com"),
            ("member", "Ann@example.com", ""),
        ] {
            let removed = Self.event("member.removed", by: Self.boss, on: resource, day: 1)
            #expect(status("KEY-ORPHAN", try judge([created, removed])) == [.fail], "\(resource)")
        }
        let stranger = Self.event("member.removed", by: Self.boss, on: ("member", "m-77", "who@example.com"), day: 1)
        let found = try judge([created, stranger])
        #expect(status("KEY-ORPHAN", found) == [.notProven])
        #expect(found["KEY-ORPHAN"]?.first?.detail.contains("who@example.com") == true)
    }

    @Test("Keys of before the period count")
    func history() throws {
        let created = Self.event("api_key.created", on: Self.key, day: -60)
        let removed = Self.event("member.removed", by: Self.boss, on: Self.ann)
        #expect(status("KEY-ORPHAN", try judge([created, removed])) == [.fail])
    }

    @Test(
        "Keys are too old on the day after the threshold",
        arguments: [(90, Status.pass), (91, .fail)] as [(Int64, Status)]
    )
    func age(days: Int64, expected: Status) throws {
        // The period ends on 1 April at midnight; the event is at 10 in the morning, so a day is not full until then.
        let day = 21 - days
        let found = try judge([Self.event("api_key.created", on: Self.key, day: day)]) {
            $0.proven?.from = Instant(rfc3339: "2025-12-01T00:00:00Z")
        }
        #expect(status("KEY-AGE", found) == [expected])
    }

    @Test("A threshold can be changed, but not past its limit")
    func thresholds() throws {
        let created = Self.event("api_key.created", on: Self.key, day: -30)
        #expect(status("KEY-AGE", try judge([created], policy: ControlPolicy(thresholds: ["KEY-AGE": 20]))) == [.fail])
        #expect(status("KEY-AGE", try judge([created], policy: ControlPolicy(thresholds: ["KEY-AGE": 365]))) == [.pass])
        let loose = try judge([], policy: ControlPolicy(thresholds: ["KEY-AGE": 366]))
        #expect(status("KEY-AGE", loose) == [.fail])
        #expect(loose["KEY-AGE"]?.first?.detail.contains("365") == true)
        #expect(
            loose["KEY-AGE"]?.first?.remediation == "Set thresholds.KEY-AGE in the configuration to at most 365 days."
        )
        #expect(
            status("LOG-RETENTION", try judge([], policy: ControlPolicy(thresholds: ["LOG-RETENTION": 6]))) == [.fail]
        )
        #expect(throws: AnalysisError.self) { try ControlPolicy.thresholds(["KEY-AGE": "soon"]) }
        #expect(throws: AnalysisError.self) { try ControlPolicy.thresholds(["ORG-MFA": "3"]) }
        #expect(try ControlPolicy.thresholds(["DB-BURST": "7"]) == ["DB-BURST": 7])
    }

    // MARK: Members and databases

    @Test("Nobody changes their own role, by id or by e-mail")
    func ownRole() throws {
        let own = Self.event("member.role_changed", on: Self.ann)
        let found = try judge([own])
        #expect(status("MEM-SELF", found) == [.fail])
        #expect(found["MEM-SELF"]?.first?.eventIDs == [own.id])
        #expect(found["MEM-SELF"]?.first?.subject == "ann@example.com (user-1)")
        let byMail = Self.event("member.role_changed", on: ("member", "m-1", "ANN@example.com"))
        #expect(status("MEM-SELF", try judge([byMail])) == [.fail])
        let other = Self.event("member.role_changed", on: ("member", "user-2", "bob@example.com"))
        let fine = try judge([other])
        #expect(status("MEM-SELF", fine) == [.pass])
        #expect(status("MEM-ROLE", fine) == [.manual])
        #expect(fine["MEM-ROLE"]?.first?.eventIDs == [other.id])
    }

    @Test(
        "A burst is so many deletions by one person within ten minutes",
        arguments: [(4, 1, Status.pass), (5, 1, .fail), (5, 3, .pass), (6, 2, .fail)]
    )
    func bursts(count: Int, minutesApart: Int64, expected: Status) throws {
        let events = (0..<count).map { index in
            Self.event("database.deleted", on: ("database", "db-\(index)", ""), minute: Int64(index) * minutesApart)
        }
        let found = try judge(events)
        #expect(status("DB-BURST", found) == [expected])
        #expect(status("DB-DELETE", found) == [.manual])
        if expected == .fail { #expect(found["DB-BURST"]?.first?.eventIDs.count == count) }
        let byTwo = events.enumerated().map { index, event in
            var event = event
            if index.isMultiple(of: 2) { (event.actorID, event.actorEmail) = ("user-2", "bob@example.com") }
            return event
        }
        #expect(status("DB-BURST", try judge(byTwo)) == [.pass])
    }

    @Test("Deletions have a row where a finding shows them: the first ones, and those that a burst begins with")
    func rowsOfDeletions() throws {
        // One each hour, and then twenty in as many seconds.
        let minutes = (0..<30).map { Int64($0) * 60 } + [Int64](repeating: 3000, count: 20)
        let events = minutes.enumerated().map { index, minute in
            Self.event("database.deleted", on: ("database", "db-\(index)", ""), minute: minute)
        }
        let log = try watch(inOrder(events), policy: ControlPolicy(), period: .all)
        let shown = inOrder(events).enumerated().filter { log.rows[$0.element.id] != nil }.map(\.offset)
        #expect(shown == Array(0..<12) + Array(30..<42))
        #expect(shown.allSatisfy { log.rows[inOrder(events)[$0].id] == $0 + 1 })
        #expect(log.bursts.map(\.eventIDs.count) == [20])
    }

    // MARK: When, from where, what, by whom

    @Test("Working hours are reckoned in their time zone, weekends and nights done right")
    func offHours() throws {
        let berlin = try WorkingHours(days: "mon-fri", from: "08:00", to: "18:00", timeZone: "Europe/Berlin")
        let night = try WorkingHours(days: "fri", from: "22:00", to: "06:00", timeZone: "UTC")
        let cases: [(WorkingHours, String, Bool)] = [
            // 29 March 2026 is when the clocks of Berlin go forward.
            (berlin, "2026-03-27T16:59:59Z", true), (berlin, "2026-03-27T17:00:00Z", false),
            (berlin, "2026-03-30T15:59:59Z", true), (berlin, "2026-03-30T16:00:00Z", false),
            (berlin, "2026-03-27T07:00:00Z", true), (berlin, "2026-03-27T06:59:59Z", false),
            (berlin, "2026-03-28T11:00:00Z", false), (berlin, "2026-03-29T11:00:00Z", false),
            (night, "2026-03-27T22:00:00Z", true), (night, "2026-03-28T05:59:00Z", true),
            (night, "2026-03-28T06:00:00Z", false), (night, "2026-03-28T22:30:00Z", false),
            (night, "2026-03-27T05:00:00Z", false),
        ]
        for (hours, time, isInside) in cases {
            var event = Self.event("settings.updated")
            event.seconds = try #require(Instant(rfc3339: time)).seconds
            let found = try judge([event], policy: ControlPolicy(workingHours: hours))
            #expect(status("OFF-HOURS", found) == [isInside ? .pass : .fail], "\(time)")
        }
        var plain = Self.event("database.resized")
        plain.seconds = Self.seconds + 14 * 3600
        #expect(status("OFF-HOURS", try judge([plain], policy: ControlPolicy(workingHours: berlin))) == [.pass])
        #expect(status("OFF-HOURS", try judge([plain])) == [.manual])
        for wrong in [("mon-noday", "08:00"), ("mon", "8"), ("mon", "25:00")] {
            #expect(throws: AnalysisError.self) {
                try WorkingHours(days: wrong.0, from: wrong.1, to: "18:00", timeZone: "UTC")
            }
        }
    }

    @Test("A new address counts from the second on, and what came before the period is known")
    func newAddresses() throws {
        let first = Self.event("api_key.created", on: Self.key, minute: 0, from: "192.0.2.1")
        let second = Self.event("settings.updated", minute: 1, from: "192.0.2.99")
        #expect(status("NEW-IP", try judge([first])) == [.pass])
        let found = try judge([first, second])
        #expect(status("NEW-IP", found) == [.fail])
        #expect(found["NEW-IP"]?.first?.subject.contains("192.0.2.99") == true)
        let before = Self.event("database.resized", day: -40, from: "192.0.2.99")
        let known = Self.event("database.resized", day: -41, from: "192.0.2.1")
        #expect(status("NEW-IP", try judge([known, before, first, second])) == [.pass])
        let harmless = Self.event("database.resized", minute: 1, from: "192.0.2.99")
        #expect(status("NEW-IP", try judge([first, harmless])) == [.pass])
    }

    @Test(
        "An IPv6 address is known in every spelling, IPv4 as IPv6 maps it, with a port or without, and anything else as it is written"
    )
    func spelledAddresses() throws {
        func statuses(_ first: String, _ second: String) throws -> [Status] {
            let events = [first, second].enumerated().map { minute, address in
                Self.event("settings.updated", minute: Int64(minute), from: address)
            }
            return status("NEW-IP", try judge(events))
        }
        for (one, other) in [
            ("::1", "0:0:0:0:0:0:0:1"), ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"), ("203.0.113.5", "::ffff:203.0.113.5"),
            ("::FFFF:cb00:7105", "::ffff:203.0.113.5"), ("203.0.113.5:443", "203.0.113.5:51234"),
            ("203.0.113.5", "203.0.113.5:443"), ("[2001:db8::1]:443", "2001:db8::1"),
            ("fe80::1%eth0", "fe80:0::1%eth0"),
        ] {
            #expect(try statuses(one, other) == [.pass], "\(one) \(other)")
            #expect(try statuses(other, one) == [.pass], "\(other) \(one)")
        }
        for (one, other) in [
            ("2001:db8::1", "2001:db8::10"), ("203.0.113.5", "203.0.113.50"), ("203.0.113.5:443", "203.0.113.6:443"),
            ("fe80::1%eth0", "fe80::1%eth1"), ("a.example:1", "b.example:1"), ("203.0.113.5", "::203.0.113.5"),
            ("203.0.113.5", "203.0.113.5:x"), ("2001:db8::1", "[2001:db8::2]"),
            ("203.0.113.7", "203.000.113.007"),
        ] {
            #expect(try statuses(one, other) == [.fail], "\(one) \(other)")
        }
        let far = Self.event("settings.updated", minute: 2, from: "[2001:db8::7]:443")
        let near = ["::1", "0:0:0:0:0:0:0:1"].map { Self.event("settings.updated", from: $0) }
        #expect(status("NEW-IP", try judge(near + [far])) == [.fail])
        var undated = Self.event("database.resized", from: "0::1")
        undated.seconds = nil
        #expect(try judge([undated, near[0], far])["NEW-IP"]?.filter { $0.subject.contains("::1") }.isEmpty == true)
    }

    @Test("Undocumented actions are listed, one finding each; events without an actor fail")
    func unknownAndAnonymous() throws {
        let odd = [
            Self.event("backup.restored"), Self.event("backup.restored", minute: 1), Self.event("database.cloned"),
        ]
        let found = try judge(odd)
        #expect(found["ACT-UNKNOWN"]?.map(\.subject) == ["backup.restored", "database.cloned"])
        #expect(status("ACT-UNKNOWN", found) == [.manual, .manual])
        #expect(status("ACT-ANON", found) == [.pass])
        let nobody = Self.event("database.created", by: ("", ""))
        #expect(status("ACT-ANON", try judge([nobody])) == [.fail])
    }

    // MARK: Coverage

    private static var overLog: [String] {
        ControlCatalogue.controls.filter { $0.basis == .log && $0.id != "OFF-HOURS" }.map(\.id)
    }

    @Test("Nothing found is a pass only where the ledger proves that nothing can be missing")
    func coverage() throws {
        let overLog = Self.overLog
        let proven = try judge([])
        for id in overLog { #expect(status(id, proven) == [.pass], "\(id)") }
        for change: (inout JudgedFacts) -> Void in [
            { $0.isComplete = nil }, { $0.isComplete = false }, { $0.damage = ["x"] }, { $0.log = nil },
            { $0.proven?.to = Instant(rfc3339: "2026-03-31T23:59:59Z") },
        ] {
            let found = try judge([], change)
            for id in overLog { #expect(status(id, found) == [.notProven], "\(id)") }
        }
        // A finding stays a failure however little is proven.
        let own = try judge([Self.event("member.role_changed", on: Self.ann)]) { $0.proven = nil }
        #expect(status("MEM-SELF", own) == [.fail])
    }

    @Test("One more day that is not proven changes the verdicts that depend on that day, and no others")
    func oneDayMissing() throws {
        let whole = try judge([])
        let missing = try judge([]) { $0.proven?.to = Instant(rfc3339: "2026-03-31T00:00:00Z") }
        let changed = ControlCatalogue.controls.map(\.id).filter { status($0, whole) != status($0, missing) }
        let overLog = Self.overLog
        #expect(Set(changed) == Set(overLog + ["LOG-COMPLETE"]))
        for id in overLog {
            #expect(missing[id]?.first?.detail.contains("2026-03-31 to 2026-04-01 is not covered") == true)
        }
    }

    @Test("The period 'all' is not proven where imported events lie outside the proven span")
    func allWithImports() throws {
        let late = Self.event("database.created", day: 60)
        let early = Self.event("database.created", day: -200)
        for (event, expected) in [
            (Self.event("database.created"), Status.pass), (late, .notProven), (early, .notProven),
        ] {
            let log = try watch([event], policy: ControlPolicy(), period: .all)
            let found = try judge([]) {
                $0.period = .all
                $0.log = log
            }
            #expect(status("LOG-COMPLETE", found) == [expected], "\(event.id)")
        }
    }

    @Test("Runs are missed where a day and its tolerance go by without one, and in the periods in which that was so")
    func runs() throws {
        func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }
        #expect(status("LOG-RUNS", try judge([])) == [.notApplicable])
        let daily = ControlPolicy(schedule: RunSchedule(every: 86_400))
        #expect(status("LOG-RUNS", try judge([], policy: daily)) == [.notProven])
        let days =
            try (1...31).map { try at("2026-03-\($0 < 10 ? "0" : "")\($0)T02:00:00Z") } + [at("2026-04-01T00:05:00Z")]
        func runs(_ runs: [Instant], _ change: (inout JudgedFacts) -> Void = { _ in }) throws -> Finding {
            let found = try judge([], policy: daily) {
                $0.runs = runs
                change(&$0)
            }
            return try #require(found["LOG-RUNS"]?.first)
        }
        #expect(try runs(days).status == .pass)
        let late = try runs(days.dropFirst(9).map { $0 })
        #expect(late.status == .pass && late.detail.contains("came on 2026-03-10 02:00 UTC"), "\(late.detail)")
        let behind = try runs([at("2026-04-01T00:05:00Z")])
        #expect(behind.status == .notProven && behind.detail.contains("2026-04-01 00:05 UTC"), "\(behind.detail)")
        #expect(try runs(days) { $0.damage = ["segments/1 is missing"] }.status == .notProven)
        let missed = try runs(days.filter { $0 != days[9] })
        #expect(missed.status == .fail && missed.severity == .low)
        #expect(missed.detail.contains("2026-03-09 02:00 UTC to 2026-03-11 02:00 UTC"), "\(missed.detail)")
        // Due within the tolerance; due before the period and come in it; due and come before it; due behind its end.
        #expect(
            try runs(days.enumerated().map { $0.offset == 9 ? $0.element.adding(seconds: 8_640) : $0.element }).status
                == .pass
        )
        let before = try [at("2026-02-20T00:00:00Z"), at("2026-02-26T00:00:00Z"), at("2026-02-27T00:00:00Z")]
        #expect(try runs(before + days).status == .fail)
        #expect(try runs([before[0]] + [days[0].adding(seconds: -86_400)] + days).status == .pass)
        #expect(try runs(days.dropLast(2) + [at("2026-04-20T00:00:00Z")]).status == .fail)
        #expect(try runs(days.dropLast() + [at("2026-04-20T00:00:00Z")]).status == .pass)
        // A period that is over, and nothing came behind its begin.
        #expect(try runs([days[0]]).status == .fail)
    }

    @Test("Evidence is fresh up to the threshold, and reaches back twelve months or to the creation")
    func freshAndRetained() throws {
        #expect(status("LOG-FRESH", try judge([])) == [.pass])
        let late: (inout JudgedFacts) -> Void = { $0.proven?.to = Instant(rfc3339: "2026-03-30T00:00:00Z") }
        #expect(status("LOG-FRESH", try judge([], late)) == [.pass])
        #expect(
            status("LOG-FRESH", try judge([]) { $0.proven?.to = Instant(rfc3339: "2026-03-29T23:59:59Z") }) == [.fail]
        )
        #expect(status("LOG-FRESH", try judge([]) { $0.proven = nil }) == [.notProven])
        // What a damaged archive once proved, it does not prove now.
        for control in ["LOG-FRESH", "LOG-RETENTION"] {
            #expect(status(control, try judge([]) { $0.damage = ["segments/1 is missing"] }) == [.notProven])
        }
        #expect(status("LOG-RETENTION", try judge([])) == [.pass])
        let old: (inout JudgedFacts) -> Void = { $0.organizationCreated = Instant(rfc3339: "2020-01-01T00:00:00Z") }
        #expect(status("LOG-RETENTION", try judge([], old)) == [.fail])
        let begin: (inout JudgedFacts) -> Void = {
            $0.organizationCreated = Instant(rfc3339: "2020-01-01T00:00:00Z")
            $0.proven?.from = Instant(rfc3339: "2025-04-01T00:00:00Z")
        }
        #expect(status("LOG-RETENTION", try judge([], begin)) == [.pass])
    }
}
