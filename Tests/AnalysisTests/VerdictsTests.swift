@testable import Analysis
import Evidence
import Testing

@Suite("Verdicts")
struct VerdictsTests {
    private func facts(_ change: (inout JudgedFacts) throws -> Void = { _ in }) throws -> JudgedFacts {
        var facts = JudgedFacts(
            readings: [try reading("2026-03-10T00:00:00Z")],
            period: try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc),
            isComplete: true,
            incompleteBecause: [],
            proven: try span("2026-01-01T00:00:00Z", "2026-11-23T00:00:00Z"),
            anomalies: [],
            damage: [],
            segmentsChecked: 3,
            entries: 7
        )
        facts.policy.approvedRegions = ["fsn1", "nbg1"]
        facts.log = WatchedLog()
        try change(&facts)
        return facts
    }

    /// A snapshot with everything in order, but for what is changed.
    private func reading(_ at: String, _ change: (inout [String: SettingsReading.Value]) -> Void = { _ in }) throws
        -> SettingsReading
    {
        var values: [String: SettingsReading.Value] = ["allowed_regions": .list(["fsn1"])]
        for (_, setting, expected) in Self.expectations { values[setting] = .boolean(expected) }
        change(&values)
        return SettingsReading(at: try #require(Instant(rfc3339: at)), values: values)
    }

    /// A log that tells of the key on the lists.
    private static func trailInOrder() -> AccessTrail {
        var trail = AccessTrail()
        trail.events = [.init(kind: .keyCreated, event: "e1", at: nil, id: "key-1", name: "")]
        return trail
    }

    /// Lists in which nothing is out of order.
    private static func listsInOrder(_ at: String) throws -> AccessLists {
        let at = try #require(Instant(rfc3339: at))
        let member = AccessMember(memberID: "m1", userID: "u1", email: "ann@example.com", role: "owner", joinedAt: at)
        let key = AccessKey(
            id: "key-1",
            scopes: ["databases:read"],
            createdAt: Instant(rfc3339: "2026-03-01T00:00:00Z"),
            lastUsedAt: .at(at),
            expiresAt: .at(at.adding(seconds: 1))
        )
        return AccessLists(
            servedAt: at,
            members: .read([member], unreadable: 0),
            invitations: .read([], unreadable: 0),
            keys: .read([key], unreadable: 0)
        )
    }

    /// Controls that ask for a setting to be as the catalogue expects.
    private static let expectations = ControlCatalogue.controls.compactMap { control in
        control.setting.flatMap { setting in control.expects.map { (control.id, setting, $0) } }
    }

    private func span(_ from: String, _ to: String) throws -> InstantRange {
        InstantRange(from: try #require(Instant(rfc3339: from)), to: try #require(Instant(rfc3339: to)))
    }

    private func finding(_ control: String, _ facts: JudgedFacts) throws -> Finding {
        try #require(Verdicts.judge(facts).first { $0.control == control })
    }

    @Test("Two events whose ids are shown alike are two")
    func idsThatLookAlike() throws {
        let facts = try facts {
            $0.anomalies = [nil, "1", "1"].map { .init(kind: "vanished", event: "1", identity: $0) }
        }
        #expect(try finding("LOG-INTACT", facts).eventIDs == ["1", "1"])
    }

    @Test("Everything in order passes, and nothing else is said")
    func allPass() throws {
        let findings = Verdicts.judge(
            try facts {
                $0.log = WatchedLog()
                $0.asOf = try #require(Instant(rfc3339: "2026-11-23T02:00:00Z"))
                $0.organizationCreated = try #require(Instant(rfc3339: "2026-01-01T00:00:00Z"))
                $0.drift = SettingsDrift(
                    snapshots: [$0.period.range.from, $0.period.range.to].compactMap { $0 },
                    differences: [],
                    events: []
                )
                $0.policy.workingHours = try WorkingHours(days: "mon-fri", from: "08:00", to: "18:00", timeZone: "UTC")
                $0.policy.schedule = RunSchedule(every: 86_400)
                $0.runs = try (1...31).map {
                    try #require(Instant(rfc3339: "2026-03-\($0 < 10 ? "0" : "")\($0)T02:00:00Z"))
                }
                $0.access = try ["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"].map(Self.listsInOrder)
                $0.log?.access = Self.trailInOrder()
                $0.policy.approvedDomains = ["example.com"]
            }
        )
        #expect(
            Set(findings.map(\.control)) == Set(ControlCatalogue.controls.map(\.id)).subtracting(["WAIVER-EXPIRED"])
        )
        for finding in findings { #expect(finding.status == .pass, "\(finding.control): \(finding.detail)") }
        #expect(findings.allSatisfy { !$0.frameworks.isEmpty && !$0.remediation.isEmpty && !$0.title.isEmpty })
    }

    @Test("A setting fails when it is not as expected, and is not proven when unknown, missing or of another kind")
    func settings() throws {
        #expect(["ORG-MFA", "ORG-SSO", "ORG-IPALLOW"].allSatisfy { id in Self.expectations.contains { $0.0 == id } })
        for (control, setting, expected) in Self.expectations {
            let other = SettingsReading.Value.boolean(!expected)
            #expect(try finding(control, facts { $0.readings[0].values?[setting] = other }).status == .fail)
            #expect(try finding(control, facts { $0.readings = [] }).status == .notProven)
            #expect(try finding(control, facts { $0.readings[0].values?[setting] = nil }).status == .notProven)
            #expect(
                try finding(control, facts { $0.readings[0].values?[setting] = .text("true") }).status == .notProven
            )
        }
        #expect(try finding("ORG-MFA", facts()).severity == .high)
    }

    @Test("Regions are compared with the approved ones; without those a person judges")
    func regions() throws {
        let other = try finding(
            "ORG-REGIONS",
            facts { $0.readings[0].values?["allowed_regions"] = .list(["fsn1", "ash"]) }
        )
        #expect(other.status == .fail && other.detail.contains("ash") && !other.detail.contains("fsn1"))
        #expect(try finding("ORG-REGIONS", facts { $0.policy.approvedRegions = nil }).status == .manual)
        #expect(try finding("ORG-REGIONS", facts { $0.readings = [] }).status == .notProven)
        #expect(
            try finding("ORG-REGIONS", facts { $0.readings[0].values?["allowed_regions"] = .list([]) }).status
                == .notProven
        )
    }

    @Test("A period beyond what is proven is not proven, and the missing span is named")
    func gaps() throws {
        let late = try finding(
            "LOG-COMPLETE",
            facts { $0.proven = try span("2026-01-01T00:00:00Z", "2026-03-20T00:00:00Z") }
        )
        #expect(late.status == .notProven)
        #expect(late.detail.contains("2026-03-20 to 2026-04-01 is not covered"))
        let early = try finding(
            "LOG-COMPLETE",
            facts { $0.proven = try span("2026-03-10T00:00:00Z", "2026-11-01T00:00:00Z") }
        )
        #expect(early.detail.contains("2026-03-01 to 2026-03-10 is not covered"))
        let apart = try facts { $0.proven = try span("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z") }
        #expect(apart.gaps == [apart.period.range])
        #expect(try finding("LOG-COMPLETE", facts { $0.proven = nil }).status == .notProven)
        #expect(try finding("LOG-COMPLETE", facts { $0.isComplete = nil }).status == .notProven)
    }

    @Test("Before an organization was made nothing is missing, but a time that was over by then is not proven")
    func beforeTheOrganization() throws {
        let made = try #require(Instant(rfc3339: "2026-03-10T12:00:00Z"))
        func young(_ isFromCreation: Bool = true) throws -> JudgedFacts {
            try facts {
                $0.organizationCreated = made
                $0.proven = InstantRange(from: made, to: $0.proven?.to)
                $0.isProvenFromCreation = isFromCreation
            }
        }
        let whole = try finding("LOG-COMPLETE", young())
        #expect(whole.status == .pass && whole.detail.contains("made on 2026-03-10 12:00 UTC"))
        #expect(try young().gaps.isEmpty && young().historyGaps.isEmpty)
        #expect(try finding("DB-DELETE", young()).status == .pass)
        // Events left at the oldest end: nobody knows how far the log reached.
        #expect(try finding("LOG-COMPLETE", young(false)).status == .notProven)
        let before = try facts {
            $0.organizationCreated = $0.period.range.to
            $0.proven = InstantRange(from: $0.period.range.to, to: $0.period.range.to?.adding(seconds: 86_400 * 90))
            $0.isProvenFromCreation = true
        }
        #expect(before.gaps == [before.period.range])
        #expect(try finding("LOG-COMPLETE", before).status == .notProven)
    }

    @Test("Sums that don't close never pass, and say why")
    func incomplete() throws {
        let found = try finding(
            "LOG-COMPLETE",
            facts {
                $0.isComplete = false
                $0.incompleteBecause = ["2 of 150 events were never served"]
            }
        )
        #expect(found.status != .pass)
        #expect(found.detail.contains("2 of 150"))
    }

    @Test("Nothing is complete in an archive that is damaged")
    func damaged() throws {
        let damaged = try facts { $0.damage = ["events/00000001.ndjson is not what the ledger says"] }
        #expect(try finding("LOG-COMPLETE", damaged).status == .notProven)
        let inAdvance = try ["*", "archive"].map { subject in
            try Waiver(
                [
                    "control": "LOG-INTACT", "subject": subject, "reason": "r", "approver": "Jo",
                    "expires": "2030-01-01",
                ],
                source: "x"
            )
        }
        let accepted = try finding("LOG-INTACT", facts { ($0.damage, $0.policy.waivers) = (["x"], inAdvance) })
        #expect(accepted.status == .fail)
        let intact = try finding("LOG-INTACT", damaged)
        #expect(intact.status == .fail)
        #expect(intact.detail.contains("events/00000001.ndjson"))
    }

    @Test("Altered and vanished events fail, each id named once and in order; relabelled ones do not")
    func anomalies() throws {
        let odd = try facts {
            $0.anomalies = [
                .init(kind: "vanished", event: "evt-9"), .init(kind: "vanished", event: "evt-10"),
                .init(kind: "vanished", event: "evt-9"), .init(kind: "altered", event: "evt-1"),
                .init(kind: "relabelled", event: "evt-2"),
            ]
        }
        let found = Verdicts.judge(odd).filter { $0.control == "LOG-INTACT" }
        #expect(found.map(\.status) == [.fail, .fail])
        #expect(found.map(\.eventIDs) == [["evt-1"], ["evt-10", "evt-9"]])
        let mild = try facts { $0.anomalies = [.init(kind: "relabelled", event: "evt-2")] }
        #expect(try finding("LOG-INTACT", mild).status == .pass)
        var blind = mild
        blind.unknownPins = ["unread": 1]
        #expect(try finding("LOG-INTACT", blind).status == .notProven)
    }

    @Test("Every control has an id of its own and a place in a framework")
    func catalogue() {
        let ids = ControlCatalogue.controls.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(
            ControlCatalogue.controls.allSatisfy { !$0.frameworks.isEmpty && !$0.rationale.isEmpty && !$0.test.isEmpty }
        )
        #expect(ControlCatalogue.control("ORG-MFA")?.id == "ORG-MFA")
        #expect(ControlCatalogue.control("ORG-NONE") == nil)
    }
}
