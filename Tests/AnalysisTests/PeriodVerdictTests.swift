@testable import Analysis
import Evidence
import Testing

/// Settings by period, periods that go on, and events without a usable time.
@Suite("Verdicts for a period")
struct PeriodVerdictTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    private static func reading(_ at: String, _ isOn: Bool?) -> SettingsReading {
        SettingsReading(at: Self.at(at), values: isOn.map { ["require_2fa": .boolean($0)] })
    }

    /// March 2026, proven to the end of May.
    private func facts(_ change: (inout JudgedFacts) throws -> Void = { _ in }) throws -> JudgedFacts {
        var facts = JudgedFacts(
            period: try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc),
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(from: Self.at("2026-01-01T00:00:00Z"), to: Self.at("2026-06-01T00:00:00Z")),
            anomalies: [],
            damage: [],
            segmentsChecked: 1,
            entries: 1
        )
        facts.asOf = Self.at("2026-06-01T00:05:00Z")
        facts.log = WatchedLog()
        facts.organizationCreated = Self.at("2026-01-01T00:00:00Z")
        try change(&facts)
        return facts
    }

    private func drift(_ readings: [SettingsReading], _ events: [(String, String)], _ changed: [(Int, Int)] = [])
        -> SettingsDrift
    {
        SettingsDrift(
            snapshots: readings.map(\.at),
            differences: changed.map { from, to in
                SettingsDrift.Difference(
                    kind: "setting",
                    field: "require_2fa",
                    before: "a",
                    after: "b",
                    from: readings[from].at,
                    to: readings[to].at
                )
            },
            events: events.map { WatchedLog.SettingsEvent(event: $0.0, at: Self.at($0.1), actor: "ann") }
        )
    }

    private func mfa(
        _ readings: [SettingsReading],
        events: [(String, String)] = [],
        changed: [(Int, Int)] = [],
        _ change: (inout JudgedFacts) throws -> Void = { _ in }
    ) throws -> Finding {
        let facts = try facts {
            $0.readings = readings
            $0.driftAround = drift(readings, events, changed)
            try change(&$0)
        }
        return try #require(Verdicts.judge(facts).first { $0.control == "ORG-MFA" })
    }

    @Test("A setting passes where snapshots show it inside the period or on both sides, and nothing says otherwise")
    func settings() throws {
        let (before, inside) = (Self.reading("2026-02-20T00:00:00Z", true), Self.reading("2026-03-10T00:00:00Z", true))
        let after = Self.reading("2026-05-01T00:00:00Z", true)
        #expect(try mfa([inside]).status == .pass)
        #expect(try mfa([before, after]).status == .pass)
        for readings in [[before], [after]] {
            let found = try mfa(readings)
            #expect(found.status == .notProven)
            #expect(found.detail.contains(String(readings[0].at.rfc3339.prefix(10))), "\(found.detail)")
        }
        let off = Self.reading("2026-03-20T00:00:00Z", false)
        let failed = try mfa([inside, off])
        #expect(failed.status == .fail && failed.detail.contains("2026-03-20"))
        let damaged = Self.reading("2026-03-15T00:00:00Z", nil)
        let unread = try mfa([inside, damaged])
        #expect(unread.status == .notProven && !unread.detail.contains("never read"))
        #expect(try mfa([before, Self.reading("2026-05-01T00:00:00Z", nil)]).status == .notProven)
    }

    @Test("A change of settings that no difference explains may have been the setting's")
    func unexplainedChange() throws {
        let readings = [Self.reading("2026-02-20T00:00:00Z", true), Self.reading("2026-05-01T00:00:00Z", true)]
        for time in ["2026-02-25T00:00:00Z", "2026-03-25T00:00:00Z"] {
            let found = try mfa(readings, events: [("e1", time)])
            #expect(found.status == .notProven && found.eventIDs == ["e1"], "\(time)")
        }
        #expect(try mfa(readings, events: [("e1", "2026-04-25T00:00:00Z")]).status == .pass)
        let inside = [Self.reading("2026-03-10T00:00:00Z", true)]
        #expect(try mfa(inside, events: [("e1", "2026-03-25T00:00:00Z")]).status == .notProven)
        #expect(try mfa(inside, events: [("e1", "2026-02-25T00:00:00Z")]).status == .pass)
        // The log is what tells: where it is not proven, nothing observed is no pass.
        #expect(try mfa(inside) { $0.isComplete = false }.status == .notProven)
        #expect(try mfa(inside) { $0.proven?.to = Self.at("2026-03-20T00:00:00Z") }.status == .notProven)
        let group = UndatedEvents.Group(
            spans: [InstantRange(from: nil, to: nil)],
            count: 1,
            eventIDs: ["u1"],
            settingsUpdated: ["u1"]
        )
        #expect(try mfa(inside) { $0.undated = UndatedEvents([group]) }.status == .notProven)
    }

    @Test("What was otherwise before the period counts unless events say that it changed before")
    func changedBefore() throws {
        let readings = [Self.reading("2026-02-20T00:00:00Z", false), Self.reading("2026-03-10T00:00:00Z", true)]
        let early = try mfa(readings, events: [("e1", "2026-02-25T00:00:00Z")], changed: [(0, 1)])
        #expect(early.status == .pass, "\(early.detail)")
        #expect(try mfa(readings, events: [("e1", "2026-03-05T00:00:00Z")], changed: [(0, 1)]).status == .notProven)
        #expect(try mfa(readings, changed: [(0, 1)]).status == .notProven)
        let later = [Self.reading("2026-03-10T00:00:00Z", true), Self.reading("2026-05-01T00:00:00Z", false)]
        #expect(try mfa(later, events: [("e1", "2026-04-05T00:00:00Z")], changed: [(0, 1)]).status == .pass)
        #expect(try mfa(later, events: [("e1", "2026-03-25T00:00:00Z")], changed: [(0, 1)]).status == .notProven)
    }

    @Test("While a period goes on the newest snapshot decides, and earlier deviations are named")
    func newestDecides() throws {
        let readings = [Self.reading("2026-03-05T00:00:00Z", false), Self.reading("2026-03-10T00:00:00Z", true)]
        for period in [try ReportingPeriod.parse("2026-03", zone: .utc, now: Self.at("2026-03-10T00:00:00Z")), .all] {
            let found = try mfa(readings) {
                $0.period = period
                $0.periodHasEnded = false
            }
            #expect(found.status == .pass && found.detail.contains("2026-03-05"), "\(found.detail)")
            #expect(found.judgedTo == "2026-03-10T00:00:00Z")
            #expect(
                try mfa(readings, events: [("e1", "2026-03-12T00:00:00Z")]) {
                    $0.period = period; $0.periodHasEnded = false
                }
                .status == .notProven
            )
        }
        let old = try mfa([Self.reading("2026-02-20T00:00:00Z", true)]) { $0.periodHasEnded = false }
        #expect(old.status == .notProven)
    }

    // MARK: Periods that go on

    @Test("A pass counts up to what is proven while the period goes on; behind its end that is a gap")
    func running() throws {
        func found(_ control: String, _ change: (inout JudgedFacts) throws -> Void) throws -> Finding {
            try #require(Verdicts.judge(try facts(change)).first { $0.control == control })
        }
        let early: (inout JudgedFacts) -> Void = {
            $0.proven?.to = Self.at("2026-03-20T00:00:00Z")
            $0.asOf = Self.at("2026-03-20T00:05:00Z")
        }
        #expect(try found("DB-DELETE", early).status == .notProven)
        for control in ["DB-DELETE", "LOG-COMPLETE", "KEY-ORPHAN", "LOG-INTACT"] {
            let running = try found(control) {
                early(&$0)
                $0.periodHasEnded = false
            }
            #expect(running.status == .pass && running.judgedTo == "2026-03-20T00:00:00Z", "\(control)")
            #expect(try found(control) { _ in }.judgedTo == nil)
        }
        let nothing = try found("DB-DELETE") {
            $0.proven?.to = Self.at("2026-02-20T00:00:00Z")
            $0.asOf = Self.at("2026-03-02T00:00:00Z")
            $0.periodHasEnded = false
        }
        #expect(nothing.status == .notProven && nothing.judgedTo == nil)
    }

    @Test("What is still to come is no gap, whether or not anything is proven")
    func stillToCome() throws {
        for (from, end) in [("2026-03-01T00:00:00Z", "2026-03-20T00:00:00Z"), (nil, "2026-03-20T00:00:00Z")] {
            for isComplete in [nil, false] as [Bool?] {
                let running = try facts {
                    $0.period.range.from = from.map(Self.at)
                    ($0.isComplete, $0.proven, $0.periodHasEnded) = (isComplete, nil, false)
                    $0.asOf = Self.at(end)
                }
                #expect(running.gaps == [InstantRange(from: from.map(Self.at), to: Self.at(end))])
                #expect(running.historyGaps == [InstantRange(from: nil, to: Self.at(end))])
                #expect(running.goesOnFrom == Self.at(end))
            }
        }
        let unread = try facts {
            ($0.isComplete, $0.proven, $0.periodHasEnded) = (false, nil, false)
            $0.asOf = Self.at("2026-02-20T00:00:00Z")
        }
        #expect(unread.gaps == [unread.period.range] && unread.goesOnFrom == nil)
        let over = try facts { ($0.isComplete, $0.proven) = (false, nil) }
        #expect(over.gaps == [over.period.range] && over.goesOnFrom == nil)
    }

    @Test("A service whose clock is ahead does not prove the future")
    func future() throws {
        let facts = try facts {
            $0.proven?.to = Self.at("2027-01-01T00:00:00Z")
            $0.asOf = Self.at("2026-03-20T00:00:00Z")
        }
        #expect(facts.provenSpan?.to == Self.at("2026-03-19T23:55:00Z"))
        #expect(Verdicts.judge(facts).first { $0.control == "LOG-COMPLETE" }?.status == .notProven)
    }

    // MARK: Undated events

    @Test(
        "Events without a time are named where they may belong to the period, and no control over the log passes there"
    )
    func undated() throws {
        func judged(_ from: String?, _ to: String) throws -> [Finding] {
            let span = InstantRange(from: from.map(Self.at), to: Self.at(to))
            let group = UndatedEvents.Group(spans: [span], count: 3, eventIDs: ["u1", "u2", "u3"])
            return Verdicts.judge(try facts { $0.undated = UndatedEvents([group]) })
        }
        let overLog = Set(ControlCatalogue.controls.filter { $0.basis == .log }.map(\.id))
        for (from, to) in [(nil, "2026-03-02T00:00:00Z"), ("2026-03-31T23:59:59Z", "2026-05-01T00:00:00Z")] {
            let found = try judged(from, to)
            let dated = found.first { $0.control == "LOG-DATED" }
            #expect(dated?.status == .fail && dated?.eventIDs == ["u1", "u2", "u3"])
            #expect(!found.contains { overLog.contains($0.control) && $0.status == .pass })
            #expect(found.filter { $0.control == "DB-BURST" }.allSatisfy { $0.detail.contains("3 events") })
            #expect(found.first { $0.control == "LOG-COMPLETE" }?.status == .pass)
        }
        let apart = try judged("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")
        #expect(apart.first { $0.control == "LOG-DATED" }?.status == .pass)
        #expect(apart.first { $0.control == "DB-BURST" }?.status == .pass)
    }

    // MARK: Remedies, plans, bytes

    @Test("A finding carries the remedy of its verdict")
    func remedies() throws {
        let control = try #require(ControlCatalogue.control("DB-DELETE"))
        let unproven = Verdicts.judge(try facts { $0.isComplete = false })
        let passed = Verdicts.judge(try facts())
        #expect(unproven.first { $0.control == "DB-DELETE" }?.remediation == control.remedies.notProven)
        #expect(control.remedies.notProven.contains("pull --full"))
        #expect(passed.first { $0.control == "DB-DELETE" }?.remediation != control.remedies.fail)
    }

    @Test("A returned plan is matched by the finding's id, else by control and subject")
    func returnedPlan() throws {
        let finding = try #require(Verdicts.judge(try facts()).first { $0.control == "ORG-MFA" })
        let text = """
            finding_id,control,subject,owner,due,decision
            \(finding.id),ORG-MFA,called otherwise,Ann,2027-01-31,fix
            ,ORG-SSO,sso_enabled,Bob,2027-02-28,fix
            f-000000000000,ORG-IPALLOW,ip_allowlist_required,Cem,2027-03-31,fix

            """
        let rows = try ActionPlan.read(Array(text.utf8), named: "plan.csv").rows
        let promises = Promises(rows)
        #expect(promises.promise(for: finding)?.owner == "Ann")
        let others = Verdicts.judge(try facts())
        #expect(others.first { $0.control == "ORG-SSO" }.flatMap { promises.promise(for: $0)?.owner } == "Bob")
        #expect(others.first { $0.control == "ORG-IPALLOW" }.flatMap { promises.promise(for: $0) } == nil)
    }

    @Test("Altered and vanished events are told apart by their bytes; two contents under one id are not proven")
    func anomalies() throws {
        let spelled = ["caf\u{e9}", "cafe\u{301}"]
        let found = Verdicts.judge(try facts { $0.anomalies = spelled.map { .init(kind: "altered", event: $0) } })
        #expect(found.first { $0.control == "LOG-INTACT" }?.eventIDs.count == 2)
        let two = Verdicts.judge(try facts { $0.anomalies = [.init(kind: "two_contents", event: "e1")] })
        #expect(two.first { $0.control == "LOG-INTACT" }?.status == .notProven)
        #expect(two.first { $0.control == "LOG-INTACT" }?.eventIDs == ["e1"])
    }

    @Test("Approved regions are compared by bytes, and a list's order and repetitions mean nothing")
    func regions() throws {
        func status(_ allowed: [String]) throws -> Status? {
            let facts = try facts {
                $0.readings = [
                    SettingsReading(at: Self.at("2026-03-10T00:00:00Z"), values: ["allowed_regions": .list(allowed)])
                ]
                $0.policy.approvedRegions = ["nbg1", "caf\u{e9}"]
            }
            return Verdicts.judge(facts).first { $0.control == "ORG-REGIONS" }?.status
        }
        #expect(try status(["caf\u{e9}", "nbg1", "nbg1"]) == .pass)
        #expect(try status(["cafe\u{301}"]) == .fail)
    }

    @Test("Differences that no event explains accuse only where the log would show the event")
    func driftDoubts() throws {
        func status(_ change: (inout SettingsDrift.Difference) -> Void, _ facts: JudgedFacts) -> [Status] {
            var difference = SettingsDrift.Difference(
                kind: "setting",
                field: "sso_enabled",
                before: "true",
                after: "false",
                from: Self.at("2026-03-02T00:00:00Z"),
                to: Self.at("2026-03-03T00:00:00Z")
            )
            change(&difference)
            var facts = facts
            facts.drift = SettingsDrift(
                snapshots: [Self.at("2026-02-28T00:00:00Z"), difference.from, difference.to],
                differences: [difference],
                events: []
            )
            facts.driftAround = SettingsDrift(
                snapshots: [
                    Self.at("2026-02-28T00:00:00Z"), difference.from, difference.to, Self.at("2026-04-02T00:00:00Z"),
                ],
                differences: [difference],
                events: []
            )
            return Verdicts.judge(facts).filter { $0.control == "SET-DRIFT" }.map(\.status)
        }
        let facts = try facts()
        #expect(status({ _ in }, facts) == [.fail])
        #expect(status({ $0.isOfService = true }, facts) == [.pass])
        #expect(status({ $0.isProven = false }, facts) == [.notProven])
        #expect(
            status(
                {
                    $0.kind = "organization"; $0.field = "owner_id"
                },
                facts
            ) == [.notProven]
        )
    }

    @Test("Drift is judged for the whole period: what no two snapshots stand around was not looked at")
    func driftOfThePeriod() throws {
        func change(_ from: String, _ to: String) -> SettingsDrift.Difference {
            SettingsDrift.Difference(
                kind: "setting",
                field: "sso_enabled",
                before: "true",
                after: "false",
                from: Self.at(from),
                to: Self.at(to)
            )
        }
        func finding(
            _ inside: [String],
            _ after: String?,
            _ differences: [SettingsDrift.Difference] = [],
            events: [String] = [],
            _ edit: (inout JudgedFacts) -> Void = { _ in }
        ) throws -> Finding {
            var facts = try facts()
            let events = events.map { WatchedLog.SettingsEvent(event: $0, at: Self.at($0), actor: "ann") }
            func drift(_ days: [String], _ differences: [SettingsDrift.Difference]) -> SettingsDrift {
                SettingsDrift(snapshots: days.map(Self.at), differences: differences, events: events)
            }
            let last = inside.last.map(Self.at) ?? Instant(seconds: 0)
            facts.drift = drift(inside, differences.filter { $0.to <= last })
            facts.driftAround = drift(inside + [after].compactMap { $0 }, differences)
            edit(&facts)
            return try #require(Verdicts.judge(facts).first { $0.control == "SET-DRIFT" })
        }
        let (before, first, second) = ("2026-02-28T00:00:00Z", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z")
        let after = "2026-04-05T10:00:00Z"
        #expect(try finding([before, first, second], after).status == .pass)
        // Snapshots around the period and none inside.
        let around = try finding([before], after)
        #expect(around.status == .pass && around.detail.hasPrefix("2 snapshots compared"))
        let alone = try finding([before], nil)
        #expect(alone.status == .notProven && !alone.detail.contains("the next pull"))
        // A change between the last snapshot inside and the one behind.
        let late = try finding([before, first, second], after, [change(second, after)])
        #expect(late.status == .notProven && late.detail.contains("2026-03-02 10:00 UTC and 2026-04-05 10:00 UTC"))
        let told = try finding([before, second], after, [change(second, after)], events: ["2026-03-20T00:00:00Z"])
        #expect(told.status == .pass)
        #expect(try finding([before, second], after, events: ["2026-03-20T00:00:00Z"]).status == .notProven)
        // Nothing younger, nothing older.
        #expect(try finding([before, first, second], nil).detail.contains("from 2026-03-02 10:00 UTC on"))
        #expect(try finding([first, second], after).detail.contains("before 2026-03-01 10:00 UTC"))
        // A change that may lie behind the period accuses nobody in it.
        let vague = try finding([before, second], after, [change(before, "2026-05-01T00:00:00Z")]) {
            $0.drift = $0.driftAround
        }
        #expect(vague.status == .notProven)
        // Where the log is not proven an event without a difference can't be excluded.
        let gap = try finding([before, second], after) { $0.proven?.from = Self.at("2026-03-20T00:00:00Z") }
        #expect(gap.status == .notProven && gap.detail.contains("2026-03-20"))
        #expect(try finding([before, second], after) { $0.isComplete = false }.status == .notProven)
    }

    @Test("A field of the organization and a setting of one name are two findings, in one order")
    func fieldsOfOneName() throws {
        func judged(_ kinds: [String]) throws -> [String] {
            var facts = try facts()
            let differences = kinds.map {
                SettingsDrift.Difference(
                    kind: $0,
                    field: "plan",
                    before: "pro",
                    after: $0,
                    from: Self.at("2026-03-02T00:00:00Z"),
                    to: Self.at("2026-03-03T00:00:00Z")
                )
            }
            facts.drift = SettingsDrift(snapshots: [], differences: differences, events: [])
            return Verdicts.judge(facts).filter { $0.control == "SET-DRIFT" }.map { "\($0.id) \($0.detail)" }
        }
        let both = try judged(["setting", "organization"])
        #expect(both.count == 2)
        for _ in 0..<20 { #expect(try judged(["organization", "setting"]) == both) }
        // Whether there is another one changes no id.
        #expect(try both.contains(judged(["organization"])[0]) && both.contains(judged(["setting"])[0]))
    }

    @Test("A reading whose day is not known proves nothing for a span of time")
    func readingsOfUnknownTime() throws {
        func doubtful(_ at: String, _ isOn: Bool) -> SettingsReading {
            var reading = Self.reading(at, isOn)
            reading.isTimeKnown = false
            return reading
        }
        let (before, after) = (Self.reading("2026-02-20T00:00:00Z", true), Self.reading("2026-05-01T00:00:00Z", true))
        #expect(try mfa([doubtful("2026-03-10T00:00:00Z", true)]).status == .notProven)
        #expect(try mfa([doubtful("2026-03-10T00:00:00Z", false)]).status == .notProven)
        #expect(try mfa([before, doubtful("2026-03-10T00:00:00Z", true), after]).status == .pass)
        let off = try mfa([before, doubtful("2026-01-10T00:00:00Z", false), after])
        #expect(off.status == .notProven && off.detail.contains("clocks disagree"))
        // While a period goes on the newest one decides, wherever its clock puts it.
        let inside = Self.reading("2026-03-10T00:00:00Z", true)
        let running: (inout JudgedFacts) -> Void = { $0.periodHasEnded = false }
        #expect(try mfa([inside, doubtful("2026-01-10T00:00:00Z", false)], running).status == .fail)
        #expect(try mfa([inside, doubtful("2026-01-10T00:00:00Z", true)], running).status == .notProven)
        #expect(try mfa([doubtful("2026-03-10T00:00:00Z", false)], running).status == .notProven)
        #expect(try mfa([doubtful("2026-03-10T00:00:00Z", true)]) { $0.period = .all }.status == .pass)
    }

    @Test("Events of a time that can't be may belong to the period like those without one")
    func implausibleTimes() throws {
        let facts = try facts {
            $0.implausible = UndatedEvents([
                UndatedEvents.Group(
                    spans: [InstantRange(from: Self.at("2026-03-20T00:00:00Z"), to: nil)],
                    count: 40,
                    eventIDs: ["x"]
                )
            ])
        }
        func finding(_ control: String, _ facts: JudgedFacts) -> Finding? {
            Verdicts.judge(facts).first { $0.control == control }
        }
        let dated = try #require(finding("LOG-DATED", facts))
        #expect(dated.status == .notProven && dated.detail.contains("40 events") && dated.eventIDs == ["x"])
        #expect(finding("DB-BURST", facts)?.status == .notProven)
        #expect(finding("LOG-COMPLETE", facts)?.status == .pass)
        var earlier = facts
        earlier.period = try ReportingPeriod.parse(from: "2026-02-01", to: "2026-03-01", zone: .utc)
        #expect(finding("LOG-DATED", earlier)?.status == .pass && finding("DB-BURST", earlier)?.status == .pass)
    }

    @Test("Where the service does not say when the organization began, what was before the first event is not known")
    func unknownCreation() throws {
        let facts = try facts { $0.organizationCreated = nil }
        for control in ["KEY-ORPHAN", "MEM-GHOST"] {
            let finding = try #require(Verdicts.judge(facts).first { $0.control == control })
            #expect(finding.status == .notProven, "\(control)")
        }
    }

    @Test("Elements of the log that are no events are counted where it is called complete")
    func elementsThatAreNoEvents() throws {
        let facts = try facts { $0.unreadable = 40 }
        let finding = try #require(Verdicts.judge(facts).first { $0.control == "LOG-COMPLETE" })
        #expect(finding.status == .pass && finding.detail.contains("40 elements of the log are no events"))
    }
}
